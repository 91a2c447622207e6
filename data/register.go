package data

import (
	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// ofSite is a row that belongs to a site.
type ofSite[T any] struct {
	site planner.ID
	row  T
}

// bySite puts rows to their sites once all are read.
func bySite[T any](r *reader, snap *planner.Snapshot, rows *[]ofSite[T], add func(*planner.Site, T)) {
	r.then(func() error {
		at := make(map[planner.ID]*planner.Site, len(snap.Sites))
		for i := range snap.Sites {
			at[snap.Sites[i].ID] = &snap.Sites[i]
		}
		for _, one := range *rows {
			if site := at[one.site]; site != nil {
				add(site, one.row)
			}
		}
		return nil
	})
}

// register reads what is known of the sites beside their place and capacity.
func (r *reader) register(snap *planner.Snapshot) {
	approvals, follows := new([]ofSite[planner.SiteApproval]), new([]ofSite[planner.SiteFollowUp])
	listArgs(r, query.SiteApprovalList, func(rows pgx.Rows, a *ofSite[planner.SiteApproval]) error {
		s := &a.row
		return rows.Scan(&a.site, &s.Step, &s.Needed, dateInto{&s.Due}, dateInto{&s.Applied}, dateInto{&s.Granted}, &s.Document, &s.Note)
	}, approvals, r.county, r.known)
	listArgs(r, query.SiteFollowUpList, func(rows pgx.Rows, f *ofSite[planner.SiteFollowUp]) error {
		s := &f.row
		return rows.Scan(&f.site, &s.ID, &s.Kind, dateInto{&s.Due}, dateInto{&s.Done}, &s.Amount, &s.Responsible, &s.Note)
	}, follows, r.county, r.known)
	bySite(r, snap, approvals, func(s *planner.Site, a planner.SiteApproval) { s.Approvals = append(s.Approvals, a) })
	bySite(r, snap, follows, func(s *planner.Site, f planner.SiteFollowUp) { s.FollowUps = append(s.FollowUps, f) })
	r.dwellings(snap)
	r.scores(snap)
}

func (r *reader) dwellings(snap *planner.Snapshot) {
	types, costs := new([]ofSite[planner.DwellingType]), new([]ofSite[planner.SiteCost])
	list(r, query.DwellingTypeList, func(rows pgx.Rows, t *ofSite[planner.DwellingType]) error {
		return rows.Scan(&t.site, &t.row.Persons, &t.row.AreaDM2, &t.row.Dwellings)
	}, types)
	list(r, query.SiteCostList, func(rows pgx.Rows, c *ofSite[planner.SiteCost]) error {
		return rows.Scan(&c.site, &c.row.Item, &c.row.Fen)
	}, costs)
	bySite(r, snap, types, func(s *planner.Site, t planner.DwellingType) { s.Types = append(s.Types, t) })
	bySite(r, snap, costs, func(s *planner.Site, c planner.SiteCost) { s.Costs = append(s.Costs, c) })
}

func (r *reader) scores(snap *planner.Snapshot) {
	scores, counts := new([]ofSite[planner.StoredScore]), new([]ofSite[planner.EmploymentCount])
	list(r, query.SuitabilityList, func(rows pgx.Rows, s *ofSite[planner.StoredScore]) error {
		return rows.Scan(&s.site, &s.row.Factor, &s.row.Score, &s.row.Excluded, &s.row.Source)
	}, scores)
	list(r, query.EmploymentList, func(rows pgx.Rows, e *ofSite[planner.EmploymentCount]) error {
		return rows.Scan(&e.site, dateInto{&e.row.AsOf}, &e.row.Households, &e.row.AbleHouseholds, &e.row.Employed)
	}, counts)
	bySite(r, snap, scores, func(s *planner.Site, one planner.StoredScore) { s.Scores = append(s.Scores, one) })
	bySite(r, snap, counts, func(s *planner.Site, e planner.EmploymentCount) { s.Employment = &e })
}
