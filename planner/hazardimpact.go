package planner

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// maxAreaPoints is how many points the area of a hazard may have.
const maxAreaPoints = 20_000

// HazardImpact is what lies in an area that is not safe any more, and which
// decisions that breaks. Lists are by id.
type HazardImpact struct {
	AreaM2   int64
	Villages []ImpactVillage
	Sites    []ImpactSite
	Roads    []ImpactRoad
	Water    []ImpactWater
	Broken   []BrokenDecision // by kind in the order of BrokenKinds
	CutOff   []int            // villages outside, places in the assessment, that lose their proven connection when nobody can pass the area
}

// ImpactVillage is a village inside.
type ImpactVillage struct {
	*VillageVerdict
	Leaving int64 // persons of its moves, planned or done
}

// ImpactSite is a site inside.
type ImpactSite struct {
	Site    *Site
	MovedIn int64 // persons
	Signed  int64 // persons who have signed or moved in
	Coming  int64 // persons of all moves to it
}

// ImpactRoad is a road with metres inside.
type ImpactRoad struct {
	Road       ID
	Code, Name string
	Class      string // the best of its stretches inside
	BuiltMM    int64
	OtherMM    int64 // not built, or not known to be
}

// ImpactWater is a waterwork inside.
type ImpactWater struct {
	Project *WaterProject
	Persons int64 // of the villages it serves
	Unknown int   // of them without a count
}

// The decisions that an area may break.
const (
	BrokenMove      = "move_to_site"   // people are to move, or have moved, to a site inside
	BrokenPlanSite  = "plan_site"      // the approved plan sends a village to a site inside, and no move of it is listed
	BrokenProgramme = "programme_road" // a programme builds a road through it
	BrokenPlanRoad  = "plan_road"      // the approved plan builds a village's road through it
	BrokenVillage   = "must_go"        // a village that was to stay, or about which nothing was decided, now must go
)

// BrokenKinds lists them.
var BrokenKinds = []string{BrokenMove, BrokenPlanSite, BrokenProgramme, BrokenPlanRoad, BrokenVillage}

// BrokenDecision is one approved decision that does not hold any more. What does
// not belong to its kind is zero.
type BrokenDecision struct {
	Kind      string
	Move      ID
	Village   ID
	Site      ID
	Programme ID
	Road      ID
	State     string // of a move: planned, signed, moved_in; of a road: done, under_way; of the plan: approved; of a village: connected, road (the approved plan says so), open
	Persons   int64  // of the move or the village
	Unknown   bool   // whose persons nobody has counted
	MM        int64  // of the task, or of the plan's road, inside
	DoneMM    int64  // of it completed
}

// HazardImpact lists what lies inside an area. Areas that no polygon is made of
// are Invalid, ones of too many points TooLarge.
func (a *Assessment) HazardImpact(ctx context.Context, area orb.MultiPolygon) (*HazardImpact, error) {
	if err := checkArea(area); err != nil {
		return nil, err
	}
	h := &hazard{a: a, shape: geo.NewShape(area), out: &HazardImpact{AreaM2: int64(geo.Area(area) + 0.5)}}
	h.villages()
	h.sites()
	h.roads()
	h.water()
	h.breaks()
	return h.out, h.cutOff(ctx)
}

func checkArea(area orb.MultiPolygon) error {
	points := 0
	for _, polygon := range area {
		for _, ring := range polygon {
			points += len(ring)
			if len(ring) < 4 {
				return Errorf(Invalid, "a ring has %d points; draw at least three corners and close it", len(ring))
			}
		}
	}
	switch {
	case points == 0:
		return Errorf(Invalid, "the area has no corners; draw a polygon")
	case points > maxAreaPoints:
		return Errorf(TooLarge, "the area has %d points, more than %d; simplify it", points, maxAreaPoints)
	}
	if err := geo.Check(area); err != nil {
		return Errorf(Invalid, "the area is no area on the earth: %v", err)
	}
	return nil
}

// hazard is an impact being worked out.
type hazard struct {
	a        *Assessment
	shape    *geo.Shape
	out      *HazardImpact
	entered  bool // something of a road lies inside
	tasks    map[[2]ID]*BrokenDecision
	segments map[ID]int64 // mm inside
	inside   map[ID]bool  // sites
	villaged map[int]bool
}

func (h *hazard) villages() {
	h.villaged = map[int]bool{}
	leaving := map[ID]int64{}
	for i := range h.a.Snapshot.Moves {
		leaving[h.a.Snapshot.Moves[i].Village] += max(h.a.Snapshot.Moves[i].Persons, 0)
	}
	for i := range h.a.Villages {
		if v := &h.a.Villages[i]; h.shape.Contains(v.Village.Point) {
			h.villaged[i] = true
			h.out.Villages = append(h.out.Villages, ImpactVillage{v, leaving[v.Village.ID]})
		}
	}
}

func (h *hazard) sites() {
	h.inside = map[ID]bool{}
	coming := h.a.coming()
	for i := range h.a.Snapshot.Sites {
		s := &h.a.Snapshot.Sites[i]
		if !h.shape.Contains(s.Gate) {
			continue
		}
		h.inside[s.ID] = true
		one := ImpactSite{Site: s, Coming: coming[i].persons}
		for k := range h.a.Snapshot.Moves {
			if m := &h.a.Snapshot.Moves[k]; m.Site == s.ID {
				one.MovedIn += countMove(m).Persons
				one.Signed += committed(m).persons
			}
		}
		h.out.Sites = append(h.out.Sites, one)
	}
}

// roads measures the stretches inside, each metre of a co-routed section on the
// road that counts it.
func (h *hazard) roads() {
	h.tasks, h.segments = map[[2]ID]*BrokenDecision{}, map[ID]int64{}
	inside := make([]int64, len(h.a.Pieces))
	inParallel(len(inside), func(i int) {
		for _, part := range h.shape.Clip(h.a.Pieces[i].Line()) {
			inside[i] += int64(geo.Length(part))
		}
	})
	of := map[ID]*ImpactRoad{}
	for i, mm := range inside {
		p := &h.a.Pieces[i]
		if mm == 0 {
			continue
		}
		h.entered = true
		if p.Halo || !p.Counted {
			continue
		}
		r := of[p.Road]
		if r == nil {
			r = &ImpactRoad{Road: p.Road, Class: p.Class}
			if road := h.a.roads[p.Road]; road != nil {
				r.Code, r.Name = road.Code, road.Name
			}
			of[p.Road] = r
		}
		r.add(p, mm)
		h.segments[p.Segment] += mm
		h.task(p, mm)
	}
	for _, r := range of {
		h.out.Roads = append(h.out.Roads, *r)
	}
	slices.SortFunc(h.out.Roads, func(x, y ImpactRoad) int { return cmp.Compare(x.Road, y.Road) })
}

func (r *ImpactRoad) add(p *Piece, mm int64) {
	if classRank(p.Class) < classRank(r.Class) {
		r.Class = p.Class
	}
	if p.Built == BuiltYes {
		r.BuiltMM += mm
		return
	}
	r.OtherMM += mm
}

// task notes the metres of a programme's task.
func (h *hazard) task(p *Piece, mm int64) {
	if p.Programme == 0 {
		return
	}
	key := [2]ID{p.Programme, p.Road}
	b := h.tasks[key]
	if b == nil {
		b = &BrokenDecision{Kind: BrokenProgramme, Programme: p.Programme, Road: p.Road}
		h.tasks[key] = b
	}
	b.MM += mm
	if p.State == PieceDone {
		b.DoneMM += mm
	}
}

func (h *hazard) water() {
	for i := range h.a.Snapshot.Water {
		w := &h.a.Snapshot.Water[i]
		if !h.shape.Contains(w.Point) {
			continue
		}
		one := ImpactWater{Project: w}
		for _, id := range w.Serves {
			at, ok := h.a.village[id]
			if !ok {
				continue
			}
			if n, known := h.a.Snapshot.Villages[at].Persons(); known {
				one.Persons += n
			} else {
				one.Unknown++
			}
		}
		h.out.Water = append(h.out.Water, one)
	}
}

func (h *hazard) breaks() {
	for i := range h.a.Snapshot.Moves {
		if m := &h.a.Snapshot.Moves[i]; h.inside[m.Site] {
			h.out.Broken = append(h.out.Broken, BrokenDecision{Kind: BrokenMove, Move: m.ID, Village: m.Village, Site: m.Site, State: stageOf(m), Persons: m.Persons})
		}
	}
	h.planSites()
	tasks := make([]BrokenDecision, 0, len(h.tasks))
	for _, b := range h.tasks {
		if b.State = "under_way"; b.DoneMM == b.MM {
			b.State = "done"
		}
		tasks = append(tasks, *b)
	}
	slices.SortFunc(tasks, func(x, y BrokenDecision) int {
		return cmp.Or(cmp.Compare(x.Programme, y.Programme), cmp.Compare(x.Road, y.Road))
	})
	h.out.Broken = append(h.out.Broken, tasks...)
	h.planRoads()
	for i := range h.out.Villages {
		if b, ok := h.out.Villages[i].mustGo(h.a.Snapshot.Plan); ok {
			h.out.Broken = append(h.out.Broken, b)
		}
	}
}

// planSites finds whom the approved plan sends to a site inside. A move that is
// listed says it already.
func (h *hazard) planSites() {
	type way struct{ village, site ID }
	listed := map[way]bool{}
	for i := range h.a.Snapshot.Moves {
		m := &h.a.Snapshot.Moves[i]
		listed[way{m.Village, m.Site}] = true
	}
	for _, d := range h.planned() {
		if d.Decision == DecideRelocate && h.inside[d.Site] && !listed[way{d.Village, d.Site}] {
			b := BrokenDecision{Kind: BrokenPlanSite, Village: d.Village, Site: d.Site, State: "approved", Unknown: d.Persons == nil}
			if d.Persons != nil {
				b.Persons = *d.Persons
			}
			h.out.Broken = append(h.out.Broken, b)
		}
	}
}

// planRoads finds whose road of the approved plan runs through the area.
func (h *hazard) planRoads() {
	for _, d := range h.planned() {
		b := BrokenDecision{Kind: BrokenPlanRoad, Village: d.Village, State: "approved", Unknown: d.Persons == nil}
		for _, id := range d.Segments {
			b.MM += h.segments[id]
		}
		if d.Decision == DecideRoad && b.MM > 0 {
			if d.Persons != nil {
				b.Persons = *d.Persons
			}
			h.out.Broken = append(h.out.Broken, b)
		}
	}
}

func (h *hazard) planned() []PublishedDecision {
	if h.a.Snapshot.Plan == nil {
		return nil
	}
	return h.a.Snapshot.Plan.Villages
}

// stageOf is how far the people of a move have come.
func stageOf(m *Move) string {
	switch done := countMove(m); {
	case done.Persons > 0 || done.Households > 0:
		return "moved_in"
	case committed(m).persons > 0 || committed(m).households > 0:
		return "signed"
	}
	return "planned"
}

// mustGo: the village is there, and cannot stay. One of high or extreme hazard had
// to go before, and one all of whose people leave, or that the approved plan moves,
// is gone anyway.
func (v *ImpactVillage) mustGo(plan *PublishedPlan) (BrokenDecision, bool) {
	b := BrokenDecision{Kind: BrokenVillage, Village: v.Village.ID, State: "open"}
	persons, known := v.Village.Persons()
	said := plan.of(v.Village.ID)
	if hazardous(v.Village) || known && v.Leaving >= persons || said != nil && said.Decision == DecideRelocate {
		return b, false
	}
	switch {
	case v.Connected == Yes:
		b.State = "connected"
	case said != nil && said.Decision == DecideRoad:
		b.State = "road"
	}
	b.Persons, b.Unknown = max(persons-v.Leaving, 0), !known
	return b, true
}

// cutOff judges who loses the connection when nobody can pass the area.
func (h *hazard) cutOff(ctx context.Context) error {
	if !h.entered {
		return nil
	}
	without := *h.a
	without.memo, without.dry, without.Pieces = &memo{}, &dryWays{}, make([]Piece, 0, len(h.a.Pieces))
	for i := range h.a.Pieces {
		p := h.a.Pieces[i]
		if len(h.shape.Clip(p.line)) == 0 {
			without.Pieces = append(without.Pieces, p)
			continue
		}
		_, outside := h.shape.Split(p.line)
		for _, part := range outside {
			p.line = part
			without.Pieces = append(without.Pieces, p)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	without.net = newNetwork(&without, nil)
	for i := range h.a.Villages {
		v := &h.a.Villages[i]
		if !h.villaged[i] && v.Connected == Yes && without.net.judge(v.Village, without.net.near[i], AccessConnected) != Yes {
			h.out.CutOff = append(h.out.CutOff, i)
		}
	}
	return nil
}
