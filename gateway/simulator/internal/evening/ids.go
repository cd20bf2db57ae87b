package evening

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
)

const urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func urlText(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = urlAlphabet[r.IntN(len(urlAlphabet))]
	}
	return string(b)
}

func hexText(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[r.IntN(16)]
	}
	return string(b)
}

func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	return string(b)
}

// newID gives the next message id in the platform's form.
func (e *Evening) newID(p platform) string {
	if p == youTube {
		return eventID(e.ids)
	}
	return uuid(e.ids)
}

// uuid is a random (version 4) UUID.
func uuid(r *rand.Rand) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// eventID is a YouTube live-chat message id: "LCC." and a base64 protocol buffer that wraps 26
// characters (recorded form).
func eventID(r *rand.Rand) string {
	return "LCC." + base64.StdEncoding.EncodeToString(append([]byte{0x12, 0x1c, 0x0a, 0x1a}, urlText(r, 26)...))
}

// liveChatID wraps channel and video ids the way YouTube's are (recorded form).
func liveChatID(channel, video string) string {
	b := append([]byte{0x2a, byte(len(channel) + len(video) + 4), 0x0a, byte(len(channel))}, channel...)
	b = append(append(b, 0x12, byte(len(video))), video...)
	return base64.RawStdEncoding.EncodeToString(b)
}

// InstanceID is the stable id of the Streamer.bot that plays a seed's evenings.
func InstanceID(seed uint64) string { return uuid(stream(seed, 6, 0)) }
