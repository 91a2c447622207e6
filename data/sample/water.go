package sample

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// The published gap of safe water.
const (
	unsafeVillages = 224
	closeGapFen    = 38_600_000_000
)

// work is a named supply work. Its name and status word are published; where
// it stands is invented.
type work struct{ name, word, status, kind string }

var works = []work{
	{"珠市", "大坝填筑完成", "building", "reservoir"},
	{"河口", "加快推进", "building", "reservoir"},
	{"河头上", "加快推进", "building", "reservoir"},
	{"海雀", "加快推进", "building", "reservoir"},
	{"娃二沟", "加快推进", "building", "reservoir"},
	{"新寨", "新开工", "building", "reservoir"},
	{"万家沟", "新开工", "building", "reservoir"},
	{"平顶", "前期工作", "planned", "reservoir"},
	{"骨干水源工程", "前期工作", "planned", "large"},
	{"洗羊塘", "蓄水运行", "built", "pond"},
	{"官房", "蓄水运行", "built", "pond"},
	{"韭菜坪", "蓄水运行", "built", "pond"},
	{"长海子", "蓄水运行", "built", "pond"},
	{"大麦地", "蓄水运行", "built", "pond"},
}

func (m *maker) writeWater() {
	r := m.random("water")
	m.writeWorks(r)
	unsafe := m.surveyVillages(r)
	m.surveyHamlets(unsafe, r)
	m.writeVillageWorks(unsafe, r)
}

// writeWorks puts reservoirs on rivers and ponds on high ground, away from
// each other.
func (m *maker) writeWorks(r *random) {
	var taken []plane
	for _, w := range works {
		c := m.workSite(w.kind != "pond", taken, r)
		at := m.centre(int(c))
		taken = append(taken, at)
		name := w.name
		if w.kind == "reservoir" {
			name += "水库"
		}
		p := planner.WaterProject{ID: planner.ID(len(m.load.Water) + 1), Name: name, Kind: w.kind, Status: w.status, Point: m.frame.point(at)}
		capacity := math.Round(r.between(800, 6000))
		persons := int64(capacity * 9)
		p.CapacityM3D, p.DesignedPersons = &capacity, &persons
		if w.status == "built" {
			p.Serves = m.villagesAround(at, 3+r.below(5))
		}
		m.load.Water = append(m.load.Water, p)
		if w.status == "built" || w.word == "大坝填筑完成" {
			m.reference("lake", w.kind, name, m.lake(c, at, r))
		}
	}
}

// workSite is a cell of a middling river, or a flat high one.
func (m *maker) workSite(onRiver bool, taken []plane, r *random) int32 {
	best, at := math.Inf(-1), int32(0)
	for range 200 {
		c := pick(r, pick(r, m.byTown))
		if m.hasRoad(c) {
			continue
		}
		gap := math.Min(nearest(taken, m.centre(int(c))), 9000) / 3000
		score := gap + m.height[c]/500 - 20*m.steepness(int(c))
		if onRiver {
			score = gap - math.Abs(math.Log(m.basin[c]/25)) - 2*m.steepness(int(c))
		}
		if score > best {
			best, at = score, c
		}
	}
	return at
}

// lake is an outline drawn out along the way of the water.
func (m *maker) lake(c int32, at plane, r *random) orb.Polygon {
	d := m.down[m.down[m.down[c]]]
	size := r.between(150, 290)
	return m.blob(at, at.angleTo(m.centre(int(d))), 2.1*size, 0.75*size, r)
}

// villagesAround are the nearest places.
func (m *maker) villagesAround(at plane, count int) []planner.ID {
	var waiting queue
	for i := range m.places {
		waiting.push(entry{m.places[i].at.distance(at), int32(i)})
	}
	var out []planner.ID
	for len(out) < count && len(waiting) > 0 {
		out = append(out, villageID(int(waiting.pop().cell)))
	}
	return out
}

// surveyVillages surveys the administrative villages: the published number is
// unsafe, a few are not surveyed or not fully. It returns who is unsafe or
// unsurveyed, by place.
func (m *maker) surveyVillages(r *random) map[int]bool {
	var villages []int
	for i := range m.places {
		if m.places[i].kind == "administrative" {
			villages = append(villages, i)
		}
	}
	unsafe := min(unsafeVillages, len(villages)/2)
	weights := make([]float64, unsafe)
	for i := range weights {
		weights[i] = r.between(0.4, 1.9)
	}
	costs := apportion(closeGapFen/100_00, weights, 1)
	without := map[int]bool{}
	for k, i := range shuffledInts(villages, r) {
		switch {
		case k < unsafe:
			fen := costs[k] * 100_00
			s := m.unsafeSurvey(r)
			s.CloseCostFen = &fen
			m.survey(i, s, r)
			without[i] = true
		case k < unsafe+11:
			without[i] = true // not surveyed
		case k < unsafe+16:
			s := m.safeSurvey(r)
			s.QualityOK, s.ReliabilityPct = nil, nil // not fully observed
			m.survey(i, s, r)
			without[i] = true
		default:
			m.survey(i, m.safeSurvey(r), r)
		}
	}
	return without
}

// survey stores what was found; a quarter of the villages had been surveyed a
// year before with another result, which no longer counts.
func (m *maker) survey(place int, s planner.WaterSurvey, r *random) {
	add := func(s planner.WaterSurvey, on planner.Date) {
		s.ID, s.Village, s.On, s.Source = planner.ID(len(m.load.Surveys)+1), villageID(place), on, "村级水质水量调查（虚构）"
		m.load.Surveys = append(m.load.Surveys, s)
	}
	if r.chance(0.25) {
		add(m.unsafeSurvey(r), day("2019-05-06")+planner.Date(r.below(30)))
	}
	add(s, day("2020-04-10")+planner.Date(r.below(60)))
}

func known[T any](v T) *T { return &v }

func tenth(v float64) *float64 { return known(math.Round(v*10) / 10) }

// safeSurvey meets the basic thresholds of T/CHES 18-2018 everywhere, and half
// the time the good ones.
func (m *maker) safeSurvey(r *random) planner.WaterSurvey {
	s := planner.WaterSurvey{QualityOK: known(true)}
	if r.chance(0.5) {
		s.Tap, s.LitresPerDay, s.ReliabilityPct = known(true), tenth(r.between(62, 95)), tenth(r.between(95.5, 99.5))
		return s
	}
	s.Tap, s.LitresPerDay, s.ReliabilityPct = known(false), tenth(r.between(36, 70)), tenth(r.between(90.5, 97))
	s.FetchMinutes, s.DistanceM, s.ClimbM = tenth(r.between(4, 19)), tenth(r.between(100, 760)), tenth(r.between(2, 75))
	return s
}

// unsafeSurvey fails at one indicator or more.
func (m *maker) unsafeSurvey(r *random) planner.WaterSurvey {
	s := m.safeSurvey(r)
	switch r.below(4) {
	case 0:
		s.LitresPerDay = tenth(r.between(12, 33))
	case 1:
		s.QualityOK = known(false)
	case 2:
		s.Tap, s.FetchMinutes, s.DistanceM, s.ClimbM = known(false), tenth(r.between(22, 70)), tenth(r.between(850, 2600)), tenth(r.between(85, 260))
	case 3:
		s.ReliabilityPct = tenth(r.between(55, 88))
	}
	return s
}

// surveyHamlets surveys most hamlets near villages that have safe water; those
// near others are counted with their village.
func (m *maker) surveyHamlets(unsafe map[int]bool, r *random) {
	for i := range m.places {
		p := &m.places[i]
		if p.kind == "administrative" || p.reach == planted {
			continue
		}
		if v := m.nearestVillage(p); !unsafe[v] && r.chance(0.85) {
			m.survey(i, m.safeSurvey(r), r)
		}
	}
}

// nearestVillage is the administrative village nearest in the same township.
func (m *maker) nearestVillage(p *place) int {
	best, at := math.Inf(1), 0
	for i := range m.places {
		v := &m.places[i]
		if v.kind != "administrative" {
			continue
		}
		d := v.at.distance(p.at)
		if v.township != p.township {
			d *= 3
		}
		if d < best {
			best, at = d, i
		}
	}
	return at
}

// writeVillageWorks writes small works for half of the villages with safe water.
// Most are large enough for all they serve in the year, and many are not in the
// dry season; a few are too small at any time.
func (m *maker) writeVillageWorks(unsafe map[int]bool, r *random) {
	for i := range m.places {
		p := &m.places[i]
		if p.kind != "administrative" || unsafe[i] || !r.chance(0.5) {
			continue
		}
		at := p.at.add(toward(r.between(0, 2*math.Pi), r.between(150, 600)))
		serves := m.villagesAround(p.at, 1+r.below(3))
		persons := m.personsOf(serves)
		each := r.between(0.07, 0.13) // m³ a day; 60 litres and the losses are 0.069
		if r.chance(0.08) {
			each = r.between(0.03, 0.06)
		}
		w := planner.WaterProject{
			ID: planner.ID(len(m.load.Water) + 1), Name: p.name + "村供水工程", Kind: "small", Status: "built",
			CapacityM3D: tenth(float64(persons) * each), DesignedPersons: &persons, Point: m.frame.point(at), Serves: serves,
		}
		if r.chance(0.4) {
			w.DryCapacityM3D = tenth(*w.CapacityM3D * r.between(0.4, 1))
		}
		m.load.Water = append(m.load.Water, w)
	}
}

func (m *maker) personsOf(villages []planner.ID) (sum int64) {
	for _, id := range villages {
		persons, _ := m.load.Villages[id-1].Persons()
		sum += persons
	}
	return sum
}
