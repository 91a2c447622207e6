package sample

import "github.com/qiantu/qiantu/planner"

// dutiesFrom is the day on which everybody took up what he is responsible for.
var dutiesFrom = day("2019-03-01")

// writeDuties says who is responsible for what: the county's matters, each
// township, each administrative village. Names and telephones are invented, as
// their form says. The last township has nobody, so that a wall shows what that
// looks like.
func (m *maker) writeDuties() {
	r := m.random("duties")
	posts := []struct {
		matter     planner.Matter
		unit, post string
	}{
		{planner.MatterAll, m.unit.name + "人民政府", "副县长"}, {planner.MatterRoad, "县交通运输局", "局长"},
		{planner.MatterWater, "县水务局", "局长"}, {planner.MatterRelocation, "县发展和改革局", "局长"},
	}
	for i, p := range posts {
		m.duty(planner.Duty{Level: planner.DutyCounty, Matter: p.matter, Unit: p.unit, Post: p.post, Phone: phone(90 + i)}, r)
	}
	named := m.unit.townships[:len(m.unit.townships)-1]
	for i, t := range named {
		m.duty(planner.Duty{Level: planner.DutyTownship, Township: t.code, Matter: planner.MatterAll, Unit: government(t.name), Post: "乡镇长", Phone: phone(i)}, r)
	}
	for i := range m.load.Villages {
		if v := &m.load.Villages[i]; v.Kind == "administrative" {
			m.duty(planner.Duty{Level: planner.DutyVillage, Village: v.ID, Matter: planner.MatterAll, Unit: v.Name + "村民委员会", Post: "村委会主任", Phone: phone(int(v.ID))}, r)
		}
	}
}

func (m *maker) duty(d planner.Duty, r *random) {
	d.ID, d.Person, d.From = planner.ID(len(m.load.Duties)+1), dutyHolder(r), dutiesFrom
	m.load.Duties = append(m.load.Duties, d)
}
