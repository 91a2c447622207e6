package sample

import (
	"fmt"
	"math"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// writeRegister writes what the county keeps of its sites and of those who
// move there. All of it is invented; nothing of it is in a published total.
func (m *maker) writeRegister() {
	r := m.random("register")
	coming := make([]people, len(m.load.Sites))
	movedIn := make([]int64, len(m.load.Sites))
	for _, move := range m.load.Moves {
		at := int(move.Site) - 1
		coming[at].households += move.Households
		coming[at].persons += move.Persons
		for _, e := range move.Events {
			if e.Stage == "moved_in" {
				movedIn[at] += e.Households
			}
		}
	}
	follow := planner.ID(0)
	for i := range m.load.Sites {
		s := &m.load.Sites[i]
		s.Land = []string{"owned", "owned", "unused", "owned", "unused", "acquire"}[i%6]
		m.approve(s, i, r)
		follow = followUp(s, i, follow, r)
		dwellingTypes(s, r)
		costs(s, coming[i])
		if movedIn[i] > 0 {
			able := movedIn[i] * 19 / 20
			s.Employment = &planner.EmploymentCount{AsOf: day("2020-05-31"), Households: movedIn[i], AbleHouseholds: &able, Employed: int64(float64(movedIn[i]) * r.between(1.5, 2.1))}
		}
	}
	land := 70.0
	m.load.Sites[4].Scores = []planner.StoredScore{{Factor: "land", Score: &land, Source: "自然资源部门现场核查（虚构）"}}
	m.consents(r)
	m.reclaim(r)
	m.writeAreas(r)
}

// approve gives a site its papers: the older sites have all of them, of the
// others some are late and some are still waited for.
func (m *maker) approve(s *planner.Site, i int, r *random) {
	on := day("2018-03-01") + planner.Date(r.below(60))
	for k, step := range planner.ApprovalSteps {
		a := planner.SiteApproval{Step: step, Needed: true, Due: on + 60, Applied: on, Granted: on + planner.Date(r.whole(15, 70))}
		on += planner.Date(r.whole(25, 60))
		switch {
		case step == "forest_land" && i%3 == 0:
			a = planner.SiteApproval{Step: step, Note: "不占用林地"}
		case i >= 8 && k == len(planner.ApprovalSteps)-1:
			a.Granted, a.Due = 0, day("2020-05-31")-planner.Date(7*(i-8))
		case i >= 10 && k == len(planner.ApprovalSteps)-2:
			a.Granted, a.Due = 0, day("2020-09-30")
		default:
			a.Document = fmt.Sprintf("赫（示例）%d〔%d〕%d号", k+1, a.Granted.Time().Year(), 10*(i+1)+k)
		}
		s.Approvals = append(s.Approvals, a)
	}
}

// followUp is what is to be done for those who moved in, quarter by quarter.
func followUp(s *planner.Site, i int, last planner.ID, r *random) planner.ID {
	for _, f := range []struct {
		kind, by string
		due      string
		done     bool
	}{
		{"school_places", "教育局", "2020-03-01", true}, {"clinic", "卫健局", "2020-03-31", true}, {"insurance", "医保局", "2020-04-30", i%4 != 3},
		{"visit", "驻点工作队", "2020-03-31", true}, {"visit", "驻点工作队", "2020-06-15", i%3 != 2}, {"school_places", "教育局", "2020-09-01", false}, {"visit", "驻点工作队", "2020-09-30", false},
	} {
		last++
		one := planner.SiteFollowUp{ID: last, Kind: f.kind, Due: day(f.due), Responsible: f.by}
		if f.done {
			amount := int64(r.whole(40, 400))
			one.Done, one.Amount = one.Due-planner.Date(r.below(20)), &amount
		}
		s.FollowUps = append(s.FollowUps, one)
	}
	return last
}

// dwellingTypes divides the dwellings of a site's buildings over households of
// three to six; the largest have a little less than 25 m² a person.
func dwellingTypes(s *planner.Site, r *random) {
	var all int64
	for _, b := range s.Buildings {
		all += b.Dwellings
	}
	weights := []float64{r.between(1, 2), r.between(3, 4), r.between(2, 3), r.between(1, 2)}
	for k, n := range apportion(all, weights, 0) {
		if n > 0 {
			persons := int64(k + 3)
			s.Types = append(s.Types, planner.DwellingType{Persons: persons, AreaDM2: persons*2_500 - 100*max(persons-4, 0), Dwellings: n})
		}
	}
}

// costs are about 60,000 yuan a person, and 15,000 a household for the old house.
func costs(s *planner.Site, coming people) {
	for _, c := range []struct {
		item string
		yuan int64
	}{
		{"award", coming.households * 15_000}, {"housing", coming.persons * 40_000}, {"infrastructure", coming.persons * 11_000},
		{"land", coming.persons * 2_000}, {"services", coming.persons * 4_000},
	} {
		s.Costs = append(s.Costs, planner.SiteCost{Item: c.item, Fen: c.yuan * 100})
	}
}

// consents says how many of the households of an origin agree to move.
func (m *maker) consents(r *random) {
	for _, move := range m.load.Moves {
		v := &m.load.Villages[move.Village-1]
		share := r.between(0.83, 1)
		if r.chance(0.06) {
			share = r.between(0.6, 0.78)
		}
		if r.chance(0.05) {
			continue // nobody was asked yet
		}
		v.Consent = &planner.Consent{AsOf: day("2018-08-15"), Asked: move.Households, Agreed: int64(math.Round(float64(move.Households) * share))}
	}
}

// reclaim restores the land of a part of the demolished houses.
func (m *maker) reclaim(r *random) {
	for i := range m.load.Moves {
		move := &m.load.Moves[i]
		for _, e := range move.Events {
			if e.Stage != "demolished" || r.chance(0.3) || e.On+30 > day(DataDate) {
				continue
			}
			on := min(e.On+planner.Date(r.whole(20, 90)), day(DataDate)-3)
			move.Events = append(move.Events, planner.MoveEvent{
				ID: r.uuid(), Stage: "reclaimed", Households: e.Households - e.Households*int64(r.below(3))/10, On: on,
				Recorded: on.Time().Add(time.Duration(r.whole(8, 60)) * time.Hour),
			})
		}
	}
}

// writeAreas draws where no site may lie: red lines on the heights, farmland on
// gentle land, floods along the waters. The last site lies in farmland, which the
// register finds.
func (m *maker) writeAreas(r *random) {
	last := m.load.Sites[len(m.load.Sites)-1].Gate
	m.reference("farmland", "permanent", "永久基本农田（虚构）1", m.blob(m.frame.plane(last), 0.6, 900, 420, r))
	for _, a := range []struct {
		layer, kind, name string
		count             int
		long, wide        float64
		likes             func(c int32) float64
	}{
		{"red_line", "ecological", "生态保护红线（虚构）", 5, 3200, 1900, func(c int32) float64 { return m.height[c] / 100 }},
		{"farmland", "permanent", "永久基本农田（虚构）", 12, 1100, 600, func(c int32) float64 { return -30 * m.steepness(int(c)) }},
		{"flood", "river", "洪涝风险区（虚构）", 6, 900, 260, func(c int32) float64 { return m.water[c] / 100 }},
	} {
		for k := range a.count {
			best, at := math.Inf(-1), int32(-1)
			for range 60 {
				c := pick(r, m.byTown[r.below(len(m.byTown))])
				if v := a.likes(c); v > best && m.clearOfSites(c, a.long*1.5) {
					best, at = v, c
				}
			}
			if at >= 0 {
				m.reference(a.layer, a.kind, fmt.Sprint(a.name, k+2), m.blob(m.centre(int(at)), r.between(0, math.Pi), a.long, a.wide, r))
			}
		}
	}
}

// clearOfSites says that no gate is so near to a cell.
func (m *maker) clearOfSites(c int32, metres float64) bool {
	for _, s := range m.load.Sites {
		if m.frame.plane(s.Gate).distance(m.centre(int(c))) < metres {
			return false
		}
	}
	return true
}
