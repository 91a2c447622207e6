package data

import "github.com/qiantu/qiantu/planner"

// rowsOf lists what the sites of a load have of a kind, with the stored id of
// their site.
func rowsOf[T any](w *writer, of func(*planner.Site) []T) []ofSite[T] {
	var out []ofSite[T]
	for i := range w.load.Sites {
		s := &w.load.Sites[i]
		for _, one := range of(s) {
			out = append(out, ofSite[T]{w.ids["relocation_site"][s.ID], one})
		}
	}
	return out
}

// followUpsOf are those of all sites, in the order of rowsOf.
func followUpsOf(l *Load) []planner.SiteFollowUp {
	var out []planner.SiteFollowUp
	for i := range l.Sites {
		out = append(out, l.Sites[i].FollowUps...)
	}
	return out
}

// register writes what is known of the sites beside their place and capacity.
func (w *writer) register() error {
	approvals := rowsOf(w, func(s *planner.Site) []planner.SiteApproval { return s.Approvals })
	err := w.copyRows("site_approval", []string{"site", "step", "needed", "due", "applied", "granted", "document", "note"}, len(approvals), func(i int) []any {
		a := &approvals[i].row
		return []any{approvals[i].site, string(a.Step), a.Needed, putDate(a.Due), putDate(a.Applied), putDate(a.Granted), a.Document, a.Note}
	})
	if err != nil {
		return err
	}
	follows := rowsOf(w, func(s *planner.Site) []planner.SiteFollowUp { return s.FollowUps })
	id, err := w.reserve("site_follow_up", idsOf(followUpsOf(w.load), func(f *planner.SiteFollowUp) planner.ID { return f.ID }))
	if err != nil {
		return err
	}
	err = w.copyRows("site_follow_up", []string{"id", "site", "kind", "due", "done", "amount", "responsible", "note"}, len(follows), func(i int) []any {
		f := &follows[i].row
		return []any{id[i], follows[i].site, f.Kind, putDate(f.Due), putDate(f.Done), f.Amount, f.Responsible, f.Note}
	})
	if err != nil {
		return err
	}
	return w.registerCounts()
}

func (w *writer) registerCounts() error {
	types := rowsOf(w, func(s *planner.Site) []planner.DwellingType { return s.Types })
	err := w.copyRows("dwelling_type", []string{"site", "persons", "area_dm2", "dwellings"}, len(types), func(i int) []any {
		t := &types[i].row
		return []any{types[i].site, int32(t.Persons), t.AreaDM2, t.Dwellings}
	})
	if err != nil {
		return err
	}
	costs := rowsOf(w, func(s *planner.Site) []planner.SiteCost { return s.Costs })
	err = w.copyRows("site_cost", []string{"site", "item", "fen"}, len(costs), func(i int) []any {
		return []any{costs[i].site, costs[i].row.Item, costs[i].row.Fen}
	})
	if err != nil {
		return err
	}
	scores := rowsOf(w, func(s *planner.Site) []planner.StoredScore { return s.Scores })
	err = w.copyRows("suitability", []string{"site", "factor", "score", "excluded", "source"}, len(scores), func(i int) []any {
		s := &scores[i].row
		return []any{scores[i].site, s.Factor, s.Score, s.Excluded, s.Source}
	})
	if err != nil {
		return err
	}
	counts := rowsOf(w, func(s *planner.Site) []planner.EmploymentCount {
		if s.Employment == nil {
			return nil
		}
		return []planner.EmploymentCount{*s.Employment}
	})
	return w.copyRows("employment", []string{"site", "as_of", "households", "able_households", "employed"}, len(counts), func(i int) []any {
		e := &counts[i].row
		return []any{counts[i].site, putDate(e.AsOf), e.Households, e.AbleHouseholds, e.Employed}
	})
}

// consents writes how many households of the villages agree to move.
func (w *writer) consents() error {
	var asked []*planner.Village
	for i := range w.load.Villages {
		if v := &w.load.Villages[i]; v.Consent != nil {
			asked = append(asked, v)
		}
	}
	return w.copyRows("consent", []string{"village", "as_of", "asked", "agreed", "source"}, len(asked), func(i int) []any {
		c := asked[i].Consent
		return []any{w.ids["village"][asked[i].ID], putDate(c.AsOf), c.Asked, c.Agreed, w.load.Source}
	})
}
