package chat

// RememberAtMost bounds how many lines of a collection are remembered.
func (c *Chat) RememberAtMost(lines int) { c.most = lines }

// Remembered is what pairing keeps of a line's words.
func Remembered(s string) string { return remembered(s) }
