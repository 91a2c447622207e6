package api

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/frontend"
)

func source(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile("../frontend/src/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// block is what stands between the line that begins so and the next one that
// closes it.
func block(t *testing.T, text, begin string) string {
	t.Helper()
	_, after, found := strings.Cut(text, begin)
	if !found {
		t.Fatalf("the web map has no %q any more", begin)
	}
	inside, _, _ := strings.Cut(after, "\n}")
	return inside
}

var entry = regexp.MustCompile(`(?m)^\s+'?(\w+)'?: ([^\n]+?),?(?: //.*)?$`)

// TestSymbolsAreThoseOfTheScreen holds the tables of printed symbols to the
// files of the web map.
func TestSymbolsAreThoseOfTheScreen(t *testing.T) {
	same := func(what string, ours map[string]string, text string) {
		t.Helper()
		theirs := map[string]string{}
		for _, m := range entry.FindAllStringSubmatch(text, -1) {
			theirs[m[1]] = m[2]
		}
		if fmt.Sprint(ours) != fmt.Sprint(theirs) {
			t.Errorf("%s on paper\n%v\non the screen\n%v", what, ours, theirs)
		}
	}
	colours := map[string]string{}
	for name, hex := range mapColours {
		colours[name] = fmt.Sprintf("'#%06X'", hex)
	}
	same("colours", colours, block(t, source(t, "palette.ts"), "export const light: Palette = {"))

	glyphs := source(t, "glyph.ts")
	fills := map[string]string{}
	for value, fill := range glyphFills {
		fills[value] = map[byte]string{'f': "'full'", 'h': "'half'", 'o': "'hollow'", 'd': "'dotted'"}[fill]
	}
	same("fills", fills, block(t, glyphs, "const FILLS: Record<string, Fill> = {"))
	verdicts := map[string]string{}
	for value, colour := range verdictColours {
		verdicts[value] = "p." + colour
	}
	after := block(t, glyphs, "function verdictColour")
	same("verdicts", verdicts, after[strings.Index(after, "= {"):])

	road := source(t, "layer/road.ts")
	dashes := map[string]string{}
	for _, s := range roadStyles {
		dashes[s.state] = "null"
		if s.dash != nil {
			dashes[s.state] = strings.ReplaceAll(fmt.Sprint(s.dash), " ", ", ")
		}
	}
	same("dashes", dashes, block(t, road, "export const ROAD_DASH: Record<RoadState, number[] | null> = {"))
}

// TestBindingsAreThoseOfTheScreen reads the edges of areas that bind a plan.
func TestBindingsAreThoseOfTheScreen(t *testing.T) {
	found := regexp.MustCompile(`case '(\w+)':\s+return \{ color: p\.(\w+), dash: (null|\[[^\]]*\]), width: ([\d.]+) \}`).FindAllStringSubmatch(source(t, "layer/reference.ts"), -1)
	if len(found) != len(bindings) {
		t.Errorf("%d kinds on the screen, %d on paper", len(found), len(bindings))
	}
	hatches := map[string]string{}
	for _, m := range found {
		b := bindings[m[1]]
		dash := "null"
		if b.dash != nil {
			dash = strings.ReplaceAll(fmt.Sprint(b.dash), " ", ", ")
		}
		if ours := []string{b.colour, dash, fmt.Sprint(b.width)}; fmt.Sprint(ours) != fmt.Sprint(m[2:]) {
			t.Errorf("%s on paper %v, on the screen %v", m[1], ours, m[2:])
		}
		if other := hatches[fmt.Sprint(b.hatch)]; other != "" {
			t.Errorf("%s is hatched like %s", m[1], other)
		}
		hatches[fmt.Sprint(b.hatch)] = m[1]
	}
}

// TestRoadWeightsAreThoseOfTheScreen reads the classes and weights out of the
// style of the web map.
func TestRoadWeightsAreThoseOfTheScreen(t *testing.T) {
	_, text, _ := strings.Cut(source(t, "layer/road.ts"), "['to-string', ['get', 'class']],")
	text, _, _ = strings.Cut(text, "\n];")
	found := 0
	for _, m := range regexp.MustCompile(`\[([^\]]+)\],\s*([\d.]+),`).FindAllStringSubmatch(text, -1) {
		weight, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, class := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(m[1], -1) {
			found++
			if roadWeights[class[1]] != weight {
				t.Errorf("%s weighs %g on paper, %g on the screen", class[1], roadWeights[class[1]], weight)
			}
		}
	}
	if found != len(roadWeights) {
		t.Errorf("%d classes on the screen, %d on paper", found, len(roadWeights))
	}
	if !strings.HasSuffix(strings.TrimSpace(text), "0.95,") || otherRoadWeight != 0.95 {
		t.Error("another class has another weight")
	}
}

// TestMapHasWords: whatever the legend may name has a word in both languages.
func TestMapHasWords(t *testing.T) {
	for _, lang := range []Lang{Chinese, English} {
		for _, g := range legendGroups {
			if lang.mapWord("layer", g.head) == g.head {
				t.Errorf("%s: the group %s has no name", lang, g.head)
			}
			for _, value := range g.values {
				if _, known := frontend.Words(string(lang))[cmp.Or(mapGroups[g.layer], g.layer)+"."+value]; !known {
					t.Errorf("%s: the legend has no word for %s.%s", lang, g.layer, value)
				}
			}
		}
	}
}
