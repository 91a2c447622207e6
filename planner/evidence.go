package planner

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// EvidenceItem is one part of a figure, opened: what it is, where it lies, and
// the reports that prove it.
type EvidenceItem struct {
	Layer     string // road, village, water_project, move, relocation_site, region, programme, contract, funding, funding_total, warning
	ID        ID     // of the thing in that layer; 0: several, masked together
	Segment   ID     // roads: the segment of the inventory; 0: none
	Code      string
	Name      string
	Township  string // region code
	Side      Side
	Span      chainage.Span // roads: mm of measure
	LabelFrom string        // roads: K labels of the span
	LabelTo   string
	Amount    int64      // in the base unit of the figure's Basis
	Center    *orb.Point // nil: not drawn
	Bounds    orb.Bound  // of what is drawn
	Events    []EvidenceEvent

	Inspections []ID // that failed on the part, or measured it
	Disputes    []ID // that hold it out
}

// EvidenceEvent is a report that a part stands on.
type EvidenceEvent struct {
	ID       string
	Stage    string
	On       Date
	Span     chainage.Span // roads: as reported, before any union
	Reporter string
	Evidence []string // hashes of photos and files

	Recorded  time.Time // when we knew; zero: not known
	By        string    // login of who entered it
	Entered   string    // how
	Contract  ID        // 0: not said
	Note      string
	Overrides []Override // rules it broke and that somebody answered for
}

// Evidence opens a figure: its parts in order, with names, labels, places and
// events. The metric is written in full ("M02 completion_rate"), by its id, or
// by its name; the scope as in the report. The amounts of the numerator side
// sum to the figure's numerator.
func (a *Assessment) Evidence(metric, scope string) (*Figure, []EvidenceItem, error) {
	f, err := a.figure(metric, scope)
	if err != nil {
		return nil, nil, err
	}
	items := make([]EvidenceItem, len(f.Parts))
	for i := range f.Parts {
		items[i] = a.open(f, &f.Parts[i])
	}
	return f, items, nil
}

// figure computes the one figure asked for.
func (a *Assessment) figure(metric, scope string) (*Figure, error) {
	scope = strings.TrimPrefix(scope, "region:")
	if scope == "" {
		scope = a.Snapshot.Region.Code
	}
	kind := kindOf(metric)
	r, err := a.report(kind, optionsFor(kind, metric, scope), &opening{metric, scope})
	if err != nil {
		return nil, err
	}
	for i := range r.Figures {
		if f := &r.Figures[i]; f.Scope == scope && f.isCalled(metric) {
			return f, nil
		}
	}
	return nil, Errorf(NotFound, "there is no figure %q for %q; the report lists the metrics and scopes there are", metric, scope)
}

func (f *Figure) isCalled(metric string) bool {
	id, name, _ := strings.Cut(f.Metric, " ")
	return metric == f.Metric || metric == id || metric == name
}

// kindOf says which report a metric stands in: by its id, or by its name.
func kindOf(metric string) ReportKind {
	id, _, _ := strings.Cut(metric, " ")
	if strings.HasPrefix(id, "villages_within_") {
		return ReportCoverage
	}
	if kind, minutes, ok := strings.Cut(id, "_within_"); ok && minutes != "" {
		id = strings.TrimSuffix(kind, "_village") + "_unreachable" // a service by its name: it has the id of its other rows
	}
	if known, ok := metricIDs[id]; ok {
		id = known
	}
	for _, kind := range []ReportKind{ReportCoverage, ReportWater, ReportRelocation} {
		if slices.Contains(reportMetrics[kind], id) {
			return kind
		}
	}
	return ReportCompletion
}

// reportMetrics are the ids of the metrics of a report; all others belong to
// completion.
var reportMetrics = map[ReportKind][]string{
	ReportCoverage: {
		"C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21", "C22", "C50", "C51", "C52", "C53",
		"M07", "M09", "M10", "M13", "M14",
	},
	ReportWater: {
		"C23", "C24", "C25", "C26", "C27", "C28", "C29", "C60", "C61", "C62", "M12", "M15", "M16", "M38",
	},
	ReportRelocation: {"C30", "C31", "C32", "C33", "M18", "M19", "M20", "M21", "M22", "M23", "M24", "M25", "M26", "M27", "M28", "M29"},
}

// metricIDs finds the id of the metrics of coverage, water and relocation by name.
var metricIDs = map[string]string{
	"villages": "C10", "connected_rate": "M07", "smooth_access_rate": "M07", "reach_rate": "M07",
	"villages_not_connected": "C11", "villages_unknown": "C12", "missing_length": "C13", "rai_buffer": "M09",
	"connected_person_rate": "M07", "rural_persons": "C14", "urban_persons": "C15",
	"gap_length": "C16", "gap_length_bound": "C17", "gap_cost": "C18", "gap_cost_bound": "C19",
	"rai_buffer_high": "M09", "rai_unknown_season_share": "M09",
	"rai_network": "M10", "rai_network_high": "M10", "rai_walk": "M10", "rai_walk_high": "M10",
	"school_unreachable": "C50", "clinic_unreachable": "C51", "market_unreachable": "C52", "township_seat_unreachable": "C53",
	"water_safe": "M13", "water_basic": "M13", "water_unsafe": "M13", "water_unsurveyed": "M13",
	"safe_water_rate": "M14", "safe_water_village_rate": "M14", "villages_without_safe_water": "C21", "water_gap_cost": "C22",
	"water_demand": "C23", "water_supplied": "C24", "supplied_rate": "M16",
	"supply_served": "C25", "supply_no_capacity": "C25", "supply_out_of_reach": "C25", "supply_not_surveyed": "C25",
	"persons_served": "C26", "persons_no_capacity": "C26", "persons_out_of_reach": "C26", "persons_not_surveyed": "C26",
	"dry_season_supplied": "C27", "served_rate": "M16", "dry_season_served": "C27", "dry_season_persons_served": "C27", "dry_season_served_rate": "M16",
	"surveys_stale": "C28", "villages_never_surveyed": "C28", "water_freshness": "M38",
	"water_gap_cost_estimated": "C29", "water_gap_cost_total": "C29", "water_cost_per_village": "M12",
	"works_capacity": "C60", "works_too_small": "C61", "capacity_ratio": "M16",
	"jmp_safely_managed": "C62", "jmp_basic": "C62", "jmp_limited": "C62", "jmp_unknown": "C62",
	"tap_rate": "M15", "tap_village_rate": "M15", "piped_supply_rate": "M15",
	"sites": "C30", "buildings": "C31", "dwellings_planned": "C32", "moves_unreachable": "C33",
	"moved_in_households": "M18", "moved_in_persons": "M18", "move_in_household_rate": "M18", "move_in_rate": "M18",
	"registered_household_share": "M19", "registered_person_share": "M19", "registered_households": "M19", "registered_persons": "M19",
	"started_rate": "M20", "foundation_rate": "M20", "structure_rate": "M20", "completed_rate": "M20",
	"demolition_rate": "M21", "demolition_rate_registered": "M21", "demolition_rate_eligible": "M21",
	"reclamation_rate": "M22", "reclamation_rate_demolished": "M22", "occupancy_rate": "M23",
	"jobs_per_household": "M24", "jobs_per_able_household": "M24", "area_per_person": "M25", "dwellings_over_area": "M25",
	"cost_per_person": "M26", "cost_per_household": "M26", "cost_without_infrastructure_per_person": "M26", "cost_without_infrastructure_per_household": "M26",
	"sites_most_suitable": "M28", "sites_suitable": "M28", "sites_less_suitable": "M28", "sites_unsuitable": "M28", "sites_excluded": "M28",
	"site_capacity": "M29", "site_capacity_free": "M29", "site_over_assigned": "M29",
	"straight_mean": "M27", "straight_median": "M27", "straight_max": "M27", "network_mean": "M27", "network_median": "M27",
	"network_max": "M27", "minutes_mean": "M27", "minutes_median": "M27", "minutes_max": "M27", "share_over_20km": "M27",
}

// optionsFor are the options with which a report has the scope.
func optionsFor(kind ReportKind, metric, scope string) ReportOptions {
	var o ReportOptions
	prefix, rest, _ := strings.Cut(scope, ":")
	switch {
	case kind == ReportCoverage && prefix == "class":
		o.Class = rest
	case (kind == ReportCoverage || kind == ReportWater) && prefix == "village":
		o.By = prefix
	case kind == ReportWater && prefix == "water_project":
		o.By = "project"
	case kind == ReportCompletion && slices.Contains([]string{"programme", "class", "state", "village", "contract"}, prefix):
		o.By = prefix
	case kind == ReportCompletion && prefix == "source":
		o.By = "programme"
	}
	if _, text, ok := strings.Cut(metric, "villages_within_"); ok {
		if m, err := strconv.ParseFloat(text, 64); err == nil && m > 0 && m <= 1e6 {
			o.WithinMM = []int64{int64(m*1000 + 0.5)}
		}
	}
	return o
}

// open says what a part is and where it lies.
func (a *Assessment) open(f *Figure, p *Part) EvidenceItem {
	item := EvidenceItem{Layer: p.Layer, ID: p.ID, Code: p.Code, Side: p.Side, Amount: p.Amount}
	switch p.Layer {
	case "road_segment", "road":
		a.openRoad(f, p, &item)
	case "village":
		a.openVillage(p, &item)
	case "water_project":
		if w := find(a.Snapshot.Water, p.ID, func(w *WaterProject) ID { return w.ID }); w != nil {
			item.Code, item.Name = w.Code, w.Name
			item.place(w.Point)
		}
	case "move":
		a.openMove(p, &item)
	case "relocation_site", "building":
		a.openSite(p, &item)
	case "region":
		a.openRegion(p, &item)
	case "programme":
		for i := range a.Snapshot.Programmes {
			if g := &a.Snapshot.Programmes[i]; g.ID == p.ID {
				item.Code, item.Name = g.Code, g.Name
			}
		}
	case "warning":
		a.openWarning(p, &item)
	case "contract", "funding", "funding_total":
		a.openFunds(p, &item)
	}
	p.Events = make([]string, len(item.Events))
	for i := range item.Events {
		p.Events[i] = item.Events[i].ID
	}
	return item
}

func (e *EvidenceItem) place(g orb.Geometry) {
	if g == nil || g.Bound().IsEmpty() {
		return
	}
	e.Bounds = g.Bound()
	center := e.Bounds.Center()
	e.Center = &center
}

func (a *Assessment) openVillage(p *Part, item *EvidenceItem) {
	i, ok := a.village[p.ID]
	if !ok {
		return
	}
	v := &a.Snapshot.Villages[i]
	item.Code, item.Name, item.Township = v.Code, v.Name, v.Township
	item.place(v.Point)
}

func (a *Assessment) openMove(p *Part, item *EvidenceItem) {
	for i := range a.Snapshot.Moves {
		m := &a.Snapshot.Moves[i]
		if m.ID != p.ID {
			continue
		}
		line := a.moveLine(m)
		item.Name = a.moveName(m)
		if v, ok := a.village[m.Village]; ok {
			item.Township = a.Snapshot.Villages[v].Township
		}
		if len(line) > 0 {
			item.place(line)
		}
		for _, e := range m.Events {
			item.Events = append(item.Events, EvidenceEvent{ID: e.ID, Stage: e.Stage, On: e.On})
		}
	}
}

func (a *Assessment) moveName(m *Move) string {
	from, to := "", ""
	if v, ok := a.village[m.Village]; ok {
		from = a.Snapshot.Villages[v].Name
	}
	if s, ok := a.site[m.Site]; ok {
		to = a.Snapshot.Sites[s].Name
	}
	return from + " → " + to
}

// moveLine is the straight line of a move; nil when an end is missing.
func (a *Assessment) moveLine(m *Move) orb.LineString {
	v, ok := a.village[m.Village]
	s, found := a.site[m.Site]
	if !ok || !found {
		return nil
	}
	return orb.LineString{a.Snapshot.Villages[v].Point, a.Snapshot.Sites[s].Gate}
}

func (a *Assessment) openSite(p *Part, item *EvidenceItem) {
	item.Layer = "relocation_site"
	for i := range a.Snapshot.Sites {
		s := &a.Snapshot.Sites[i]
		if p.Layer == "relocation_site" && s.ID == p.ID {
			item.Code, item.Name, item.Township = s.Code, s.Name, s.Township
			item.place(s.Gate)
		}
		for j := range s.Buildings {
			b := &s.Buildings[j]
			if p.Layer != "building" || b.ID != p.ID {
				continue
			}
			item.ID, item.Code, item.Name, item.Township = s.ID, s.Code, s.Name+" "+b.Name, s.Township
			item.place(s.Gate)
			for _, e := range b.Events {
				item.Events = append(item.Events, EvidenceEvent{ID: e.ID, Stage: string(e.Stage), On: e.On})
			}
		}
	}
}

func (a *Assessment) openRegion(p *Part, item *EvidenceItem) {
	for i := range a.Snapshot.Townships {
		t := &a.Snapshot.Townships[i]
		if t.Code != p.Code {
			continue
		}
		item.Name, item.Township = t.Name, t.Code
		switch {
		case len(t.Boundary) > 0:
			item.place(t.Boundary)
		case t.Seat != nil:
			item.place(*t.Seat)
		}
	}
}

func (a *Assessment) openWarning(p *Part, item *EvidenceItem) {
	for _, w := range a.Snapshot.Warnings {
		if w.ID == p.ID {
			item.Code, item.Name, item.Township = w.Township, w.Reason, w.Township
		}
	}
}
