package evening

// donate gives the act of a donation through one of the services. They are by nobody that a platform
// knows, and each service has its own idea of an amount.
func donate(service string) act {
	return func(e *Evening, _ Shape) [][]byte {
		from, text, cents := pick(e.what, donors), pick(e.what, dedications), 100*(2+e.what.IntN(30))+50*e.what.IntN(2)
		common := object{"message": text, "currency": pick(e.what, []string{"EUR", "USD"})}
		switch service {
		case "StreamElements":
			return e.one(service, "Tip", common.with(object{
				"id": hexText(e.ids, 32), "provider": "streamelements", "username": from, "amount": money(cents), "isTest": false,
			}))
		case "Streamlabs":
			sign := map[any]string{"EUR": "€", "USD": "$"}[common["currency"]]
			return e.one(service, "Donation", common.with(object{
				"from": from, "amount": money(cents), "formattedAmount": sign + decimal(cents),
			}))
		case "Kofi":
			return e.one(service, "Donation", common.with(object{"from": from, "amount": decimal(cents)}))
		default:
			return e.one(service, "Donation", common.with(object{"username": from, "amount": money(cents)}))
		}
	}
}

// money is an amount of hundredths as a number, without zeros at its end: 7.5 and not 7.50.
func money(cents int) float64 { return float64(cents) / 100 }

var donors = []string{"Ivo from the pier", "Aunt Mossy", "anonymous heron", "Lighthouse Fund", "Pia Paddle"}

var dedications = []string{"for snacks", "new oars!", "keep the lamp lit 🕯️", "", "my boss pays for this one"}
