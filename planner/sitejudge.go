package planner

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// siteJudge has what the sites are judged by, made once for all of them.
type siteJudge struct {
	a        *Assessment
	travel   *travel
	gates    []snapped // of each site, on the network of the season
	capacity []SiteCapacity
	coming   []people // of the moves to each site
	areas    map[string]*areaLayer
	town     *towards
	services [2]*towards // school, clinic
}

func (a *Assessment) newSiteJudge() *siteJudge {
	j := &siteJudge{a: a, travel: a.travel(a.Question.Season, nil), capacity: a.SiteCapacity(), coming: a.coming(), areas: a.exclusionAreas()}
	j.gates = make([]snapped, len(a.Snapshot.Sites))
	for i := range j.gates {
		j.gates[i] = j.travel.snap(a.Snapshot.Sites[i].Gate)
	}
	j.town = j.toward(route.ByLength, "county_seat", "township_seat")
	j.services = [2]*towards{j.toward(route.ByTime, "school"), j.toward(route.ByTime, "clinic")}
	return j
}

// areaLayer are the areas of one kind that no site may lie in.
type areaLayer struct {
	areas []*Reference
	shape []*geo.Shape
}

// exclusionAreas gathers the areas of the references. Points and lines are no areas.
func (a *Assessment) exclusionAreas() map[string]*areaLayer {
	out := map[string]*areaLayer{}
	for _, name := range exclusionNames {
		out[name] = &areaLayer{}
	}
	for i := range a.Snapshot.References {
		r := &a.Snapshot.References[i]
		area := AreaOf(r.Geometry)
		if area == nil {
			continue
		}
		shape := geo.NewShape(area)
		for _, name := range exclusionsOf(r) {
			out[name].areas, out[name].shape = append(out[name].areas, r), append(out[name].shape, shape)
		}
	}
	return out
}

// exclusionsOf says what an area excludes sites by.
func exclusionsOf(r *Reference) []string {
	switch r.Layer {
	case "hazard":
		if r.Kind == "flood" {
			return []string{"hazard", "flood"}
		}
		return []string{"hazard"}
	case "red_line", "farmland", "flood":
		return []string{r.Layer}
	case "basic_farmland":
		return []string{"farmland"}
	}
	return nil
}

// AreaOf is a geometry as polygons; nil: it is none.
func AreaOf(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

// exclusion says whether a gate lies in any of the areas. A county without any
// such area on record has not looked.
func (l *areaLayer) exclusion(gate orb.Point) Exclusion {
	if len(l.areas) == 0 {
		return Exclusion{Is: Unknown, Why: "no_layer"}
	}
	for i, r := range l.areas {
		if l.shape[i].Contains(gate) {
			return Exclusion{Is: Yes, Why: "inside", Source: r.Name, Area: r.ID}
		}
	}
	return Exclusion{Is: No, Why: "outside"}
}

// score measures a factor at a site.
func (j *siteJudge) score(f SiteFactor, i int) FactorScore {
	site := &j.a.Snapshot.Sites[i]
	switch f {
	case FactorTown:
		return j.byWay(f, j.town, i)
	case FactorServices:
		return j.byServices(i)
	case FactorJobs:
		households := dwellingsOf(site)
		if site.Jobs == nil || households == nil || *households <= 0 {
			return unknownScore("no_count")
		}
		return j.measured(f, scale(*site.Jobs, 1000, *households), "")
	case FactorWater:
		persons := max(j.coming[i].persons, valueOf(site.CapacityPersons))
		if j.capacity[i].Water == nil || persons <= 0 {
			return unknownScore("no_count")
		}
		return j.measured(f, scale(*j.capacity[i].Water, 1000, persons), "")
	case FactorRoad:
		return j.byRoad(i)
	case FactorSlope:
		degrees, ok := j.slope(i)
		if !ok {
			return unknownScore("no_heights")
		}
		return j.measured(f, degrees, j.a.Snapshot.Terrain.Source)
	}
	switch site.Land {
	case "owned", "unused":
		return j.measured(f, 1000, site.Land)
	case "acquire":
		return j.measured(f, 0, site.Land)
	}
	return unknownScore("no_land")
}

func valueOf(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func unknownScore(why string) FactorScore { return FactorScore{High: fullScore, Why: why} }

// measured scores what was measured, in thousandths.
func (j *siteJudge) measured(f SiteFactor, x int64, source string) FactorScore {
	curve := &j.a.Snapshot.Rules.Site.Factors[f].Curve
	score := curve.score(min(x, curveAtMost))
	return FactorScore{Low: score, High: score, Measure: &x, Why: ScoreComputed, Source: source}
}

// slope is the slope at a gate in thousandths of a degree, over 60 m.
func (j *siteJudge) slope(i int) (int64, bool) {
	const step = 30.0
	gate, heights := j.a.Snapshot.Sites[i].Gate, j.a.Snapshot.Heights
	if heights == nil || geo.Check(gate) != nil {
		return 0, false
	}
	var rise [2]float64
	for axis := range rise {
		ahead, ok := heights.Height(geo.Destination(gate, float64(axis)*90, step))
		behind, too := heights.Height(geo.Destination(gate, float64(axis)*90+180, step))
		if !ok || !too {
			return 0, false
		}
		rise[axis] = (ahead - behind) / (2 * step)
	}
	return milli(math.Atan(math.Hypot(rise[0], rise[1])) * 180 / math.Pi), true
}

// byRoad grades the nearest road that is proven to be built.
func (j *siteJudge) byRoad(i int) FactorScore {
	n, limit := j.a.net, metres(j.a.Snapshot.Rules.SnapMaxMM)
	at, ok := n.graph.Snap(j.a.Snapshot.Sites[i].Gate, limit, n.strict[AccessReached])
	if !ok {
		return unknownScore("no_road")
	}
	p := n.piece(at.Edge)
	name := p.Class
	if r := j.a.roads[p.Road]; r != nil && r.Name != "" {
		name = r.Name
	}
	switch roadCostGroup(p.Class) {
	case RoadCostHigh:
		return j.measured(FactorRoad, 3000, name)
	case RoadCostMid:
		return j.measured(FactorRoad, 2000, name)
	}
	switch Hardened(p.proven().Surface) {
	case Yes:
		return j.measured(FactorRoad, 1000, name)
	case No:
		return j.measured(FactorRoad, 0, name)
	}
	low, high := j.measured(FactorRoad, 0, name), j.measured(FactorRoad, 1000, name)
	return FactorScore{Low: min(low.Low, high.Low), High: max(low.High, high.High), Why: "no_surface", Source: name}
}

// towards are the ways to the nearest facility of some kinds.
type towards struct {
	j      *siteJudge
	places []*Facility
	of     []int // by root: the place
	query  *route.Query
	metric route.Metric
	maybe  *route.Query // over roads that may be there; nil: none are asked for
}

func (j *siteJudge) toward(metric route.Metric, kinds ...string) *towards {
	w := &towards{j: j, metric: metric, query: j.travel.graph.NewQuery(), maybe: j.a.net.graph.NewQuery()}
	lax := j.a.net.lax[AccessReached]
	var roots, loose []route.Snap
	for i := range j.a.Snapshot.Facilities {
		f := &j.a.Snapshot.Facilities[i]
		if !slices.Contains(kinds, f.Kind) {
			continue
		}
		if at := j.travel.snap(f.Point); at.ok {
			roots, w.of = append(roots, at.Snap), append(w.of, len(w.places))
		}
		if at, ok := j.a.net.graph.Snap(f.Point, metres(j.a.Snapshot.Rules.SnapMaxMM), lax); ok {
			loose = append(loose, at)
		}
		w.places = append(w.places, f)
	}
	w.query.Metric, w.query.Filter, w.maybe.Filter = metric, j.travel.filter, lax
	w.query.Toward(roots...)
	w.maybe.Toward(loose...)
	return w
}

// find gives the way of a site in mm or ms, with the place; else why there is none.
func (w *towards) find(i int) (far int64, place *Facility, why string) {
	if len(w.places) == 0 {
		return 0, nil, "no_facility"
	}
	if gate := w.j.gates[i]; gate.ok && len(w.of) > 0 {
		if r, ok := w.query.Reach(gate.Snap); ok {
			if w.metric == route.ByTime {
				return r.MS, w.places[w.of[r.Root]], ScoreComputed
			}
			return r.MM, w.places[w.of[r.Root]], ScoreComputed
		}
	}
	n := w.j.a.net
	at, ok := n.graph.Snap(w.j.a.Snapshot.Sites[i].Gate, metres(w.j.a.Snapshot.Rules.SnapMaxMM), n.lax[AccessReached])
	if ok {
		if _, ok = w.maybe.Reach(at); ok {
			return 0, nil, "no_proven_road"
		}
	}
	return 0, nil, ScoreCutOff
}

func (j *siteJudge) byWay(f SiteFactor, w *towards, i int) FactorScore {
	far, place, why := w.find(i)
	switch why {
	case ScoreComputed:
		return j.measured(f, far/perX[w.metric], place.Name)
	case ScoreCutOff:
		return FactorScore{Why: why}
	}
	return unknownScore(why)
}

// perX are the mm in a thousandth of a kilometre, the ms in one of a minute.
var perX = map[route.Metric]int64{route.ByLength: 1000, route.ByTime: 60}

// byServices is half the score of the school, and half that of the clinic.
func (j *siteJudge) byServices(i int) FactorScore {
	school, clinic := j.byWay(FactorServices, j.services[0], i), j.byWay(FactorServices, j.services[1], i)
	out := FactorScore{Low: (school.Low + clinic.Low) / 2, High: (school.High + clinic.High) / 2, Why: school.Why, Source: joinNames(school.Source, clinic.Source)}
	if out.Why == ScoreComputed {
		out.Why = clinic.Why
	}
	if school.Measure != nil && clinic.Measure != nil {
		slower := max(*school.Measure, *clinic.Measure)
		out.Measure = &slower
	}
	return out
}

func joinNames(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
