package evening

import (
	"encoding/hex"
	"hash/fnv"
)

// obsEvent gives an event of the one OBS that is connected. Servers before 0.2.5 tell the connection
// in keys with dots (section 4.5).
func (e *Evening) obsEvent(s Shape, kind string, more object) [][]byte {
	id := "7c2e9d14-6b0f-4a85-9e3d-51f8c2a7b690"
	if s == Nested {
		return e.one("Obs", kind, object{
			"obs.id": id, "obs.name": "Main PC", "obs.host": "127.0.0.1",
			"obs.studioVersion": "29.0.1", "obs.websocketVersion": "5.1.0",
		}.with(more))
	}
	return e.one("Obs", kind, object{"connection": object{
		"id": id, "host": "127.0.0.1", "name": "Main PC", "version": "31.0.3", "websocketVersion": "5.5.6",
	}}.with(more))
}

// obs gives an act of OBS that carries nothing but its connection.
func obs(kind string) act {
	return func(e *Evening, s Shape) [][]byte { return e.obsEvent(s, kind, nil) }
}

// to gives the act that changes to a scene.
func to(scene string) act {
	return func(e *Evening, s Shape) [][]byte { return e.changeScene(s, scene) }
}

// scenes are where the stream goes back and forth between.
var scenes = []string{"Fireside", "Game", "Game + chat", "Be right back", "Duck cam"}

func (e *Evening) otherScene(s Shape) [][]byte {
	for {
		if scene := pick(e.what, scenes); scene != e.scene {
			return e.changeScene(s, scene)
		}
	}
}

func (e *Evening) changeScene(s Shape, scene string) [][]byte {
	old := e.scene
	e.scene = scene
	if s == Nested {
		return e.obsEvent(s, "SceneChanged", object{"sceneName": scene})
	}
	return e.obsEvent(s, "SceneChanged", object{"scene": sceneObject(scene), "oldScene": sceneObject(old)})
}

// sceneObject gives a scene the same UUID whenever it is shown.
func sceneObject(name string) object {
	h := fnv.New128a()
	_, _ = h.Write([]byte(name)) // a hash never refuses
	x := hex.EncodeToString(h.Sum(nil))
	return object{"sceneName": name, "sceneUuid": x[:8] + "-" + x[8:12] + "-4" + x[13:16] + "-8" + x[17:20] + "-" + x[20:]}
}
