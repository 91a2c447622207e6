package planner

import (
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
// which one of the two is not known adds one to what is unknown.
func (c *completion) spent(metric string, items []*FundingItem, of func(*FundingItem) *int64) {
	parts := make([]Part, 0, len(items))
	for _, f := range items {
		if f.PaidFen != nil {
			parts = append(parts, Part{Side: SideNumerator, Layer: "funding", ID: f.ID, Amount: *f.PaidFen})
		}
		if f.PaidFen == nil || of(f) == nil {
			parts = append(parts, Part{Side: SideUnknown, Layer: "funding", ID: f.ID, Amount: 1})
		}
	}
	whole, _ := sumFunds(items, of)
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
// sums of their items. A printed sum some item of which is not known adds one
// to what is unknown.
func (c *completion) unreconciled(p *Programme, items []*FundingItem) {
	var parts []Part
	for i := range c.a.Snapshot.Totals {
		t := &c.a.Snapshot.Totals[i]
		if t.Programme != p.ID {
			continue
		}
		difference, unknown := t.against(items)
		if difference != 0 {
			parts = append(parts, Part{Side: SideNumerator, Layer: "funding_total", ID: t.ID, Amount: difference})
		}
		if unknown != 0 {
			parts = append(parts, Part{Side: SideUnknown, Layer: "funding_total", ID: t.ID, Amount: unknown})
		}
	}
	c.amount("C45 funding_unreconciled", UnitYuan, parts)
}

// against holds printed sums against the items: the sum of the differences in
// fen, and how many sums cannot be held against anything.
func (t *FundingTotal) against(items []*FundingItem) (difference, unknown int64) {
	var of []*FundingItem
	for _, f := range items {
		if t.Source == "" || f.Source == t.Source {
			of = append(of, f)
		}
	}
	for _, column := range []struct {
		printed *int64
		of      func(*FundingItem) *int64
	}{{t.PlannedFen, plannedFen}, {t.AllocatedFen, allocatedFen}, {t.PaidFen, paidFen}} {
		if column.printed == nil {
			continue
		}
		sum, missing := sumFunds(of, column.of)
		switch {
		case missing > 0 || len(of) == 0:
			unknown++
		case sum > *column.printed:
			difference += sum - *column.printed
		default:
			difference += *column.printed - sum
		}
	}
	return difference, unknown
}
