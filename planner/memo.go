package planner

import (
	"sync"

	"github.com/qiantu/qiantu/geo"
)

// memo holds what an assessment works out once, when it is first asked for it.
// Nothing in it is of sites: who supposes other sites shares it.
type memo struct {
	rural, gaps         sync.Once
	services            [2]seasonServices // when it is dry, and when it is wet
	walks, sums, states sync.Once
	ruralMade           *ruralAccess
	gapsMade            *gapGraph
	walksMade           []geo.Walked
	sumsMade            *roadSums
	statesMade          *roadStates
}

// siteMemo holds what is worked out once of sites.
type siteMemo struct {
	suits     sync.Once
	suitsMade []Suitability
}

// seasonServices are the services of every village in a season, made once.
type seasonServices struct {
	once sync.Once
	made [][]Service
}

// gapGraph is the graph of all that fails, made once.
func (a *Assessment) gapGraph() *gapGraph {
	a.memo.gaps.Do(func() { a.memo.gapsMade = a.newGapGraph(nil) })
	return a.memo.gapsMade
}
