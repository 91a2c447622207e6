package planner

import (
	"cmp"
	"slices"
)

// book collects the parts of figures by scope and kind of amount.
type book map[string]map[string][]Part

func (b book) add(scope, kind string, p Part) {
	kinds := b[scope]
	if kinds == nil {
		kinds = map[string][]Part{}
		b[scope] = kinds
	}
	kinds[kind] = append(kinds[kind], p)
}

// pick names kinds of amount and the side that they stand on in a figure.
type pick struct {
	side  Side
	kinds []string
}

func onSide(side Side, kinds ...string) pick { return pick{side, kinds} }
func counted(kinds ...string) pick           { return pick{SideNumerator, kinds} }

// take gives the parts of some kinds in a scope, each on its side.
func (b book) take(scope string, picks ...pick) []Part {
	n := 0
	for _, p := range picks {
		for _, kind := range p.kinds {
			n += len(b[scope][kind])
		}
	}
	out := make([]Part, 0, n)
	for _, p := range picks {
		for _, kind := range p.kinds {
			from := len(out)
			out = append(out, b[scope][kind]...)
			for i := range out[from:] {
				out[from+i].Side = p.side
			}
		}
	}
	return out
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
	case UnitYuan:
		return 100
	case UnitMinute:
		return 60_000
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
