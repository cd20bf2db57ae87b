package streamerbot

import "promethean/schema"

// moneyData is an amount that has an object of its own: {value, currency}, on
// Twitch with value in the currency's smallest unit and decimal_places.
type moneyData struct {
	Value         text `json:"value"`
	Amount        text `json:"amount"`
	Currency      text `json:"currency"`
	CurrencyCode  text `json:"currencyCode"`
	DecimalPlaces text `json:"decimalPlaces"`
}

// donationData is a donation by the names that the services use: from (Ko-fi,
// Streamlabs), username (StreamElements, Tipeee, Fourthwall), sender
// (TreatStream) and so on. Only some of them are published (reference:
// streamerbot.md 4.7), so every reasonable name is looked for.
type donationData struct {
	acting
	anonymity
	line
	From            anybody `json:"from"`
	FromName        text    `json:"fromName"`
	Name            text    `json:"name"`
	Donor           anybody `json:"donor"`
	DonorName       text    `json:"donorName"`
	Supporter       anybody `json:"supporter"`
	Sender          anybody `json:"sender"`
	Nickname        text    `json:"nickname"`
	Amount          amount  `json:"amount"`
	Total           amount  `json:"total"`
	Donation        amount  `json:"donationAmount"`
	Gross           amount  `json:"grossAmount"`
	GrossInCents    text    `json:"grossAmountInCents"`
	FormattedAmount text    `json:"formattedAmount"`
	Currency        text    `json:"currency"`
	CurrencyCode    text    `json:"currencyCode"`
	Comment         text    `json:"comment"`
	Tier            text    `json:"tier"`
	TierName        text    `json:"tierName"`
	Title           text    `json:"title"`
	CreatedAt       text    `json:"createdAt"`
	CreatedDate     text    `json:"createdDateUTC"`
	Timestamp       text    `json:"timestamp"`
}

type amount struct{ textOrObject[moneyData] }

func (a amount) isThere() bool { return a.text != "" || a.has }

// readDonation reads what the donation services and shops send about money
// given.
func readDonation(n *normaliser, p *schema.ChannelEventPayload) {
	var d donationData
	readFolded(n.data, &d)
	setGiver(p, d.donor(), d.anonymity.on())
	d.setMoney(p)
	if p.EventType != schema.Donation {
		p.Tier = first(d.TierName, d.Tier)
	}
	if p.Message = d.said(); p.Message == "" {
		p.Message = string(d.Comment)
	}
	p.SystemMessage = string(d.Title)
	p.SentDateTime = n.sentAt(d.CreatedAt, d.CreatedDate, d.Timestamp)
}

func (d *donationData) donor() schema.Person {
	name := flat{UserName: text(first(d.FromName, d.DonorName, d.Nickname, d.Name))}
	return firstPerson(d.acting.person(), d.From.person(), d.Donor.person(), d.Supporter.person(), d.Sender.person(), name.person())
}

// setMoney keeps the amount's own digits. What is no plain number is only
// what the service shows.
func (d *donationData) setMoney(p *schema.ChannelEventPayload) {
	money := d.Amount
	for _, other := range []amount{d.Total, d.Donation, d.Gross} {
		if !money.isThere() {
			money = other
		}
	}
	of := money.v
	said := text(first(money.text, of.Value, of.Amount))
	p.Amount = decimal(said)
	if places, ok := of.DecimalPlaces.whole(); ok && places >= 0 && places <= 8 {
		p.Amount = scaled(said, int(places))
	}
	if said == "" {
		p.Amount = scaled(d.GrossInCents, 2)
	}
	if p.AmountText = string(d.FormattedAmount); p.AmountText == "" && p.Amount == "" {
		p.AmountText = string(said)
	}
	p.Currency = currency(d.Currency, d.CurrencyCode, of.Currency, of.CurrencyCode)
}
