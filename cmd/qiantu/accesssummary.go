package main

import (
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
}

func (r *accessResult) manifest() accessManifest {
	rules, q := r.a.Snapshot.Rules, r.study.question
	season := q.Season
	if season == "" {
		season = "dry"
	}
	return accessManifest{
		Region: r.snapshot.Region.Code, AsOf: r.snapshot.AsOf.String(), Attribution: osm.Attribution + " (ODbL)", Inputs: r.inputs, Season: season,
		Thresholds: map[string]int64{"connect_m": rules.ConnectMM / 1000, "rai_m": rules.RAIBufferMM / 1000, "walk_min": rules.RAIWalkMS / 60_000, "snap_max_m": rules.SnapMaxMM / 1000},
		Terrain:    rules.Terrain, Edits: planner.FormatEdits(q.Edits), Costs: "in the currency of the list of planned roads",
		Seat:  "none: connected means joined to the largest part of the network that is built and known to be all-season",
		Notes: append([]string{}, r.notes...),
	}
}

// summary is what is printed for a reader, or for machines.
func (r *accessResult) summary(w io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(w, struct {
			Manifest accessManifest `json:"manifest"`
			Verdicts map[string]int `json:"verdicts"`
		}{r.manifest(), r.verdicts()})
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

// indicators prints the rural access index, three ways, with what is not known.
func (r *accessResult) indicators(b *strings.Builder) {
	b.WriteString("rural access index, % of persons (with roads of unknown season counted too)\n")
	value := map[string]*float64{}
	for i := range r.report.Figures {
		value[r.report.Figures[i].Metric] = r.report.Figures[i].Value
	}
	for _, way := range []struct{ metric, says string }{
		{"M09 rai_buffer", "straight line"}, {"M10 rai_network", "along roads and paths"}, {"M10 rai_walk", "on foot"},
	} {
		fmt.Fprintf(b, "  %-22s %8s  (%s)\n", way.says, percent(value[way.metric]), percent(value[way.metric+"_high"]))
	}
}

func percent(v *float64) string {
	if v == nil {
		return "–"
	}
	return strconv.FormatFloat(*v, 'f', 2, 64)
}

func kilometres(mm int64) string { return strconv.FormatFloat(float64(mm)/1e6, 'f', 2, 64) }
