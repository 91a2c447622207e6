package planner

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// DistanceOptions say which distances are wanted.
type DistanceOptions struct {
	Metric  string // "m": shortest (default), "s": fastest; the row describes that one path
	Season  string // "dry" or "wet": impassable where earth or known not to be all-season; default: the question's, else dry
	Nearest int    // of each village only so many sites; 0: all
}

// DistanceRow is the way from a village to a site. Lengths are millimetres,
// times milliseconds; both access legs, walked at 5.04 km/h, are included.
type DistanceRow struct {
	From         ID // village
	FromName     string
	To           ID // site
	ToName       string
	Persons      *int64 // of the village; nil: unknown
	StraightMM   int64
	MM           *int64 // nil: unreachable
	MS           *int64
	AccessFromMM int64 // village to road; 0 when unreachable for want of a road
	AccessToMM   int64

	// On foot over the two access legs, off the path, over the land where its
	// heights are known: from the village to the site, and back. nil: unreachable.
	WalkOutMS, WalkBackMS *int64
	Walk                  WalkGround // what the walk was timed on; empty: unreachable
}

// Terrain names the terrain model that heights are of.
type Terrain struct {
	Source string `json:"source"` // name of the file
	Digest string `json:"sha256"` // of the heights as they are kept, or of the file where nothing is kept
}

// WalkGround says what a walk was timed on.
type WalkGround string

// The grounds: heights all the way, none at all (so as if level), or of a part.
const (
	WalkTerrain WalkGround = "terrain"
	WalkLevel   WalkGround = "level"
	WalkPartly  WalkGround = "partly"
)

// groundOf says what a walk over so many millimetres was timed on. One without
// any length is timed on what there is.
func (s *Snapshot) groundOf(w geo.Walked, mm int64) WalkGround {
	switch {
	case s.Heights == nil || mm > 0 && int64(w.Level) == mm:
		return WalkLevel
	case w.Level > 0:
		return WalkPartly
	}
	return WalkTerrain
}

// Distances gives the way from every village to its nearest sites: by village,
// the nearest first by the metric, those that cannot be reached last.
func (a *Assessment) Distances(o DistanceOptions) ([]DistanceRow, error) {
	metric, err := metricOf(o.Metric)
	if err != nil {
		return nil, err
	}
	if o.Season != "" && o.Season != route.Dry && o.Season != route.Wet {
		return nil, Errorf(Invalid, "season %q is not known; write dry or wet", o.Season)
	}
	everyone := make([]int, len(a.Snapshot.Villages))
	for i := range everyone {
		everyone[i] = i
	}
	t := a.travel(cmp.Or(o.Season, a.Question.Season), everyone)
	rows := make([][]DistanceRow, len(everyone))
	for i := range a.Snapshot.Sites {
		for v, row := range t.toSite(metric, &a.Snapshot.Sites[i], everyone) {
			rows[v] = append(rows[v], row)
		}
	}
	var out []DistanceRow
	for _, list := range rows {
		slices.SortStableFunc(list, func(x, y DistanceRow) int { return compareDistances(metric, &x, &y) })
		if o.Nearest > 0 && len(list) > o.Nearest {
			list = list[:o.Nearest]
		}
		out = append(out, list...)
	}
	return out, nil
}

func metricOf(s string) (route.Metric, error) {
	switch s {
	case "", "m":
		return route.ByLength, nil
	case "s":
		return route.ByTime, nil
	}
	return 0, Errorf(Invalid, "metric %q is not known; write m for the shortest way or s for the fastest", s)
}

func compareDistances(m route.Metric, x, y *DistanceRow) int {
	key := func(r *DistanceRow) int64 {
		switch {
		case r.MM == nil:
			return math.MaxInt64
		case m == route.ByTime:
			return *r.MS
		}
		return *r.MM
	}
	return cmp.Or(cmp.Compare(key(x), key(y)), cmp.Compare(x.StraightMM, y.StraightMM), cmp.Compare(x.To, y.To))
}

// travel is the network as it can be driven in a season: built roads only.
type travel struct {
	a      *Assessment
	graph  *route.Graph
	filter *route.Filter
	snaps  []snapped // of the villages that were asked for
}

type snapped struct {
	route.Snap
	ok   bool
	walk geo.Walked // to the road, over the land
}

// onFoot adds the walk to the road.
func (s *Snapshot) onFoot(from orb.Point, to route.Snap, ok bool) snapped {
	out := snapped{Snap: to, ok: ok}
	if ok {
		out.walk = geo.Walk(orb.LineString{from, to.Point}, s.Heights, geo.OffPath)
	}
	return out
}

// travel readies the network of a season for some of the villages.
func (a *Assessment) travel(season string, villages []int) *travel {
	t := &travel{a: a}
	t.graph, t.filter = a.Snapshot.Rules.inSeason(a.net.graph, a.Pieces, season)
	t.snaps = make([]snapped, len(a.Snapshot.Villages))
	limit := a.Snapshot.Rules.SnapMaxMM
	inParallel(len(villages), func(i int) {
		s, ok := a.net.snap(villages[i], limit, t.filter)
		t.snaps[villages[i]] = a.Snapshot.onFoot(a.Snapshot.Villages[villages[i]].Point, s, ok)
	})
	return t
}

// inSeason is the same network with the speeds of a season, and the edges of it
// that can be driven then.
func (r *Rules) inSeason(g *route.Graph, pieces []Piece, season string) (*route.Graph, *route.Filter) {
	speed := func(payload int32) float64 { return r.speed(&pieces[payload], season) }
	if timed, err := g.WithSpeeds(func(_ int, payload int32) (float64, float64) {
		return pieces[payload].drive(speed(payload))
	}); err == nil {
		g = timed
	}
	return g, g.Filter(func(e int32) bool { return speed(g.Payload(e)) > 0 })
}

// DriveNetwork joins an inventory of segments, without any ledger of works, to
// the network that motor vehicles drive in a season ("dry" or "wet"), and gives
// the edges of it that can be driven then. The distances on it are those of
// [Assessment.Distances] of the same segments and rules. Payloads are places in
// the slice.
func DriveNetwork(segments []Segment, rules *Rules, season string) (*route.Graph, *route.Filter) {
	pieces := make([]Piece, len(segments))
	for i := range segments {
		pieces[i] = haloPiece(&segments[i])
	}
	g, _ := buildGraph(pieces, newNoding(pieces, nil, rules), nil)
	return rules.inSeason(g, pieces, season)
}

// speed is 0 where a piece cannot be driven: not built, or not known to be,
// closed to motors, or lost to the season.
func (r *Rules) speed(p *Piece, season string) float64 {
	is := p.proven()
	if !p.Routable || is.Built != BuiltYes || p.isClosed() || season == route.Wet && is.AllSeason == No {
		return 0
	}
	class := p.Class
	if _, known := classOrder[class]; !known {
		class = route.ClassSubstandard
	}
	return r.Speeds.Speed(class, is.Surface, r.Terrain, season)
}

func (t *travel) snap(p orb.Point) snapped {
	s, ok := t.graph.Snap(p, metres(t.a.Snapshot.Rules.SnapMaxMM), t.filter)
	return t.a.Snapshot.onFoot(p, s, ok)
}

// toSite gives the row of each of these villages to one site.
func (t *travel) toSite(metric route.Metric, site *Site, villages []int) []DistanceRow {
	gate := t.snap(site.Gate)
	q := t.graph.NewQuery()
	q.Metric, q.Filter = metric, t.filter
	if gate.ok {
		q.Toward(gate.Snap)
	}
	out := make([]DistanceRow, len(villages))
	for i, village := range villages {
		v, s := &t.a.Snapshot.Villages[village], t.snaps[village]
		row := DistanceRow{From: v.ID, FromName: v.Name, To: site.ID, ToName: site.Name}
		row.StraightMM = int64(geo.Round(geo.Distance(v.Point, site.Gate)))
		if persons, ok := v.Persons(); ok {
			row.Persons = &persons
		}
		row.AccessFromMM, row.AccessToMM = int64(s.Access), int64(gate.Access)
		if s.ok && gate.ok {
			if r, ok := q.Reach(s.Snap); ok {
				row.MM, row.MS = &r.MM, &r.MS
				row.walk(t.a.Snapshot, s.walk, gate.walk)
			}
		}
		out[i] = row
	}
	return out
}

// walk sets how long it takes to walk to the road, and from it to the site.
func (r *DistanceRow) walk(s *Snapshot, village, site geo.Walked) {
	out, back := village.Out+site.Back, village.Back+site.Out
	r.WalkOutMS, r.WalkBackMS = &out, &back
	r.Walk = s.groundOf(village.Plus(site), r.AccessFromMM+r.AccessToMM)
}
