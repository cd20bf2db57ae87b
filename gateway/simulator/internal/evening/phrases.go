package evening

import (
	"hash/fnv"
	"strconv"
	"time"
)

const relayDelay = 400 * time.Millisecond

type tongue int

const (
	english tongue = iota
	arabic
	hebrew
	japanese
	korean
	chinese
	russian
	german
	spanish
	tongues
)

var names = []string{
	"PixelWren", "Saltlantern", "gravel_moth", "Teapot_Orbit", "HarborFox", "LumenCrate", "quietkettle", "Bramblewick",
	"NineOwls", "Ferrous_Fern", "Otterly_Late", "月見うさぎ", "DustyCompass", "marzipan_mole", "Kelpie77", "Snowglobe",
	"TinRaincoat", "velvetpine", "Copperpond", "SleepyGantry", "Wobblestone", "NoctiLuka", "peachtram", "Glasshopper",
	"Мшистый_Кот", "OneMoreTurn", "Juniper_Jay", "BoxOfStatic", "Tidewalker", "crumpetstorm", "Aldertoes", "MapleVoltage",
	"ink_and_ivy", "ThursdayGhost", "Rookpebble", "소금사탕", "Plumtorque", "Lanternfish_9", "mild_peril", "Dovetail",
	"HexNutmeg", "CargoPants99", "softserve_sam", "Basalt_Bea", "Windowcat", "RoastedRadio", "Petrichor_Pat", "Zephyrine",
	"KnittedYak", "Umbrella_Ulf", "MothInTheMix", "FogbankFred", "AcornAtlas", "tinyturbine", "Sir_Beanbag", "QuillAndQuay",
	"Emberlark", "paperboat_pia", "GhostPepperGil", "NorthwardNell",
}

var patterns = []string{
	"that {thing} is {mood}", "can we go back to {place}?", "did you {verb} the {thing} already?",
	"I would never {verb} a {thing} like that", "chat, who else is at {place}", "{n} hours in and still no {thing}",
	"first time here, this is {mood}", "the music at {place} is so {mood}", "you walked past the {thing} {n} times",
	"my cat wants to {verb} the {thing}", "please {verb} it, for science", "ok that was {mood}",
	"is the {thing} from {place} worth {n} shells?", "hello from work, don't tell my boss", "brb, tea",
	"what's the <b>{thing}</b> for? & why {n}?", "\"{verb} the {thing}\" they said, it'll be {mood} they said",
	"C:\\{place}\\{thing}.exe has stopped working", "I'm {n}% sure the {thing} was {mood} yesterday",
	"evening everyone", "lol", "W", "?", "...", "pog", "that's {mood}, I'm going to {place}",
}

var things = []string{"lighthouse", "duck", "anchor", "moss golem", "kettle", "ferry ticket", "brass key", "tide clock", "net", "lantern"}

var places = []string{"Moss Harbour", "the pier", "Gull Rock", "the tin market", "the old ferry", "Low Tide Cave"}

var verbs = []string{"feed", "polish", "sell", "hide", "fish for", "trade", "upgrade"}

var moods = []string{"lovely", "cursed", "so cosy", "unreal", "a bit much", "suspicious", "peak", "naïve"}

var answers = []string{
	"same", "no way", "try the other door", "that's what I said!", "you're right tbh", "welcome 💚", "ask the ferryman",
	"it's on the left, behind the kettle", "haha yes",
}

var shouts = []string{
	"LETS GOOO", "GG", "WHAT", "CLIP IT", "NO SHOT", "IT WORKED!!!", "HUGE", "the duck did it THE DUCK DID IT",
	"RAID HYPE 🦆🦆🦆", "W W W W", "I was here",
}

// emoji hold what breaks naive offsets: astral planes, joiners, skin tones, flags, variation selectors.
var emoji = []string{"🦆", "😂", "💚", "👋🏽", "👩‍🚀", "🏴‍☠️", "🇮🇸", "❤️", "🫠", "🎣", "🧑‍🧑‍🧒", "☂️"}

var foreign = [tongues][]string{
	arabic:   {"مساء الخير يا جماعة", "هذه البطة رائعة", "متى نصل إلى Moss Harbour؟"},
	hebrew:   {"ערב טוב לכולם", "הברווז הזה מדהים", "מה קורה כאן?"},
	japanese: {"こんばんは！", "アヒルかわいいｗｗｗ", "灯台まであと少し、がんばれ"},
	korean:   {"안녕하세요~", "오리 너무 귀여워 ㅋㅋㅋ", "등대 언제 고쳐요?"},
	chinese:  {"大家晚上好", "这只鸭子太可爱了", "𠮷野家见"},
	russian:  {"всем привет", "утка победит", "а где маяк?"},
	german:   {"guten Abend zusammen", "die Ente ist größer als gestern", "schöne Grüße aus Köln"},
	spanish:  {"¡buenas noches!", "qué pato más bonito", "¿cuándo jugamos mañana?"},
}

// emotesOf are the channel's emotes; Kick's documented frames carry emotes inside the text only, so
// Kick viewers use none.
var emotesOf = map[platform][]string{
	twitch:  {"mossduWave", "mossduHype", "mossduLul", "mossduTea", "mossduRIP", ":D", "<3"},
	youTube: {":mossduck-wave:", ":mossduck-hype:", ":duck-stare:", ":_tea:"},
}

// emoteID gives an emote its stable number.
func emoteID(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never refuses
	return strconv.FormatUint(uint64(h.Sum32()%900000000)+300000000, 10)
}

func emoteURL(id string) string { return "https://emotes.example/v2/" + id + "/default/dark/2.0" }
