package api

import (
	"context"
	"slices"

	"github.com/qiantu/qiantu/planner"
)

// isAbove says whether a code is of a unit above the counties of the world.
func (s *Server) isAbove(code string) bool {
	w := s.world.Load()
	return w != nil && w.counties[code] == nil && len(w.below(code)) > 0
}

// below lists the counties of a unit that hold data.
func (w *world) below(unit string) []string {
	var out []string
	for _, code := range w.codes {
		if code != unit && slices.Contains(w.tree.Path(code), unit) {
			out = append(out, code)
		}
	}
	return out
}

// provinceReport adds up the counties of a prefecture or province: of the live
// world when the question is of no other day or instant. Who may not read all
// of them is told that there is no such region.
func (s *Server) provinceReport(ctx context.Context, in *reportInput, o planner.ReportOptions) (*planner.Report, error) {
	w := s.world.Load()
	counties := w.below(in.Region)
	for _, code := range counties {
		if w.county(personOf(ctx), code) == nil {
			return nil, noCounty(in.Region)
		}
	}
	if in.Kind != planner.ReportCompletion || !slices.Contains([]string{"", "township", "none"}, o.By) {
		return nil, planner.Errorf(planner.Invalid, "of a prefecture or province there is the completion report by township or none; ask for the rest county by county")
	}
	asked, err := in.parse()
	if err != nil {
		return nil, err
	}
	if asked.words != "" || asked.scenario != 0 {
		return nil, planner.Errorf(planner.Invalid, "of a prefecture or province nothing can be supposed; ask county by county")
	}
	query := asked.day
	if !query.AsOf.IsZero() || !query.KnownAt.IsZero() {
		unit, revision, tallies, err := s.store.Tally(ctx, query)
		if err != nil {
			return nil, err
		}
		return planner.TallyReport(unit, revision, tallies, o.By), nil
	}
	tallies := make([]*planner.Tally, len(counties))
	for i, code := range counties {
		tallies[i] = w.counties[code].tally()
	}
	return planner.TallyReport(planner.Region{Code: in.Region, Name: in.Region}, w.revision, tallies, o.By), nil
}

// tally is made once for each state of a county, so that after an edit a
// province costs one county.
func (c *county) tally() *planner.Tally {
	c.tallied.Do(func() { c.lengths = c.assessment.Tally() })
	return c.lengths
}
