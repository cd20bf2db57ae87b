package schema

// Person is somebody in a payload beside the one who acted: a moderator, a
// recipient of a gift, a contributor. Fields the source did not tell are left
// out.
type Person struct {
	// UserID is the platform's user id, always as text.
	UserID string `json:"userId,omitempty"`
	// Username is the login where the platform has logins, else the shown name.
	Username    string `json:"username,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}
