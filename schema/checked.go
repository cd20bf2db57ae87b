package schema

// Checked is JSON that passed [CheckJSON], or that this package wrote. Only
// this package makes one that holds anything, so that [Seal] need not read the
// bytes again; nobody may change them.
type Checked struct{ b []byte }

// Bytes are the JSON text; nil for the zero value.
func (c Checked) Bytes() []byte { return c.b }

// is reports whether b are the bytes that were checked: the same memory.
func (c Checked) is(b []byte) bool {
	return len(b) > 0 && len(b) == len(c.b) && &b[0] == &c.b[0]
}

// CheckMembers is [CheckJSON] that also calls member, on the way, for each
// member of an outermost object: its key as written, with the quotes, and its
// value; both alias b. Where b turns out to be no JSON further on, member has
// been called for what came before.
func CheckMembers(b []byte, member func(key []byte, value Checked)) (Checked, error) {
	c := checker{b: b}
	if err := c.members(member); err != nil {
		return Checked{}, err
	}
	return Checked{b}, nil
}

func (c *checker) members(member func(key []byte, value Checked)) error {
	c.space()
	if !c.at('{') {
		return c.run()
	}
	c.depth, c.stack[0] = 1, 1
	c.i++
	c.space()
	for more := !c.at('}'); more; {
		key, err := c.key()
		if err != nil {
			return err
		}
		from := c.i
		if err := c.value(); err != nil {
			return err
		}
		for c.depth > 1 {
			if err := c.next(); err != nil {
				return err
			}
		}
		member(key, Checked{c.b[from:c.i:c.i]})
		c.space()
		if more = c.at(','); more {
			c.i++
			c.space()
		}
	}
	return c.finish()
}
