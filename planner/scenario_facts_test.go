package planner

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

type fact func(words []string, o map[string]string)

func (sc *scenario) facts() map[string]fact {
	return map[string]fact{
		"day":       func(w []string, _ map[string]string) { sc.s.AsOf = must(ParseDate(w[0])) },
		"grid":      func(w []string, _ map[string]string) { sc.grid = float64(sc.number(w[0])) },
		"mask":      func(w []string, _ map[string]string) { sc.s.Rules.MaskBelow = sc.number(w[0]) },
		"seat":      sc.seat,
		"facility":  sc.facility,
		"township":  sc.township,
		"road":      sc.addRoad,
		"segment":   sc.segment,
		"programme": sc.programme,
		"scope":     sc.scope,
		"plan":      sc.plan,
		"progress":  sc.progress,
		"revoke":    sc.revoke,
		"dispute":   sc.dispute,
		"mapping":   sc.mapping,
		"contract":  sc.contract,
		"inspected": sc.inspected,
		"override":  sc.override,
		"fund":      sc.fund,
		"printed":   sc.printed,
		"proof":     sc.proof,
		"corouted":  sc.corouted,
		"warning":   sc.warning,
		"village":   sc.village,
		"water":     sc.water,
		"work":      sc.work,
		"loss":      func(w []string, _ map[string]string) { sc.s.Rules.Water.LossPPM = sc.number(w[0]) },
		"price":     func(w []string, _ map[string]string) { sc.s.Rules.Water.GapVillage = sc.number(w[0]) },
		"supply":    sc.supply,
		"site":      sc.site,
		"building":  sc.building,
		"move":      sc.move,
		"target":    sc.target,
		"expect":    sc.expect,
		"absent":    sc.absent,
		"judge":     sc.judge,
		"ask":       sc.ask,
		"piece":     sc.piece,
		"joint":     sc.joint,
		"decide":    sc.decide,
		"capacity":  sc.capacity,
	}
}

func (sc *scenario) seat(w []string, _ map[string]string) {
	sc.s.Facilities = append(sc.s.Facilities, Facility{ID: 1, Kind: "county_seat", Point: sc.place(w[0])})
}

// facility: "facility 2 school A".
func (sc *scenario) facility(w []string, _ map[string]string) {
	sc.s.Facilities = append(sc.s.Facilities, Facility{ID: sc.id(w[0]), Kind: w[1], Name: w[1], Point: sc.place(w[2])})
}

func (sc *scenario) township(w []string, _ map[string]string) {
	for _, code := range w {
		sc.s.Townships = append(sc.s.Townships, Region{Code: code, Name: code, Level: LevelTownship})
	}
}

// addRoad: "road 1 ABC", or "road 1 undrawn length=2".
func (sc *scenario) addRoad(w []string, o map[string]string) {
	r := Road{ID: sc.id(w[0]), Name: "road " + w[0], Version: sc.version(o), Class: or(o["class"], "class4"), Township: o["township"]}
	if w[1] != "undrawn" {
		for _, p := range w[1] {
			r.Line = append(r.Line, sc.place(string(p)))
		}
		r.Length = int64(geo.Length(r.Line))
	}
	if o["length"] != "" {
		r.Length = sc.km(o["length"])
	}
	if o["halo"] == "yes" {
		sc.addSegment(&r, chainage.Span{To: r.Length}, r.Line, o)
		return
	}
	sc.s.Roads = append(sc.s.Roads, r)
	sc.whole[r.ID] = o
}

// segment: "segment 1 0-2 surface=earth": of road 1, in km.
func (sc *scenario) segment(w []string, o map[string]string) {
	r := sc.road(sc.id(w[0]))
	delete(sc.whole, r.ID)
	span := sc.span(w[1])
	length := geo.Length(r.Line)
	at := func(mm int64) geo.Millimetre { return geo.Millimetre(scale(mm, int64(length), r.Length)) }
	var line orb.LineString
	if r.Line != nil {
		line = geo.Cut(r.Line, at(span.From), at(span.To))
	}
	sc.addSegment(r, span, line, o)
}

func (sc *scenario) programme(w []string, o map[string]string) {
	starts, deadline, _ := strings.Cut(w[1], "..")
	p := Programme{
		ID: sc.id(w[0]), Name: "programme " + w[0], Starts: must(ParseDate(starts)), Deadline: must(ParseDate(deadline)),
		CompletingStage: Stage(or(o["stage"], "surface")), Surface: or(o["surface"], "cement"), AllSeason: Ternary(or(o["season"], "yes")),
		PlannedFen: sc.optional(o, "planned"), PaidFen: sc.optional(o, "paid"),
	}
	sc.s.Programmes = append(sc.s.Programmes, p)
}

func (sc *scenario) programmeOf(text string) *Programme {
	for i := range sc.s.Programmes {
		if sc.s.Programmes[i].ID == sc.id(text) {
			return &sc.s.Programmes[i]
		}
	}
	sc.t.Fatalf("%s: no programme %s", sc.line, text)
	return nil
}

func (sc *scenario) scope(w []string, o map[string]string) {
	p := sc.programmeOf(w[0])
	p.Scope = append(p.Scope, ScopeItem{ID: ID(len(p.Scope) + 1), Road: sc.id(o["road"]), Version: sc.version(o), Span: sc.spanIn(w), Village: sc.id(or(o["village"], "0"))})
}

func (sc *scenario) version(o map[string]string) int32 {
	return int32(sc.number(or(o["version"], "1")))
}

func (sc *scenario) plan(w []string, o map[string]string) {
	p := sc.programmeOf(w[0])
	p.Plan = append(p.Plan, PlanPoint{Township: o["township"], On: must(ParseDate(o["on"])), SharePPM: sc.number(o["ppm"])})
}

func (sc *scenario) progress(w []string, o map[string]string) {
	sc.s.Progress = append(sc.s.Progress, Progress{
		ID: w[0], Road: sc.id(o["road"]), Version: sc.version(o), Span: sc.spanIn(w), Stage: Stage(or(o["stage"], "surface")),
		On: must(ParseDate(or(o["on"], "2020-03-01"))), Programme: sc.id(or(o["programme"], "0")),
	})
}

func (sc *scenario) revoke(w []string, _ map[string]string) {
	for i, e := range sc.s.Progress {
		if e.ID == w[0] {
			sc.s.Progress = append(sc.s.Progress[:i], sc.s.Progress[i+1:]...)
			return
		}
	}
	sc.t.Fatalf("%s: no such event", sc.line)
}

func (sc *scenario) corouted(w []string, o map[string]string) {
	r := sc.road(sc.id(o["road"]))
	r.CoRouted = r.CoRouted.Union(chainage.NewSet(sc.spanIn(w)))
}

func (sc *scenario) warning(w []string, _ map[string]string) {
	for level := WarningBlue; level <= WarningRed; level++ {
		if level.LevelName() == w[1] {
			sc.s.Warnings = append(sc.s.Warnings, Warning{ID: ID(len(sc.s.Warnings) + 1), Township: w[0], Level: level})
		}
	}
}

func (sc *scenario) village(w []string, o map[string]string) {
	v := Village{ID: sc.id(w[0]), Name: "village " + w[0], Kind: or(o["kind"], "hamlet"), Township: o["township"], Point: sc.place(w[1]), Surveyed: o["surveyed"] != "no", Hazard: o["hazard"]}
	v.Population = &Population{Persons: sc.optional(o, "persons"), Households: sc.optional(o, "households")}
	sc.s.Villages = append(sc.s.Villages, v)
}

func (sc *scenario) water(w []string, o map[string]string) {
	s := WaterSurvey{ID: ID(len(sc.s.Surveys) + 1), Village: sc.id(w[0])}
	if o["on"] != "" {
		s.On = must(ParseDate(o["on"]))
	}
	s.LitresPerDay, s.ReliabilityPct = sc.decimal(o, "litres"), sc.decimal(o, "reliable")
	s.FetchMinutes, s.DistanceM, s.ClimbM = sc.decimal(o, "minutes"), sc.decimal(o, "distance"), sc.decimal(o, "climb")
	s.CloseCostFen = sc.optional(o, "cost")
	truth := func(key string) *bool {
		if o[key] == "" {
			return nil
		}
		yes := o[key] == "yes"
		return &yes
	}
	s.QualityOK, s.Tap = truth("quality"), truth("tap")
	sc.s.Surveys = append(sc.s.Surveys, s)
}

func (sc *scenario) site(w []string, o map[string]string) {
	sc.s.Sites = append(sc.s.Sites, Site{
		ID: sc.id(w[0]), Name: "site " + w[0], Gate: sc.place(w[1]), Township: o["township"], CapacityPersons: sc.optional(o, "persons"),
		CapacityHouseholds: sc.optional(o, "households"), Jobs: sc.optional(o, "jobs"), WaterM3D: sc.decimal(o, "water"), SchoolPlaces: sc.optional(o, "school"),
	})
}

func (sc *scenario) building(w []string, o map[string]string) {
	for i := range sc.s.Sites {
		if s := &sc.s.Sites[i]; s.ID == sc.id(o["site"]) {
			b := Building{ID: sc.id(w[0]), Name: w[0], Dwellings: sc.number(o["dwellings"])}
			if o["stage"] != "" {
				b.Events = []BuildingEvent{{ID: "b" + w[0], Stage: DwellingStage(o["stage"])}}
			}
			s.Buildings = append(s.Buildings, b)
		}
	}
}

// move: counts are households/persons/registered households/registered persons.
func (sc *scenario) move(w []string, o map[string]string) {
	four := func(text string) (n [4]int64) {
		for i, part := range strings.Split(text, "/") {
			n[i] = sc.number(part)
		}
		return n
	}
	n := four(o["planned"])
	m := Move{ID: sc.id(w[0]), Village: sc.id(o["village"]), Site: sc.id(o["site"]), Households: n[0], Persons: n[1], Registered: n[2], RegisteredPersons: n[3]}
	for _, stage := range []string{"signed", "moved_in", "demolished"} {
		if o[stage] != "" {
			n := four(o[stage])
			m.Events = append(m.Events, MoveEvent{ID: stage + w[0], Stage: stage, Households: n[0], Persons: n[1], Registered: n[2], RegisteredPersons: n[3]})
		}
	}
	sc.s.Moves = append(sc.s.Moves, m)
}

func (sc *scenario) target(_ []string, o map[string]string) {
	sc.s.Target = &RelocationTarget{Households: sc.number(o["households"]), Persons: sc.number(o["persons"])}
}

// expect: "expect M02 completion_rate at T1: 50 = 1/2 unknown 0"; amounts in
// the unit of the basis, "-" for no value, "masked" for a masked one.
func (sc *scenario) expect(w []string, _ map[string]string) {
	text, where := strings.Join(w, " "), sc.line
	head, tail, ok := strings.Cut(text, ": ")
	metric, scope, ok2 := strings.Cut(head, " at ")
	if !ok || !ok2 {
		sc.t.Fatalf("%s: write expect METRIC at SCOPE: VALUE", sc.line)
	}
	sc.checks = append(sc.checks, func(a *Assessment) {
		f, err := a.figure(metric, scope)
		if err != nil {
			sc.t.Errorf("%s: %v", where, err)
			return
		}
		if got := describe(f, tail); got != tail {
			sc.t.Errorf("%s\n got %s", where, got)
		}
	})
}

// describe writes a figure as far as the expectation goes.
func describe(f *Figure, like string) string {
	var b strings.Builder
	switch {
	case f.Masked:
		return "masked"
	case f.Value == nil:
		b.WriteString("-")
	default:
		b.WriteString(decimals(*f.Value))
	}
	if strings.Contains(like, "=") {
		fmt.Fprintf(&b, " = %s", decimals(float64(f.Numerator)/perUnit(f.Basis)))
		if f.Denominator != nil {
			fmt.Fprintf(&b, "/%s", decimals(float64(*f.Denominator)/perUnit(f.Basis)))
		}
	}
	if strings.Contains(like, "unknown") {
		per := perUnit(f.Basis)
		if f.Basis == UnitYuan || f.Basis == UnitM3Day { // what is not known has no amount: things are counted
			per = 1
		}
		fmt.Fprintf(&b, " unknown %s", decimals(float64(f.Unknown)/per))
	}
	return b.String()
}

func decimals(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

func (sc *scenario) absent(w []string, _ map[string]string) {
	metric, scope, _ := strings.Cut(strings.Join(w, " "), " at ")
	where := sc.line
	sc.checks = append(sc.checks, func(a *Assessment) {
		if _, err := a.figure(metric, scope); CodeOf(err) != NotFound {
			sc.t.Errorf("%s: there is such a figure (%v)", where, err)
		}
	})
}

// judge: "judge village 1 connected=no road=reached water=safe first=2 missing=0.5 straight=yes".
func (sc *scenario) judge(w []string, o map[string]string) {
	where, id := sc.line, sc.id(w[1])
	sc.checks = append(sc.checks, func(a *Assessment) {
		d := a.Villages[a.village[id]]
		got := map[string]string{
			"connected": string(d.Connected), "smooth": string(d.Smooth), "reached": string(d.Reached),
			"road": string(d.Road), "water": string(d.Water), "near": "no",
		}
		if d.NearRoad {
			got["near"] = "yes"
		}
		if l := d.Link; l != nil {
			got["missing"] = decimals(math.Round(float64(l.MissingMM)/1e4) / 100)
			got["straight"] = strconv.FormatBool(l.Straight)
			if l.First != nil {
				got["first"] = idString(l.First.Road)
			}
		}
		for key, want := range o {
			if key != "village" && key != w[1] && got[key] != want {
				sc.t.Errorf("%s: %s is %q", where, key, got[key])
			}
		}
	})
}

// piece: "piece 1 0-1 done built=built disputed=yes".
func (sc *scenario) piece(w []string, _ map[string]string) {
	where, id, span := sc.line, sc.id(w[0]), sc.span(w[1])
	sc.checks = append(sc.checks, func(a *Assessment) {
		var got []string
		for _, p := range a.Pieces {
			if p.Road == id && !p.Halo {
				if p.Span == span && string(p.State) == w[2] {
					return
				}
				got = append(got, fmt.Sprintf("%v %s", p.Span, p.State))
			}
		}
		sc.t.Errorf("%s: there is only %v", where, got)
	})
}

// ask: "ask season=wet connect=500 rai=1000 walk=10 edits=close:road:1": what
// follows is expected of the answer. Without words: of the county as it is.
func (sc *scenario) ask(_ []string, o map[string]string) {
	q := Question{Season: o["season"], Edits: must(ParseEdits(o["edits"]))}
	q.ConnectMM, q.RAIMM = sc.number(or(o["connect"], "0"))*1000, sc.number(or(o["rai"], "0"))*1000
	q.WalkMS = sc.number(or(o["walk"], "0")) * 60_000
	sc.checks = append(sc.checks, func(*Assessment) { sc.asked = q })
}
