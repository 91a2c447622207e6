package planner

import (
	"context"
	"slices"

	"github.com/qiantu/qiantu/planner/solve"
)

// SupplyVerdict says whether the works that a village is linked to can give it
// all that it asks for.
type SupplyVerdict string

// The supply verdicts. Only SupplyServed is proven to be enough.
const (
	SupplyServed      SupplyVerdict = "served"
	SupplyNoCapacity  SupplyVerdict = "no_capacity"  // linked to built works, which prove to be too small for all they serve
	SupplyOutOfReach  SupplyVerdict = "out_of_reach" // linked to no built work
	SupplyNotSurveyed SupplyVerdict = "not_surveyed" // not known: Lacks says what for
)

// SupplyVerdicts lists the verdicts, the best first.
var SupplyVerdicts = []SupplyVerdict{SupplyServed, SupplyNoCapacity, SupplyOutOfReach, SupplyNotSurveyed}

// What a supply that is not surveyed lacks.
const (
	LacksPersons  = "persons"  // of the village
	LacksLinks    = "links"    // no work is recorded, although the village has a tap, or nobody has looked
	LacksCapacity = "capacity" // capacity, state or other users of a work it depends on
)

// SeasonDry is the season in which works give least.
const SeasonDry = "dry"

// VillageSupply is what a village gets. Amounts are litres a day.
type VillageSupply struct {
	Verdict    SupplyVerdict
	Lacks      string // what is not known; empty: nothing
	Demand     int64  // 0 where persons are not known
	Supplied   int64  // proven
	AtMost     int64  // if all that is not known turns out well
	Bottleneck []ID   // the works that are too small for it, together; by id
	Piped      Ternary
}

// ProjectSupply is what is asked of a work. Amounts are litres a day at the taps.
type ProjectSupply struct {
	Built           Ternary
	Capacity        *int64 // nil: not known
	Demand          int64  // of all villages linked to it
	UnknownVillages int64  // linked, persons not known
	Bottleneck      bool   // proven to be all used up while somebody asks for more
}

// Supply is who gets how much water in a season: the works' capacity divided
// among the villages linked to them, so that as much as can be is given and the
// smallest shares are as large as can be. There is one such division, whatever
// the order of things ([solve.Fair]).
//
// What is not known is closed in from both sides, by the division if it all
// turns out badly and if it all turns out well: more to give takes water from
// nobody, and neither does a village less that asks, so that everyone's true
// share lies between the two.
type Supply struct {
	Season   string          // "" or SeasonDry
	Villages []VillageSupply // as in Snapshot.Villages
	Projects []ProjectSupply // as in Snapshot.Water
}

// Supply gives the division of water in a season: [SeasonDry], or any other word
// for all the rest of the year.
func (a *Assessment) Supply(season string) *Supply {
	if season == SeasonDry {
		return a.supplies[1]
	}
	return a.supplies[0]
}

// supplyAsked is the division of the season that the assessment was asked for.
func (a *Assessment) supplyAsked() *Supply { return a.Supply(a.Question.Season) }

// reason is a code of a card that the dry season has a word of its own for.
func (s *Supply) reason(code string) string {
	if s.Season == SeasonDry {
		return code + "_dry"
	}
	return code
}

// divideWater divides the water of both seasons, or takes over the division of
// an earlier assessment of the same facts.
func (a *Assessment) divideWater(old *Assessment) {
	for i, season := range []string{"", SeasonDry} {
		if old != nil && sameWater(old.Snapshot, a.Snapshot) {
			a.supplies[i] = old.supplies[i]
		} else {
			a.supplies[i] = newSupply(a, season)
		}
	}
}

// supplier divides the water of one season.
type supplier struct {
	*Supply
	a       *Assessment
	unknown []bool // by village: persons are not known
	links   [][]int32
}

func newSupply(a *Assessment, season string) *Supply {
	s := &supplier{
		Supply: &Supply{
			Season: season, Villages: make([]VillageSupply, len(a.Villages)), Projects: make([]ProjectSupply, len(a.Snapshot.Water)),
		},
		a: a, unknown: make([]bool, len(a.Villages)), links: make([][]int32, len(a.Villages)),
	}
	s.ask()
	s.link()
	s.offer()
	low, high := s.divide(false), s.divide(true)
	for i := range s.Villages {
		s.judge(i, low, high)
	}
	s.pour(low, func(v int, litres int64) { s.Villages[v].Supplied = litres })
	s.pour(high, func(v int, litres int64) { s.Villages[v].AtMost = litres })
	for i := range s.Villages {
		if v := &s.Villages[i]; v.Lacks == LacksLinks {
			v.AtMost = v.Demand
		}
	}
	for p, group := range high.By {
		s.Projects[p].Bottleneck = group >= 0
	}
	return s.Supply
}

// ask finds the demand of every village.
func (s *supplier) ask() {
	for i := range s.a.Villages {
		persons, ok := s.a.Villages[i].Village.Persons()
		s.unknown[i] = !ok
		if ok {
			s.Villages[i].Demand = s.a.Snapshot.Rules.Water.demand(persons, &s.a.Snapshot.Standard, len(s.a.Villages))
		}
	}
}

// link finds the works that each village may draw on: those that are built, and
// those of unknown state.
func (s *supplier) link() {
	for p := range s.a.Snapshot.Water {
		w := &s.a.Snapshot.Water[p]
		s.Projects[p].Built = builtWork(w)
		for _, id := range w.Serves {
			v, ok := s.a.village[id]
			if !ok || slices.Contains(s.links[v], int32(p)) {
				continue
			}
			s.links[v] = append(s.links[v], int32(p))
			s.Projects[p].Demand += s.Villages[v].Demand
			if s.unknown[v] {
				s.Projects[p].UnknownVillages++
			}
		}
	}
	for v := range s.Villages {
		s.Villages[v].Piped = s.piped(v)
	}
}

func builtWork(w *WaterProject) Ternary {
	switch w.Status {
	case "built":
		return Yes
	case "planned", "building":
		return No
	}
	return Unknown
}

// piped says whether a village is linked to a built work that brings treated
// water by pipe 集中式供水. A reservoir or a pond is a source, not a supply.
func (s *supplier) piped(v int) Ternary {
	answer := No
	if len(s.links[v]) == 0 && !s.a.reachIsKnown(v) {
		answer = Unknown
	}
	for _, p := range s.links[v] {
		built, kind := s.Projects[p].Built, s.a.Snapshot.Water[p].Kind
		if built == Yes && pipedKinds[kind] {
			return Yes
		}
		if built != No && kind != "dispersed" {
			answer = Unknown
		}
	}
	return answer
}

var pipedKinds = map[string]bool{"urban_extension": true, "large": true, "medium": true, "small": true}

// reachIsKnown says whether a village that no work is linked to is proven to
// have none: somebody has looked, and found no tap.
func (a *Assessment) reachIsKnown(v int) bool {
	survey := a.Villages[v].Survey
	return survey != nil && (survey.Tap == nil || !*survey.Tap)
}

// offer finds what every work gives.
func (s *supplier) offer() {
	for p := range s.Projects {
		if c, ok := s.a.Snapshot.Rules.Water.capacity(&s.a.Snapshot.Water[p], s.Season); ok {
			s.Projects[p].Capacity = &c
		}
	}
}

// divide divides the water if all that is not known turns out well, or badly.
// Badly, a work of unknown capacity or state gives nothing, and one that serves a
// village of unknown persons gives all it has to that village. Well, such a
// village asks for nothing, and unknown capacity is enough.
func (s *supplier) divide(well bool) *solve.Shares {
	in := &solve.Supply{Demand: make([]int64, len(s.Villages)), Capacity: make([]int64, len(s.Projects))}
	for v := range s.Villages {
		in.Demand[v] = s.Villages[v].Demand
		for _, p := range s.links[v] {
			if s.Projects[p].Built != No {
				in.From, in.To = append(in.From, int32(v)), append(in.To, p)
			}
		}
	}
	for p := range s.Projects {
		gives := s.Projects[p].least()
		if well {
			gives = s.Projects[p].most()
		}
		in.Capacity[p] = min(gives, maxLitres/int64(len(s.Projects)))
	}
	shares, err := solve.Fair(context.Background(), in)
	if err != nil {
		panic("planner: water cannot be divided: " + err.Error()) // demand and capacity are capped where they are made
	}
	return shares
}

func (p *ProjectSupply) least() int64 {
	if p.Built != Yes || p.Capacity == nil || p.UnknownVillages > 0 {
		return 0
	}
	return min(*p.Capacity, p.Demand)
}

func (p *ProjectSupply) most() int64 {
	if p.Built == No {
		return 0
	}
	if p.Capacity == nil {
		return p.Demand
	}
	return min(*p.Capacity, p.Demand)
}

// judge says what a village gets, given both divisions.
func (s *supplier) judge(i int, low, high *solve.Shares) {
	v := &s.Villages[i]
	v.Verdict = SupplyNotSurveyed
	switch {
	case s.unknown[i]:
		v.Lacks = LacksPersons
	case !s.mayDraw(i) && !s.recorded(i):
		v.Lacks = LacksLinks
	case !s.mayDraw(i):
		v.Verdict = SupplyOutOfReach
	case low.Of[i] < 0 && s.drawsOnBuilt(i):
		v.Verdict = SupplyServed
	case high.Of[i] >= 0:
		v.Verdict = SupplyNoCapacity
		v.Bottleneck = s.idsOf(high.Groups[high.Of[i]].Suppliers)
	default:
		v.Lacks = LacksCapacity
	}
}

// mayDraw says whether a village is linked to a work that may be built.
func (s *supplier) mayDraw(i int) bool {
	return slices.ContainsFunc(s.links[i], func(p int32) bool { return s.Projects[p].Built != No })
}

func (s *supplier) drawsOnBuilt(i int) bool {
	return slices.ContainsFunc(s.links[i], func(p int32) bool { return s.Projects[p].Built == Yes })
}

// recorded says whether it is known where a village that draws on no built work
// gets its water: a work is planned for it, or a survey found no tap.
func (s *supplier) recorded(i int) bool { return len(s.links[i]) > 0 || s.a.reachIsKnown(i) }

func (s *supplier) idsOf(projects []int32) []ID {
	out := make([]ID, len(projects))
	for i, p := range projects {
		out[i] = s.a.Snapshot.Water[p].ID
	}
	return out
}

// pour puts litres to the shares of a division. Those of a group sum up to what
// its works give: each village has the difference of one rounded function of
// the demand up to it, in order of id.
func (s *supplier) pour(f *solve.Shares, into func(v int, litres int64)) {
	for v := range s.Villages {
		if f.Of[v] < 0 {
			into(v, s.Villages[v].Demand)
		}
	}
	for _, g := range f.Groups {
		var asked, given int64
		for _, v := range g.Demanders {
			asked += s.Villages[v].Demand
			upTo := scale(asked, g.Given, g.Asked)
			into(int(v), upTo-given)
			given = upTo
		}
	}
}

// sameWater says whether two snapshots say the same of all that a division of
// water is made of.
func sameWater(x, y *Snapshot) bool {
	return x.Rules.Water == y.Rules.Water && x.Standard == y.Standard &&
		slices.EqualFunc(x.Water, y.Water, sameWork) &&
		slices.EqualFunc(x.Villages, y.Villages, func(a, b Village) bool {
			n, known := a.Persons()
			m, too := b.Persons()
			return a.ID == b.ID && n == m && known == too
		}) &&
		slices.EqualFunc(x.Surveys, y.Surveys, func(a, b WaterSurvey) bool {
			return a.Village == b.Village && a.On == b.On && sameValue(a.Tap, b.Tap)
		})
}

func sameWork(a, b WaterProject) bool {
	return a.ID == b.ID && a.Kind == b.Kind && a.Status == b.Status && sameValue(a.CapacityM3D, b.CapacityM3D) &&
		sameValue(a.DryCapacityM3D, b.DryCapacityM3D) && sameValue(a.LossPct, b.LossPct) && slices.Equal(a.Serves, b.Serves)
}

func sameValue[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
