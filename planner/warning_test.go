package planner

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const levelLetters = "-BYOR"

func levelsOf(s string) []WarningLevel {
	var out []WarningLevel
	for _, r := range s {
		out = append(out, WarningLevel(strings.IndexRune(levelLetters, r)))
	}
	return out
}

// Eight weeks, drawn: above what the week's lag says, below what is published.
// Capitals are blue, yellow, orange and red; an exclamation mark is handed up.
func TestLevelsComeDownAfterTwoBetterBulletins(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"back and forth over one threshold", "BYBYBYBY", "B Y Y Y Y! Y! Y! Y!"},
		{"worse at once", "-BYOR", "- B Y O R"},
		{"better after two", "YBBBBBBB", "Y Y B B B B! B! B!"},
		{"down to the worse of the two", "R-YY----", "R R Y Y Y - - -"},
		{"one better week is forgotten", "O-O-O-O-", "O O O O! O! O! O! O!"},
		{"worse again while calm", "Y-R--", "Y Y R R -"},
		{"at one level for three weeks", "BBBB", "B B B B!"},
		{"none is never handed up", "------", "- - - - - -"},
	} {
		var state *PublishedLevel
		var got []string
		for week, raw := range levelsOf(c.raw) {
			next := NextLevel(state, raw, Date(18_000+7*week))
			state = &next
			mark := string(levelLetters[next.Level])
			if next.Escalated {
				mark += "!"
			}
			got = append(got, mark)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: %s gives %s, want %s", c.name, c.raw, g, c.want)
		}
	}
}

// Whatever comes: never better than the day, never better than any of the last two
// days unless the level was, and a worse day is published at once.
func TestPublishedLevelsAreNeverBetterThanTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raws := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 30).Draw(t, "raws")
		var state *PublishedLevel
		for i, r := range raws {
			raw := WarningLevel(r)
			next := NextLevel(state, raw, Date(18_000+7*i))
			if next.Level < raw {
				t.Fatalf("week %d publishes %d for %d", i, next.Level, raw)
			}
			if i > 0 && next.Level < state.Level && next.Level < WarningLevel(max(r, raws[i-1])) {
				t.Fatalf("week %d comes down to %d after %d and %d", i, next.Level, raws[i-1], r)
			}
			if i > 0 && raw >= state.Level && next.Level != raw {
				t.Fatalf("week %d: %d after level %d publishes %d", i, raw, state.Level, next.Level)
			}
			state = &next
		}
	})
}
