package main

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"os"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/planner"
)

// study is what `qiantu access` was asked.
type study struct {
	network, population, planned, dem string
	question                          planner.Question
	rules                             planner.Rules
	read                              ingest.Request // Encoding and CRS of the tables
	json                              bool
	out                               string
	budget                            int64 // hundredths; 0: no plan is made
}

func runAccess(ctx context.Context, env environment, args []string) error {
	s, err := parseStudy(env, args)
	if err != nil {
		return err
	}
	in, err := s.gather(ctx, env)
	if err != nil {
		return err
	}
	a, err := ask(ctx, in.snapshot, s.question)
	if err != nil {
		return err
	}
	found, err := s.judge(ctx, env, a, in)
	if err != nil {
		return err
	}
	if s.out != "" {
		if err := os.MkdirAll(s.out, 0o777); err != nil {
			return err
		}
		if err := found.write(env, s.out); err != nil {
			return err
		}
	}
	return writeTo(env, "", func(w io.Writer) error { return found.summary(w, s.json) })
}

func parseStudy(env environment, args []string) (*study, error) {
	s := &study{rules: planner.DefaultRules()}
	set := flags(env, "access")
	set.StringVar(&s.network, "network", "", "OpenStreetMap file: .osm.pbf, .osm or .osm.xml")
	set.StringVar(&s.population, "population", "", "table with id, lon, lat and persons, or a GeoTIFF of persons")
	set.StringVar(&s.planned, "planned", "", "planned roads with their lines: GeoJSON, GeoPackage, Shapefile, KML or CSV with WKT")
	set.StringVar(&s.dem, "dem", "", "terrain model, a GeoTIFF of heights in metres: walks go over the land; default: as if level")
	budget := set.Float64("budget", 0, "money for planned roads, in the currency of their costs; a plan within it is made")
	question := addQuestion(set, set.String("season", "", "dry or wet; default: dry"))
	speeds := set.String("speeds", "", "table of speeds, CSV; default: that of docs/osm.md")
	set.StringVar(&s.rules.Terrain, "terrain", "", "plain, hill or mountain; default: no factor")
	set.StringVar(&s.read.Encoding, "encoding", "", "character set of the tables; default: found")
	set.StringVar(&s.read.CRS, "crs", "", "of the tables: EPSG:4326, EPSG:4490, gcj02 or bd09; default: degrees of WGS 84")
	set.BoolVar(&s.json, "json", false, "the summary for machines")
	set.StringVar(&s.out, "out", "", "directory for the tables; default: the summary alone")
	words, err := parse(set, args)
	switch {
	case err != nil:
		return nil, err
	case len(words) > 0:
		return nil, usagef("unexpected %q", words[0])
	case s.network == "" || s.population == "":
		return nil, usagef("give --network and --population")
	}
	if err := oneOf("terrain", s.rules.Terrain, terrains()...); err != nil {
		return nil, err
	}
	if err := knownCRS(s.read.CRS); err != nil {
		return nil, err
	}
	if s.question, err = question.question(); err != nil {
		return nil, err
	}
	if s.budget, err = s.readBudget(*budget); err != nil {
		return nil, err
	}
	s.rules.Speeds, err = readSpeeds(*speeds)
	return s, err
}

// readBudget gives hundredths.
func (s *study) readBudget(whole float64) (int64, error) {
	const most = 1e12
	switch {
	case !(whole >= 0 && whole <= most):
		return 0, usagef("--budget %v is no sum of money; write a number from 0 (no plan) to %.0f", whole, most)
	case whole > 0 && s.planned == "":
		return 0, usagef("--budget is spent on planned roads; give --planned")
	}
	return int64(math.Round(whole * 100)), nil
}

// accessResult is everything that comes out of a study.
type accessResult struct {
	*gathered
	study    *study
	a        *planner.Assessment
	report   *planner.Report
	sdg      json.RawMessage // the manifest of SDG 9.1.1 and 6.1
	villages []planner.VillageAccess
	ranking  *planner.Ranking
}

// judge answers the study.
func (s *study) judge(ctx context.Context, env environment, a *planner.Assessment, in *gathered) (*accessResult, error) {
	report, err := a.Report(planner.ReportCoverage, planner.ReportOptions{By: "none"})
	if err != nil {
		return nil, err
	}
	sdg, err := a.Manifest()
	if err != nil {
		return nil, err
	}
	r := &accessResult{gathered: in, study: s, a: a, report: report, sdg: sdg, villages: a.VillageAccess()}
	r.noteJoins()
	return r, r.rank(ctx, env)
}
