package planner

import (
	"cmp"
	"slices"
)

// kind is a kind of amount that scopes have.
type kind uint8

const (
	kindTask kind = iota
	kindStarted
	kindIdle
	kindCompleted
	kindCarry
	kindDisputed
	kindRest
	kindAccepted
	kindFailed
	kindRepeated
	kindOverridden
	kindRetired
	kindSeveral
	kindWeighed
	kindUnweighed
	kindHeld // what a case holds, without what weighs of it
	kindUndrawn

	kindLength
	kindLengthUnknown
	kindBuiltUnknown
	kindHardened
	kindNotHardened
	kindHardenedUnknown
	kindSeason
	kindNotSeason
	kindSeasonUnknown
	kindGood
	kindFair
	kindPoor
	kindUnevaluated

	kindStretch // a number
	kinds
)

// cell is the sum of one kind of amount in one scope, and what it is made of.
type cell struct {
	sum     int64
	sources []*stretchSource
	parts   []Part // only where somebody wants to open it
}

// book collects amounts by scope and kind.
type book struct {
	open  string // the scope whose parts are kept; everyScope: all of them
	index map[string]int
	cells []*[kinds]cell // by scope; nil: nothing
	keep  []bool
}

// everyScope keeps the parts of all scopes of a book.
const everyScope = "*"

func newBook(open string) *book { return &book{open: open, index: map[string]int{}} }

// scope is the number of a scope.
func (b *book) scope(name string) int {
	i, ok := b.index[name]
	if !ok {
		i = len(b.cells)
		b.index[name] = i
		b.cells, b.keep = append(b.cells, nil), append(b.keep, b.open == everyScope || b.open == name)
	}
	return i
}

// has reports whether there is anything in a scope.
func (b *book) has(name string) bool {
	i, ok := b.index[name]
	return ok && b.cells[i] != nil
}

func (b *book) add(scope int, k kind, st stretch, amount int64) {
	if amount == 0 {
		return
	}
	if b.cells[scope] == nil {
		b.cells[scope] = new([kinds]cell)
	}
	c := &b.cells[scope][k]
	c.sum += amount
	if n := len(c.sources); n == 0 || c.sources[n-1] != st.src {
		c.sources = append(c.sources, st.src)
	}
	if b.keep[scope] {
		c.parts = append(c.parts, st.part(SideNumerator, amount))
	}
}

// pick names kinds of amount and the side that they stand on in a figure.
type pick struct {
	side  Side
	kinds []kind
}

func onSide(side Side, kinds ...kind) pick { return pick{side, kinds} }
func counted(kinds ...kind) pick           { return pick{SideNumerator, kinds} }

// Made is what a figure on roads is made of, before it is opened.
type Made struct{ cells []madeCell }

type madeCell struct {
	side Side
	cell *cell
}

// take gives some kinds of amount of a scope, each on its side.
func (b *book) take(scope string, picks ...pick) *Made {
	m := &Made{}
	i, ok := b.index[scope]
	if !ok || b.cells[i] == nil {
		return m
	}
	for _, p := range picks {
		for _, k := range p.kinds {
			if c := &b.cells[i][k]; len(c.sources) > 0 {
				m.cells = append(m.cells, madeCell{p.side, c})
			}
		}
	}
	return m
}

func (m *Made) sum(sides ...Side) int64 {
	var sum int64
	for _, c := range m.cells {
		if slices.Contains(sides, c.side) {
			sum += c.cell.sum
		}
	}
	return sum
}

// parts gives the parts, each on its side, where they were kept.
func (m *Made) parts() []Part {
	n := 0
	for _, c := range m.cells {
		n += len(c.cell.parts)
	}
	out := make([]Part, 0, n)
	for _, c := range m.cells {
		from := len(out)
		out = append(out, c.cell.parts...)
		for i := range out[from:] {
			out[from+i].Side = c.side
		}
	}
	return out
}

// IDs names what the figure is made of as layer:id or layer:code, each once and
// in order. What stands for several things that are masked has no name.
func (f *Figure) IDs() []string {
	type thing struct {
		layer string
		id    ID
	}
	seen, out := map[thing]bool{}, make([]string, 0, len(f.Parts))
	put := func(layer string, id ID) {
		if t := (thing{layer, id}); id != 0 && !seen[t] {
			seen[t] = true
			out = append(out, layer+":"+idString(id))
		}
	}
	for i := range f.Parts {
		if p := &f.Parts[i]; p.Code != "" {
			out = append(out, p.Layer+":"+p.Code)
		} else {
			put(p.Layer, p.ID)
		}
	}
	if f.Made != nil {
		for _, c := range f.Made.cells {
			for _, src := range c.cell.sources {
				put(src.layer())
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// joined puts lists of parts together; one alone is not copied.
func joined(lists [][]Part) []Part {
	if len(lists) == 1 {
		return lists[0]
	}
	return slices.Concat(lists...)
}

// sheet is a report being written: rows of one scope after another.
type sheet struct {
	asOf    Date
	rule    string
	scope   string
	name    string
	figures []Figure
}

func (s *sheet) at(scope, name string) { s.scope, s.name = scope, name }

func (s *sheet) row(metric string, unit, basis Unit, parts []Part) *Figure {
	s.figures = append(s.figures, Figure{
		Metric: metric, Scope: s.scope, ScopeName: s.name, Unit: unit, Basis: basis,
		AsOf: s.asOf, Rule: s.rule, Parts: parts,
		Numerator: sumSide(parts, SideNumerator), Unknown: sumSide(parts, SideUnknown),
	})
	return &s.figures[len(s.figures)-1]
}

// amount writes a plain amount: the sum of its numerator parts.
func (s *sheet) amount(metric string, unit Unit, parts ...[]Part) *Figure {
	f := s.row(metric, unit, unit, joined(parts))
	value := float64(f.Numerator) / perUnit(unit)
	f.Value = &value
	return f
}

// rate writes a percentage: numerator parts over the parts on the given sides.
func (s *sheet) rate(metric string, basis Unit, whole []Side, parts ...[]Part) *Figure {
	f := s.row(metric, UnitPercent, basis, joined(parts))
	var sum int64
	for _, side := range whole {
		sum += sumSide(f.Parts, side)
	}
	return f.over(sum)
}

// over sets the denominator and the percentage; nothing over zero.
func (f *Figure) over(denominator int64) *Figure {
	f.Denominator = &denominator
	f.Value = nil
	if denominator != 0 {
		value := float64(f.Numerator) * 100 / float64(denominator)
		f.Value = &value
	}
	return f
}

// ratio sets the denominator and a value that is no percentage: so many base
// units of the value to one of numerator by denominator. Nothing over zero.
func (f *Figure) ratio(denominator int64, factor float64) *Figure {
	f.Denominator = &denominator
	if denominator != 0 {
		value := float64(f.Numerator) * factor / float64(denominator)
		f.Value = &value
	}
	return f
}

// The sides that make up a denominator.
var (
	taskSides  = []Side{SideNumerator, SideRest, SideCarryOver, SideDisputed}
	knownSides = []Side{SideNumerator, SideRest}
	allSides   = []Side{SideNumerator, SideRest, SideUnknown}
)

func sumSide(parts []Part, side Side) int64 {
	var sum int64
	for i := range parts {
		if parts[i].Side == side {
			sum += parts[i].Amount
		}
	}
	return sum
}

// perUnit is how many base units make one of the unit shown.
func perUnit(u Unit) float64 {
	switch u {
	case UnitKM:
		return 1e6
	case UnitYuan, UnitM2:
		return 100
	case UnitMinute:
		return 60_000
	case UnitM3Day:
		return 1000
	}
	return 1
}

// classOrder ranks road classes from the best down: OpenStreetMap's in the order
// of docs/osm.md, a link right after its road, and the technical classes beside
// the class of about their speed. A class that is not listed is last.
var classOrder = map[string]int{
	"motorway": 10, "expressway": 10, "motorway_link": 11,
	"trunk": 20, "trunk_link": 21,
	"primary": 30, "class1": 30, "primary_link": 31,
	"secondary": 40, "class2": 40, "secondary_link": 41,
	"tertiary": 50, "class3": 50, "tertiary_link": 51,
	"unclassified": 60, "class4": 60,
	"residential": 70, "living_street": 80, "service": 90, "road": 95, "substandard": 95, "track": 99,
}

// footClasses carry no motor traffic: they have a length, but neither surface
// nor season of theirs makes a road network better or worse.
var footClasses = map[string]bool{
	"footway": true, "path": true, "steps": true, "pedestrian": true, "cycleway": true, "bridleway": true,
	"corridor": true, "via_ferrata": true, "construction": true, "proposed": true, "raceway": true, "escape": true,
	"busway": true, "bus_guideway": true, "elevator": true, "platform": true, "rest_area": true, "services": true,
}

func classRank(class string) int {
	if r, ok := classOrder[class]; ok {
		return r
	}
	return 1000
}

// isMotorRoad reports whether a class is one that motor traffic is meant for.
func isMotorRoad(class string) bool { return !footClasses[class] }

// classScopes lists the class scopes of a book, best class first.
func classScopes(classes map[string]bool) []string {
	out := make([]string, 0, len(classes))
	for class := range classes {
		out = append(out, class)
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(classRank(a), classRank(b)), cmp.Compare(a, b))
	})
	return out
}
