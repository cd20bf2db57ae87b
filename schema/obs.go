package schema

// OutputPayload is the payload of obs.streaming_started, obs.streaming_stopped,
// obs.recording_started and obs.recording_stopped.
type OutputPayload struct {
	// Software is what streams or records: one of the Software… constants.
	Software string `json:"software"`
	// ConnectionID and ConnectionName tell several connections of one
	// Streamer.bot apart.
	ConnectionID   string `json:"connectionId,omitempty"`
	ConnectionName string `json:"connectionName,omitempty"`
	IsTest         bool   `json:"isTest"`
	SentDateTime   Time   `json:"sentDateTime"`
}

// SceneChangedPayload is the payload of obs.scene_changed.
type SceneChangedPayload struct {
	Software       string `json:"software"`
	ConnectionID   string `json:"connectionId,omitempty"`
	ConnectionName string `json:"connectionName,omitempty"`
	// Scene and OldScene are names; OldScene is left out when unknown.
	Scene        string `json:"scene"`
	OldScene     string `json:"oldScene,omitempty"`
	IsTest       bool   `json:"isTest"`
	SentDateTime Time   `json:"sentDateTime"`
}

// The closed list of streaming software.
const (
	SoftwareOBS        = "obs"
	SoftwareStreamlabs = "streamlabs_desktop"
	SoftwareMeld       = "meld_studio"
)
