package api

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// An exact number is written without losing or inventing a digit.
func TestExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		for basis, scale := range map[planner.Unit]int64{planner.UnitKM: 1_000_000, planner.UnitYuan: 100, planner.UnitCount: 1, metres: 1000} {
			text, err := json.Marshal(exactly(n, basis))
			if err != nil || !json.Valid(text) {
				t.Fatalf("%s %v", text, err)
			}
			got, ok := new(big.Rat).SetString(string(text))
			if want := big.NewRat(n, scale); !ok || got.Cmp(want) != 0 {
				t.Fatalf("%d in %s is written %s", n, basis, text)
			}
			if strings.Contains(string(text), ".") && strings.HasSuffix(string(text), "0") {
				t.Fatalf("%s has a zero at the end", text)
			}
		}
	})
	if text, _ := json.Marshal(exact{}); string(text) != "null" {
		t.Errorf("the unknown is %s", text)
	}
}

// Every cell whose buffered box holds a point of a line is named, and no cell
// that the line's box does not come near.
func TestCellsOfALine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var line orb.LineString
		for range rapid.IntRange(2, 5).Draw(t, "n") {
			line = append(line, orb.Point{rapid.Float64Range(104, 104.6).Draw(t, "lon"), rapid.Float64Range(26.8, 27.4).Draw(t, "lat")})
		}
		c := cells{}
		c.cover(line)
		for i := 1; i < len(line); i++ {
			a, b := fraction(line[i-1]), fraction(line[i])
			for s := 0.0; s <= 1; s += 1.0 / 256 {
				x, y := a[0]+(b[0]-a[0])*s, a[1]+(b[1]-a[1])*s
				if _, there := c[planner.Cell{X: uint32(x), Y: uint32(y)}]; !there {
					t.Fatalf("cell %d/%d is on the line and not named", int(x), int(y))
				}
			}
		}
		for cell := range c {
			if near := distanceToLine(line, cell); near > 3*cellBuffer {
				t.Fatalf("cell %v lies %.3f cells off the line", cell, near)
			}
		}
	})
}

// distanceToLine is how far a cell's box is from a line, in cells.
func distanceToLine(line orb.LineString, c planner.Cell) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		a, b := fraction(line[i-1]), fraction(line[i])
		for s := 0.0; s <= 1; s += 1.0 / 512 {
			x, y := a[0]+(b[0]-a[0])*s, a[1]+(b[1]-a[1])*s
			dx := math.Max(0, math.Max(float64(c.X)-x, x-float64(c.X)-1))
			dy := math.Max(0, math.Max(float64(c.Y)-y, y-float64(c.Y)-1))
			best = math.Min(best, math.Hypot(dx, dy))
		}
	}
	return best
}

func TestCellsOfAnArea(t *testing.T) {
	c := cells{}
	c.cover(square(104, 27, 0.5)) // some 5.7 cells wide, so that there are cells no ring passes
	for _, tile := range geo.Cells(orb.Bound{Min: orb.Point{104, 27}, Max: orb.Point{104.5, 27.5}}) {
		if _, there := c[planner.Cell{X: tile.X, Y: tile.Y}]; !there {
			t.Errorf("%v lies in the area and is not named", tile)
		}
	}
	hole := square(104, 27, 0.5)
	hole[0] = append(hole[0], square(104.1, 27.1, 0.3)[0][0])
	c = cells{}
	c.cover(hole)
	if middle := geo.TileAt(orb.Point{104.25, 27.25}, geo.CellZoom); len(c) > 0 {
		if _, there := c[planner.Cell{X: middle.X, Y: middle.Y}]; there {
			t.Errorf("%v lies in the hole and is named", middle)
		}
	}
	c = cells{}
	c.cover(orb.Collection{orb.Point{math.NaN(), 1}, orb.LineString{{math.Inf(1), 0}, {0, 0}}, orb.Polygon{}})
	if len(c) != 0 {
		t.Errorf("no place at all has the cells %v", c)
	}
}

// A tile keeps its mark exactly while nothing it shows changes.
func TestMarks(t *testing.T) {
	m := marks{base: 1}.after(delta{cells: []planner.Cell{{X: 3237, Y: 1726}}}, 2)
	changed := geo.Tile{Z: geo.CellZoom, X: 3237, Y: 1726}
	for tile, want := range map[geo.Tile]int64{
		changed: 2, changed.At(14): 2, changed.At(5): 2, {}: 2,
		{Z: geo.CellZoom, X: 3238, Y: 1726}: 1, {Z: 5, X: 0, Y: 0}: 1, {Z: 14, X: 0, Y: 0}: 1,
		{Z: 11, X: 1619, Y: 863}: 2, // its buffer shows the edge of the cell beside it
		{Z: 11, X: 1620, Y: 863}: 1,
	} {
		if got := m.of(tile); got != want {
			t.Errorf("%v was last changed in world %d, want %d", tile, got, want)
		}
	}
	if m = m.after(delta{all: true}, 3); m.of(geo.Tile{Z: 14}) != 3 {
		t.Error("all did not change all")
	}
}

// settle finds the newest revision at which every read is what the county was.
func TestSettle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counties := []string{"a", "b", "c"}
		var f feed
		touched := map[string][]int64{}
		head := int64(rapid.IntRange(0, 12).Draw(t, "head"))
		for r := int64(1); r <= head; r++ {
			c := rapid.SampledFrom(counties).Draw(t, "county")
			f.add(planner.Change{Revision: r, Counties: []string{c}})
			touched[c] = append(touched[c], r)
		}
		reads := map[string]int64{}
		for _, c := range counties {
			reads[c] = int64(rapid.IntRange(0, int(head)).Draw(t, "read "+c))
		}
		last := func(c string, at int64) (n int) { // how many changes c has seen at a revision
			for _, r := range touched[c] {
				if r <= at {
					n++
				}
			}
			return n
		}
		want := int64(-1)
		for r := head; r >= 0 && want < 0; r-- {
			if !slices.ContainsFunc(counties, func(c string) bool { return last(c, r) != last(c, reads[c]) }) {
				want = r
			}
		}
		got := f.settle(reads)
		if got.whole != (want >= 0) || got.whole && got.revision != want {
			t.Fatalf("settle says %+v, want revision %d; reads %v, changes %v", got, want, reads, touched)
		}
		for _, c := range counties {
			if slices.Contains(got.stale, c) != (last(c, head) != last(c, reads[c])) {
				t.Fatalf("stale %v; reads %v, changes %v", got.stale, reads, touched)
			}
		}
	})
}

// Resuming from any remembered world names at least every cell that changed
// since, and merging loses nothing.
func TestSince(t *testing.T) {
	w := smallWorld()
	var changed []planner.Cell
	worlds := []*world{w}
	for i := range 6 {
		snapshot := smallCounty("520527", 104.5)
		snapshot.Villages[i%3].Name += strings.Repeat("!", i+1)
		w = w.next(int64(10*(i+1)), day, map[string]*county{"520527": newCounty(planner.County{Region: snapshot.Region}, snapshot, nil)})
		worlds = append(worlds, w)
		changed = append(changed, w.history[len(w.history)-1].cells...)
	}
	for i, old := range worlds {
		d, live := w.since(old.revision), w.after(old)
		if d.all || live.all || len(live.cells) != len(d.cells) || (i < 6) != (len(d.cells) > 0) {
			t.Fatalf("since %d: %+v, live %+v", old.revision, d, live)
		}
	}
	d := w.since(15) // between two worlds: everything of that step and after
	for _, cell := range w.since(10).cells {
		if !slices.Contains(d.cells, cell) {
			t.Errorf("since 15 lacks %v", cell)
		}
	}
	if len(changed) == 0 || !w.since(999).all {
		t.Error("an unknown revision is not answered with all")
	}
}

func TestLRU(t *testing.T) {
	c := newLRU[string, int](10)
	c.put("a", 1, 4)
	c.put("b", 2, 4)
	c.get("a")
	c.put("c", 3, 4) // b goes: a was used since
	if _, there := c.get("b"); there || c.bytes() != 8 {
		t.Errorf("b is held, or %d bytes are", c.bytes())
	}
	c.put("d", 4, 11)
	if _, there := c.get("d"); there {
		t.Error("what is larger than the cache is held")
	}
	c.put("a", 5, 1)
	if v, _ := c.get("a"); v != 5 || c.bytes() != 5 {
		t.Errorf("a is %d, %d bytes", v, c.bytes())
	}
}

func TestFlightEndsWithItsLastWaiter(t *testing.T) {
	var f flight[string, int]
	ended := make(chan struct{})
	work := func(ctx context.Context) (int, error) {
		<-ctx.Done()
		close(ended)
		return 0, ctx.Err()
	}
	one, leave1 := context.WithCancel(context.Background())
	two, leave2 := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { _, err := f.do(one, "k", work); done <- err }()
	until(t, "the call", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.calls["k"] != nil })
	go func() { _, err := f.do(two, "k", work); done <- err }()
	until(t, "the second waiter", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.calls["k"].waiters == 2 })
	leave1()
	<-done
	select {
	case <-ended:
		t.Fatal("the work ended while somebody waited")
	default:
	}
	leave2()
	<-done
	<-ended
	if v, err := f.do(context.Background(), "k", func(context.Context) (int, error) { return 7, nil }); v != 7 || err != nil {
		t.Errorf("a newcomer joined the cancelled call: %d %v", v, err)
	}
}

func FuzzReadMessage(f *testing.F) {
	for _, seed := range []string{
		`{"type":"hello","version":1,"since":0}`, allLayers, `{"type":"view","seq":1,"tiles":["9/404/215"],"center":[104.7,27.1]}`,
		`{"type":"credit","tiles":8}`, `{"type":"x"}`, `{"type":"hello","TYPE":"view"}`, `[`, `{"a":{"a":[{}]}}`, "\xff", `{"type":"hello"} {}`,
	} {
		f.Add([]byte(seed))
	}
	w := smallWorld()
	f.Fuzz(func(t *testing.T, frame []byte) {
		m, err := readMessage(frame)
		if err != nil {
			return
		}
		if !json.Valid(frame) || members[m.Type] == nil {
			t.Fatalf("%q was taken as %+v", frame, m)
		}
		q := wish{greeted: true}
		_ = q.apply(m, w.scopeOf(reader))
		if len(q.tiles) > maxView || q.credit > maxCredit {
			t.Fatalf("%q grew the wish to %d tiles and credit %d", frame, len(q.tiles), q.credit)
		}
	})
}

// The three forms of a report carry the same figures.
func TestReportForms(t *testing.T) {
	a := planner.Assess(smallCounty("520527", 104.5))
	for _, kind := range reportKinds {
		r, err := a.Report(kind, planner.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var asJSON, asCSV, asText bytes.Buffer
		if err := WriteReport(&asJSON, r); err != nil {
			t.Fatal(err)
		}
		if err := ReportCSV(&asCSV, r); err != nil {
			t.Fatal(err)
		}
		if err := ReportText(&asText, r); err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Rows []map[string]any
		}
		dec := json.NewDecoder(&asJSON)
		dec.UseNumber()
		if err := dec.Decode(&doc); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(asCSV.String()), "\n")
		if lines[0] != "metric,scope,value,numerator,denominator,unknown,unit,basis,as_of,rule" || len(lines) != len(doc.Rows)+1 {
			t.Fatalf("%d rows in JSON, CSV begins %s and has %d lines", len(doc.Rows), lines[0], len(lines))
		}
		if text := strings.Split(strings.TrimSpace(asText.String()), "\n"); len(text) != len(doc.Rows)+3 {
			t.Errorf("%d rows and %d lines of text", len(doc.Rows), len(text))
		}
		for i, row := range doc.Rows {
			for j, name := range []string{"metric", "scope", "value", "numerator", "denominator", "unknown", "unit", "basis", "as_of", "rule"} {
				want := ""
				switch v := row[name].(type) {
				case json.Number:
					want = v.String()
				case string:
					want = v
				}
				if got := strings.Split(lines[i+1], ",")[j]; got != want {
					t.Errorf("%s row %d: %s is %q in CSV and %q in JSON", kind, i, name, got, want)
				}
			}
		}
	}
}

// A masked figure shows nothing it could be computed from.
func TestMaskedFigureShowsNothing(t *testing.T) {
	f := planner.Figure{Metric: "M18 moved_in_households", Numerator: 3, Denominator: ptr(int64(10)), Value: ptr(3.0), Masked: true,
		Basis: planner.UnitHousehold, Parts: []planner.Part{{Side: planner.SideNumerator, Layer: "move", ID: 1, Amount: 3}}}
	text, err := json.Marshal(wholeRow(&f))
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{`"value":null`, `"numerator":null`, `"denominator":null`, `"unknown":null`, `"ids":[]`, `"masked":true`} {
		if !strings.Contains(string(text), member) {
			t.Errorf("no %s in %s", member, text)
		}
	}
}

// Every amount on the numerator's side adds up to the figure's numerator.
func TestEvidenceAddsUp(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	for _, kind := range reportKinds {
		r, err := s.world.Load().counties["520527"].report(kind, 7)
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Figures {
			f := &r.Figures[i]
			if strings.HasPrefix(f.Metric, "M32") || strings.HasPrefix(f.Metric, "M33") {
				continue // a level and a rank are no sums
			}
			figure, items, err := s.world.Load().counties["520527"].assessment.Evidence(f.Metric, f.Scope)
			if err != nil {
				t.Errorf("%s of %s: %v", f.Metric, f.Scope, err)
				continue
			}
			sum := new(big.Rat)
			for j := range items {
				if amount, ok := new(big.Rat).SetString(wireItem(figure, &items[j]).Amount.String()); ok && items[j].Side == planner.SideNumerator {
					sum.Add(sum, amount)
				}
			}
			if want, ok := new(big.Rat).SetString(wireRow(f).Numerator.String()); ok && sum.Cmp(want) != 0 {
				t.Errorf("%s of %s: parts add up to %s, not %s", f.Metric, f.Scope, sum.FloatString(6), want.FloatString(6))
			}
		}
	}
}
