package sample

import (
	"cmp"
	"slices"
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// Ids of the programmes in a load.
const (
	narrowProgramme planner.ID = 1
	pilotProgramme  planner.ID = 2
	hamletProgramme planner.ID = 3
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

// writeProgrammes writes the programmes, their money, what was reported of
// them, what is contested and the warnings made by hand.
func (m *maker) writeProgrammes() {
	m.programme(narrowProgramme, "ZLM-2017", "2017年窄路面硬化", "Narrow road paving 2017", day("2017-04-01"), day("2017-12-31"), nil)
	m.programme(pilotProgramme, "ZZT-2018", "2018年通组公路试点", "Hamlet road pilot 2018", day("2018-03-01"), day("2018-12-31"), nil)
	m.programme(hamletProgramme, "ZZT-2019", "农村组组通硬化路", "Hamlet road programme", plan[0].On, plan[len(plan)-1].On, plan)
	reports := m.random("reports")
	m.writeEarlier(reports)
	m.writeHamletReports(reports)
	m.writeWarnings(reports)
	m.writeFunding()
	m.writeLedger()
}

func (m *maker) programme(id planner.ID, code, name, en string, starts, deadline planner.Date, plan []planner.PlanPoint) {
	m.load.Programmes = append(m.load.Programmes, planner.Programme{
		ID: id, Code: code, Name: name, NameEN: en, Kind: "hamlet_road", Starts: starts, Deadline: deadline,
		CompletingStage: planner.StageSurface, Surface: "cement", AllSeason: planner.Yes, Plan: plan,
	})
}

// writeEarlier gives two earlier programmes their tasks, completed in their
// time. The pilot's task holds roads of which the one before had paved the
// first half already: metres that it carries over.
func (m *maker) writeEarlier(r *random) {
	var roads []int
	for i := range m.routes {
		if m.routes[i].purpose == spurRoad && m.hardenedThroughout(i) {
			roads = append(roads, i)
		}
	}
	const narrow, both, pilot = 10, 14, 34
	history := m.planRealign(roads[min(both, len(roads)):min(pilot, len(roads))])
	for k, i := range roads[:min(pilot, len(roads))] {
		length := m.routes[i].length()
		if history != nil && i == history.route {
			length = history.length()
		}
		switch {
		case k < narrow:
			m.completed(narrowProgramme, roadID(i), length, day("2017-04-10"), r)
		case k < both:
			m.completed(narrowProgramme, roadID(i), length/2, day("2017-04-10"), r)
			fallthrough
		default:
			m.completed(pilotProgramme, roadID(i), length, day("2018-03-10"), r)
		}
	}
	m.writeRealign(history)
}

// hardenedThroughout reports whether the inventory has the whole route paved.
func (m *maker) hardenedThroughout(route int) bool {
	road := roadID(route)
	first, _ := slices.BinarySearchFunc(m.load.Segments, road, func(s planner.Segment, id planner.ID) int { return cmp.Compare(s.Road, id) })
	for _, s := range m.load.Segments[first:] {
		if s.Road != road {
			break
		}
		if s.Surface != "cement" || s.Built != planner.BuiltYes {
			return false
		}
	}
	return true
}

// completed puts the beginning of a road into a programme and reports it done.
func (m *maker) completed(programme, road planner.ID, done int64, start planner.Date, r *random) {
	m.scope(programme, road, done)
	start += planner.Date(r.below(60))
	span := chainage.Span{From: 0, To: done}
	m.report(programme, road, span, planner.StageRoadbed, start, r)
	m.report(programme, road, span, planner.StageBase, start+50, r)
	m.report(programme, road, span, planner.StageSurface, start+90+planner.Date(r.below(60)), r)
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
	total, so := make([]int64, len(m.unit.townships)), make([]int64, len(m.unit.townships))
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
	if t.disputed {
		m.contest(t, road, r)
		return
	}
	ahead := func(low, high float64) int64 {
		return min(t.length, t.done+int64(float64(t.length-t.done)*r.between(low, high)))
	}
	surfaced := func(at int64) planner.Date { return max(on(at), first+40) } // nothing is paved before there is a base
	before := func(days int64) planner.Date { return max(surfaced(0)-planner.Date(days), first+1) }
	roadbed := ahead(0.3, 1.1)
	subbase := min(roadbed, ahead(0.1, 0.6))
	base := min(subbase, ahead(0, 0.3))
	m.reportUpTo(road, roadbed, planner.StageRoadbed, before(45), r)
	m.reportUpTo(road, subbase, planner.StageSubbase, before(30), r)
	m.reportUpTo(road, base, planner.StageBase, before(15), r)
	m.reportSurface(t, road, surfaced, r)
	if t.done == t.length && r.chance(0.6) {
		m.report(0, road, chainage.Span{From: 0, To: t.length}, planner.StageDrainage, surfaced(t.done), r)
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
		Opened: day("2020-06-02"), Reason: "路面厚度不足，待复核", Stage: planner.StageSurface,
		Claims: []string{m.load.Progress[len(m.load.Progress)-1].ID}, Holder: government(m.unit.townships[t.township].name), Decider: "县交通运输局",
	})
}

// writeWarnings writes the two warnings that were made by hand, in townships
// that are on plan.
func (m *maker) writeWarnings(r *random) {
	levels := []planner.WarningLevel{planner.WarningYellow, planner.WarningBlue}
	for _, i := range r.shuffled(len(m.unit.townships) - 1) {
		if len(levels) == 0 {
			return
		}
		if m.paces[i+1] != onPlan {
			continue
		}
		m.load.Warnings = append(m.load.Warnings, planner.Warning{
			ID: planner.ID(len(m.load.Warnings) + 1), Township: m.unit.townships[i+1].code, Level: levels[0],
			Reason: "履职不到位、工作推进滞后", From: day("2020-06-08"),
		})
		levels = levels[1:]
	}
}
