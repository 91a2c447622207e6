package data

import (
	"context"
	"errors"
	"math"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// DrawRoad gives a length-only route its line. Its measure, and all that is
// anchored to it, stays; its pieces get their share of the line, in proportion.
// A route without any piece gets one over the whole. One that has a line
// already is a Conflict: another line is a realignment.
func (s *Store) DrawRoad(ctx context.Context, county string, road planner.ID, line orb.LineString, by string) (revision int64, err error) {
	if err := geo.Check(line); err != nil || len(line) < 2 {
		return 0, planner.Errorf(planner.Invalid, "the line of road %d cannot be drawn: it needs two places or more on the map (%v)", road, err)
	}
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		piece, err := undrawn(ctx, tx, county, road)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query.RoadDraw, county, road, piece.Version, put(line)); err != nil {
			return err
		}
		if err := drawPieces(ctx, tx, county, piece, line); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "draw", county, object("road", road), map[string]any{"version": piece.Version, "vertices": len(line)})
	})
	return revision, err
}

// undrawn locks the version in force of a length-only route and gives it as one
// piece over the whole.
func undrawn(ctx context.Context, tx pgx.Tx, county string, road planner.ID) (*planner.Segment, error) {
	s := &planner.Segment{Road: road, Routable: true}
	var drawn bool
	err := tx.QueryRow(ctx, query.RoadUndrawn, county, road).Scan(&s.Version, &s.Span.To, &drawn, &s.Class, &s.Township)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, planner.Errorf(planner.NotFound, "there is no road %d in force in county %s", road, county)
	case err == nil && drawn:
		return nil, planner.Errorf(planner.Conflict, "road %d has a line already; another one is a realignment", road)
	}
	return s, err
}

// drawPieces gives the pieces of a version their share of its line.
func drawPieces(ctx context.Context, tx pgx.Tx, county string, of *planner.Segment, line orb.LineString) error {
	pieces, err := pgx.CollectRows(must(tx.Query(ctx, query.RoadSegmentSpans, county, of.Road, of.Version)), func(row pgx.CollectableRow) (s planner.Segment, err error) {
		return s, row.Scan(&s.ID, &s.Span.From, &s.Span.To)
	})
	if err != nil {
		return err
	}
	if len(pieces) == 0 {
		of.Line = line
		return insertSegment(ctx, tx, county, of, "drawn")
	}
	whole := geo.NewMeasured(line)
	for _, p := range pieces {
		from, to := share(p.Span, of.Span.To, whole.Length())
		if _, err := tx.Exec(ctx, query.RoadSegmentDraw, county, p.ID, put(whole.Cut(from, to))); err != nil {
			return err
		}
	}
	return nil
}

// share is the part of a line in proportion to the part of a measure.
func share(span chainage.Span, length int64, line geo.Millimetre) (from, to geo.Millimetre) {
	at := func(mm int64) geo.Millimetre {
		return geo.Millimetre(math.Round(float64(mm) / float64(length) * float64(line)))
	}
	return at(span.From), at(span.To)
}
