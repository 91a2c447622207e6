package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// writeLedger writes what stands around the reports: who builds and who answers
// for it, what was planned month by month, what was inspected, photos, and
// reports that need attention.
func (m *maker) writeLedger() {
	m.writeContracts()
	m.writeMonths()
	m.writeInspections()
	m.shareBorder()
	m.writePhotos()
	m.writeHeld(m.breakChain())
}

// townshipsEach is how many townships one contract builds in.
const townshipsEach = 3

var (
	contractors = []string{"乌江路桥工程有限公司", "黔北建设集团第三公司", "夜郎公路工程有限公司", "高原交通建设公司", "六冲河路桥有限公司"}
	surnames    = []string{"陈", "李", "王", "杨", "赵", "罗", "马", "龙", "安", "陆"}
	givenNames  = []string{"国强", "明华", "志远", "文军", "晓云", "永福", "春梅", "光荣", "建民", "秀英"}
)

// dutyHolder invents a name.
func dutyHolder(r *random) string { return pick(r, surnames) + pick(r, givenNames) }

// phone is a number of a block that no one has.
func phone(n int) string { return fmt.Sprintf("0857-55501%02d", n%100) }

// government is the office of a township.
func government(township string) string {
	if strings.HasSuffix(township, "街道") {
		return township + "办事处"
	}
	return township + "人民政府"
}

// writeContracts lets the task of the programme to contractors, three townships
// each. One road has no contract yet, and the first metres of another stand in
// two.
func (m *maker) writeContracts() {
	r := m.random("contracts")
	scope := m.load.Programmes[hamletProgramme-1].Scope
	count := (len(m.unit.townships) + townshipsEach - 1) / townshipsEach
	contracts, length := make([]planner.Contract, count), make([]float64, count)
	for k := range contracts {
		contracts[k] = planner.Contract{
			ID: planner.ID(k + 1), Programme: hamletProgramme, Code: fmt.Sprintf("HT-2019-%02d", k+1), Name: fmt.Sprintf("通组公路施工第%d标段", k+1),
			Contractor: contractors[k%len(contractors)], Responsible: dutyHolder(r), Phone: phone(50 + k),
			Signed: day("2019-06-10") + planner.Date(r.below(15)), Deadline: plan[len(plan)-1].On,
		}
	}
	next := planner.ID(1)
	build := func(k int, item planner.ScopeItem) {
		contracts[k].Scope = append(contracts[k].Scope, planner.ScopeItem{ID: next, Road: item.Road, Version: item.Version, Span: item.Span})
		length[k] += float64(item.Span.Length())
		next++
	}
	for i, item := range scope[:len(scope)-1] {
		build(int(m.tasks[i].township)/townshipsEach, item)
	}
	twice := contracts[1].Scope[0]
	twice.Span.To = min(twice.Span.To, 400_000)
	build(0, twice)
	for k, units := range apportion(programmeFen/fundingUnit*9/10, length, 1) {
		price := units * fundingUnit
		contracts[k].PriceFen = &price
	}
	m.load.Contracts = contracts
	m.writeResponsible(scope)
}

// writeResponsible says of each road of the task whom it is for and who answers
// for it.
func (m *maker) writeResponsible(scope []planner.ScopeItem) {
	for i := range scope {
		t := &m.tasks[i]
		scope[i].Responsible, scope[i].Phone = government(m.unit.townships[t.township].name), phone(int(t.township))
		if t.route >= 0 && m.routes[t.route].place >= 0 {
			scope[i].Village = villageID(m.routes[t.route].place)
		}
	}
}

// writeMonths gives every township a plan by months. It meets the programme's
// own at the end of every quarter; between, one begins sooner than another.
func (m *maker) writeMonths() {
	r := m.random("months")
	p := &m.load.Programmes[hamletProgramme-1]
	p.Plan = append([]planner.PlanPoint(nil), p.Plan...)
	for _, t := range m.unit.townships {
		for i := 1; i < len(plan); i++ {
			a, b := plan[i-1], plan[i]
			if i == 1 {
				p.Plan = append(p.Plan, planner.PlanPoint{Township: t.code, On: a.On})
			}
			at := a.On.Time()
			for k := 1; k < 3; k++ {
				month := planner.DateOf(time.Date(at.Year(), at.Month()+time.Month(k)+1, 0, 0, 0, 0, 0, time.UTC))
				if i == 1 {
					month = planner.DateOf(time.Date(at.Year(), at.Month()+time.Month(k), 0, 0, 0, 0, 0, time.UTC))
				}
				share := a.SharePPM + (b.SharePPM-a.SharePPM)*int64(month-a.On)/int64(b.On-a.On) + r.whole(-8, 8)*1000
				p.Plan = append(p.Plan, planner.PlanPoint{Township: t.code, On: month, SharePPM: min(max(share, a.SharePPM), b.SharePPM)})
			}
			p.Plan = append(p.Plan, planner.PlanPoint{Township: t.code, On: b.On, SharePPM: b.SharePPM})
		}
	}
}

// writeInspections inspects some finished roads: planned ones that passed, one
// without notice that failed on a road accepted before, and some drawn at
// random that are still to be held. None takes metres out of a published figure.
func (m *maker) writeInspections() {
	r := m.random("inspections")
	planned, drawn := 0, 0
	for _, i := range r.shuffled(len(m.tasks)) {
		t := &m.tasks[i]
		if t.done < t.length || t.length < 800_000 {
			continue
		}
		road := t.id(m, i)
		switch {
		case planned < 14:
			pqi := r.whole(71_000, 96_500)
			m.inspect(planner.Inspection{
				Kind: planner.InspectionPlanned, Road: road, Span: chainage.Span{To: t.length / 2}, On: day("2020-06-08") + planner.Date(r.below(18)),
				Result: planner.InspectionPass, PQIMilli: &pqi, Inspector: "县公路质量监督站",
			})
			planned++
		case drawn < 3:
			from, seed := r.whole(0, t.length-500_000), int64(20200615)
			m.inspect(planner.Inspection{Kind: planner.InspectionRandom, Road: road, Span: chainage.Span{From: from, To: from + 500_000}, On: day("2020-07-15"), Seed: &seed})
			drawn++
		}
	}
	m.writeAcceptance(r)
}

// writeAcceptance has some roads of the pilot accepted; half of the first one
// failed an inspection later.
func (m *maker) writeAcceptance(r *random) {
	accepted := 0
	for _, item := range m.load.Programmes[pilotProgramme-1].Scope {
		if accepted == 5 || m.load.Roads[item.Road-1].Version != 1 {
			continue
		}
		m.report(pilotProgramme, item.Road, item.Span, planner.StageAcceptance, day("2018-12-20")+planner.Date(r.below(10)), r)
		if accepted == 0 {
			pqi := int64(58_400)
			m.inspect(planner.Inspection{
				Kind: planner.InspectionUnannounced, Road: item.Road, Span: chainage.Span{To: item.Span.To / 2}, On: day("2019-11-05"),
				Result: planner.InspectionFail, PQIMilli: &pqi, Inspector: "第三方检测机构", Note: "板角断裂，路肩缺失",
			})
		}
		accepted++
	}
}

func (m *maker) inspect(i planner.Inspection) {
	i.ID, i.Version = planner.ID(len(m.load.Inspections)+1), 1
	m.load.Inspections = append(m.load.Inspections, i)
}

// shareBorder gives half of a piece of road to the township across the border,
// as two townships would agree for a road that runs along it.
func (m *maker) shareBorder() {
	for i := range m.load.Segments[:len(m.load.Segments)-1] {
		s, next := &m.load.Segments[i], &m.load.Segments[i+1]
		if s.Road == next.Road && s.Township != next.Township && int(s.Road) <= len(m.routes) && m.routes[s.Road-1].purpose == linkRoad {
			s.OtherTownship, s.OtherSharePPM = next.Township, 500_000
			return
		}
	}
}

// breakChain lengthens the longest road of the programme after it was marked (a
// long chain): 300 m before the break the labels begin again, and stand twice.
// It gives the task and the place of the break.
func (m *maker) breakChain() (task int, at int64) {
	task = -1
	for i := range m.tasks {
		if t := &m.tasks[i]; t.route >= 0 && !t.disputed && (task < 0 || t.length > m.tasks[task].length) {
			task = i
		}
	}
	if task < 0 || m.tasks[task].length < 1_500_000 {
		return -1, 0
	}
	length := m.tasks[task].length
	at = length * 3 / 5 / 100_000 * 100_000
	const again = 300_000
	c, err := chainage.NewCalibration(chainage.Mark{At: 0, K: 0}, chainage.Mark{At: at, K: at}, chainage.Mark{At: at, K: at - again}, chainage.Mark{At: length, K: length - again})
	if err != nil {
		panic(err) // the marks above rise for every length
	}
	m.load.Roads[m.tasks[task].id(m, task)-1].Calibration = c
	return task, at
}
