package simulator

// events are what Subscribe and UnSubscribe name: types by source.
func (r request) events() (map[string][]string, error) {
	var a struct {
		Events map[string][]string `json:"events"`
	}
	err := r.read(&a)
	return a.Events, err
}

// subscribe answers with what is subscribed to from then on. No event overtakes the answer, and none
// that is injected once the client has it is missed.
func (c *session) subscribe(r request) error {
	events, err := r.events()
	if err != nil {
		return c.refuse(r, errInvalid)
	}
	c.offers.Lock()
	defer c.offers.Unlock()
	more := c.subs.with(events)
	if err = c.reply(r, fields{"events": more.wanted}); err != nil {
		return err
	}
	c.adopt(more)
	return nil
}

// unsubscribe answers with what is left. No event that is gone from it follows the answer.
func (c *session) unsubscribe(r request) error {
	events, err := r.events()
	if err != nil {
		return c.refuse(r, errInvalid)
	}
	c.offers.Lock()
	defer c.offers.Unlock()
	left := c.subs.without(events)
	c.adopt(left)
	if c.server.opt.DocShapes {
		return c.reply(r, fields{"events": left.names()})
	}
	return c.reply(r, fields{"events": left.wanted})
}

// adopt changes the subscriptions, under offers, and keeps the Stats true.
func (c *session) adopt(s *subscriptions) {
	was, is := c.subs.any(), s.any()
	c.subs = s
	c.server.tally.update(func(t *Stats) {
		t.Requests++
		switch {
		case is && !was:
			t.Subscribed++
		case was && !is:
			t.Subscribed--
		}
	})
}
