package planner

import (
	"math"

	"github.com/paulmach/orb"
)

// VillageAccess is what an analyst is told of the roads of one village.
type VillageAccess struct {
	*VillageVerdict
	NearestMM *int64    // straight from its point to the nearest road that is built and known to be all-season, joined or not; nil: there is none
	Nearest   *Road     // that road; nil: none, or one that the snapshot does not name
	At        orb.Point // where on it, when there is one
}

// VillageAccess judges the access of every village, by id.
func (a *Assessment) VillageAccess() []VillageAccess {
	out := make([]VillageAccess, len(a.Villages))
	inParallel(len(out), func(i int) {
		v := VillageAccess{VillageVerdict: &a.Villages[i]}
		if s, ok := a.net.graph.Closest(v.Village.Point, math.MaxFloat32, a.net.strict[AccessConnected]); ok {
			mm := int64(s.Access)
			v.NearestMM, v.Nearest, v.At = &mm, a.roads[a.net.piece(s.Edge).Road], s.Point
		}
		out[i] = v
	})
	return out
}
