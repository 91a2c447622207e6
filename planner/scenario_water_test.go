package planner

import (
	"fmt"
	"strings"
)

// work: "work 1 kind=small state=built capacity=60 dry=40 serves=1,2".
func (sc *scenario) work(w []string, o map[string]string) {
	p := WaterProject{ID: sc.id(w[0]), Name: "work " + w[0], Kind: o["kind"], Status: or(o["state"], "built")}
	p.CapacityM3D, p.DryCapacityM3D = sc.decimal(o, "capacity"), sc.decimal(o, "dry")
	p.LossPct = sc.decimal(o, "loss")
	for _, id := range strings.Split(o["serves"], ",") {
		p.Serves = append(p.Serves, sc.id(id))
	}
	sc.s.Water = append(sc.s.Water, p)
}

// supply: "supply 1 dry no_capacity of 60: 40..50 by 2,3", amounts in m³/d.
func (sc *scenario) supply(w []string, o map[string]string) {
	where, id, season := sc.line, sc.id(w[0]), ""
	want := strings.Join(w[1:], " ")
	if o[SeasonDry] != "" {
		season, want = SeasonDry, strings.TrimPrefix(want, SeasonDry+" ")
	}
	sc.checks = append(sc.checks, func(a *Assessment) {
		if got := a.Supply(season).Villages[a.village[id]].String(); got != want {
			sc.t.Errorf("%s\n got %s", where, got)
		}
	})
}

// String writes a supply as a scenario does.
func (v VillageSupply) String() string {
	m3 := func(litres int64) string { return decimals(float64(litres) / 1000) }
	out := string(v.Verdict)
	if v.Lacks != "" {
		out += " " + v.Lacks
	}
	out += fmt.Sprintf(" of %s: %s", m3(v.Demand), m3(v.Supplied))
	if v.AtMost != v.Supplied {
		out += ".." + m3(v.AtMost)
	}
	by := make([]string, len(v.Bottleneck))
	for i, id := range v.Bottleneck {
		by[i] = idString(id)
	}
	if len(by) > 0 {
		out += " by " + strings.Join(by, ",")
	}
	return out
}
