package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// accessPlan is what a budget buys. Money is in the currency of the list, with its two decimals.
type accessPlan struct {
	Budget       json.Number  `json:"budget"`
	Cost         json.Number  `json:"cost"`
	LengthM      json.Number  `json:"length_m"`
	Persons      int64        `json:"persons"`       // newly connected: the sum over chosen
	BoundPersons int64        `json:"bound_persons"` // no plan within the budget connects more
	GapPersons   int64        `json:"gap_persons"`   // by how many persons the best plan may be better
	Chosen       []accessStep `json:"chosen"`
	Edits        string       `json:"edits"` // what to suppose to see it built
}

// accessStep is one choice; its persons are those that it adds to the choices before it.
type accessStep struct {
	Order       int         `json:"order"`
	IDs         []string    `json:"ids"`
	Names       []string    `json:"names"`
	LengthM     json.Number `json:"length_m"`
	Cost        json.Number `json:"cost"`
	CostFrom    string      `json:"cost_from"`
	Persons     int64       `json:"persons"`
	Uncounted   int64       `json:"settlements_uncounted"`
	Settlements []string    `json:"settlement_ids"`
	PerKM       *float64    `json:"per_km"`
	PerMillion  *float64    `json:"per_million"`
}

// plan is nil without a budget.
func (r *accessResult) plan() *accessPlan {
	p := r.ranking.Plan
	if p == nil {
		return nil
	}
	out := &accessPlan{
		Budget: json.Number(money(p.BudgetFen)), Cost: json.Number(money(p.CostFen)), LengthM: json.Number(thousandths(&p.LengthMM)),
		Persons: p.Persons, BoundPersons: p.BoundPersons, GapPersons: p.BoundPersons - p.Persons, Chosen: []accessStep{},
	}
	var edits []planner.Edit
	for i := range p.Chosen {
		out.Chosen = append(out.Chosen, r.step(&p.Chosen[i]))
		for _, u := range p.Chosen[i].Units {
			edits = append(edits, u.Edit())
		}
	}
	out.Edits = planner.FormatEdits(edits)
	return out
}

func (r *accessResult) step(row *planner.RankRow) accessStep {
	ids, names := r.roadsOf(row)
	return accessStep{
		Order: row.Rank, IDs: ids, Names: append([]string{}, names...), LengthM: json.Number(thousandths(&row.LengthMM)), Cost: json.Number(money(row.CostFen)),
		CostFrom: r.costFrom(row), Persons: row.Persons, Uncounted: row.PersonsUnknown, Settlements: r.codes(row.Villages), PerKM: row.PerKM, PerMillion: row.PerMillionYuan,
	}
}

// chosen prints the plan with its bound.
func (r *accessResult) chosen(b *strings.Builder) {
	p := r.ranking.Plan
	if p == nil {
		return
	}
	fmt.Fprintf(b, "\nplan within %s: %d persons newly connected for %s; no plan connects more than %d (gap %d)\n", money(p.BudgetFen), p.Persons, money(p.CostFen), p.BoundPersons, p.BoundPersons-p.Persons)
	for i := range p.Chosen {
		r.line(b, i+1, &p.Chosen[i])
	}
}
