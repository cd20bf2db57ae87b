package main

import (
	"promethean/gateway/source/ailicia"
)

// ailicia is the second source's configuration; without a key it is off. A
// simulation never reads the real one.
func (n *node) ailicia() ailicia.Config {
	if n.simulate {
		return ailicia.Config{}
	}
	s := n.s.Ailicia
	return ailicia.Config{
		URL: s.URL, APIKey: s.APIKey, ReadKey: n.s.KeyAgain("ailicia.api_key"), Types: s.Types, ChannelID: s.ChannelID,
		Tenant: n.s.Tenant, IgnoreUsers: n.s.IgnoreUsers, Log: n.log,
	}
}
