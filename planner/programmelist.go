package planner

import (
	"maps"
	"slices"
)

// ProgrammeItem is a programme with its task, its contracts and its money.
type ProgrammeItem struct {
	Programme *Programme
	Task      int64 // mm
	Completed int64
	Contracts []ContractItem
	Funding   []FundingItem
	Sums      []FundingSum // by source, then of the whole programme with an empty Source
}

// ContractItem is a contract with what it alone has of the task.
type ContractItem struct {
	Contract  *Contract
	Task      int64 // mm
	Completed int64
}

// Rate is completed of the task in per cent; nil: no task.
func (c *ContractItem) Rate() *float64 {
	if c.Task == 0 {
		return nil
	}
	rate := float64(c.Completed) * 100 / float64(c.Task)
	return &rate
}

// FundingSum is what items sum to, beside what a document prints. A nil amount
// is not known: a sum with an item of unknown amount is not known either.
type FundingSum struct {
	Source       string
	PlannedFen   *int64
	AllocatedFen *int64
	PaidFen      *int64
	Printed      *FundingTotal // nil: none is printed
	Agrees       *bool         // nil: nothing printed that could be held against a sum
}

// ProgrammeList lists the programmes of the county in order of their first day.
func (a *Assessment) ProgrammeList() []ProgrammeItem {
	out := make([]ProgrammeItem, len(a.Programmes))
	for i := range a.Programmes {
		p := &a.Programmes[i]
		out[i] = ProgrammeItem{Programme: p.Programme, Contracts: a.contractsOf(i)}
		for j := range p.Works {
			out[i].Task += p.Works[j].Scope.Length()
			out[i].Completed += p.Works[j].Completed.Length()
		}
		for _, f := range a.Snapshot.Funding {
			if f.Programme == p.Programme.ID {
				out[i].Funding = append(out[i].Funding, f)
			}
		}
		out[i].Sums = a.fundingSums(p.Programme.ID, out[i].Funding)
	}
	return out
}

// contractsOf lists the contracts of a programme.
func (a *Assessment) contractsOf(programme int) []ContractItem {
	var out []ContractItem
	p := &a.Programmes[programme]
	for i := range a.Snapshot.Contracts {
		if c := &a.Snapshot.Contracts[i]; c.Programme == p.Programme.ID {
			out = append(out, ContractItem{Contract: c})
		}
	}
	for i := range p.Works {
		for _, o := range p.Works[i].contracts {
			at := slices.IndexFunc(out, func(c ContractItem) bool { return c.Contract.ID == o.owner })
			if at >= 0 {
				out[at].Task += o.set.Length()
				out[at].Completed += o.set.Intersect(p.Works[i].Completed).Length()
			}
		}
	}
	return out
}

// fundingSums sums the items by source, and all of them, and holds the sums
// against what is printed.
func (a *Assessment) fundingSums(programme ID, items []FundingItem) []FundingSum {
	by := map[string][]FundingItem{"": items}
	printed := map[string]*FundingTotal{}
	for _, f := range items {
		if f.Source != "" {
			by[f.Source] = append(by[f.Source], f)
		}
	}
	for i := range a.Snapshot.Totals {
		if t := &a.Snapshot.Totals[i]; t.Programme == programme {
			printed[t.Source] = t
			by[t.Source] = append([]FundingItem(nil), by[t.Source]...)
		}
	}
	sources := slices.Sorted(maps.Keys(by))
	var out []FundingSum
	for _, source := range append(sources[1:], "") {
		if len(by[source]) > 0 || printed[source] != nil {
			out = append(out, sumFunding(source, by[source], printed[source]))
		}
	}
	return out
}

func sumFunding(source string, items []FundingItem, printed *FundingTotal) FundingSum {
	out := FundingSum{
		Source:       source,
		PlannedFen:   sumKnown(items, func(f *FundingItem) *int64 { return f.PlannedFen }),
		AllocatedFen: sumKnown(items, func(f *FundingItem) *int64 { return f.AllocatedFen }),
		PaidFen:      sumKnown(items, func(f *FundingItem) *int64 { return f.PaidFen }),
		Printed:      printed,
	}
	if printed == nil {
		return out
	}
	agrees, held := true, false
	for _, pair := range [][2]*int64{
		{out.PlannedFen, printed.PlannedFen}, {out.AllocatedFen, printed.AllocatedFen}, {out.PaidFen, printed.PaidFen},
	} {
		if pair[0] != nil && pair[1] != nil {
			held = true
			agrees = agrees && *pair[0] == *pair[1]
		}
	}
	if held {
		out.Agrees = &agrees
	}
	return out
}

// sumKnown is the sum of amounts that are all known; nil where one is not, or
// where there is none.
func sumKnown(items []FundingItem, amount func(*FundingItem) *int64) *int64 {
	var sum int64
	for i := range items {
		v := amount(&items[i])
		if v == nil {
			return nil
		}
		sum += *v
	}
	if len(items) == 0 {
		return nil
	}
	return &sum
}
