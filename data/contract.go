package data

import (
	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) contracts(snap *planner.Snapshot) {
	type part struct {
		contract planner.ID
		planner.ScopeItem
	}
	var parts []part
	listArgs(r, query.ContractList, func(rows pgx.Rows, c *planner.Contract) error {
		return rows.Scan(&c.ID, &c.Programme, &c.Code, &c.Name, &c.Contractor, &c.Responsible, &c.Phone, &c.PriceFen,
			dateInto{&c.Signed}, dateInto{&c.Deadline})
	}, &snap.Contracts, r.county, r.known)
	list(r, query.ContractScopeList, func(rows pgx.Rows, p *part) error {
		return rows.Scan(&p.contract, &p.ID, &p.Road, &p.Version, &p.Span.From, &p.Span.To)
	}, &parts)
	r.then(func() error {
		at := make(map[planner.ID]*planner.Contract, len(snap.Contracts))
		for i := range snap.Contracts {
			at[snap.Contracts[i].ID] = &snap.Contracts[i]
		}
		for _, p := range parts {
			at[p.contract].Scope = append(at[p.contract].Scope, p.ScopeItem)
		}
		return nil
	})
}

func (r *reader) funding(snap *planner.Snapshot) {
	list(r, query.FundingList, func(rows pgx.Rows, f *planner.FundingItem) error {
		return rows.Scan(&f.ID, &f.Programme, &f.Source, &f.Item, &f.PlannedFen, &f.AllocatedFen, &f.PaidFen)
	}, &snap.Funding)
	list(r, query.FundingTotalList, func(rows pgx.Rows, f *planner.FundingTotal) error {
		return rows.Scan(&f.ID, &f.Programme, &f.Source, &f.PlannedFen, &f.AllocatedFen, &f.PaidFen, &f.Document)
	}, &snap.Totals)
}
