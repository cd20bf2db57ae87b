package gate

import (
	"strings"
	"testing"

	"promethean/sinks/title/facts"
)

// honest are titles as people write them, a line each, in which something looks
// like what a rule refuses.
const honest = `
Heute wird's gemütlich: Stardew Valley, Jahr 3
Z.B. mal ein Rätselspiel, d.h. Kopfnüsse
Ab 20:15 Uhr: Portal 2 Koop
Von 20:00 bis 23:00: wir bauen
Live 20:00 - 23:00, ohne Pause
Am 24.12. 20:00 noch offen
Retro-Hits 1990-1999
Saison 2023/2024, Spieltag 3
10.000 Follower – danke!
Nr. 5 lebt, und wir bauen weiter
3:1 gegen den Endboss
Tonight: a 3:1 against the boss
Vol. 2 of the great garden project
Painting minis, e.g. a very small dragon
Speedrun any% practice, day 4
50% off my sanity, day 3
Sub goal 1500/2000
Almost there, 950/1000 subs
Half-Life 2: Episode 2
Dr. Mario vs. Mr. Freeze
Ep.2 of the island saga
v1.0.3 of my game
C++, C# and Rust till midnight
Under 500$ PC build
€20 vs. €200 keyboards
Wordle in 3/6, again
1.000.000 Punkte oder nix
#13 of the big island tour
Day 12 #100DaysOfCode
PB 1:23:45 or bust
WR pace? 12:34.567
¿Qué hacemos hoy? Un poco de todo
C'est l'heure du thé : Stardew Valley
Soirée « rétro » entre amis
On finit le boss à 21 h 30 ?
Sessão nº 4, com café
Noite de jogos, com amigos e calma
Stasera scacchi, io e voi
Wieczór z herbatą i Wiedźminem 3, odc. 3
第3回:朝までぷよぷよ
【初見】ゼルダの伝説を最後まで
ポケモンSV 色違い 1/512 チャレンジ
雨の日のマイクラ建築。のんびり
نلعب ماينكرافت ١٫٢١ الليلة
الحلقة ٣: النهاية
Сегодня спокойно строим замок, серия 3
오늘은 느긋하게, 3화: 마지막 보스
第2集 一起盖房子
हिंदी में शतरंज, भाग 2
Late ~ but here
Elden Ring • live und entspannt
Tag 3 · so spät noch wach
Chess • me against the bots
Moss Harbour・no map
10k steps in 4 hours
Mixing drinks in VA-11 HALL-A
Bastard sword run, level 1
Ibne Sina okuyoruz
Cono de helado y calma
The tilt is real, till midnight
`

func TestHonestTitles(t *testing.T) {
	g := newGate(t, Options{Emoji: 1})
	said := Against{Quotes: QuotesOf("hello there, how is it going tonight", "day12 was great", "ep2 when"), Names: NamesOf("Duckling", "mario_64", "Friday")}
	for line := range strings.Lines(strings.TrimSpace(honest)) {
		line = strings.TrimSpace(line)
		if got, err := g.Pass(line, facts.Facts{Platforms: []string{"twitch"}}, said); err != nil || got != line {
			t.Errorf("%q = %q, %v", line, got, err)
		}
	}
}
