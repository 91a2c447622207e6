package sample

import (
	"time"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// Ids of the programmes in a load.
const (
	pilotProgramme  planner.ID = 1
	hamletProgramme planner.ID = 2
)

// programmeFen is the published money of the programme, 320,000,000 yuan.
const programmeFen = 32_000_000_000

func day(s string) planner.Date {
	d, err := planner.ParseDate(s)
	if err != nil {
		panic(err) // only literals of this package come here
	}
	return d
}

// plan is the programme's planned share by day: slower in the rains.
var plan = []planner.PlanPoint{
	{On: day("2019-07-01"), SharePPM: 0},
	{On: day("2019-09-30"), SharePPM: 90_000},
	{On: day("2019-12-31"), SharePPM: 260_000},
	{On: day("2020-03-31"), SharePPM: 390_000},
	{On: day("2020-06-30"), SharePPM: 500_000},
	{On: day("2020-09-30"), SharePPM: 610_000},
	{On: day("2020-12-31"), SharePPM: 790_000},
	{On: day("2021-03-31"), SharePPM: 910_000},
	{On: day("2021-06-30"), SharePPM: 1_000_000},
}

// planned is the day on which the plan reaches a share.
func planned(share float64) planner.Date {
	ppm := share * 1e6
	for i := 1; i < len(plan); i++ {
		a, b := plan[i-1], plan[i]
		if ppm <= float64(b.SharePPM) {
			t := (ppm - float64(a.SharePPM)) / float64(b.SharePPM-a.SharePPM)
			return a.On + planner.Date(t*float64(b.On-a.On))
		}
	}
	return plan[len(plan)-1].On
}

// writeProgrammes writes both programmes, their money, what was reported of
// them, what is contested and the warnings made by hand.
func (m *maker) writeProgrammes() {
	fen, paid := int64(programmeFen), int64(0)
	m.load.Funding = m.funding(&paid)
	pilotFen := int64(1_840_000_000)
	m.load.Programmes = []planner.Programme{{
		ID: pilotProgramme, Code: "ZZT-2018", Name: "2018年通组公路试点", NameEN: "Hamlet road pilot 2018", Kind: "hamlet_road",
		Starts: day("2018-03-01"), Deadline: day("2018-12-31"), CompletingStage: planner.StageSurface,
		Surface: "cement", AllSeason: planner.Yes, PlannedFen: &pilotFen, PaidFen: &pilotFen,
	}, {
		ID: hamletProgramme, Code: "ZZT-2019", Name: "农村组组通硬化路", NameEN: "Hamlet road programme", Kind: "hamlet_road",
		Starts: plan[0].On, Deadline: plan[len(plan)-1].On, CompletingStage: planner.StageSurface,
		Surface: "cement", AllSeason: planner.Yes, PlannedFen: &fen, PaidFen: &paid, Plan: plan,
	}}
	m.load.Funding = append(m.load.Funding, data.Funding{Programme: pilotProgramme, Source: "省级补助", Item: "硬化", PlannedFen: pilotFen, PaidFen: pilotFen})
	reports := m.random("reports")
	m.writePilot(reports)
	m.writeHamletReports(reports)
	m.writeWarnings(reports)
}

// funding splits the published money over sources.
func (m *maker) funding(paid *int64) []data.Funding {
	r := m.random("funding")
	sources := []string{"中央车购税", "省级补助", "市级配套", "县级配套", "政策性贷款", "一事一议", "社会帮扶"}
	weights := []float64{6, 9, 2, 3, 10, 1, 1}
	var out []data.Funding
	for i, planned := range apportion(programmeFen/10_000_00, weights, 0) {
		fen := planned * 10_000_00
		part := int64(float64(planned)*r.between(0.3, 0.7)) * 10_000_00
		*paid += part
		out = append(out, data.Funding{Programme: hamletProgramme, Source: sources[i], Item: "通组路硬化", PlannedFen: fen, PaidFen: part})
	}
	return out
}

// writePilot gives the earlier programme its task: the carried roads and some
// others, all completed in its time.
func (m *maker) writePilot(r *random) {
	others := 0
	for i := range m.routes {
		if m.routes[i].purpose == spurRoad && m.hardenedThroughout(i) && others < 20 {
			others++
			m.pilotRoute(roadID(i), m.routes[i].length(), r)
		}
	}
	for i := range m.tasks {
		if t := &m.tasks[i]; t.carried {
			m.pilotRoute(t.id(m, i), t.length, r)
		}
	}
}

func (m *maker) hardenedThroughout(route int) bool {
	for _, s := range m.load.Segments {
		if s.Road == roadID(route) && (s.Surface != "cement" || s.Built != planner.BuiltYes) {
			return false
		}
	}
	return true
}

func (m *maker) pilotRoute(road planner.ID, length int64, r *random) {
	m.scope(pilotProgramme, road, length)
	start := day("2018-03-10") + planner.Date(r.below(60))
	whole := chainage.Span{From: 0, To: length}
	m.report(pilotProgramme, road, whole, planner.StageRoadbed, start, r)
	m.report(pilotProgramme, road, whole, planner.StageBase, start+50, r)
	m.report(pilotProgramme, road, whole, planner.StageSurface, start+90+planner.Date(r.below(60)), r)
}

func (m *maker) scope(programme, road planner.ID, length int64) {
	p := &m.load.Programmes[programme-1]
	id := 0
	for i := range m.load.Programmes {
		id += len(m.load.Programmes[i].Scope)
	}
	p.Scope = append(p.Scope, planner.ScopeItem{ID: planner.ID(id + 1), Road: road, Version: 1, Span: chainage.Span{From: 0, To: length}})
}

// report appends a report; it was recorded some days after it was so.
func (m *maker) report(programme, road planner.ID, span chainage.Span, stage planner.Stage, on planner.Date, r *random) {
	late := time.Duration(r.whole(6*3600, 9*24*3600)) * time.Second
	m.load.Progress = append(m.load.Progress, planner.Progress{
		ID: r.uuid(), Road: road, Version: 1, Span: span, Stage: stage, On: on,
		Recorded: on.Time().Add(late), Programme: programme, Reporter: pick(r, reporters),
	})
}

var reporters = []string{"乡镇交通专管员", "县交通运输局", "第三方监理", "村级监督员"}

// writeHamletReports reports the stages of every task of the programme. The
// days of completion follow the plan's curve within each township.
func (m *maker) writeHamletReports(r *random) {
	total, so := make([]int64, len(townships)), make([]int64, len(townships))
	for i := range m.tasks {
		total[m.tasks[i].township] += m.tasks[i].done
	}
	for i := range m.tasks {
		t := &m.tasks[i]
		road := t.id(m, i)
		m.scope(hamletProgramme, road, t.length)
		m.reportTask(t, road, func(at int64) planner.Date {
			return planned(0.499 * float64(so[t.township]+at) / float64(max(total[t.township], 1)))
		}, r)
		so[t.township] += t.done
	}
}

// reportTask reports one road. on tells when so many millimetres of it were
// completed.
func (m *maker) reportTask(t *task, road planner.ID, on func(int64) planner.Date, r *random) {
	starts := plan[0].On
	first := max(on(0)-planner.Date(r.whole(50, 110)), starts+planner.Date(r.below(20)))
	m.report(hamletProgramme, road, chainage.Span{From: 0, To: t.length}, planner.StageClearing, first, r)
	switch {
	case t.carried:
		if r.chance(0.4) { // reported again as if new: it must not count again
			m.report(hamletProgramme, road, chainage.Span{From: 0, To: t.length / 2}, planner.StageSurface, day("2020-03-15"), r)
		}
		return
	case t.disputed:
		m.contest(t, road, r)
		return
	}
	ahead := func(low, high float64) int64 {
		return min(t.length, t.done+int64(float64(t.length-t.done)*r.between(low, high)))
	}
	before := func(days int64) planner.Date { return max(on(t.done)-planner.Date(days), first+1) }
	roadbed := ahead(0.3, 1.1)
	subbase := min(roadbed, ahead(0.1, 0.6))
	base := min(subbase, ahead(0, 0.3))
	m.reportUpTo(road, roadbed, planner.StageRoadbed, before(45), r)
	m.reportUpTo(road, subbase, planner.StageSubbase, before(30), r)
	m.reportUpTo(road, base, planner.StageBase, before(15), r)
	m.reportSurface(t, road, on, r)
	if t.done == t.length && r.chance(0.6) {
		m.report(0, road, chainage.Span{From: 0, To: t.length}, planner.StageDrainage, on(t.done), r)
	}
}

func (m *maker) reportUpTo(road planner.ID, to int64, stage planner.Stage, on planner.Date, r *random) {
	if to > 0 {
		m.report(0, road, chainage.Span{From: 0, To: to}, stage, on, r)
	}
}

// reportSurface reports what is completed, in pieces. Pieces overlap now and
// then, some metres are reported twice, and the later piece may come first.
func (m *maker) reportSurface(t *task, road planner.ID, on func(int64) planner.Date, r *random) {
	if t.done == 0 {
		return
	}
	pieces := 1 + r.below(3)
	step := t.done/int64(pieces) + 1
	for _, k := range r.shuffled(pieces) {
		from, to := int64(k)*step, min(int64(k+1)*step, t.done)
		if r.chance(0.3) {
			from = max(0, from-r.whole(5_000, 80_000))
		}
		if from < to {
			m.report(hamletProgramme, road, chainage.Span{From: from, To: to}, planner.StageSurface, on(to), r)
		}
	}
	if r.chance(0.06) {
		m.report(hamletProgramme, road, chainage.Span{From: 0, To: t.done}, planner.StageSurface, on(t.done), r)
	}
}

// contest reports a road as completed and opens a dispute about all of it.
func (m *maker) contest(t *task, road planner.ID, r *random) {
	whole := chainage.Span{From: 0, To: t.length}
	m.report(hamletProgramme, road, whole, planner.StageSurface, day("2020-05-20"), r)
	m.load.Disputes = append(m.load.Disputes, planner.Dispute{
		ID: planner.ID(len(m.load.Disputes) + 1), Road: road, Version: 1, Span: whole,
		Opened: day("2020-06-02"), Reason: "路面厚度不足，待复核",
	})
}

// writeWarnings writes the two warnings that were made by hand, in townships
// that are on plan.
func (m *maker) writeWarnings(r *random) {
	levels := []planner.WarningLevel{planner.WarningYellow, planner.WarningBlue}
	for _, i := range r.shuffled(len(townships) - 1) {
		if len(levels) == 0 {
			return
		}
		if m.paces[i+1] != onPlan {
			continue
		}
		m.load.Warnings = append(m.load.Warnings, planner.Warning{
			ID: planner.ID(len(m.load.Warnings) + 1), Township: townships[i+1].code, Level: levels[0],
			Reason: "履职不到位、工作推进滞后", From: day("2020-06-08"),
		})
		levels = levels[1:]
	}
}
