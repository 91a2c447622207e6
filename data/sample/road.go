package sample

import (
	"fmt"
	"math"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// surfacing is what an inventory says of a road's condition.
type surfacing struct {
	surface string
	season  planner.Ternary
	built   planner.Built
	widthMM int64
}

var (
	asphalted = surfacing{"asphalt", planner.Yes, planner.BuiltYes, 7500}
	hardened  = surfacing{"cement", planner.Yes, planner.BuiltYes, 4500}
	gravelled = surfacing{"gravel", planner.Yes, planner.BuiltYes, 4000}
	earthen   = surfacing{"earth", planner.No, planner.BuiltYes, 3500}
	doubtful  = surfacing{"unknown", planner.Unknown, planner.BuiltYes, 0}
	unbuilt   = surfacing{"unknown", planner.No, planner.BuiltNone, 0}
)

// writeRoads writes every route with its segments, then the routes of the
// programme that have no line yet.
func (m *maker) writeRoads() {
	r := m.random("roads")
	numbers := counters{county: m.unit.code}
	for i := range m.routes {
		route := &m.routes[i]
		class := route.class()
		name, en := m.routeName(route)
		m.load.Roads = append(m.load.Roads, planner.Road{
			ID: roadID(i), Code: numbers.code(route, r), Name: name, NameEN: en, Class: class,
			Version: 1, Length: route.length(), Line: route.shape,
			Calibration: route.labels(),
		})
		m.writeSegments(i, class)
	}
	m.writeLengthOnly()
}

func roadID(route int) planner.ID { return planner.ID(route + 1) }

// writeLengthOnly writes the routes that are a name, a township and a length.
func (m *maker) writeLengthOnly() {
	r := m.random("length only")
	for i := range m.tasks {
		t := &m.tasks[i]
		if t.route >= 0 {
			continue
		}
		name, en := placeName(r)
		m.load.Roads = append(m.load.Roads, planner.Road{
			ID: m.lengthOnlyID(i), Name: name + "通组路", NameEN: en + " Hamlet Road", Class: "unclassified",
			Township: m.townCode(t.township), Version: 1, Length: t.length,
		})
	}
}

// lengthOnlyID is the road of a task without a line; those come last.
func (m *maker) lengthOnlyID(task int) planner.ID {
	return planner.ID(len(m.routes) + lengthOnly - (len(m.tasks) - 1 - task))
}

func (t *task) id(m *maker, i int) planner.ID {
	if t.route < 0 {
		return m.lengthOnlyID(i)
	}
	return roadID(t.route)
}

// class is the highway class of a route.
func (r *route) class() string {
	switch r.purpose {
	case trunkRoad:
		return "trunk"
	case countyRoad:
		return "secondary"
	case linkRoad:
		return "tertiary"
	case villageRoad:
		if r.length() > 4_500_000 {
			return "tertiary"
		}
	case fieldRoad:
		return "track"
	}
	return "unclassified"
}

// surfaceRoads decides the inventory of all roads laid so far. A few spurs
// begin with a washed-out piece: a good road beyond it is cut off from the
// county's network.
func (m *maker) surfaceRoads() {
	r := m.random("inventory")
	tasks := map[int]*task{}
	for i := range m.tasks {
		if t := &m.tasks[i]; t.route >= 0 {
			tasks[t.route] = t
		}
	}
	for i := range m.routes {
		route := &m.routes[i]
		route.is = route.condition(tasks[i], r)
		route.washed = route.purpose == spurRoad && route.is == hardened && len(route.marks) > 4 && r.chance(0.06)
	}
}

// built is the length in millimetres that the inventory has as built.
func (r *route) built() int64 {
	switch {
	case r.is.built != planner.BuiltYes:
		return 0
	case r.washed:
		return r.length() - int64(r.measure[r.marks[1]])
	}
	return r.length()
}

// condition is what the inventory says of a route before the programme.
func (r *route) condition(t *task, rnd *random) surfacing {
	switch r.purpose {
	case trunkRoad, countyRoad:
		return asphalted
	case linkRoad:
		return chosen(rnd, 0.6, asphalted, hardened)
	case villageRoad:
		return hardened
	case hamletRoad:
		if t.track || t.disputed {
			return earthen
		}
		return unbuilt
	case plannedRoad:
		return unbuilt
	case spurRoad:
		return spurCondition(rnd)
	}
	return doubtful
}

// spurCondition is mixed: most small roads are good, some only in dry weather,
// of some nobody knows.
func spurCondition(r *random) surfacing {
	switch x := r.float(); {
	case x < 0.50:
		return hardened
	case x < 0.68:
		return gravelled
	case x < 0.88:
		return earthen
	}
	return doubtful
}

func chosen(r *random, p float64, a, b surfacing) surfacing {
	if r.chance(p) {
		return a
	}
	return b
}

// labels are the trunk road's: it comes from another county, and a stretch was
// once straightened, so that labels jump (a short chain). Other roads are
// labelled by their measure.
func (r *route) labels() chainage.Calibration {
	const enters, jump = 118_300_000, 460_000
	if r.purpose != trunkRoad || r.length() < 10_000_000 {
		return chainage.Calibration{}
	}
	length, at := r.length(), r.length()*3/5
	c, err := chainage.NewCalibration(
		chainage.Mark{At: 0, K: enters}, chainage.Mark{At: at, K: enters + at},
		chainage.Mark{At: at, K: enters + at + jump}, chainage.Mark{At: length, K: enters + length + jump},
	)
	if err != nil {
		panic(err) // the marks above rise for every length
	}
	return c
}

// writeSegments writes the pieces of a route, one per township it runs
// through.
func (m *maker) writeSegments(i int, class string) {
	route := &m.routes[i]
	cuts, owners := m.townshipRuns(route)
	if route.washed {
		cuts = append([]int{0, route.marks[1]}, cuts[1:]...)
		owners = append([]int16{owners[0]}, owners...)
	}
	for k := range owners {
		from, to := cuts[k], cuts[k+1]
		is := route.is
		if route.washed && k == 0 {
			is = unbuilt
		}
		m.load.Segments = append(m.load.Segments, planner.Segment{
			ID: planner.ID(len(m.load.Segments) + 1), Road: roadID(i), Version: 1,
			Span:  chainage.Span{From: int64(route.measure[from]), To: int64(route.measure[to])},
			Class: class, Surface: is.surface, WidthMM: width(is), AllSeason: is.season, Built: is.built,
			Direction: planner.Both, Routable: true, Township: m.townCode(owners[k]), Line: route.shape[from : to+1],
		})
	}
}

func width(s surfacing) *int64 {
	if s.widthMM == 0 {
		return nil
	}
	return &s.widthMM
}

// townshipRuns cuts a route where it passes from one township to another; runs
// shorter than three cells stay with the one before.
func (m *maker) townshipRuns(r *route) (cuts []int, owners []int16) {
	last := len(r.shape) - 1
	cuts, owners = []int{0}, []int16{m.label[r.cells[0]]}
	start := 0
	for i := range r.cells {
		label := m.label[r.cells[i]]
		if label == owners[len(owners)-1] || i-start < 3 || len(r.cells)-i < 3 || m.label[r.cells[i+2]] != label {
			continue
		}
		start = i
		cuts = append(cuts, r.marks[i])
		owners = append(owners, label)
	}
	return append(cuts, last), m.singleOwner(r, owners)
}

// singleOwner makes a road that was laid within one township wholly its own:
// its first vertex may stand on a road just over the border.
func (m *maker) singleOwner(r *route, owners []int16) []int16 {
	if len(owners) == 1 {
		owners[0] = m.label[r.cells[len(r.cells)/2]]
	}
	return owners
}

// counters number the routes of each letter.
type counters struct {
	county     string
	s, x, y, c int
}

// code is a route code in the form of GB/T 917, invented. Many hamlet roads
// have none yet, and field roads never get one.
func (n *counters) code(r *route, rnd *random) string {
	switch r.purpose {
	case trunkRoad:
		return n.numbered("S", &n.s, 900)
	case countyRoad:
		return n.numbered("X", &n.x, 0)
	case linkRoad:
		return n.numbered("Y", &n.y, 0)
	case villageRoad, spurRoad:
		return n.numbered("C", &n.c, 0)
	case hamletRoad:
		if rnd.chance(0.45) {
			return n.numbered("C", &n.c, 0)
		}
	}
	return ""
}

func (n *counters) numbered(letter string, last *int, from int) string {
	*last++
	if *last+from < 1000 {
		return fmt.Sprintf("%s%03d%s", letter, *last+from, n.county)
	}
	return fmt.Sprintf("%s%04d%s", letter, *last+from, n.county)
}

// routeName calls a road after where it leads.
func (m *maker) routeName(r *route) (han, en string) {
	if r.place >= 0 {
		p := m.places[r.place]
		if r.purpose == villageRoad {
			return p.name + "村路", p.en + " Village Road"
		}
		return p.name + "通组路", p.en + " Hamlet Road"
	}
	switch r.purpose {
	case trunkRoad:
		return "干线公路", "Trunk Road"
	case fieldRoad:
		return "机耕道", "Field Road"
	}
	from, to := m.townAt(r.cells[0]), m.townAt(r.cells[len(r.cells)-1])
	a, b := m.unit.townships[from], m.unit.townships[to]
	return shortName(a.name) + "至" + shortName(b.name) + "公路", a.en + " - " + b.en + " Road"
}

// townCode is the code of a township by its label.
func (m *maker) townCode(label int16) string { return m.unit.townships[label].code }

// townAt is the township whose seat is nearest.
func (m *maker) townAt(c int32) int {
	best, at := math.Inf(1), 0
	for i, seat := range m.seats {
		if d := m.centre(int(c)).distance(m.centre(int(seat))); d < best {
			best, at = d, i
		}
	}
	return at
}
