package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Tally is how far the townships of a county have got with its current
// programme: the lengths that [Assess] gives them, without map, network and
// villages. It is what a province is added up from.
type Tally struct {
	Region   Region
	Revision int64
	AsOf     Date
	Lines    []TallyLine // the townships by code, then what no township has, if anything
}

// TallyLine holds the lengths of one township in mm. Completed, CarryOver and
// Disputed are disjoint parts of Task.
type TallyLine struct {
	Code, Name string
	Task       int64
	Completed  int64
	CarryOver  int64
	Disputed   int64
}

func (t *TallyLine) add(o *TallyLine) {
	t.Task += o.Task
	t.Completed += o.Completed
	t.CarryOver += o.CarryOver
	t.Disputed += o.Disputed
}

// TallyStages are the stages whose reports decide what is completed: a snapshot
// for [Count] needs no others.
func TallyStages(programmes []Programme) []Stage {
	var out []Stage
	for i := range programmes {
		if stage := stageIndex(programmes[i].CompletingStage); stage >= 0 {
			out = append(out, Stages[stage])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Count adds up a county. Of the snapshot it reads the region, its townships,
// roads without their lines, segments without theirs, programmes, and all that
// is anchored to routes; of the reports those of [TallyStages] suffice.
func Count(s *Snapshot) *Tally {
	order := byStart(s.Programmes)
	a := &Assessment{Snapshot: tallied(s), Current: current(order, s.AsOf)}
	a.ledger = newLedger(a.Snapshot, order)
	a.index()
	a.Programmes = a.ledger.works(order)
	a.findSources()
	return a.Tally()
}

// Tally is what [Count] gives, of a county that stands assessed.
func (a *Assessment) Tally() *Tally {
	s := a.Snapshot
	t := &Tally{Region: s.Region, Revision: s.Revision, AsOf: s.AsOf}
	place := map[string]int{}
	for _, r := range s.Townships {
		place[r.Code] = len(t.Lines)
		t.Lines = append(t.Lines, TallyLine{Code: r.Code, Name: r.Name})
	}
	place[a.unassigned()] = len(t.Lines)
	t.Lines = append(t.Lines, TallyLine{Code: a.unassigned(), Name: "unassigned"})
	if a.Current >= 0 {
		for i := range a.Programmes[a.Current].Works {
			a.tally(&a.Programmes[a.Current].Works[i], t, place)
		}
	}
	if last := len(t.Lines) - 1; t.Lines[last].Task == 0 {
		t.Lines = t.Lines[:last]
	}
	return t
}

// tallied is [sorted] for lengths: the order of reports and segments makes no
// difference to them.
func tallied(s *Snapshot) *Snapshot {
	progress, segments := s.Progress, s.Segments
	c := *s
	c.Progress, c.Segments = nil, nil
	out := sorted(&c)
	out.Progress, out.Segments = progress, segments
	return out
}

func (a *Assessment) tally(w *Work, t *Tally, place map[string]int) {
	put := func(set chainage.Set, field func(*TallyLine) *int64) {
		for _, st := range a.stretches(routeKey{w.Road, w.Version}, set) {
			for _, o := range st.owners(hundred) {
				*field(&t.Lines[place[a.scopeOf(o.township)]]) += o.amount
			}
		}
	}
	put(w.Scope, func(l *TallyLine) *int64 { return &l.Task })
	put(w.Completed, func(l *TallyLine) *int64 { return &l.Completed })
	put(w.CarryOver, func(l *TallyLine) *int64 { return &l.CarryOver })
	put(w.Disputed, func(l *TallyLine) *int64 { return &l.Disputed })
}

// TallyReport is the completion report of a unit above the counties: the unit,
// then each county, with by "township" each county's townships after it. The
// counties are disjoint and each gives its current programme, so that nothing
// is counted twice. The rows are those of a county's report that lengths give.
func TallyReport(region Region, revision int64, counties []*Tally, by string) *Report {
	r := &Report{Kind: ReportCompletion, Region: region.Code, Revision: revision}
	s := &tallySheet{sheet: sheet{rule: "completion/1"}}
	whole := TallyLine{Code: region.Code, Name: region.Name}
	lines := make([]TallyLine, len(counties))
	for i, c := range counties {
		lines[i] = TallyLine{Code: c.Region.Code, Name: c.Region.Name}
		for j := range c.Lines {
			lines[i].add(&c.Lines[j])
		}
		whole.add(&lines[i])
		r.AsOf = max(r.AsOf, c.AsOf)
	}
	s.asOf = r.AsOf
	s.lines(&whole, 0)
	ranks := ranksOf(lines)
	for i, c := range counties {
		s.asOf = c.AsOf
		s.lines(&lines[i], ranks[i])
		if by == "none" {
			continue
		}
		inside := ranksOf(c.Lines)
		for j := range c.Lines {
			s.lines(&c.Lines[j], inside[j])
		}
	}
	r.Figures = s.figures
	return r
}

type tallySheet struct{ sheet }

// lines writes the rows of one unit; rank 0: none.
func (s *tallySheet) lines(l *TallyLine, rank int) {
	s.at(l.Code, l.Name)
	length := func(metric string, mm int64) {
		f := s.row(metric, UnitKM, UnitKM, nil)
		f.Numerator = mm
		value := kilometres(mm)
		f.Value = &value
	}
	length("C01 planned_length", l.Task)
	length("C03 completed_length", l.Completed)
	length("C04 remaining_length", l.Task-l.Completed)
	length("C05 carry_over_length", l.CarryOver)
	length("C06 disputed_length", l.Disputed)
	f := s.row("M02 completion_rate", UnitPercent, UnitKM, nil)
	f.Numerator = l.Completed
	f.over(l.Task)
	if rank > 0 {
		f := s.row("M33 rank", UnitCount, UnitCount, nil)
		f.Numerator = int64(rank)
		value := float64(rank)
		f.Value = &value
	}
}

// ranksOf gives competition ranks as [rank] does.
func ranksOf(lines []TallyLine) []int {
	units := make([]Standing, len(lines))
	for i := range lines {
		units[i] = Standing{Code: lines[i].Code, Planned: lines[i].Task, Completed: lines[i].Completed}
	}
	rank(units)
	out := make([]int, len(lines))
	for i := range units {
		out[i] = units[i].Rank
	}
	return out
}
