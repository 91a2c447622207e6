package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/qiantu/qiantu/planner/solve"
	"github.com/qiantu/qiantu/planner/solve/orlib"
)

// name is that of the file in what is said about it.
func (x *exercise) name() string { return filepath.Base(x.file) }

func solvePMedian(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	m, err := orlib.ReadPMedian(x.name(), r)
	if err != nil {
		return nil, err
	}
	s, err := solve.PMedian(ctx, &solve.Median{Costs: solve.Costs{Sites: m.Nodes, Whole: m.Distances()}, P: m.P}, x.limits)
	if err != nil {
		return nil, err
	}
	return wholly(s.Outcome, s.Site), nil
}

func solvePCenter(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	m, err := orlib.ReadPMedian(x.name(), r)
	if err != nil {
		return nil, err
	}
	s, err := solve.PCenter(ctx, &solve.Center{Costs: solve.Costs{Sites: m.Nodes, Whole: m.Distances()}, P: m.P}, x.limits)
	if err != nil {
		return nil, err
	}
	return wholly(s.Outcome, s.Site), nil
}

// wholly has every customer at one site.
func wholly(o solve.Outcome, site []int32) *solved {
	s := &solved{Outcome: o}
	for i, j := range site {
		if j >= 0 {
			s.shares = append(s.shares, siteShare{int32(i), j, 1})
		}
	}
	return s
}

func solveFacility(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	m, err := orlib.ReadFacility(x.name(), r)
	if err != nil {
		return nil, err
	}
	return locate(ctx, x, m)
}

// solveTransport leaves out the fixed costs of an instance: all its sites are there.
func solveTransport(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	m, err := orlib.ReadFacility(x.name(), r)
	if err != nil {
		return nil, err
	}
	clear(m.Fixed)
	return locate(ctx, x, m)
}

func locate(ctx context.Context, x *exercise, m *orlib.Facility) (*solved, error) {
	f, unit, err := facility(m)
	if err != nil {
		return nil, err
	}
	if x.single {
		s, err := solve.LocateWhole(ctx, f, x.limits)
		if err != nil {
			return nil, err
		}
		return wholly(s.Outcome, s.Site).lacking(s.Cut, unit), nil
	}
	s, err := solve.Locate(ctx, f, x.limits)
	if err != nil {
		return nil, err
	}
	out := (&solved{Outcome: s.Outcome, notes: notAsking(f)}).lacking(s.Cut, unit)
	for k, i := range s.From {
		out.shares = append(out.shares, siteShare{i, s.To[k], float64(s.Amount[k]) / float64(f.Demand[i])})
	}
	return out, nil
}

// lacking says what is missing in the unit of the file.
func (s *solved) lacking(c *solve.Shortage, unit float64) *solved {
	if c != nil {
		s.Reason = fmt.Sprintf("with all sites open: %d customers ask for %v and only %d sites can serve them, which hold %v: %v are missing",
			len(c.Demanders), float64(c.Demand)/unit, len(c.Suppliers), float64(c.Capacity)/unit, float64(c.Missing())/unit)
	}
	return s
}

// notAsking says who is left out because it asks for nothing.
func notAsking(f *solve.Facility) []string {
	none := 0
	for _, d := range f.Demand {
		if d == 0 {
			none++
		}
	}
	if none == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d customers ask for nothing; they are left out, with their costs", none)}
}

// facility counts demand and capacity in whole parts of a unit; so many are one.
func facility(m *orlib.Facility) (*solve.Facility, float64, error) {
	unit, err := wholeUnit(m)
	if err != nil {
		return nil, 0, err
	}
	f := &solve.Facility{Costs: solve.Costs{Sites: len(m.Capacity), Rows: m.Cost}, Fixed: m.Fixed}
	for _, d := range m.Demand {
		f.Demand = append(f.Demand, int64(math.Round(d*unit)))
	}
	for _, c := range m.Capacity {
		f.Capacity = append(f.Capacity, int64(math.Round(c*unit)))
	}
	return f, unit, nil
}

// wholeUnit is how many parts a unit of demand must have for all amounts to be whole.
func wholeUnit(m *orlib.Facility) (float64, error) {
	unit := 1.0
	fit := func(what string, number int, amount float64) error {
		for ; unit <= 1e6; unit *= 10 {
			if parts := amount * unit; math.Abs(parts-math.Round(parts)) <= 1e-9*max(1, parts) {
				return nil
			}
		}
		return fmt.Errorf("the %s %d is %v; write at most 6 decimals", what, number, amount)
	}
	for i, d := range m.Demand {
		if err := fit("demand of customer", i+1, d); err != nil {
			return 0, err
		}
	}
	for j, c := range m.Capacity {
		if err := fit("capacity of site", j+1, c); err != nil {
			return 0, err
		}
	}
	return unit, nil
}

// solveAssign is a transportation problem whose amounts are 1.
func solveAssign(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	cost, err := orlib.ReadAssign(x.name(), r)
	if err != nil {
		return nil, err
	}
	t, sign := &solve.Transport{}, int64(1)
	if x.maximise {
		sign = -1
	}
	for _, row := range cost {
		t.Demand, t.Capacity = append(t.Demand, 1), append(t.Capacity, 1)
		for _, c := range row {
			t.Cost = append(t.Cost, sign*c)
		}
	}
	s, err := solve.Ship(ctx, t)
	if err != nil {
		return nil, err
	}
	out := &solved{Outcome: s.Outcome}
	out.Objective, out.Bound = float64(sign)*out.Objective, float64(sign)*out.Bound
	for k, i := range s.From {
		out.shares = append(out.shares, siteShare{i, s.To[k], 1})
	}
	return out, nil
}

// solveGAP sends the jobs of one problem of a file to its agents.
func solveGAP(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	all, err := orlib.ReadAssignments(x.name(), r)
	if err != nil {
		return nil, err
	}
	if x.problem > len(all) {
		return nil, fmt.Errorf("there is no problem %d in it; it holds %d", x.problem, len(all))
	}
	m := all[x.problem-1]
	a := &solve.Assignment{Costs: solve.Costs{Sites: len(m.Capacity)}, Capacity: m.Capacity, Maximise: x.maximise}
	for job := range m.Value[0] {
		cost, load := make([]float64, len(m.Capacity)), make([]int64, len(m.Capacity))
		for agent := range cost {
			cost[agent], load[agent] = float64(m.Value[agent][job]), m.Resource[agent][job]
		}
		a.Rows, a.Load = append(a.Rows, cost), append(a.Load, load)
	}
	s, err := solve.Assign(ctx, a, x.limits)
	if err != nil {
		return nil, err
	}
	out := &solved{Outcome: s.Outcome}
	if len(all) > 1 {
		out.notes = []string{fmt.Sprintf("problem %d of %d", x.problem, len(all))}
	}
	for k, i := range s.From {
		out.shares = append(out.shares, siteShare{i, s.To[k], 1})
	}
	return out, nil
}

func solveCapMedian(ctx context.Context, x *exercise, r io.Reader) (*solved, error) {
	m, err := orlib.ReadCapacitatedPMedian(x.name(), r)
	if err != nil {
		return nil, err
	}
	c := &solve.CapMedian{Costs: solve.Costs{Sites: len(m.Places)}, P: m.P}
	for i, row := range m.Distances() {
		cost := make([]float64, len(row))
		for j, d := range row {
			cost[j] = float64(d)
		}
		c.Rows, c.Demand, c.Capacity = append(c.Rows, cost), append(c.Demand, m.Places[i].Demand), append(c.Capacity, m.Capacity)
	}
	s, err := c.Solve(ctx, x.limits)
	if err != nil {
		return nil, err
	}
	return wholly(s.Outcome, s.Site), nil
}
