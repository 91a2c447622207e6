package planner

import (
	"sync"

	"github.com/qiantu/qiantu/geo"
)

// memo holds what an assessment works out once, when it is first asked for it.
type memo struct {
	rural, services, gaps sync.Once
	walks, sums, states   sync.Once
	ruralMade             *ruralAccess
	servicesMade          [][]Service
	gapsMade              *gapGraph
	walksMade             []geo.Walked
	sumsMade              *roadSums
	statesMade            *roadStates
}

// gapGraph is the graph of all that fails, made once.
func (a *Assessment) gapGraph() *gapGraph {
	a.memo.gaps.Do(func() { a.memo.gapsMade = a.newGapGraph(nil) })
	return a.memo.gapsMade
}
