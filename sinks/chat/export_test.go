package chat

// RememberAtMost bounds how many lines of a collection are remembered.
func (c *Chat) RememberAtMost(lines int) { c.most = lines }
