package planner

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/qiantu/qiantu/geo/route"
)

// manifest is what an indicator of the United Nations stands on and what it is,
// in one document. Whoever has the same revision gets the same bytes.
type manifest struct {
	Kind       string             `json:"kind"`
	Region     manifestRegion     `json:"region"`
	Inputs     manifestInputs     `json:"inputs"`
	Mask       manifestMask       `json:"urban_mask"`
	Population manifestPopulation `json:"population"`
	Access     []manifestFigure   `json:"sdg_9_1_1"`
	Water      []manifestFigure   `json:"sdg_6_1"`
	Notes      []string           `json:"notes"`
}

type manifestRegion struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
	Sample bool   `json:"sample"`
}

type manifestInputs struct {
	Revision  int64          `json:"revision"`
	AsOf      string         `json:"as_of"`
	KnownAt   string         `json:"known_at,omitempty"`
	Rules     string         `json:"rules_version"`
	Standard  string         `json:"water_standard"`
	Season    string         `json:"season"`
	ConnectMM int64          `json:"connect_mm"`
	BufferMM  int64          `json:"rai_buffer_mm"`
	WalkMS    int64          `json:"rai_walk_ms"`
	Walk      WalkGround     `json:"walk"`
	Terrain   *Terrain       `json:"terrain"`
	Edits     string         `json:"edits"`
	Counts    map[string]int `json:"counts"`
}

type manifestMask struct {
	Rule   string          `json:"rule"`
	SeatMM int64           `json:"seat_mm"`
	Urban  []manifestUrban `json:"villages"`
}

type manifestUrban struct {
	ID   ID     `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
	Why  string `json:"why"`
}

type manifestPopulation struct {
	Sources []manifestSource `json:"sources"`
	Unknown int64            `json:"villages_unknown"`
}

type manifestSource struct {
	Source   string `json:"source"`
	AsOf     string `json:"latest"`
	Villages int64  `json:"villages"`
	Persons  int64  `json:"persons"`
}

type manifestFigure struct {
	Metric      string   `json:"metric"`
	Value       *float64 `json:"value"`
	Unit        Unit     `json:"unit"`
	Numerator   int64    `json:"numerator"`
	Denominator *int64   `json:"denominator"`
	Unknown     int64    `json:"unknown"`
	Rule        string   `json:"rule"`
}

// manifestNotes say what the figures cannot tell.
var manifestNotes = []string{
	"rai: value is the proven share of rural persons; the row with _high adds those of whom it is not known; villages of unknown persons stand in unknown only",
	"rai_walk: Tobler's walk, one way, on roads and paths, off them at 0.6 of it; inputs.walk says whether over the land (terrain, where its heights are known) or as if level, 5.04 km/h",
	"sdg_6_1: as far as surveys allow; where they do not, a village is of the class unknown",
}

// maskRule is how the urban mask is made.
const maskRule = "urban: township code of a sub-district (001-099), village code of a residents' committee (001-199), kind town, within seat_mm of the county seat"

// Manifest writes SDG 9.1.1 and 6.1 of the county with all they were made from,
// as JSON: the same snapshot and question give the same bytes.
func (a *Assessment) Manifest() ([]byte, error) {
	coverage, err := a.Report(ReportCoverage, ReportOptions{By: "none"})
	if err != nil {
		return nil, err
	}
	water, err := a.Report(ReportWater, ReportOptions{By: "none"})
	if err != nil {
		return nil, err
	}
	r := &a.Snapshot.Region
	m := manifest{
		Kind: "qiantu-sdg/1", Region: manifestRegion{r.Code, r.Name, r.NameEN, r.Sample}, Inputs: a.manifestInputs(),
		Mask: a.manifestMask(), Population: a.manifestPopulation(), Notes: manifestNotes,
	}
	m.Access = figuresNamed(coverage, r.Code, func(metric string) bool {
		return slices.Contains([]string{"C14", "C15", "M09", "M10"}, metric)
	})
	m.Water = figuresNamed(water, r.Code, func(metric string) bool { return slices.Contains([]string{"M13", "M14", "C62"}, metric) })
	return json.MarshalIndent(&m, "", "  ")
}

func (a *Assessment) manifestInputs() manifestInputs {
	s := a.Snapshot
	in := manifestInputs{
		Revision: s.Revision, AsOf: s.AsOf.String(), Rules: s.Rules.Version, Standard: s.Standard.Version,
		Season: cmp.Or(a.Question.Season, route.Dry), ConnectMM: s.Rules.ConnectMM, BufferMM: s.Rules.RAIBufferMM, WalkMS: s.Rules.RAIWalkMS, Walk: a.walkGround(),
		Edits:  FormatEdits(a.Question.Edits),
		Counts: map[string]int{"villages": len(s.Villages), "roads": len(s.Roads), "road_segments": len(s.Segments), "water_surveys": len(s.Surveys)},
	}
	if s.Heights != nil {
		in.Terrain = &s.Terrain
	}
	if !s.KnownAt.IsZero() {
		in.KnownAt = s.KnownAt.UTC().Format(time.RFC3339Nano)
	}
	return in
}

func (a *Assessment) manifestMask() manifestMask {
	mask := a.RuralMask()
	out := manifestMask{Rule: maskRule, SeatMM: mask.SeatMM, Urban: []manifestUrban{}}
	for _, u := range mask.Urban {
		out.Urban = append(out.Urban, manifestUrban{u.Village.ID, u.Village.Code, u.Village.Name, u.Why})
	}
	return out
}

func (a *Assessment) manifestPopulation() manifestPopulation {
	sources, unknown := a.PopulationSources()
	out := manifestPopulation{Sources: []manifestSource{}, Unknown: unknown}
	for _, s := range sources {
		out.Sources = append(out.Sources, manifestSource{s.Source, s.AsOf.String(), s.Villages, s.Persons})
	}
	return out
}

// figuresNamed are the figures of a scope whose ids are wanted.
func figuresNamed(r *Report, scope string, wanted func(id string) bool) []manifestFigure {
	out := []manifestFigure{}
	for i := range r.Figures {
		f := &r.Figures[i]
		id, _, _ := strings.Cut(f.Metric, " ")
		if f.Scope == scope && wanted(id) {
			out = append(out, manifestFigure{f.Metric, f.Value, f.Unit, f.Numerator, f.Denominator, f.Unknown, f.Rule})
		}
	}
	return out
}
