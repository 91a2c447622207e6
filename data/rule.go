package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// ruleBody is the body of a row of table rule. What is left out keeps the
// default of the product.
type ruleBody struct {
	ConnectMM       *int64    `json:"connect_mm"`
	RAIBufferMM     *int64    `json:"rai_buffer_mm"`
	RAIWalkMS       *int64    `json:"rai_walk_ms"`
	SnapMaxMM       *int64    `json:"snap_max_mm"`
	WarningStepsPPM *[4]int64 `json:"warning_steps_ppm"`
	MaskBelow       *int64    `json:"mask_below"`
	FasterMM        *int64    `json:"faster_mm"`
	EvidenceOffMM   *int64    `json:"evidence_off_mm"`
	TrackOffMM      *int64    `json:"track_off_mm"`
	LengthOffPPM    *int64    `json:"length_off_ppm"`

	UrbanSeatMM *int64                      `json:"urban_seat_mm"`
	ServiceMS   map[string]int64            `json:"service_ms"`
	RoadCosts   map[string]map[string]int64 `json:"road_cost_fen_per_km"`

	JoinMM  *int64      `json:"join_mm"`
	GapMM   *int64      `json:"gap_mm"`
	Terrain string      `json:"terrain"`
	Speeds  []speedBody `json:"speeds"`

	Water waterBody `json:"water"`
	Site  siteBody  `json:"site"`
}

// waterBody is what a rule says of supply and cost of water (docs/metrics.md).
type waterBody struct {
	LossPPM       *int64           `json:"loss_ppm"`
	PublicPPM     *int64           `json:"public_ppm"`
	DryPPM        map[string]int64 `json:"dry_capacity_ppm"`
	HalfLifeDays  *int64           `json:"half_life_days"`
	StaleDays     *int64           `json:"stale_days"`
	GapVillageFen *int64           `json:"gap_village_fen"`
	GapPersonFen  *int64           `json:"gap_person_fen"`
}

// speedBody is a row of the table of speeds (docs/osm.md).
type speedBody struct {
	Class   string   `json:"class"`
	Surface string   `json:"surface"`
	Terrain string   `json:"terrain"`
	Season  string   `json:"season"`
	KMH     *float64 `json:"kmh"`
	Factor  *float64 `json:"factor"`
}

func (r *reader) rules(snap *planner.Snapshot) {
	type row struct {
		code, version string
		body          []byte
	}
	var found []row
	list(r, query.RuleGet, func(rows pgx.Rows, to *row) error { return rows.Scan(&to.code, &to.version, &to.body) }, &found)
	r.then(func() (err error) {
		snap.Rules = planner.DefaultRules()
		if len(found) == 0 {
			return nil
		}
		if snap.Rules, err = parseRules(found[0].version, found[0].body); err != nil {
			return planner.Errorf(planner.Invalid, "rule %q of code %q: %v", found[0].version, found[0].code, err)
		}
		return nil
	})
}

// parseRules lays a rule's body over the defaults. It refuses names it does
// not know, because a misspelt threshold would silently be the default one.
func parseRules(version string, body []byte) (planner.Rules, error) {
	rules := planner.DefaultRules()
	var over ruleBody
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&over); err != nil {
		return rules, err
	}
	rules.Version = version
	for _, field := range []struct {
		to   *int64
		from *int64
	}{
		{&rules.ConnectMM, over.ConnectMM}, {&rules.RAIBufferMM, over.RAIBufferMM}, {&rules.RAIWalkMS, over.RAIWalkMS},
		{&rules.SnapMaxMM, over.SnapMaxMM}, {&rules.MaskBelow, over.MaskBelow},
		{&rules.FasterMM, over.FasterMM}, {&rules.EvidenceOffMM, over.EvidenceOffMM},
		{&rules.TrackOffMM, over.TrackOffMM}, {&rules.LengthOffPPM, over.LengthOffPPM},
		{&rules.JoinMM, over.JoinMM}, {&rules.GapMM, over.GapMM}, {&rules.UrbanSeatMM, over.UrbanSeatMM},
		{&rules.Water.LossPPM, over.Water.LossPPM}, {&rules.Water.PublicPPM, over.Water.PublicPPM},
		{&rules.Water.HalfLifeDays, over.Water.HalfLifeDays}, {&rules.Water.StaleDays, over.Water.StaleDays},
		{&rules.Water.GapVillage, over.Water.GapVillageFen}, {&rules.Water.GapPerson, over.Water.GapPersonFen},
	} {
		if field.from == nil {
			continue
		}
		if *field.from < 0 {
			return rules, errors.New("a threshold is below zero")
		}
		*field.to = *field.from
	}
	if over.WarningStepsPPM != nil {
		rules.WarningStepsPPM = *over.WarningStepsPPM
	}
	s := rules.WarningStepsPPM
	if s[0] <= 0 || s[0] >= s[1] || s[1] >= s[2] || s[2] >= s[3] {
		return rules, errors.New("warning_steps_ppm must rise from blue to red, above zero")
	}
	if rules.JoinMM > joinAtMost || rules.GapMM > joinAtMost {
		return rules, fmt.Errorf("join_mm and gap_mm are at most %d, 100 m: an end further away is no slip of the pen", joinAtMost)
	}
	if err := over.Water.check(&rules.Water); err != nil {
		return rules, err
	}
	return rules, errors.Join(over.speeds(&rules), over.services(&rules), over.roadCosts(&rules), over.Site.lay(&rules.Site))
}

// services sets within how long a service is near.
func (b *ruleBody) services(rules *planner.Rules) error {
	for kind, ms := range b.ServiceMS {
		to := map[string]*int64{
			"school": &rules.Services.SchoolMS, "clinic": &rules.Services.ClinicMS,
			"market": &rules.Services.MarketMS, "township_seat": &rules.Services.TownshipSeatMS,
		}[kind]
		if to == nil || ms < 0 {
			return fmt.Errorf("service_ms: %q within %d ms is no threshold; write school, clinic, market or township_seat, and milliseconds from 0", kind, ms)
		}
		*to = ms
	}
	return nil
}

// roadCostAtMost keeps sums of costs within their numbers: ten thousand million
// yuan a kilometre.
const roadCostAtMost = 1_000_000_000_000

// roadCosts sets what a kilometre of road costs.
func (b *ruleBody) roadCosts(rules *planner.Rules) error {
	for class, costs := range b.RoadCosts {
		at, known := map[string]int{"low": planner.RoadCostLow, "mid": planner.RoadCostMid, "high": planner.RoadCostHigh}[class]
		if !known {
			return fmt.Errorf("road_cost_fen_per_km: class %q is not known; write low, mid or high", class)
		}
		for terrain, fen := range costs {
			row := &rules.RoadCosts[at]
			to := map[string]*int64{"": &row.Unknown, "plain": &row.Plain, "hill": &row.Hill, "mountain": &row.Mountain}[terrain]
			if to == nil || fen < 0 || fen > roadCostAtMost {
				return fmt.Errorf("road_cost_fen_per_km: %d fen in terrain %q is no cost; write plain, hill, mountain or nothing, and fen from 0 to %d", fen, terrain, int64(roadCostAtMost))
			}
			*to = fen
		}
	}
	return nil
}

// check sets the shares of the dry season and refuses what is no share.
func (b *waterBody) check(w *planner.WaterRules) error {
	for _, kind := range slices.Sorted(maps.Keys(b.DryPPM)) {
		to := w.Dry.Share(kind)
		if to == nil {
			return fmt.Errorf("dry_capacity_ppm has no kind of work %q; the kinds are those of water_project in docs/import.md", kind)
		}
		if *to = b.DryPPM[kind]; *to < 0 || *to > 1_000_000 {
			return fmt.Errorf("dry_capacity_ppm of %s is %d; write 0 to 1000000, the share of capacity that is left", kind, *to)
		}
	}
	if w.LossPPM > 1_000_000 || w.PublicPPM > 10_000_000 {
		return errors.New("loss_ppm is at most 1000000 and public_ppm at most 10000000, of what residents draw")
	}
	if w.HalfLifeDays == 0 {
		return errors.New("half_life_days is at least 1")
	}
	return nil
}

// joinAtMost bounds how far an end of a road may be moved, in mm.
const joinAtMost = 100_000

// speeds sets terrain and speeds.
func (b *ruleBody) speeds(rules *planner.Rules) (err error) {
	if _, known := route.Terrains()[b.Terrain]; b.Terrain != "" && !known {
		return fmt.Errorf("terrain %q is not known; write plain, hill or mountain", b.Terrain)
	}
	rules.Terrain = b.Terrain
	rows := make([]route.SpeedRow, len(b.Speeds))
	for i, r := range b.Speeds {
		rows[i] = route.SpeedRow(r)
	}
	if rules.Speeds, err = route.NewSpeedTable(rows); err != nil {
		return fmt.Errorf("speeds: %w", err)
	}
	return nil
}
