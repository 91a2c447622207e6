package planner

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// title is a contract's code and name.
func (k *Contract) title() string { return strings.TrimSpace(k.Code + " " + k.Name) }

// plannedShare is linear over a contract's own days where it has some, else the
// programme's plan.
func (k *Contract) plannedShare(p *Programme, on Date) int64 {
	if k.Deadline.IsZero() {
		return PlannedShare(p, "", on)
	}
	own := Programme{Starts: p.Starts, Deadline: k.Deadline}
	if !k.Signed.IsZero() {
		own.Starts = k.Signed
	}
	return PlannedShare(&own, "", on)
}

// money writes the rows on the funds of a programme.
func (c *completion) money(p *Programme, b *book) {
	whole := Part{Side: SideNumerator, Layer: "programme", ID: p.ID}
	items := c.fundsOf(p, func(*FundingItem) bool { return true })
	if len(items) == 0 || !agrees(items, paidFen, p.PaidFen) || !agrees(items, plannedFen, p.PlannedFen) {
		part := whole
		parts := []Part{part}
		var planned int64
		if p.PaidFen != nil {
			parts[0].Amount = *p.PaidFen
		}
		if p.PlannedFen != nil {
			planned = *p.PlannedFen
		}
		if p.PaidFen == nil || p.PlannedFen == nil {
			parts = append(parts, Part{Side: SideUnknown, Layer: "programme", ID: p.ID, Amount: 1})
		}
		c.row("M04 investment_rate", UnitPercent, UnitYuan, parts).over(planned)
	} else {
		c.spent("M04 investment_rate", items, plannedFen)
	}
	c.unitCost(whole, p.PlannedFen, b)
	c.spent("M35 disbursement_rate", items, allocatedFen)
	c.unreconciled(p, items)
}

// sources writes the rows on each source of a programme's funds.
func (c *completion) sources(p *Programme) {
	var names []string
	for i := range c.a.Snapshot.Funding {
		if f := &c.a.Snapshot.Funding[i]; f.Programme == p.ID {
			names = append(names, f.Source)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		items := c.fundsOf(p, func(f *FundingItem) bool { return f.Source == name })
		c.at("source:"+name, name)
		c.spent("M04 investment_rate", items, plannedFen)
		c.spent("M35 disbursement_rate", items, allocatedFen)
	}
}

func plannedFen(f *FundingItem) *int64   { return f.PlannedFen }
func allocatedFen(f *FundingItem) *int64 { return f.AllocatedFen }
func paidFen(f *FundingItem) *int64      { return f.PaidFen }

// fundsOf lists the funds of a programme, by id.
func (c *completion) fundsOf(p *Programme, take func(*FundingItem) bool) []*FundingItem {
	var out []*FundingItem
	for i := range c.a.Snapshot.Funding {
		if f := &c.a.Snapshot.Funding[i]; f.Programme == p.ID && take(f) {
			out = append(out, f)
		}
	}
	return out
}

// sumFunds sums what is known of a column, and counts what is not.
func sumFunds(items []*FundingItem, column func(*FundingItem) *int64) (sum int64, unknown int) {
	for _, f := range items {
		if v := column(f); v != nil {
			sum += *v
		} else {
			unknown++
		}
	}
	return sum, unknown
}

// agrees says whether the known amounts of a column sum to a programme's.
func agrees(items []*FundingItem, column func(*FundingItem) *int64, whole *int64) bool {
	sum, unknown := sumFunds(items, column)
	if whole == nil {
		return unknown == len(items)
	}
	return sum == *whole
}

// spent writes what was paid over what was planned, or allocated. An item of
// which one of the two is not known stands on neither side, and adds one to what
// is unknown.
func (c *completion) spent(metric string, items []*FundingItem, of func(*FundingItem) *int64) {
	parts := make([]Part, 0, len(items))
	var whole int64
	for _, f := range items {
		if f.PaidFen == nil || of(f) == nil {
			parts = append(parts, Part{Side: SideUnknown, Layer: "funding", ID: f.ID, Amount: 1})
			continue
		}
		parts = append(parts, Part{Side: SideNumerator, Layer: "funding", ID: f.ID, Amount: *f.PaidFen})
		whole += *of(f)
	}
	c.row(metric, UnitPercent, UnitYuan, parts).over(whole)
}

// fenPerMM makes yuan a kilometre of fen a millimetre.
const fenPerMM = 1e6 / 100

// unitCost writes what the kilometre of a task is planned to cost; nothing
// where that is not known.
func (c *completion) unitCost(part Part, planned *int64, b *book) {
	task := b.take(c.scope, counted(kindTask)).sum(SideNumerator)
	if planned == nil {
		c.row("M05 unit_cost", UnitYuanPerKM, UnitKM, nil).Denominator = &task
		return
	}
	part.Amount = *planned
	c.row("M05 unit_cost", UnitYuanPerKM, UnitKM, []Part{part}).ratio(task, fenPerMM)
}

// unreconciled writes by how much the sums that documents print differ from the
// sums of their items. A gap shows at every level that prints a sum: of each amount
// the level counts that shows most, the sources together or the whole, and of
// several documents on one the one that differs most. A printed sum some item of
// which is not known adds one to what is unknown.
func (c *completion) unreconciled(p *Programme, items []*FundingItem) {
	var parts []Part
	for _, column := range []amountColumn{
		{func(t *FundingTotal) *int64 { return t.PlannedFen }, plannedFen},
		{func(t *FundingTotal) *int64 { return t.AllocatedFen }, allocatedFen},
		{func(t *FundingTotal) *int64 { return t.PaidFen }, paidFen},
	} {
		most := map[string]Part{} // by source
		for i := range c.a.Snapshot.Totals {
			t := &c.a.Snapshot.Totals[i]
			part := Part{Layer: "funding_total", ID: t.ID}
			if t.Programme != p.ID || !column.against(t, items, &part) {
				continue
			}
			if part.Side == SideUnknown {
				parts = append(parts, part)
			} else if part.Amount > most[t.Source].Amount {
				most[t.Source] = part
			}
		}
		parts = append(parts, widestLevel(most)...)
	}
	c.amount("C45 funding_unreconciled", UnitYuan, byDocument(parts))
}

// amountColumn is one of the amounts of money: as a document prints its sum, and
// of an item.
type amountColumn struct {
	printed func(*FundingTotal) *int64
	of      func(*FundingItem) *int64
}

// against holds a printed sum against its items: how many fen they differ by, or
// that nobody can know. False: the document does not print it.
func (m amountColumn) against(t *FundingTotal, items []*FundingItem, part *Part) bool {
	printed := m.printed(t)
	if printed == nil {
		return false
	}
	var of []*FundingItem
	for _, f := range items {
		if t.Source == "" || f.Source == t.Source {
			of = append(of, f)
		}
	}
	sum, missing := sumFunds(of, m.of)
	part.Side, part.Amount = SideNumerator, max(sum-*printed, *printed-sum)
	if missing > 0 || len(of) == 0 {
		part.Side, part.Amount = SideUnknown, 1
	}
	return true
}

// widestLevel gives the gaps of the sources, or that of the whole (the source
// without a name), whichever is more.
func widestLevel(gaps map[string]Part) []Part {
	whole := gaps[""]
	delete(gaps, "")
	var sources []Part
	var sum int64
	for _, name := range slices.Sorted(maps.Keys(gaps)) {
		sources = append(sources, gaps[name])
		sum += gaps[name].Amount
	}
	if whole.Amount > sum {
		return []Part{whole}
	}
	return sources
}

// byDocument makes one part of those of one document on one side.
func byDocument(parts []Part) []Part {
	var out []Part
	for _, p := range parts {
		i := slices.IndexFunc(out, func(o Part) bool { return o.ID == p.ID && o.Side == p.Side })
		if i < 0 {
			out = append(out, p)
			continue
		}
		out[i].Amount += p.Amount
	}
	slices.SortFunc(out, func(a, b Part) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Side, b.Side)) })
	return out
}
