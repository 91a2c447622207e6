package sample

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

// Options say which county is invented.
type Options struct {
	Seed     uint64
	Villages int                   // settlements, 60 at least; 0: as many as the demo county has
	Progress func(done, total int) // called now and then; may be nil
}

// DataDate is the invented day that the county's data speak of.
const DataDate = "2020-06-30"

// steps of County that are told to Options.Progress.
const steps = 8

const (
	notice   = "示例数据：乡镇名称与代码属实，边界、道路、村寨及日期（含数据日期 2020-06-30）均为虚构"
	noticeEN = "Sample data: township names and codes are real; borders, roads, villages and dates (data date 2020-06-30 too) are invented"
	source   = "Qiantu sample generator (invented); township names and codes: official statistics"
)

// maker holds a county while it is being invented.
type maker struct {
	options Options
	unit    unit
	frame   frame
	part    *partition
	waters  []river
	*settler
	load  *data.Load
	tasks []task // the hamlet road programme
	paces []pace // of the townships
	told  int
}

// County invents Hezhang county. The published totals hold for every seed
// from 1,000 villages up; below that the county is a smaller one of its kind,
// with fewer villages to be without safe water and fewer hamlets to build to.
func County(o Options) *data.Load {
	m := &maker{options: o, unit: hezhang, load: &data.Load{County: hezhang.code, Source: source}}
	for _, stage := range []func(){
		m.shapeLand, m.settleLand, m.planProgramme, m.fillNetwork,
		m.writeRegions, m.writeRoads, m.writeProgrammes, m.writePeople,
	} {
		stage()
		m.tell()
	}
	return m.load
}

func (m *maker) tell() {
	m.told++
	if m.options.Progress != nil {
		m.options.Progress(m.told, steps)
	}
}

func (m *maker) random(part string) *random { return newRandom(m.options.Seed, part) }

// shapeLand makes the ground, the townships and the rivers.
func (m *maker) shapeLand() {
	seed := m.options.Seed
	m.frame = newFrame(m.unit.west, m.unit.south, m.unit.lonDegrees, m.unit.latDegrees, seed)
	m.part = newPartition(newTerrain(m.frame, 200, seed), m.frame, len(m.unit.townships), seed)
	m.waters = m.part.rivers()
	m.writeHeights()
}

// writeRegions writes the county, its townships and what lies under the map.
func (m *maker) writeRegions() {
	polygons := areas(m.frame, traceBorders(m.part, m.options.Seed), len(m.unit.townships))
	day, _ := planner.ParseDate(DataDate)
	seat := m.seat(0)
	m.load.Regions = append(m.load.Regions, planner.Region{
		Code: m.unit.code, Level: planner.LevelCounty, Name: m.unit.name, NameEN: m.unit.en, Parent: m.unit.parent(),
		Boundary: polygons[outside], Seat: &seat, DataDate: day, Sample: true,
		Notice: notice, NoticeEN: noticeEN, Source: source,
	})
	for i, t := range m.unit.townships {
		seat := m.seat(i)
		m.load.Regions = append(m.load.Regions, planner.Region{
			Code: t.code, Level: planner.LevelTownship, Name: t.name, NameEN: t.en, Parent: m.unit.code,
			Boundary: polygons[int16(i)], Seat: &seat, Sample: true, Source: source,
		})
	}
	m.load.Regions = append(m.load.Regions, m.unit.above...)
	m.writeRivers()
}

// seat is the mark of a township's seat, a vertex of the roads through it.
func (m *maker) seat(i int) orb.Point {
	return m.frame.point(m.surveyor.mark(m.part.seats[i]))
}

// writeRivers draws the waters; only the bigger ones have names.
func (m *maker) writeRivers() {
	r := m.random("rivers")
	draw := newSurveyor(m.part.grid, m.options.Seed, "river")
	for _, w := range m.waters {
		line, _ := draw.line(w.cells, 4, 80)
		kind, name := "brook", ""
		if w.basin > 40 {
			kind, name = "river", riverName(r)
		}
		m.reference("river", kind, name, m.frame.line(line))
	}
}

func (m *maker) reference(layer, kind, name string, g orb.Geometry) {
	id := planner.ID(len(m.load.References) + 1)
	m.load.References = append(m.load.References, planner.Reference{ID: id, Layer: layer, Kind: kind, Name: name, Geometry: g})
}

// blob is a rounded outline, so long along a direction and so wide across it,
// from its middle. Every ray from there crosses it once, so it never crosses
// itself.
func (m *maker) blob(at plane, along, long, wide float64, r *random) orb.Polygon {
	const corners = 40
	shape := newNoise(r.next(), "blob")
	ring := make(orb.Ring, 0, corners+1)
	for k := range corners {
		angle := 2 * math.Pi * float64(k) / corners
		radius := 1 + 0.45*shape.octaves(1.7*math.Cos(angle)+5, 1.7*math.Sin(angle)+5, 2)
		p := plane{long * radius * math.Cos(angle), wide * radius * math.Sin(angle)}
		turned := plane{p.x*math.Cos(along) - p.y*math.Sin(along), p.x*math.Sin(along) + p.y*math.Cos(along)}
		ring = append(ring, m.frame.point(at.add(turned)))
	}
	return orb.Polygon{append(ring, ring[0])}
}
