package planner

import (
	"cmp"
	"context"
	"slices"
)

// The further causes why coverage moved, beside those of [Causes].
const (
	CausePopulation Cause = "population" // villages, their persons and townships, the seats
	CauseSurvey     Cause = "survey"     // what surveyors found
	CauseThreshold  Cause = "threshold"  // of the question
	CauseSeason     Cause = "season"     // of the question
	CauseEdit       Cause = "edit"       // one edit of the question
)

// CoverageDifference says why the coverage of a county moved between two
// assessments: of two days, as known at two instants, or of two questions.
type CoverageDifference struct {
	Before, After *Assessment
	Metrics       []CoverageMoved
}

// CoverageMoved is a figure of the county before and after, and what moved it.
type CoverageMoved struct {
	Metric  string
	Scope   string
	Unit    Unit
	Basis   Unit
	From    Moved
	To      Moved
	TotalPP *float64 // shown To less shown From; nil: no percentage at one of the ends
	Steps   []CoverageStep
}

// CoverageStep is what one cause moved. Over all steps Numerator, Denominator
// and Unknown sum exactly to the difference, ValuePP to that of the values as
// shown. A cause that moved nothing has no step.
type CoverageStep struct {
	Cause       Cause
	Undone      bool // an edit of the question before that the one after has not
	Edit        Edit // of CauseEdit
	Name        string
	Numerator   int64
	Denominator int64
	Unknown     int64
	ValuePP     *float64
	Items       []CoverageItem // the villages that entered or left a side, by id
}

// CoverageItem is a village that counts otherwise. Its amounts sum, over the
// items of a step, to the numerator, and to the unknown, of the step.
type CoverageItem struct {
	Village   ID
	Name      string
	From, To  Side // empty: nowhere
	Numerator int64
	Unknown   int64
}

// coverageMetrics are the figures that are explained.
var coverageMetrics = []string{
	"M07 connected_rate", "M07 connected_person_rate", "M07 smooth_access_rate", "M07 reach_rate",
	"M09 rai_buffer", "M10 rai_network", "M10 rai_walk",
}

// explainedEdits are the edits told apart at most: each is a world of its own
// that is judged and held until the parts are summed.
const explainedEdits = 40

// coverageWorld is a world between the two, and the cause that led to it.
type coverageWorld struct {
	a      *Assessment
	cause  Cause
	undone bool
	edit   Edit
}

// ExplainCoverage splits the difference of two assessments of one county into
// parts that add up. What differs is taken over cause by cause, in this order:
// edits that are no longer asked, one by one from the last; population; survey;
// base, rule, realignment, corrections and works as in [Explain]; thresholds
// and season of the question; new edits, one by one. Each part is what the
// figure moved when its turn came. When ctx ends, so does the splitting before
// its next world, with the error of ctx.
func ExplainCoverage(ctx context.Context, before, after *Assessment) (*CoverageDifference, error) {
	if before.Snapshot.Region.Code != after.Snapshot.Region.Code {
		return nil, Errorf(Invalid, "%s and %s are two counties; the two must be of one", before.Snapshot.Region.Code, after.Snapshot.Region.Code)
	}
	if n := len(before.Question.Edits) + len(after.Question.Edits); n > explainedEdits {
		return nil, Errorf(TooLarge, "%d edits are more than the %d whose effects are told apart; leave some out, or edit whole roads", n, explainedEdits)
	}
	worlds, err := coverageWorlds(ctx, before, after)
	if err != nil {
		return nil, err
	}
	reports := make([]map[string]*Figure, len(worlds))
	for i, w := range worlds {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if i > 0 && w.a == worlds[i-1].a {
			reports[i] = reports[i-1]
			continue
		}
		reports[i] = w.a.countyFigures()
	}
	d := &CoverageDifference{Before: before, After: after}
	for _, metric := range coverageMetrics {
		d.Metrics = append(d.Metrics, movedBetween(metric, worlds, reports))
	}
	return d, nil
}

// countyFigures are the figures of the whole county, by metric.
func (a *Assessment) countyFigures() map[string]*Figure {
	c := &coverage{sheet: sheet{asOf: a.Snapshot.AsOf}, a: a}
	scope, name, members := a.countyUnit()
	c.at(scope, name)
	c.connection(members)
	c.access(members)
	out := map[string]*Figure{}
	for i := range c.figures {
		out[c.figures[i].Metric] = &c.figures[i]
	}
	return out
}

// coverageWorlds leads from one assessment to the other.
func coverageWorlds(ctx context.Context, before, after *Assessment) ([]coverageWorld, error) {
	p := &worldPath{ctx: ctx, worlds: []coverageWorld{{a: before}}}
	from, to := before.Question, after.Question
	common := 0
	if before.origin().Snapshot == after.origin().Snapshot {
		for common < min(len(from.Edits), len(to.Edits)) && from.Edits[common] == to.Edits[common] {
			common++
		}
	}
	question := from
	for n := len(from.Edits); n > common; n-- {
		question.Edits = from.Edits[:n-1]
		p.ask(before, question, coverageWorld{cause: CauseEdit, undone: true, edit: from.Edits[n-1]})
	}
	base := p.facts(before.origin(), after.origin(), question)
	question.ConnectMM, question.RAIMM, question.WalkMS = to.ConnectMM, to.RAIMM, to.WalkMS
	p.ask(base, question, coverageWorld{cause: CauseThreshold})
	question.Season = to.Season
	p.ask(base, question, coverageWorld{cause: CauseSeason})
	for n := common; n < len(to.Edits); n++ {
		question.Edits = to.Edits[:n+1]
		p.ask(base, question, coverageWorld{cause: CauseEdit, edit: to.Edits[n]})
	}
	return p.worlds, p.err
}

// origin is the assessment of the county as it is.
func (a *Assessment) origin() *Assessment {
	if a.base != nil {
		return a.base
	}
	return a
}

// worldPath collects worlds.
type worldPath struct {
	ctx    context.Context // of the one call that the path lives for
	worlds []coverageWorld
	err    error
}

// ask adds the world of a question.
func (p *worldPath) ask(a *Assessment, q Question, w coverageWorld) {
	if p.err != nil {
		return
	}
	if w.a, p.err = a.Ask(p.ctx, q); p.err == nil {
		p.worlds = append(p.worlds, w)
	}
}

// facts adds the worlds in which the facts of the later assessment are taken
// over, all under one question, and gives the later one.
func (p *worldPath) facts(before, after *Assessment, q Question) *Assessment {
	if before.Snapshot == after.Snapshot {
		return after
	}
	last := before
	step := func(s *Snapshot, cause Cause) {
		if s != nil && p.err == nil {
			if p.err = p.ctx.Err(); p.err != nil {
				return
			}
			last = AssessAfter(last, s)
			p.ask(last, q, coverageWorld{cause: cause})
		}
	}
	peopled := peopledAs(before.Snapshot, after.Snapshot)
	step(peopled, CausePopulation)
	surveyed := *peopled
	surveyed.Villages, surveyed.Surveys, surveyed.Standard = after.Snapshot.Villages, after.Snapshot.Surveys, after.Snapshot.Standard
	step(&surveyed, CauseSurvey)
	worlds := worldsBetween(&surveyed, after.Snapshot)
	for i, cause := range Causes[:len(worlds)] {
		step(worlds[i], cause)
	}
	p.ask(after, q, coverageWorld{cause: CauseWorks})
	return after
}

// peopledAs is the earlier snapshot with the villages, townships and facilities
// of the later one; what surveyors found of a village stays as it was.
func peopledAs(before, after *Snapshot) *Snapshot {
	w := *before
	w.Region, w.Townships, w.Facilities, w.Villages = after.Region, after.Townships, after.Facilities, slices.Clone(after.Villages)
	surveyed := map[ID]bool{}
	for i := range before.Villages {
		surveyed[before.Villages[i].ID] = before.Villages[i].Surveyed
	}
	for i := range w.Villages {
		if was, known := surveyed[w.Villages[i].ID]; known {
			w.Villages[i].Surveyed = was
		}
	}
	return &w
}

// movedBetween compares one figure over all worlds.
func movedBetween(metric string, worlds []coverageWorld, reports []map[string]*Figure) CoverageMoved {
	states := make([]*state, len(worlds))
	for i := range worlds {
		states[i] = &state{worlds[i].a, reports[i][metric]}
	}
	first, last := states[0], states[len(states)-1]
	m := CoverageMoved{Metric: metric, Scope: last.figure.Scope, Unit: last.figure.Unit, Basis: last.figure.Basis, From: first.moved(), To: last.moved()}
	shown := shownValues(states, m.Unit)
	if shown != nil {
		m.TotalPP = hundredths(shown[len(shown)-1] - shown[0])
	}
	for i := 1; i < len(states); i++ {
		from, to := states[i-1].moved(), states[i].moved()
		step := CoverageStep{
			Cause: worlds[i].cause, Undone: worlds[i].undone, Edit: worlds[i].edit, Name: worlds[i].a.nameOf(worlds[i].edit),
			Numerator: to.Numerator - from.Numerator, Denominator: to.Denominator - from.Denominator, Unknown: to.Unknown - from.Unknown,
			Items: villagesBetween(states[i-1], states[i]),
		}
		if shown != nil {
			step.ValuePP = hundredths(shown[i] - shown[i-1])
		}
		if step.Numerator != 0 || step.Denominator != 0 || step.Unknown != 0 || len(step.Items) > 0 {
			m.Steps = append(m.Steps, step)
		}
	}
	return m
}

// nameOf is the name of the road that an edit is about.
func (a *Assessment) nameOf(e Edit) string {
	road := e.Road
	if seg := a.segment(e.Segment); e.Segment != 0 && seg != nil {
		road = seg.Road
	}
	if r := a.roads[road]; r != nil {
		return cmp.Or(r.Name, r.Code)
	}
	return ""
}

// villagesBetween are the villages that count otherwise in the later figure.
func villagesBetween(from, to *state) []CoverageItem {
	if from.figure == to.figure {
		return nil
	}
	was := map[ID]*Part{}
	for i := range from.figure.Parts {
		was[from.figure.Parts[i].ID] = &from.figure.Parts[i]
	}
	var out []CoverageItem
	for i := range to.figure.Parts {
		is := &to.figure.Parts[i]
		old := was[is.ID]
		delete(was, is.ID)
		if old == nil || old.Side != is.Side || old.Amount != is.Amount {
			out = append(out, itemOf(to.a, old, is))
		}
	}
	for _, old := range was {
		out = append(out, itemOf(from.a, old, nil))
	}
	slices.SortFunc(out, func(x, y CoverageItem) int { return cmp.Compare(x.Village, y.Village) })
	return out
}

func itemOf(a *Assessment, old, is *Part) CoverageItem {
	item := CoverageItem{Village: cmp.Or(is, old).ID}
	count := func(p *Part, sign int64) Side {
		if p == nil {
			return ""
		}
		switch p.Side {
		case SideNumerator:
			item.Numerator += sign * p.Amount
		case SideUnknown:
			item.Unknown += sign * p.Amount
		}
		return p.Side
	}
	item.From, item.To = count(old, -1), count(is, 1)
	if i, ok := a.village[item.Village]; ok {
		item.Name = a.Snapshot.Villages[i].Name
	}
	return item
}
