package main

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// Every frame is a line of Twitch chat as servers since 1.0.5 send it
// (reference: streamerbot.md 4.1), with a number of its own in the message id:
// whoever reads an event anywhere on the road can tell which it is.
const (
	idMark    = "bench-"
	idDigits  = 9
	maxEvents = 100_000_000

	leastSize = 900
	mostSize  = 1 << 20
	// chatters is how many people talk.
	chatters = 200
)

// stampForm is Streamer.bot's own: seven digits of a second and an offset.
const stampForm = "2006-01-02T15:04:05.0000000Z07:00"

// appendFrame appends the frame of line n, of exactly size bytes, that was sent
// at the given time.
func appendFrame(b []byte, n, size int, sent time.Time) []byte {
	start := len(b)
	who := strconv.Itoa(n % chatters)
	b = append(b, `{"timeStamp":"`...)
	b = sent.AppendFormat(b, stampForm)
	b = append(b, `","event":{"source":"Twitch","type":"ChatMessage"},"data":{"user":{"role":1,"badges":[{"name":"subscriber","version":"12","imageUrl":"https://badges.example/subscriber/12","info":"14"}],"color":"#2E6FB7","subscribed":true,"monthsSubscribed":14,"id":"6001`...)
	b = append(b, who...)
	b = append(b, `","login":"chatter_`...)
	b = append(b, who...)
	b = append(b, `","name":"Chatter_`...)
	b = append(b, who...)
	b = append(b, `","type":"twitch"},"messageId":"`...)
	b = appendID(b, n)
	b = append(b, `","meta":{"internal":false,"firstMessage":false,"returningChatter":false,"isHighlighted":false,"isMe":false,"isCustomReward":false,"isTest":false,"isInSharedChat":false},"anonymous":false,"text":"`...)
	end := `","emotes":[],"parts":[],"isReply":false,"broadcaster":{"id":"600100700","login":"lumencrate","name":"LumenCrate","type":"twitch"},"createdAt":"` +
		sent.UTC().Format(stampForm) + `","isTest":false}}`
	b = appendText(b, n, size-(len(b)-start)-len(end))
	return append(b, end...)
}

func appendID(b []byte, n int) []byte { return fmt.Appendf(b, idMark+"%0*d", idDigits, n) }

// words are what is said; texts begin elsewhere in them each time.
const words = "the lighthouse at the end of the pier has been dark since the storm and nobody knows who keeps its lamp so we bring oil and bread and wait for the ferry that never comes on time "

// appendText appends size bytes of chat.
func appendText(b []byte, n, size int) []byte {
	at := n * 7 % len(words)
	for size > 0 {
		part := words[at:min(len(words), at+size)]
		b = append(b, part...)
		size, at = size-len(part), 0
	}
	return b
}

// numberIn finds which line an event is of; false for an event of another kind.
func numberIn(body []byte) (int, bool) {
	at := bytes.Index(body, []byte(idMark))
	if at < 0 || len(body) < at+len(idMark)+idDigits {
		return 0, false
	}
	digits := body[at+len(idMark):][:idDigits]
	n, err := strconv.Atoi(string(digits))
	return n, err == nil
}
