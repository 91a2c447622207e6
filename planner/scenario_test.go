package planner

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// A scenario is a text file in testdata: what it shows, a drawn map, facts, and
// what is expected; testdata/README.md says how they are written.
type scenario struct {
	t       *testing.T
	line    string
	grid    float64
	rows    []string
	places  map[string]orb.Point
	s       *Snapshot
	whole   map[ID]map[string]string // roads with no segment line yet
	checks  []func(*Assessment)
	nextSeg ID
	asked   Question // by the check that ran last
	planned DecideOptions
}

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			sc := readScenario(t, file)
			a := Assess(sc.s)
			for _, check := range sc.checks {
				check(must(a.Ask(context.Background(), sc.asked)))
			}
			checkParts(t, a)
			checkParts(t, must(a.Ask(context.Background(), sc.asked)))
		})
	}
}

func readScenario(t *testing.T, file string) *scenario {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := newScenario(t)
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		sc.line = fmt.Sprintf("%s:%d: %s", file, n, lines.Text())
		sc.read(lines.Text())
	}
	sc.finish()
	if len(sc.checks) == 0 {
		t.Fatalf("%s expects nothing", file)
	}
	return sc
}

func newScenario(t *testing.T) *scenario {
	sc := &scenario{t: t, grid: 100, places: map[string]orb.Point{}, whole: map[ID]map[string]string{}}
	sc.s = &Snapshot{Region: Region{Code: "county", Level: LevelCounty, Name: "县"}, Rules: DefaultRules(), Standard: testStandard}
	sc.s.AsOf = must(ParseDate("2020-06-30"))
	return sc
}

var testStandard = WaterStandard{
	LitresGood: 60, LitresBasic: 35, MinutesGood: 10, MinutesBasic: 20, DistanceGood: 400, DistanceBasic: 800,
	ClimbGood: 40, ClimbBasic: 80, ReliableGood: 95, ReliableBasic: 90,
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (sc *scenario) read(line string) {
	if rest, ok := strings.CutPrefix(line, "|"); ok {
		sc.rows = append(sc.rows, rest)
		sc.draw(rest, len(sc.rows)-1)
		return
	}
	words := strings.Fields(line)
	if len(words) == 0 || words[0] == "#" {
		return
	}
	fact := sc.facts()[words[0]]
	if fact == nil {
		sc.t.Fatalf("%s: unknown word %q", sc.line, words[0])
	}
	fact(words[1:], options(words[1:]))
}

// draw finds the places of a map row: every letter and digit is one.
func (sc *scenario) draw(row string, y int) {
	for x, r := range row {
		if strings.ContainsRune("-|/\\. ", r) {
			continue
		}
		east := geo.Destination(orb.Point{105, 27}, 90, float64(x)*sc.grid)
		sc.places[string(r)] = geo.Destination(east, 180, float64(y)*sc.grid)
	}
}

// options are the words with an equals sign.
func options(words []string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		k, v, ok := strings.Cut(w, "=")
		if ok {
			out[k] = v
		} else {
			out[w] = "yes"
		}
	}
	return out
}

func (sc *scenario) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		sc.t.Fatalf("%s: %v", sc.line, err)
	}
	return n
}

func (sc *scenario) id(text string) ID { return ID(sc.number(text)) }

func (sc *scenario) optional(o map[string]string, key string) *int64 {
	if o[key] == "" {
		return nil
	}
	n := sc.number(o[key])
	return &n
}

func (sc *scenario) decimal(o map[string]string, key string) *float64 {
	if o[key] == "" {
		return nil
	}
	n := must(strconv.ParseFloat(o[key], 64))
	return &n
}

// spanIn finds the span among words.
func (sc *scenario) spanIn(words []string) chainage.Span {
	for _, w := range words {
		if strings.Contains(w, "-") && !strings.Contains(w, "=") {
			return sc.span(w)
		}
	}
	sc.t.Fatalf("%s: no span", sc.line)
	return chainage.Span{}
}

// span reads 1.5-3 as kilometres.
func (sc *scenario) span(text string) chainage.Span {
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		sc.t.Fatalf("%s: %q is no span in km", sc.line, text)
	}
	return chainage.Span{From: sc.km(from), To: sc.km(to)}
}

func (sc *scenario) km(text string) int64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		sc.t.Fatalf("%s: %v", sc.line, err)
	}
	return int64(v*1e6 + 0.5)
}

func (sc *scenario) place(name string) orb.Point {
	p, ok := sc.places[name]
	if !ok {
		sc.t.Fatalf("%s: place %q is not drawn", sc.line, name)
	}
	return p
}

func (sc *scenario) road(id ID) *Road {
	for i := range sc.s.Roads {
		if sc.s.Roads[i].ID == id {
			return &sc.s.Roads[i]
		}
	}
	sc.t.Fatalf("%s: no road %d", sc.line, id)
	return nil
}

// finish gives roads without segment lines one segment.
func (sc *scenario) finish() {
	for _, r := range sc.s.Roads {
		if o := sc.whole[r.ID]; o != nil && r.Line != nil {
			sc.addSegment(&r, chainage.Span{To: r.Length}, r.Line, o)
		}
	}
	slices.SortFunc(sc.s.Segments, compareSegments)
}

func or(v, fallback string) string {
	if v == "" {
		return fallback
	}
	return v
}

func (sc *scenario) addSegment(r *Road, span chainage.Span, line orb.LineString, o map[string]string) {
	sc.nextSeg++
	seg := Segment{
		ID: sc.nextSeg, Road: r.ID, Version: r.Version, Span: span, Line: line, Class: or(o["class"], "class4"),
		Surface: or(o["surface"], "cement"), AllSeason: Ternary(or(o["season"], "yes")), Built: Built(or(o["built"], "built")),
		Direction: Direction(or(o["direction"], "both")), Routable: o["routable"] != "no", Township: o["township"], Halo: o["halo"] == "yes",
	}
	if name, share, ok := strings.Cut(o["other"], ":"); ok {
		seg.OtherTownship, seg.OtherSharePPM = name, sc.number(share)
	}
	sc.s.Segments = append(sc.s.Segments, seg)
}
