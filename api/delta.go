package api

import (
	"cmp"
	"maps"
	"slices"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// keptDeltas is how many steps between worlds are remembered for clients that
// resume; staleCells is how many cells are named before "all" is said.
const (
	keptDeltas = 512
	staleCells = 4096
)

// delta is what changed on the map from one world to a later one.
type delta struct {
	since, revision int64
	all             bool
	cells           []planner.Cell // in order; empty with all
	layers          []string       // in order
	counties        []string       // in order: those read again
	parts           map[string]part
}

// part is what changed of one county.
type part struct {
	all    bool           // too many cells to name
	cells  []planner.Cell // in order; empty with all
	layers []string       // in order

	ids  map[string][]uint64 // of the features that differ, by layer; some twice
	many bool                // too many of them to keep
}

// shownIn says whether a tile draws something of the cells.
func (p *part) shownIn(t geo.Tile) bool {
	if p.all || len(p.cells) == 0 {
		return p.all
	}
	if t.Z >= geo.CellZoom {
		up := t.At(geo.CellZoom)
		_, found := slices.BinarySearchFunc(p.cells, planner.Cell{X: up.X, Y: up.Y}, compareCells)
		return found
	}
	return slices.ContainsFunc(p.cells, func(c planner.Cell) bool { return shows(t, c) })
}

// within is what of a change somebody may be told who may read no more than a
// scope: nothing says that something changed elsewhere.
func (d delta) within(may scope) delta {
	if may.all() {
		return d
	}
	out := delta{since: d.since, revision: d.revision}
	touched, layers := cells{}, map[string]bool{}
	for _, code := range d.counties {
		if !may.has(code) {
			continue
		}
		out.counties = append(out.counties, code)
		for _, cell := range d.parts[code].cells {
			touched[cell] = struct{}{}
		}
		for _, name := range d.parts[code].layers {
			layers[name] = true
		}
	}
	out.all = d.all && (d.parts == nil || len(out.counties) > 0)
	if !out.all {
		out.cells = touched.sorted()
	}
	out.layers = sortedKeys(layers)
	return out
}

func sortCells(c []planner.Cell) {
	slices.SortFunc(c, compareCells)
}

// compareCells orders cells row by row.
func compareCells(a, b planner.Cell) int { return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X, b.X)) }

// merge joins deltas that follow each other into one.
func merge(steps []delta) delta {
	sum := delta{since: steps[0].since, revision: steps[len(steps)-1].revision}
	touched, layers, counties := cells{}, map[string]bool{}, map[string]bool{}
	for _, step := range steps {
		sum.join(step)
		sum.all = sum.all || step.all
		for _, cell := range step.cells {
			touched[cell] = struct{}{}
		}
		for _, name := range step.layers {
			layers[name] = true
		}
		for _, code := range step.counties {
			counties[code] = true
		}
	}
	sum.all = sum.all || len(touched) > staleCells
	if !sum.all {
		sum.cells = touched.sorted()
	}
	sum.layers = slices.Sorted(maps.Keys(layers))
	sum.counties = slices.Sorted(maps.Keys(counties))
	return sum
}

// join adds the parts of a step.
func (d *delta) join(step delta) {
	if d.parts == nil {
		d.parts = map[string]part{}
	}
	for code, p := range step.parts {
		was := d.parts[code]
		was.all = was.all || p.all
		was.cells = append(slices.Clip(was.cells), p.cells...)
		was.layers = append(slices.Clip(was.layers), p.layers...)
		d.parts[code] = was
	}
}

// marks says in which world (counted by world.seq) the pixels of a tile last
// changed.
type marks struct {
	base int64 // everything is at least this new
	last map[planner.Cell]int64
}

// after returns the marks once d has led to the world seq.
func (m marks) after(d delta, seq int64) marks {
	if d.all {
		return marks{base: seq}
	}
	next := marks{base: m.base, last: maps.Clone(m.last)}
	if next.last == nil {
		next.last = map[planner.Cell]int64{}
	}
	for _, cell := range d.cells {
		next.last[cell] = seq
	}
	return next
}

// of returns the world since which t is what it is.
func (m marks) of(t geo.Tile) int64 {
	if t.Z >= geo.CellZoom {
		up := t.At(geo.CellZoom)
		return max(m.base, m.last[planner.Cell{X: up.X, Y: up.Y}])
	}
	newest := m.base
	for cell, seq := range m.last {
		if seq > newest && shows(t, cell) {
			newest = seq
		}
	}
	return newest
}

// shows says whether a tile at or above the cells draws something of a cell,
// its own buffer included.
func shows(t geo.Tile, c planner.Cell) bool {
	size := float64(uint32(1) << (geo.CellZoom - t.Z))
	pad := size * cellBuffer
	inside := func(tile, cell uint32) bool {
		low := float64(tile) * size
		return float64(cell)+1 > low-pad && float64(cell) < low+size+pad
	}
	return inside(t.X, c.X) && inside(t.Y, c.Y)
}
