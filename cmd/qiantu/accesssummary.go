package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/planner"
)

// accessManifest says what a study was made of, so that anybody can make it again: the same bytes from the same files.
type accessManifest struct {
	Region      string           `json:"region"`
	AsOf        string           `json:"as_of"` // of the OpenStreetMap extract; empty where it does not say
	Attribution string           `json:"attribution"`
	Inputs      []inputFile      `json:"inputs"`
	Season      string           `json:"season"`
	Thresholds  map[string]int64 `json:"thresholds"`
	Terrain     string           `json:"terrain"`
	Edits       string           `json:"edits"`
	Costs       string           `json:"costs"`
	Seat        string           `json:"seat"`
	Notes       []string         `json:"notes"`
	Budget      *json.Number     `json:"budget"` // null: no plan was asked for
	SDG         json.RawMessage  `json:"sdg"`    // the planner's manifest of SDG 9.1.1 and 6.1
}

func (r *accessResult) manifest() accessManifest {
	rules, q := r.a.Snapshot.Rules, r.study.question
	season := q.Season
	if season == "" {
		season = "dry"
	}
	m := accessManifest{
		Region: r.snapshot.Region.Code, AsOf: r.snapshot.AsOf.String(), Attribution: osm.Attribution + " (ODbL)", Inputs: r.inputs, Season: season,
		Thresholds: map[string]int64{"connect_m": rules.ConnectMM / 1000, "rai_m": rules.RAIBufferMM / 1000, "walk_min": rules.RAIWalkMS / 60_000, "snap_max_m": rules.SnapMaxMM / 1000},
		Terrain:    rules.Terrain, Edits: planner.FormatEdits(q.Edits), Costs: r.costsFrom(),
		Seat:  "none: connected means joined to the largest part of the network that is built and known to be all-season",
		Notes: append([]string{}, r.notes...), SDG: r.sdg,
	}
	if r.study.budget > 0 {
		budget := json.Number(money(r.study.budget))
		m.Budget = &budget
	}
	return m
}

// costsFrom says in what the planned roads are priced.
func (r *accessResult) costsFrom() string {
	switch {
	case len(r.plannedIDs) == 0:
		return "none"
	case len(r.costs) == len(r.plannedIDs):
		return "in the currency of the list of planned roads"
	}
	return "in the currency of the list of planned roads; of those without a cost in yuan, by class and terrain"
}

// summary is what is printed for a reader, or for machines.
func (r *accessResult) summary(w io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(w, struct {
			Manifest accessManifest `json:"manifest"`
			Verdicts map[string]int `json:"verdicts"`
			Plan     *accessPlan    `json:"plan"`
		}{r.manifest(), r.verdicts(), r.plan()})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d settlements, %d ways of road, %d planned roads\n", strings.TrimSpace(r.snapshot.Region.Name+" "+r.snapshot.AsOf.String()), len(r.villages), len(r.snapshot.Roads)-len(r.plannedIDs), len(r.plannedIDs))
	for _, note := range r.notes {
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	v := r.verdicts()
	fmt.Fprintf(&b, "\nconnected by all-season roads %d, reached by other roads %d, not reached %d, unknown %d\n", v["connected"], v["reached"], v["not"], v["unknown"])
	r.indicators(&b)
	r.best(&b)
	r.chosen(&b)
	r.starred(&b)
	fmt.Fprintf(&b, "\n%s\n", osm.Attribution)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *accessResult) verdicts() map[string]int {
	out := map[string]int{"connected": 0, "reached": 0, "not": 0, "unknown": 0}
	for i := range r.villages {
		out[string(r.villages[i].Road)]++
	}
	return out
}

// indicators prints the rural access index, three ways: what is proven, and what it is at most.
func (r *accessResult) indicators(b *strings.Builder) {
	b.WriteString("rural access index (SDG 9.1.1): % of rural persons, proven to at most; persons\n")
	figure := map[string]*planner.Figure{}
	for i := range r.report.Figures {
		figure[r.report.Figures[i].Metric] = &r.report.Figures[i]
	}
	rules := &r.a.Snapshot.Rules
	buffer := kilometres(rules.RAIBufferMM) + " km "
	for _, way := range []struct{ metric, says string }{
		{"M09 rai_buffer", buffer + "straight"}, {"M10 rai_network", buffer + "along roads"}, {"M10 rai_walk", plainMinutes(rules.RAIWalkMS) + " min on foot"},
	} {
		fmt.Fprintf(b, "  %-20s %s\n", way.says, between(figure[way.metric], figure[way.metric+"_high"]))
	}
}

// between prints an index with its interval.
func between(low, high *planner.Figure) string {
	if low == nil || high == nil || low.Value == nil || high.Value == nil || low.Denominator == nil {
		return "no rural persons are known"
	}
	return fmt.Sprintf("%6.2f to %6.2f  (%d to %d of %d)", *low.Value, *high.Value, low.Numerator, high.Numerator, *low.Denominator)
}

func plainMinutes(ms int64) string { return strconv.FormatFloat(float64(ms)/60_000, 'f', -1, 64) }

func kilometres(mm int64) string { return strconv.FormatFloat(float64(mm)/1e6, 'f', 2, 64) }
