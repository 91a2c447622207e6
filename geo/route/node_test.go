package route_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// ends5 joins over 5 m and doubts up to 30 m.
var ends5 = route.Ends{Join: 5000, Doubt: 30_000}

// joinedMap draws roads, joins their ends and builds. A square is so many metres.
func joinedMap(t *testing.T, drawing string, metres float64, ends route.Ends, roads ...string) (*route.Graph, []string) {
	t.Helper()
	d := draw(t, drawing, metres)
	var b route.Builder
	for i, r := range roads {
		b.Add(route.TwoWay(d.line(r), int32(i), 36))
	}
	var said []string
	for _, f := range b.JoinEnds(ends) {
		end, what := roads[f.Way][:1], "far from"
		if f.Last {
			end = roads[f.Way][len(roads[f.Way])-1:]
		}
		if f.Joined {
			what = "to"
		}
		said = append(said, fmt.Sprintf("%s %s %s at %.0f over %.1f", end, what, roads[f.To], f.Foot.At.Metres(), f.Gap.Metres()))
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g, said
}

func TestJoinEnds(t *testing.T) {
	// A letter is 3 m wide: E is 3 m from the road, the line below 9 m.
	const drawing = `
A---------------------B
           E  G
                  I
C          F  H   J   D
`
	near := route.Ends{Join: 5000, Doubt: 7000}
	for _, c := range []struct {
		name  string
		roads []string
		ends  route.Ends
		said  string
		parts int
	}{
		{"an end near a line", []string{"AB", "FE"}, near, "E to AB at 33 over 3.0", 1},
		{"its start", []string{"AB", "EF"}, near, "E to AB at 33 over 3.0", 1},
		{"no tolerance", []string{"AB", "FE"}, route.Ends{}, "", 2},
		{"listed only", []string{"AB", "FE"}, route.Ends{Doubt: 7000}, "E far from AB at 33 over 3.0", 2},
		{"further off", []string{"AB", "JI"}, near, "I far from AB at 54 over 6.0", 2},
		{"not of those", []string{"AB", "FE"}, route.Ends{Join: 5000, Of: func(way int) bool { return way == 0 }}, "", 2},
		{"two ends", []string{"AE", "GB"}, route.Ends{Join: 10_000}, "E to GB at 0 over 9.0", 1},
		{"crossing in mid-line", []string{"AD", "CB"}, near, "", 2},
		{"both ends of a short one", []string{"AB", "CD", "EF"}, near, "E to AB at 33 over 3.0|F to CD at 33 over 0.0", 1},
		{"going on", []string{"AB", "FE", "EI"}, near, "I far from AB at 54 over 6.0", 2},
		{"the same line twice", []string{"AB", "FE", "EF"}, near, "E to AB at 33 over 3.0", 1},
	} {
		g, said := joinedMap(t, drawing, 3, c.ends, c.roads...)
		if got := strings.Join(said, "|"); got != c.said {
			t.Errorf("%s: %s; want %s", c.name, got, c.said)
		}
		if n := g.Components(nil).Count(); n != c.parts {
			t.Errorf("%s: %d parts, want %d", c.name, n, c.parts)
		}
	}
}

// A stub that runs along the road it leaves is no gap, one that has to go round
// for kilometres is.
func TestJoinEndsThatHaveMet(t *testing.T) {
	_, said := joinedMap(t, `
A------B------C
        E
`, 9, ends5, "ABC", "BE")
	if len(said) > 0 {
		t.Errorf("a stub: %v", said)
	}
	g, said := joinedMap(t, `
A------B------C------D
              E      |
F--------------------G
`, 60, route.Ends{Join: 70_000, Doubt: 70_000}, "ABCD", "DG", "GF", "FE")
	if got := strings.Join(said, "|"); got != "E to ABCD at 840 over 60.0" {
		t.Errorf("a way round: %s", got)
	}
	if g.Components(nil).Count() != 1 {
		t.Error("the way round is not joined")
	}
	far, _ := joinedMap(t, "A--B", 60, ends5, "AB")
	if far.Edges() != 1 {
		t.Errorf("one road alone has %d edges", far.Edges())
	}
}

// Ends that meet ends, one behind the other.
func TestJoinEndsInAChain(t *testing.T) {
	g, said := joinedMap(t, `
A    B C    D
       E    F
`, 4, route.Ends{Join: 10_000, Doubt: 10_000}, "AB", "DC", "EF")
	if g.Components(nil).Count() != 1 {
		t.Errorf("%v leaves %d parts", said, g.Components(nil).Count())
	}
}

func TestJoinEndsOfNonsense(t *testing.T) {
	nan := math.NaN()
	lines := []orb.LineString{nil, {{1, 1}}, {{1, 1}, {1, 1}}, {{nan, 1}, {2, 2}}, {{179.99999, 0}, {-179.99999, 0}}, {{0, 89.9999}, {180, 89.9999}}, {{-180, -90}, {180, 90}}}
	var b route.Builder
	for i, line := range lines {
		b.Add(route.TwoWay(line, int32(i), 36))
	}
	b.JoinEnds(route.Ends{Join: 1 << 40, Doubt: 1 << 40})
	b.JoinEnds(route.Ends{Join: -1, Doubt: -5})
	b.JoinEnds(ends5)
}

// bruteEnds is JoinEnds' choice by the plainest means: every end against every
// way, and Floyd's distances over all vertices.
func bruteEnds(lines []orb.LineString, join, doubt geo.Millimetre) (found []string) {
	key := func(p orb.Point) [2]int64 {
		return [2]int64{int64(math.Round(p[0] * 1e7)), int64(math.Round(p[1] * 1e7))}
	}
	index, beside := map[[2]int64]int{}, map[[2]int64]map[[2]int64]bool{}
	for _, line := range lines {
		for _, p := range line {
			if _, has := index[key(p)]; !has {
				index[key(p)], beside[key(p)] = len(index), map[[2]int64]bool{}
			}
		}
	}
	far := make([][]int64, len(index))
	for i := range far {
		far[i] = slices.Repeat([]int64{1 << 50}, len(index))
		far[i][i] = 0
	}
	for _, line := range lines {
		for v := 1; v < len(line); v++ {
			a, b := key(line[v-1]), key(line[v])
			if a != b {
				beside[a][b], beside[b][a] = true, true
			}
			mm := int64(geo.Round(geo.Distance(line[v-1], line[v])))
			far[index[a]][index[b]] = min(far[index[a]][index[b]], mm)
			far[index[b]][index[a]] = far[index[a]][index[b]]
		}
	}
	for k := range far {
		for i := range far {
			for j := range far {
				far[i][j] = min(far[i][j], far[i][k]+far[k][j])
			}
		}
	}
	seen := map[[2]int64]bool{}
	for w, line := range lines {
		for end, p := range []orb.Point{line[0], line[len(line)-1]} {
			if seen[key(p)] || len(beside[key(p)]) != 1 {
				continue
			}
			seen[key(p)] = true
			best := ""
			least := math.Inf(1)
			for o, other := range lines {
				metres, foot := geo.DistanceToLine(p, other)
				gap := geo.Round(metres)
				if slices.ContainsFunc(other, func(q orb.Point) bool { return key(q) == key(p) }) || gap > max(join, doubt) || metres >= least {
					continue
				}
				road := int64(1 << 50)
				for v := foot.Segment; v <= foot.Segment+1 && v < len(other); v++ {
					road = min(road, far[index[key(p)]][index[key(other[v])]]+int64(geo.Round(geo.Distance(other[v], foot.Point))))
				}
				if road > 10*int64(max(gap, join)) {
					least, best = metres, fmt.Sprint(w, end == 1, o, foot.At, gap, gap <= join)
				}
			}
			if best != "" {
				found = append(found, best)
			}
		}
	}
	return found
}

// The ends that are found are those of the plain model but for mirrored pairs,
// what is joined hangs together, and afterwards nothing is left to join.
func TestJoinEndsAgainstPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []orb.LineString
		place := func() orb.Point {
			x, y := rapid.IntRange(0, 12).Draw(t, "x"), rapid.IntRange(0, 12).Draw(t, "y")
			off := rapid.SampledFrom([]float64{0, 0, 0, 0.00002, -0.00003, 0.0001}).Draw(t, "off")
			return orb.Point{105 + 0.0008*float64(x) + off, 27 + 0.0008*float64(y) - off/2}
		}
		for range rapid.IntRange(2, 9).Draw(t, "ways") {
			line := orb.LineString{place()}
			for range rapid.IntRange(1, 3).Draw(t, "pieces") {
				if p := place(); p != line[len(line)-1] {
					line = append(line, p)
				}
			}
			if len(line) > 1 {
				lines = append(lines, line)
			}
		}
		var b route.Builder
		for i, line := range lines {
			b.Add(route.TwoWay(line, int32(i), 36))
		}
		want := bruteEnds(lines, 5000, 30_000)
		var joins []route.NearEnd
		for _, f := range b.JoinEnds(ends5) {
			said := fmt.Sprint(f.Way, f.Last, f.To, f.Foot.At, f.Gap, f.Joined)
			i := slices.Index(want, said)
			if i < 0 {
				t.Fatalf("%s is not among %v", said, want)
			}
			want = slices.Delete(want, i, i+1)
			if f.Joined {
				joins = append(joins, f)
			}
		}
		for _, left := range want { // each the mirror of one that was found, at an end of a way
			var w, o int
			var last, joined bool
			var at, gap string
			if _, err := fmt.Sscan(strings.ReplaceAll(left, " m", ""), &w, &last, &o, &at, &gap, &joined); err != nil {
				t.Fatal(err)
			}
			if at != "0.000" && at != fmt.Sprintf("%.3f", geo.Length(lines[o]).Metres()) {
				t.Fatalf("%s was not found", left)
			}
		}
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		parts := g.Components(nil)
		part := map[int]int32{}
		for e := range int32(g.Edges()) {
			part[g.Edge(e).Way] = int32(parts.OfEdge(e))
		}
		for _, f := range joins {
			p, isA := part[f.Way]
			q, isB := part[f.To]
			if isA && isB && p != q {
				t.Fatalf("way %d and way %d are apart", f.Way, f.To)
			}
		}
	})
}
