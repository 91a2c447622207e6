package planner

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb/planar"
)

// siteEdit is what a question supposes of a site.
type siteEdit struct {
	do   string // the last verb
	room *int64 // persons that fit; nil: as its parts say
	shut bool   // takes nobody more
}

// splitEdits parts the edits of roads from those of sites and villages. Neither
// touches the other, so that the order among each is all that counts.
func splitEdits(edits []Edit) (roads, others []Edit) {
	for _, e := range edits {
		if e.ofRoads() {
			roads = append(roads, e)
		} else {
			others = append(others, e)
		}
	}
	return roads, others
}

// EditsPlaces says whether a question supposes something of sites or villages.
func (q *Question) EditsPlaces() bool {
	return slices.ContainsFunc(q.Edits, func(e Edit) bool { return !e.ofRoads() })
}

// OfRoads is the question without what it supposes of sites and villages.
func (q Question) OfRoads() Question {
	q.Edits, _ = splitEdits(q.Edits)
	return q
}

func (q *Question) editsRoads() bool { return slices.ContainsFunc(q.Edits, Edit.ofRoads) }

func (q *Question) editsPeople() bool {
	return slices.ContainsFunc(q.Edits, func(e Edit) bool { return e.Village != 0 })
}

// sameRoads says whether two questions suppose the same of network and rules.
func (q *Question) sameRoads(other *Question) bool {
	a, _ := splitEdits(q.Edits)
	b, _ := splitEdits(other.Edits)
	return q.Season == other.Season && q.ConnectMM == other.ConnectMM && q.RAIMM == other.RAIMM && q.WalkMS == other.WalkMS && slices.Equal(a, b)
}

// editPlaces does to the sites and villages of the snapshot what is supposed.
// The snapshot is the assessment's own; its lists are not.
func (a *Assessment) editPlaces(edits []Edit) error {
	if len(edits) == 0 {
		return nil
	}
	s := a.Snapshot
	s.Sites, a.sitesAsked, a.site = slices.Clone(s.Sites), map[ID]siteEdit{}, maps.Clone(a.site)
	cloned := false
	for _, e := range edits {
		if err := e.check(); err != nil {
			return err
		}
		if e.Village != 0 {
			if !cloned {
				s.Villages, cloned = slices.Clone(s.Villages), true
			}
			if err := a.editVillage(e); err != nil {
				return err
			}
		} else if err := a.editSite(e); err != nil {
			return err
		}
	}
	return nil
}

func (a *Assessment) editVillage(e Edit) error {
	at, ok := a.village[e.Village]
	if !ok {
		return Errorf(Invalid, "edit %q: there is no village %d in %s", e, e.Village, a.Snapshot.Region.Code)
	}
	a.Snapshot.Villages[at].Population = &Population{AsOf: a.Snapshot.AsOf, Households: &e.Households, Persons: &e.Persons, Source: "supposed"}
	return nil
}

func (a *Assessment) editSite(e Edit) error {
	at, there := a.site[e.Site]
	switch {
	case e.Do == EditAdd && there:
		return Errorf(Invalid, "edit %q: there is a site %d already; choose another number from %d on", e, e.Site, FirstAskedSite)
	case e.Do == EditAdd:
		a.addSite(e)
		return nil
	case !there:
		return Errorf(Invalid, "edit %q: there is no site %d in %s", e, e.Site, a.Snapshot.Region.Code)
	}
	is := a.sitesAsked[e.Site]
	switch e.Do {
	case EditPlace:
		a.Snapshot.Sites[at].Gate = e.Point
	case EditCapacity:
		is.room, is.shut = &e.Persons, false
	case EditClose:
		is.shut = true
	}
	if is.do != EditAdd {
		is.do = e.Do
	}
	a.sitesAsked[e.Site] = is
	return nil
}

// addSite puts a site that is not there among the others, by number.
func (a *Assessment) addSite(e Edit) {
	number := idString(e.Site - FirstAskedSite + 1)
	site := Site{ID: e.Site, Name: "拟设安置点 " + number, NameEN: "Proposed site " + number, Gate: e.Point, CapacityPersons: &e.Persons}
	for i := range a.Snapshot.Townships {
		if t := &a.Snapshot.Townships[i]; t.Boundary.Bound().Contains(e.Point) && planar.MultiPolygonContains(t.Boundary, e.Point) {
			site.Township = t.Code
			break
		}
	}
	at, _ := slices.BinarySearchFunc(a.Snapshot.Sites, site.ID, func(s Site, id ID) int { return cmp.Compare(s.ID, id) })
	a.Snapshot.Sites = slices.Insert(a.Snapshot.Sites, at, site)
	for i := at; i < len(a.Snapshot.Sites); i++ {
		a.site[a.Snapshot.Sites[i].ID] = i
	}
	a.sitesAsked[e.Site] = siteEdit{do: EditAdd}
}

// suppose lays over the capacity of a site what a question says of it.
func (e siteEdit) suppose(c *SiteCapacity) {
	switch {
	case e.shut:
		c.Most, c.Binding = c.Taken, LimitSupposed
	case e.room != nil:
		c.Most, c.Binding = *e.room, LimitSupposed
	}
}

// asksOf says whether the question supposes other people in a village.
func (a *Assessment) asksOf(v *Village) bool {
	return a.base != nil && v.Population != a.base.Snapshot.Villages[a.village[v.ID]].Population
}
