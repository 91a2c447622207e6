package planner

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// Drive is the network of an assessment as motor vehicles drive it in a season:
// what [Assessment.Distances] goes by, for places that are no villages or sites.
// It may be used by many goroutines.
type Drive struct{ travel }

// Drive readies the network for a season, "dry" (default) or "wet".
func (a *Assessment) Drive(season string) (*Drive, error) {
	if season != "" && season != route.Dry && season != route.Wet {
		return nil, Errorf(Invalid, "season %q is not known; write dry or wet", season)
	}
	return &Drive{*a.travel(season, nil)}, nil
}

// Snap puts places on the nearest roads that can be driven, none farther than
// the rule allows; false: there is none so near.
func (d *Drive) Snap(places []orb.Point) ([]route.Snap, []bool) {
	snaps, found := make([]route.Snap, len(places)), make([]bool, len(places))
	inParallel(len(places), func(i int) {
		s := d.snap(places[i])
		snaps[i], found[i] = s.Snap, s.ok
	})
	return snaps, found
}

// Matrix gives, row by row, the measure from every place to every other one, both
// access legs included, in mm ([route.ByLength]) or ms ([route.ByTime]);
// [route.NoPath] where there is no way, or a place lies off all roads. The slice
// is used again for later rows.
func (d *Drive) Matrix(ctx context.Context, from, to []orb.Point, o route.MatrixOptions, row func(source int, values []uint32) error) error {
	sources, rows := compact(d.Snap(from))
	targets, columns := compact(d.Snap(to))
	o.Filter = d.filter
	values := make([]uint32, len(to))
	for i := range values {
		values[i] = route.NoPath
	}
	none, next := append([]uint32(nil), values...), 0
	skip := func(until int) error { // the rows of places off all roads
		for ; next < until; next++ {
			if err := row(next, none); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	err := d.graph.MatrixValues(ctx, sources, targets, o, func(source int, got []uint32) error {
		if err := skip(rows[source]); err != nil {
			return err
		}
		for j, column := range columns {
			values[column] = got[j]
		}
		next++
		return row(rows[source], values)
	})
	if err != nil {
		return err
	}
	return skip(len(from))
}

// compact keeps what was found, and says where it stood.
func compact(snaps []route.Snap, found []bool) ([]route.Snap, []int) {
	out, at := make([]route.Snap, 0, len(snaps)), make([]int, 0, len(snaps))
	for i, ok := range found {
		if ok {
			out, at = append(out, snaps[i]), append(at, i)
		}
	}
	return out, at
}
