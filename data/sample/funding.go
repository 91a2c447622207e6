package sample

import (
	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

// fundingUnit is what money is planned in, ten thousand yuan.
const fundingUnit = 1_000_000

// items are what the money of the programme is for, and their weights.
var (
	items       = []string{"路基工程", "路面硬化", "安防排水"}
	itemWeights = []float64{3, 6, 1}
)

// writeFunding splits the published money of the programme over sources and
// items, and prints the totals that they reconcile with; the earlier programmes
// are paid in full, at 400,000 yuan per kilometre.
func (m *maker) writeFunding() {
	r := m.random("funding")
	sources := []string{"中央车购税", "省级补助", "市级配套", "县级配套", "政策性贷款", "一事一议", "社会帮扶"}
	weights := []float64{6, 9, 2, 3, 10, 1, 1}
	for i, units := range apportion(programmeFen/fundingUnit, weights, 0) {
		paid := int64(float64(units) * r.between(0.3, 0.7))
		m.fundItems(sources[i], units, (units+paid)/2+(units-paid)/4, paid)
	}
	m.total(hamletProgramme, "")
	m.earlierMoney()
	for _, id := range []planner.ID{narrowProgramme, pilotProgramme} {
		metres := int64(0)
		for _, item := range m.load.Programmes[id-1].Scope {
			metres += item.Span.Length() / 1000
		}
		fen := metres * 400 * 100
		m.fund(id, "省级补助", "路面硬化", fen, fen, fen)
		m.total(id, "")
	}
}

// fundItems splits what a source plans, has allotted and paid over the items.
func (m *maker) fundItems(source string, planned, allocated, paid int64) {
	a, b, c := apportion(planned, itemWeights, 0), apportion(allocated, itemWeights, 0), apportion(paid, itemWeights, 0)
	for k, item := range items {
		m.fund(hamletProgramme, source, item, a[k]*fundingUnit, b[k]*fundingUnit, c[k]*fundingUnit)
	}
	m.total(hamletProgramme, source)
}

// fund appends money to a programme, whose own totals are the sums.
func (m *maker) fund(id planner.ID, source, item string, planned, allocated, paid int64) {
	m.load.Funding = append(m.load.Funding, planner.FundingItem{
		ID: planner.ID(len(m.load.Funding) + 1), Programme: id, Source: source, Item: item,
		PlannedFen: &planned, AllocatedFen: &allocated, PaidFen: &paid,
	})
	p := &m.load.Programmes[id-1]
	if p.PlannedFen == nil {
		p.PlannedFen, p.PaidFen = new(int64), new(int64)
	}
	*p.PlannedFen += planned
	*p.PaidFen += paid
}

// states are what the main programme had of its money until a day, in per cent
// of what it has been allotted and of what it has paid since.
var states = []struct {
	until           string
	allocated, paid int64
}{{"2019-10-01", 30, 0}, {"2020-04-01", 70, 55}}

// earlierMoney says what the rows of the main programme and its printed totals
// said before their last state, so that an earlier report has other amounts.
func (m *maker) earlierMoney() {
	var from planner.Date
	for _, s := range states {
		sums := map[string]*data.EarlierMoney{}
		for _, f := range m.load.Funding {
			was := data.EarlierMoney{Of: f.ID, From: from, To: day(s.until), PlannedFen: f.PlannedFen,
				AllocatedFen: partOf(*f.AllocatedFen, s.allocated), PaidFen: partOf(*f.PaidFen, s.paid)}
			m.load.Funded = append(m.load.Funded, was)
			for _, source := range []string{"", f.Source} {
				add(sums, source, was)
			}
		}
		for _, t := range m.load.Totals {
			sum := sums[t.Source]
			sum.Of, sum.From, sum.To = t.ID, from, day(s.until)
			m.load.Summed = append(m.load.Summed, *sum)
		}
		from = day(s.until)
	}
}

// partOf is a share of an amount, in whole units.
func partOf(fen, percent int64) *int64 {
	part := fen / fundingUnit * percent / 100 * fundingUnit
	return &part
}

func add(sums map[string]*data.EarlierMoney, source string, was data.EarlierMoney) {
	sum := sums[source]
	if sum == nil {
		sum = &data.EarlierMoney{PlannedFen: new(int64), AllocatedFen: new(int64), PaidFen: new(int64)}
		sums[source] = sum
	}
	*sum.PlannedFen += *was.PlannedFen
	*sum.AllocatedFen += *was.AllocatedFen
	*sum.PaidFen += *was.PaidFen
}

// total prints the sum of a source, or of the whole programme.
func (m *maker) total(id planner.ID, source string) {
	t := planner.FundingTotal{
		ID: planner.ID(len(m.load.Totals) + 1), Programme: id, Source: source, PlannedFen: new(int64), AllocatedFen: new(int64), PaidFen: new(int64),
		Document: "资金下达文件（示例）",
	}
	for _, f := range m.load.Funding {
		if f.Programme == id && (source == "" || f.Source == source) {
			*t.PlannedFen += *f.PlannedFen
			*t.AllocatedFen += *f.AllocatedFen
			*t.PaidFen += *f.PaidFen
		}
	}
	m.load.Totals = append(m.load.Totals, t)
}
