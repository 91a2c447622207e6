package api

import (
	"context"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Store is what the service reads from. Every method may be called from many
// goroutines; errors carry a [planner.Code] where the caller can act on them.
type Store interface {
	// Counties lists the regions that hold data.
	Counties(ctx context.Context) ([]planner.County, error)
	// Revision returns the newest revision and when it was committed.
	Revision(ctx context.Context) (int64, time.Time, error)
	// Snapshot reads one county at one revision.
	Snapshot(ctx context.Context, q planner.SnapshotQuery) (*planner.Snapshot, error)
	// People keeps who may do what.
	People
	// Scenarios reads what planners try.
	Scenarios
	// Tally adds up each county below a prefecture or province, at one revision.
	Tally(ctx context.Context, q planner.SnapshotQuery) (unit planner.Region, revision int64, counties []*planner.Tally, err error)
}
