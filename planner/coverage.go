package planner

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// coverage writes the coverage report.
type coverage struct {
	sheet
	a *Assessment
	o ReportOptions
}

// defaultWithinMM are the straight-line distances counted when none are asked.
var defaultWithinMM = []int64{100_000, 500_000, 2_000_000}

func (a *Assessment) reportCoverage(o ReportOptions) ([]Figure, error) {
	c := &coverage{sheet: sheet{asOf: a.Snapshot.AsOf, rule: "coverage/1"}, a: a, o: o}
	c.unit(a.countyUnit())
	within, err := a.villagesWithin(o)
	if err != nil {
		return nil, err
	}
	c.figures = append(c.figures, within...)
	c.parts(c.unit)
	return c.figures, nil
}

// countyUnit is the county as a scope, with all its villages.
func (a *Assessment) countyUnit() (scope, name string, members []int) {
	members = make([]int, len(a.Villages))
	for i := range members {
		members[i] = i
	}
	return a.Snapshot.Region.Code, a.Snapshot.Region.Name, members
}

// parts visits the scopes that the county is broken down into, each with its villages.
func (c *coverage) parts(visit func(scope, name string, members []int)) {
	switch c.o.By {
	case "", "township":
		c.townships(visit)
	case "village":
		for i := range c.a.Villages {
			v := c.a.Villages[i].Village
			visit(fmt.Sprintf("village:%d", v.ID), v.Name, []int{i})
		}
	}
}

func (c *coverage) townships(visit func(scope, name string, members []int)) {
	members := map[string][]int{}
	for i := range c.a.Villages {
		scope := c.a.scopeOf(c.a.Villages[i].Village.Township)
		members[scope] = append(members[scope], i)
	}
	for _, t := range c.townshipScopes(c.a) {
		if t.Code != c.a.unassigned() || len(members[t.Code]) > 0 {
			visit(t.Code, t.Name, members[t.Code])
		}
	}
}

// unit writes the rows of one scope with its villages.
func (c *coverage) unit(scope, name string, members []int) {
	c.at(scope, name)
	c.rule = "coverage/1"
	c.amount("C10 villages", UnitCount, c.count(members, func(*VillageVerdict) Side { return SideNumerator }))
	c.connection(members)
	c.amount("C11 villages_not_connected", UnitCount, c.count(members, only(func(v *VillageVerdict) bool { return v.Connected == No })))
	c.amount("C12 villages_unknown", UnitCount, c.count(members, only(func(v *VillageVerdict) bool { return v.Connected == Unknown })))
	c.amount("C13 missing_length", UnitKM, c.missing(members))
	c.gaps(members)
	c.access(members)
	c.services(members)
	c.water(members)
}

// connection writes how far the villages, and their persons, are connected.
func (c *coverage) connection(members []int) {
	c.rule = "coverage/1"
	for _, m := range []struct {
		metric string
		way    func(*VillageVerdict) Ternary
	}{
		{"M07 connected_rate", func(v *VillageVerdict) Ternary { return v.Connected }},
		{"M07 smooth_access_rate", func(v *VillageVerdict) Ternary { return v.Smooth }},
		{"M07 reach_rate", func(v *VillageVerdict) Ternary { return v.Reached }},
	} {
		c.rate(m.metric, UnitCount, allSides, c.count(members, func(v *VillageVerdict) Side { return sideOf(m.way(v)) }))
	}
	c.share("M07 connected_person_rate", members, func(i int) Side { return sideOf(c.a.Villages[i].Connected) })
}

func sideOf(t Ternary) Side {
	switch t {
	case Yes:
		return SideNumerator
	case No:
		return SideRest
	}
	return SideUnknown
}

// only counts what a test accepts and leaves the rest out.
func only(test func(*VillageVerdict) bool) func(*VillageVerdict) Side {
	return func(v *VillageVerdict) Side {
		if test(v) {
			return SideNumerator
		}
		return ""
	}
}

func (c *coverage) count(members []int, side func(*VillageVerdict) Side) []Part {
	var out []Part
	for _, i := range members {
		v := &c.a.Villages[i]
		if s := side(v); s != "" {
			out = append(out, Part{Side: s, Layer: "village", ID: v.Village.ID, Amount: 1})
		}
	}
	return out
}

// persons weighs villages by persons; a village whose persons are not known is
// an unknown part of one.
func (c *coverage) persons(members []int, side func(*VillageVerdict) Side) []Part {
	out := c.count(members, side)
	for i := range out {
		v := &c.a.Snapshot.Villages[c.a.village[out[i].ID]]
		if persons, ok := v.Persons(); ok {
			out[i].Amount = persons
		} else {
			out[i].Side = SideUnknown
		}
	}
	return out
}

// missing is what the weakest links of proven gaps lack: each metre of road
// once, however many villages share it, and a straight line for each village
// that no road comes near.
func (c *coverage) missing(members []int) []Part {
	var list []PieceSpan
	for _, i := range members {
		if v := &c.a.Villages[i]; v.Connected == No && v.Link != nil {
			list = append(list, v.Link.Missing...)
		}
	}
	length := func(_ string, s chainage.Span) int64 { return s.Length() }
	return append(c.spanParts(list, length), c.straight(members, length)...)
}

// villagesWithin counts villages by straight-line distance to a built road of
// the class asked for or a better one; without a class, to any motor road.
func (a *Assessment) villagesWithin(o ReportOptions) ([]Figure, error) {
	filter, scope, err := a.classFilter(o.Class)
	if err != nil {
		return nil, err
	}
	s := sheet{asOf: a.Snapshot.AsOf, rule: "coverage/1"}
	s.at(scope, a.Snapshot.Region.Name)
	distances := slices.Clone(o.WithinMM)
	if len(distances) == 0 {
		distances = slices.Clone(defaultWithinMM)
	}
	slices.Sort(distances)
	nearest := a.roadDistances(filter, distances[len(distances)-1])
	for _, mm := range slices.Compact(distances) {
		var parts []Part
		for i := range a.Villages {
			if nearest[i] <= mm {
				parts = append(parts, Part{Side: SideNumerator, Layer: "village", ID: a.Villages[i].Village.ID, Amount: 1})
			}
		}
		s.amount("C20 villages_within_"+trimMetres(mm), UnitCount, parts)
	}
	return s.figures, nil
}

func (a *Assessment) roadDistances(f *route.Filter, limitMM int64) []int64 {
	out := make([]int64, len(a.Villages))
	inParallel(len(out), func(i int) {
		out[i] = math.MaxInt64
		if s, ok := a.net.closest(i, limitMM, f); ok {
			out[i] = int64(s.Access)
		}
	})
	return out
}

// trimMetres writes millimetres in metres without needless decimals.
func trimMetres(mm int64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%03d", mm/1000, mm%1000), "0"), ".")
}

// classFilter reads "tertiary+" (that class or a better one), "tertiary" (that
// class alone) or nothing (any motor road).
func (a *Assessment) classFilter(class string) (*route.Filter, string, error) {
	name, better := strings.CutSuffix(class, "+")
	limit, known := classOrder[name]
	if class != "" && !known {
		return nil, "", Errorf(Invalid, "class %q is not a road class; write one of motorway, trunk, primary, secondary, tertiary, unclassified, residential, service, track, class1 to class4, with + for that class or a better one", class)
	}
	scope := a.Snapshot.Region.Code
	if class != "" {
		scope = "class:" + class
	}
	return a.net.graph.Filter(func(e int32) bool {
		p := a.net.piece(e)
		if p.proven().Built != BuiltYes || p.isClosed() {
			return false
		}
		if class == "" {
			return p.Routable
		}
		return p.Class == name || better && classRank(p.Class) <= limit
	}), scope, nil
}
