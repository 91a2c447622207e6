package sample

import (
	"math"

	"github.com/qiantu/qiantu/planner"
)

// writeFacilities writes what people travel to.
func (m *maker) writeFacilities() {
	r := m.random("facilities")
	m.facility("county_seat", m.unit.name, m.surveyor.mark(m.seats[0]))
	for i, t := range m.unit.townships {
		seat := m.surveyor.mark(m.seats[i])
		m.facility("township_seat", t.name, seat)
		m.facility("market", shortName(t.name)+"集市", beside(seat, 90, 320, r))
		m.facility("clinic", shortName(t.name)+"卫生院", beside(seat, 90, 320, r))
		m.facility("school", shortName(t.name)+"中心校", beside(seat, 120, 420, r))
	}
	m.facility("industrial_park", "产业园（虚构）", beside(m.surveyor.mark(m.seats[0]), 900, 1500, r))
	for i := len(m.unit.townships); i < len(m.places); i++ {
		p := &m.places[i]
		if p.kind != "administrative" {
			continue
		}
		if r.chance(0.45) {
			m.facility("school", p.name+"小学", beside(p.at, 40, 160, r))
		}
		if r.chance(0.6) {
			m.facility("clinic", p.name+"卫生室", beside(p.at, 40, 160, r))
		}
	}
}

func beside(p plane, near, far float64, r *random) plane {
	return p.add(toward(r.between(0, 2*math.Pi), r.between(near, far)))
}

func (m *maker) facility(kind, name string, at plane) {
	m.load.Facilities = append(m.load.Facilities, planner.Facility{
		ID: planner.ID(len(m.load.Facilities) + 1), Kind: kind, Name: name, Point: m.frame.point(at),
	})
}
