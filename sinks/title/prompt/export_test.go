package prompt

// Look reads the prompt file as Run does at each change.
func (s *Set) Look() { s.look() }
