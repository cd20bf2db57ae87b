package facts

import (
	"strings"
	"unicode"
)

// wordsOf are the words of a line that may say what it is about: of at least
// four letters, none of the most common, no command, link, mention or emote.
func wordsOf(l line) (words []string) {
	if strings.HasPrefix(strings.TrimSpace(l.text), "!") {
		return nil
	}
	for _, field := range strings.Fields(l.text) {
		if isAddress(field) {
			continue
		}
		w := strings.ToLower(strings.TrimFunc(field, func(r rune) bool { return !unicode.IsLetter(r) }))
		if n := len([]rune(w)); n < 4 || n > 24 || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) || common[w] || isEmote(field, l.emotes) {
			continue
		}
		words = append(words, w)
	}
	return words
}

func isEmote(field string, emotes []string) bool {
	for _, e := range emotes {
		if field == e {
			return true
		}
	}
	return false
}

// isAddress: a mention, a tag, a link or something that may be one.
func isAddress(field string) bool {
	if strings.ContainsAny(field, "@#/\\:") {
		return true
	}
	dot := strings.Index(field, ".")
	return dot > 0 && dot < len(field)-2
}

// quotable is a line as it may be quoted; "" where it may not: a command, a
// link, a mention.
func quotable(text string) string {
	fields := strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, text))
	if len(fields) == 0 || strings.HasPrefix(fields[0], "!") {
		return ""
	}
	for _, f := range fields {
		if isAddress(f) {
			return ""
		}
	}
	runes := []rune(strings.Join(fields, " "))
	return string(runes[:min(len(runes), lineLength)])
}

// common are words that say nothing of a stream, in the languages that this
// project's users write most.
var common = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`
		about after again also always another because been before being better cant come could didn does doesn doing done dont down even ever every
		from game games gonna good great guys have haven having hello here hope into isnt just keep know like literally little live lmao long look looks love made
		make many maybe more most much need never nice okay only other over people play playing please really right said same should some someone something
		still stop stream streamer sure take than thank thanks that thats their them then there these they thing things think this those though time
		today tonight very wait want wanted watch watching well went were what when where which while will with work would yeah your youre yours
		aber alle alles auch beim bist danke dann dass dein deine denn dich diese dieser doch dort eine einem einen einer eines einfach etwas ganz gibt habe
		haben hallo halt hast hatte heute hier ihre immer jetzt kann kein keine können machen macht mehr mein meine mich muss nach nicht nichts noch nochmal oder
		schon sehr sein seine sich sind spiel über unter viel vielleicht wann warum weil wenn werden wieder wird wirklich
		aussi avec bien comme dans donc elle encore être fait faire jamais mais merci même pour quand quoi rien sans tout très trop voilà vous
		ahora algo bueno como cuando donde esta este esto gracias hasta hola mucho muy nada para pero porque siempre solo todo`) {
		set[w] = true
	}
	return set
}()
