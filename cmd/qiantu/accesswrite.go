package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
)

// write puts the tables of a study into a directory; each file appears whole or not at all.
func (r *accessResult) write(env environment, dir string) error {
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.csv", func(w io.Writer) error { return api.ReportCSV(w, r.report) }},
		{"report.json", func(w io.Writer) error { return api.WriteReport(w, r.report) }},
		{"villages.csv", r.writeVillages},
		{"ranking.csv", r.writeRanking},
		{"plan.json", func(w io.Writer) error { return writeJSON(w, r.plan()) }},
		{"manifest.json", func(w io.Writer) error { return writeJSON(w, r.manifest()) }},
	} {
		if err := writeTo(env, filepath.Join(dir, f.name), f.write); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// writeVillages prints every settlement with its verdict and what it lacks.
func (r *accessResult) writeVillages(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"id", "name", "lon", "lat", "kind", "persons", "verdict", "connected", "hardened", "reached",
		"nearest_all_season_m", "nearest_road", "missing_m", "missing", "first_missing_road"}}
	for i := range r.villages {
		v := &r.villages[i]
		missing, how, first := r.missing(v)
		persons := ""
		if n, ok := v.Village.Persons(); ok {
			persons = strconv.FormatInt(n, 10)
		}
		rows = append(rows, []string{v.Village.Code, v.Village.Name, degrees(v.Village.Point[0]), degrees(v.Village.Point[1]), v.Village.Kind, persons,
			string(v.Road), string(v.Connected), string(v.Smooth), string(v.Reached),
			thousandths(v.NearestMM), roadLabel(v.Nearest), missing, how, first})
	}
	return out.WriteAll(rows)
}

// missing says what a settlement lacks: metres of road, or straight ones to the nearest that would do.
func (r *accessResult) missing(v *planner.VillageAccess) (metres, how, first string) {
	switch {
	case v.Link == nil:
		return "", "", ""
	case v.Link.Straight:
		return thousandths(&v.Link.MissingMM), "straight", ""
	case v.Link.First == nil:
		return thousandths(&v.Link.MissingMM), "road", ""
	}
	return thousandths(&v.Link.MissingMM), "road", roadLabel(r.road(v.Link.First.Road))
}

// road is one of the snapshot; their ids count from 1.
func (g *gathered) road(id planner.ID) *planner.Road { return &g.snapshot.Roads[id-1] }

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// roadLabel names a road by its code, and its name where it has one.
func roadLabel(r *planner.Road) string {
	switch {
	case r == nil:
		return ""
	case r.Name == "":
		return r.Code
	}
	return strings.TrimSpace(r.Code + " " + r.Name)
}
