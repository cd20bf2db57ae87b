package streamerbot

import (
	"strings"

	"promethean/schema"
)

// outputData is what streaming software says of itself: connection{id, name}
// since 0.2.5, flat keys with dots before (reference: streamerbot.md 4.5).
type outputData struct {
	Connection object[connection]  `json:"connection"`
	OldID      text                `json:"obs.id"`
	OldName    text                `json:"obs.name"`
	Scene      textOrObject[scene] `json:"scene"`
	SceneName  text                `json:"sceneName"`
	Name       text                `json:"name"`
	OldScene   textOrObject[scene] `json:"oldScene"`
	OldSceneN  text                `json:"oldSceneName"`
	OldNameOf  text                `json:"oldName"`
}

type connection struct {
	ID   text `json:"id"`
	Name text `json:"name"`
}

type scene struct {
	SceneName text `json:"sceneName"`
	Name      text `json:"name"`
}

// software is which program a source of output is.
func software(source string) string {
	switch strings.ToLower(source) {
	case "streamlabsdesktop":
		return schema.SoftwareStreamlabs
	case "meldstudio":
		return schema.SoftwareMeld
	}
	return schema.SoftwareOBS
}

// readOutput reads that streaming or recording began or ended, which is a fact
// whatever the frame holds besides. All three programs are provider obs, so
// that one filter sees them.
func readOutput(n *normaliser, as row) (fact, bool) {
	var d outputData
	readFolded(n.data, &d)
	return fact{becomes: as.becomes, provider: schema.OBS, payload: schema.OutputPayload{
		Software:     software(n.source),
		ConnectionID: first(d.Connection.v.ID, d.OldID), ConnectionName: first(d.Connection.v.Name, d.OldName),
		IsTest: n.common.isTest(), SentDateTime: n.stampedAt(),
	}}, true
}

// readScene reads a change of scene. Where its name stands is told by
// consumers only, so all places are looked at; a frame without any is passed
// through.
func readScene(n *normaliser, as row) (fact, bool) {
	var d outputData
	readFolded(n.data, &d)
	now := first(d.Scene.v.SceneName, d.Scene.v.Name, d.Scene.text, d.SceneName, d.Name)
	if now == "" {
		return fact{}, false
	}
	return fact{becomes: as.becomes, provider: schema.OBS, payload: schema.SceneChangedPayload{
		Software:     software(n.source),
		ConnectionID: first(d.Connection.v.ID, d.OldID), ConnectionName: first(d.Connection.v.Name, d.OldName),
		Scene: now, OldScene: first(d.OldScene.v.SceneName, d.OldScene.v.Name, d.OldScene.text, d.OldSceneN, d.OldNameOf),
		IsTest: n.common.isTest(), SentDateTime: n.stampedAt(),
	}}, true
}
