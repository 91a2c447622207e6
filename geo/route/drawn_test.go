package route_test

import (
	"math"
	"strings"
	"testing"
	"unicode"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// drawn is a network drawn with letters: each letter is a place, a column is
// so many metres to the east and a line so many to the south.
type drawn struct {
	t     *testing.T
	place map[rune]orb.Point
	g     *route.Graph
	names []string
}

// road is one way through places, as in "ABC". Speeds are km/h, 36 km/h (10 m
// a second) where none is given; a one-way road has only Forward.
type road struct {
	through           string
	forward, backward float64
}

// draw builds the network of roads on a drawing. Roads are joined at letters
// that both name.
func draw(t *testing.T, drawing string, metres float64, roads ...road) drawn {
	t.Helper()
	d := drawn{t: t, place: map[rune]orb.Point{}}
	origin := orb.Point{105, 27}
	for row, line := range strings.Split(drawing, "\n") {
		for column, r := range line {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				east := geo.Destination(origin, 90, float64(column)*metres)
				d.place[r] = geo.Destination(east, 180, float64(row)*metres)
			}
		}
	}
	var b route.Builder
	for i, r := range roads {
		if r.forward == 0 && r.backward == 0 {
			r.forward, r.backward = 36, 36
		}
		b.Add(route.Way{Line: d.line(r.through), Payload: int32(i), Forward: r.forward, Backward: r.backward})
		d.names = append(d.names, r.through)
	}
	var err error
	if d.g, err = b.Build(); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d drawn) line(through string) orb.LineString {
	var ls orb.LineString
	for _, r := range through {
		p, ok := d.place[r]
		if !ok {
			d.t.Fatalf("no place %c on the drawing", r)
		}
		ls = append(ls, p)
	}
	return ls
}

// at snaps a place to the network.
func (d drawn) at(r rune) route.Snap {
	d.t.Helper()
	s, ok := d.g.Snap(d.place[r], 1e5, nil)
	if !ok {
		d.t.Fatalf("nothing near %c", r)
	}
	return s
}

// ways names the roads of a path in order, each once.
func (d drawn) ways(p route.Path) string {
	var out []string
	for _, step := range p.Steps {
		name := d.names[d.g.Payload(step.Edge)]
		if len(out) == 0 || out[len(out)-1] != name {
			out = append(out, name)
		}
	}
	return strings.Join(out, " ")
}

// metres and seconds round a cost, since the drawing is a flat one.
func metres(c route.Cost) int  { return int(math.Round(c.Metres())) }
func seconds(c route.Cost) int { return int(math.Round(c.Seconds())) }

func TestDrawnDetour(t *testing.T) {
	d := draw(t, `
A----B----C
|         |
D----E----F
`, 100, road{through: "ABC"}, road{through: "AD"}, road{through: "DEF"}, road{through: "FC"})
	q := d.g.NewQuery()
	p, ok := q.Between(d.at('A'), d.at('C'))
	if !ok || metres(p.Cost) != 1000 || seconds(p.Cost) != 100 || d.ways(p) != "ABC" {
		t.Fatalf("A to C: %v m, %v s over %s", p.Metres(), p.Seconds(), d.ways(p))
	}
	q.Filter = d.g.Filter(func(edge int32) bool { return d.g.Payload(edge) != 0 })
	p, ok = q.Between(d.at('A'), d.at('C'))
	if !ok || metres(p.Cost) != 1400 || d.ways(p) != "AD DEF FC" {
		t.Fatalf("A to C with ABC closed: %v m over %s", p.Metres(), d.ways(p))
	}
	q.Filter = d.g.Filter(func(edge int32) bool { return d.g.Payload(edge) == 1 })
	if p, ok = q.Between(d.at('A'), d.at('C')); ok || p.Reachable() {
		t.Fatalf("A to C with only AD open: %v", p)
	}
}

func TestDrawnOneway(t *testing.T) {
	d := draw(t, `
A----B
|    |
D----C
`, 100, road{"AB", 36, 0}, road{"BC", 36, 0}, road{"CD", 36, 0}, road{"DA", 36, 0})
	q := d.g.NewQuery()
	for way, want := range map[string]int{"AB": 500, "BA": 900, "AC": 700, "CA": 700, "AA": 0} {
		from, to := rune(way[0]), rune(way[1])
		if p, ok := q.Between(d.at(from), d.at(to)); !ok || metres(p.Cost) != want {
			t.Errorf("%s is %v m, want %d", way, p.Metres(), want)
		}
		q.Toward(d.at(to))
		if r, ok := q.Reach(d.at(from)); !ok || metres(r.Cost) != want {
			t.Errorf("%s is %v m searched from its end, want %d", way, r.Metres(), want)
		}
	}
	// On one edge: with the arrow 200 m, against it all the way round.
	a, b := d.g.Place(0, 100_000), d.g.Place(0, 300_000)
	if p, _ := q.Between(a, b); p.MM != 200_000 || len(p.Steps) != 1 {
		t.Errorf("along the edge: %v", p)
	}
	if p, _ := q.Between(b, a); metres(p.Cost) != 1200 || len(p.Steps) != 5 {
		t.Errorf("against the arrow: %v", p)
	}
}

func TestDrawnSnapToTheLine(t *testing.T) {
	d := draw(t, `
  v
A------------B
        w
`, 100, road{through: "AB"})
	v, w := d.at('v'), d.at('w')
	if v.Access.Metres() < 99.9 || v.Access.Metres() > 100.1 || math.Abs(v.At.Metres()-200) > 0.1 {
		t.Fatalf("v snaps to %+v", v)
	}
	p, ok := d.g.NewQuery().Between(v, w)
	// 600 m of road at 10 m/s and twice 100 m of walking at 1.4 m/s.
	if !ok || metres(p.Cost) != 800 || seconds(p.Cost) != 60+143 {
		t.Fatalf("v to w: %v m, %v s", p.Metres(), p.Seconds())
	}
	if _, ok := d.g.Snap(d.place['v'], 99, nil); ok {
		t.Error("snapped farther than allowed")
	}
	if len(p.Steps) != 1 || p.Steps[0].To-p.Steps[0].From != w.At-v.At {
		t.Errorf("steps %v", p.Steps)
	}
}

func TestDrawnShortOrFast(t *testing.T) {
	d := draw(t, `
A----B
|    |
C----D
`, 1000, road{"AB", 10, 10}, road{"ACDB", 100, 100})
	q := d.g.NewQuery()
	short, _ := q.Between(d.at('A'), d.at('B'))
	q.Metric = route.ByTime
	fast, _ := q.Between(d.at('A'), d.at('B'))
	if metres(short.Cost) != 5000 || seconds(short.Cost) != 1800 || d.ways(short) != "AB" {
		t.Errorf("shortest: %v m, %v s", short.Metres(), short.Seconds())
	}
	if metres(fast.Cost)/10 != 900 || seconds(fast.Cost) != 324 || d.ways(fast) != "ACDB" {
		t.Errorf("fastest: %v m, %v s", fast.Metres(), fast.Seconds())
	}
}

func TestDrawnNearestSite(t *testing.T) {
	d := draw(t, `
1---2---3---4
    |       |
    P       Q    R
`, 100, road{through: "1234"}, road{through: "2P"}, road{through: "4Q"}, road{"QR", 36, 0})
	q := d.g.NewQuery()
	q.Toward(d.at('P'), d.at('R'))
	for village, want := range map[rune]struct{ site, metres int }{'1': {0, 600}, '3': {0, 600}, '4': {1, 700}, 'R': {1, 0}} {
		if r, ok := q.Reach(d.at(village)); !ok || r.Root != want.site || metres(r.Cost) != want.metres {
			t.Errorf("%c goes to site %d, %v m; want %v", village, r.Root, r.Metres(), want)
		}
	}
	// From the sites nothing comes back over the one-way road.
	q.From(d.at('R'))
	if r, ok := q.Reach(d.at('4')); ok {
		t.Errorf("4 is reached from R at %v", r)
	}
}

func TestDrawnComponents(t *testing.T) {
	d := draw(t, `
A----B    C----D----E
     |
     F
`, 100, road{through: "AB"}, road{through: "BF"}, road{through: "CDE"})
	c := d.g.Components(nil)
	if c.Count() != 2 || c.Largest() != c.OfEdge(d.at('E').Edge) || c.OfEdge(d.at('A').Edge) != c.OfEdge(d.at('F').Edge) {
		t.Errorf("%d parts, largest %d", c.Count(), c.Largest())
	}
	if got := c.Length(c.Largest()).Metres(); math.Abs(got-1000) > 0.1 {
		t.Errorf("largest is %v m", got)
	}
	if s, ok := d.g.Snap(d.place['B'], 1e4, c.Filter(c.Largest(), nil)); !ok || c.OfEdge(s.Edge) != c.Largest() || math.Abs(s.Access.Metres()-500) > 1 {
		t.Errorf("B snaps to the largest part at %+v", s)
	}
	apart := d.g.Components(d.g.Filter(func(edge int32) bool { return d.g.Payload(edge) == 1 }))
	if apart.Length(apart.Largest()).Metres() > 300 {
		t.Errorf("largest over BF only is %v", apart.Length(apart.Largest()))
	}
}

// A crossroads in the middle of both ways, a way that touches itself, a ring,
// a vertex given twice, and a bridge that only looks like a crossing.
func TestDrawnNoding(t *testing.T) {
	for _, c := range []struct {
		name         string
		roads        []road
		nodes, edges int
	}{
		{"crossing at a common vertex", []road{{through: "AXB"}, {through: "CXD"}}, 5, 4},
		{"a bridge has none", []road{{through: "AB"}, {through: "CD"}}, 4, 2},
		{"ring", []road{{through: "ACBDA"}}, 1, 1},
		{"touching itself", []road{{through: "AXCBX"}}, 2, 2},
		{"a vertex twice", []road{{through: "AXXB"}}, 2, 1},
		{"ends twice", []road{{through: "AAXBB"}}, 2, 1},
		{"branch off the middle", []road{{through: "AXB"}, {through: "XD"}}, 4, 3},
		{"the same way twice", []road{{through: "AXB"}, {through: "BXA"}}, 3, 4},
		{"one place only", []road{{through: "AA"}}, 1, 0},
	} {
		d := draw(t, `
  C
A X B
  D
`, 100, c.roads...)
		if d.g.Nodes() != c.nodes || d.g.Edges() != c.edges {
			t.Errorf("%s: %d nodes, %d edges; want %d, %d", c.name, d.g.Nodes(), d.g.Edges(), c.nodes, c.edges)
		}
		length := map[int]geo.Millimetre{}
		for e := range int32(d.g.Edges()) {
			edge := d.g.Edge(e)
			if edge.Start != length[edge.Way] {
				t.Errorf("%s: edge %d starts at %v of its way, the one before ends at %v", c.name, e, edge.Start, length[edge.Way])
			}
			length[edge.Way] = edge.End
		}
		for i, r := range c.roads {
			if want := geo.Length(d.line(r.through)); length[i] != want {
				t.Errorf("%s: the edges of %s end at %v, want %v", c.name, r.through, length[i], want)
			}
		}
	}
}

// Of sites that are equally near the first in the list is taken, whatever the
// order of the roads.
func TestDrawnEquallyNear(t *testing.T) {
	for _, roads := range [][]road{{{through: "VA"}, {through: "VB"}}, {{through: "VB"}, {through: "VA"}}} {
		d := draw(t, `
A    V    B
`, 100, roads...)
		a, b := d.at('A'), d.at('B')
		for i, sites := range [][]route.Snap{{a, b}, {b, a}} {
			q := d.g.NewQuery()
			q.Toward(sites...)
			if r, ok := q.Reach(d.at('V')); !ok || r.Root != 0 {
				t.Errorf("%d: V goes to site %d", i, r.Root)
			}
		}
	}
}
