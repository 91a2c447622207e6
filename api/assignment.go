package api

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// assignJSON is an assignment on the wire.
type assignJSON struct {
	solvedJSON
	Region   string             `json:"region"`
	Revision int64              `json:"revision"`
	AsOf     string             `json:"as_of"`
	Metric   string             `json:"metric" enum:"m,s"`
	Split    bool               `json:"split"`
	Rows     []assignRowJSON    `json:"rows"`
	Left     []assignLeftJSON   `json:"left" doc:"who has to move and no site can be found for"`
	Sites    []decisionSiteJSON `json:"sites"`
	Ways     []waySummaryJSON   `json:"ways"`
}

type assignRowJSON struct {
	Village    planner.ID   `json:"village"`
	Name       string       `json:"name"`
	Site       planner.ID   `json:"site"`
	SiteName   string       `json:"site_name"`
	Line       [2]orb.Point `json:"line" doc:"[lon,lat] of both ends"`
	Households *int64       `json:"households" doc:"null: masked"`
	Persons    int64        `json:"persons"`
	Straight   exact        `json:"straight_m"`
	Metres     exact        `json:"m"`
	Seconds    exact        `json:"s"`
	WetMetres  exact        `json:"wet_m"`
	WetSeconds exact        `json:"wet_s"`
	Walk       *float64     `json:"walk_out_min"`
}

type assignLeftJSON struct {
	Village planner.ID `json:"village"`
	Name    string     `json:"name"`
	Persons *int64     `json:"persons"`
	Why     string     `json:"why"`
}

type waySummaryJSON struct {
	Name        string   `json:"name"`
	Mean        *float64 `json:"mean"`
	Median      *float64 `json:"median"`
	Max         *float64 `json:"max"`
	Over20km    *float64 `json:"over_20km_pct"`
	Persons     int64    `json:"persons"`
	Unreachable int64    `json:"unreachable"`
}

func wireAssignRow(a *planner.Assessment, r *planner.AssignRow) assignRowJSON {
	way := wireDistance(&r.Way)
	out := assignRowJSON{
		Village: way.From, Name: way.FromName, Site: way.To, SiteName: way.ToName, Line: [2]orb.Point{pointOf(a, way.From), gateOf(a, way.To)}, Persons: r.Persons,
		Straight: way.Straight, Metres: way.Metres, Seconds: way.Seconds, Walk: way.WalkOut,
	}
	if !r.Masked {
		out.Households = &r.Households
	}
	if r.WetMM != nil && r.WetMS != nil {
		out.WetMetres, out.WetSeconds = exactly(*r.WetMM, metres), exactly(*r.WetMS, metres)
	}
	return out
}

// wireAssign is an assignment as it is told.
func wireAssign(a *planner.Assessment, p *planner.AssignPlan, seconds float64) assignJSON {
	out := assignJSON{
		solvedJSON: wireSolved(p.Objective, p.Bound, p.Gap(), seconds, string(p.Status), p.Reason),
		Region:     a.Snapshot.Region.Code, Revision: a.Snapshot.Revision, AsOf: a.Snapshot.AsOf.String(), Metric: p.Metric, Split: p.Split,
		Rows: []assignRowJSON{}, Left: []assignLeftJSON{}, Sites: []decisionSiteJSON{}, Ways: []waySummaryJSON{},
	}
	for i := range p.Rows {
		out.Rows = append(out.Rows, wireAssignRow(a, &p.Rows[i]))
	}
	for _, l := range p.Left {
		out.Left = append(out.Left, assignLeftJSON{l.Village, l.Name, l.Persons, string(l.Why)})
	}
	for i := range p.Sites {
		out.Sites = append(out.Sites, wireDecisionSite(a, &p.Sites[i]))
	}
	for _, s := range p.Ways {
		out.Ways = append(out.Ways, waySummaryJSON(s))
	}
	return out
}

// WriteAssign writes an assignment as JSON.
func WriteAssign(w io.Writer, a *planner.Assessment, p *planner.AssignPlan, seconds float64) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(wireAssign(a, p, seconds)); err != nil {
		return fmt.Errorf("api: write assignment: %w", err)
	}
	return nil
}
