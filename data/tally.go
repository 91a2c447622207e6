package data

import (
	"context"
	"encoding/binary"
	"errors"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// Tally adds up every county below a province or prefecture, all at one
// revision, in order of their codes; of a county it gives that county. The
// counties are read side by side. A zero AsOf means each county's own data
// date.
func (s *Store) Tally(ctx context.Context, q planner.SnapshotQuery) (unit planner.Region, revision int64, tallies []*planner.Tally, err error) {
	read := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = s.pool.transaction(ctx, read, func(tx pgx.Tx) error {
		r := &reader{ctx: ctx, tx: tx, county: q.Region, known: known(q.KnownAt)}
		units, err := listNow(r, query.TallyCounties, scanUnit, q.Region)
		if err != nil {
			return err
		}
		if len(units) == 0 {
			return r.unknownRegion()
		}
		unit = units[0]
		counties := units[1:]
		if unit.Level == planner.LevelCounty {
			counties = units[:1]
		}
		if len(counties) == 0 {
			return planner.Errorf(planner.NotFound, "no county with roads lies below %s %s %s; import its counties, or say which they are: a region file with code, name and parent", unit.Level, unit.Code, unit.Name)
		}
		var at time.Time
		if err := tx.QueryRow(ctx, query.RevisionGet).Scan(&revision, utcInto{&at}); err != nil {
			return err
		}
		var snapshot string
		if err := tx.QueryRow(ctx, query.TallyExport).Scan(&snapshot); err != nil {
			return err
		}
		tallies, err = s.tallyAll(ctx, q, counties, snapshot)
		return err
	})
	return unit, revision, tallies, err
}

// IsAbove says whether a region is a unit above the counties, of which only
// [Store.Tally] speaks.
func (s *Store) IsAbove(ctx context.Context, region string) (bool, error) {
	var level, county string
	var first time.Time
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.RegionWhere, region).Scan(&level, &county, utcInto{&first})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	above := level == string(planner.LevelProvince) || level == string(planner.LevelPrefecture)
	return above, explain(err)
}

func scanUnit(rows pgx.Rows, r *planner.Region) error {
	return rows.Scan(&r.Code, &r.Level, &r.Name, &r.NameEN)
}

// tallyAll counts the counties in the snapshot of another transaction, one
// connection a processor: the server works on as many as we do.
func (s *Store) tallyAll(ctx context.Context, q planner.SnapshotQuery, counties []planner.Region, snapshot string) ([]*planner.Tally, error) {
	out := make([]*planner.Tally, len(counties))
	next := make(chan int, len(counties))
	for i := range counties {
		next <- i
	}
	close(next)
	group, ctx := errgroup.WithContext(ctx)
	for range min(runtime.GOMAXPROCS(0)+1, len(counties), maxConns/2) {
		group.Go(func() error {
			read := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
			return s.pool.transaction(ctx, read, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, query.TallyImport, pgx.QueryExecModeSimpleProtocol, snapshot); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, query.SnapshotPlan); err != nil {
					return err
				}
				for i := range next {
					snap, err := tallySnapshot(ctx, tx, planner.SnapshotQuery{Region: counties[i].Code, AsOf: q.AsOf, KnownAt: q.KnownAt})
					if err != nil {
						return err
					}
					out[i] = planner.Count(snap)
				}
				return nil
			})
		})
	}
	return out, group.Wait()
}

// tallySnapshot reads what [planner.Count] needs of a county.
func tallySnapshot(ctx context.Context, tx pgx.Tx, q planner.SnapshotQuery) (*planner.Snapshot, error) {
	r := &reader{ctx: ctx, tx: tx, county: q.Region, known: known(q.KnownAt)}
	snap, err := r.begin(q)
	if err != nil {
		return nil, err
	}
	for _, part := range []func(*planner.Snapshot){r.townships, r.tallyRoads, r.coRouted, r.tallySegments, r.versions, r.programmes,
		r.disputes, r.inspections} {
		part(snap)
	}
	if err := r.run(); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, query.TallyProgress, r.county, r.on, r.known, planner.TallyStages(snap.Programmes))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v := rows.RawValues()
		snap.Progress = append(snap.Progress, planner.Progress{
			Road: planner.ID(num(v[0])), Version: int32(num(v[1])), Span: chainage.Span{From: num(v[2]), To: num(v[3])},
			Stage: stageOf(v[4]), On: planner.Date(num(v[5])), Programme: planner.ID(num(v[6])), Contract: planner.ID(num(v[7])),
		})
	}
	return snap, rows.Err()
}

// num reads an integer as the server sends it.
func num(b []byte) int64 {
	switch len(b) {
	case 8:
		return int64(binary.BigEndian.Uint64(b))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(b)))
	}
	return 0
}

// stageOf gives a stage without making a text of its own for each row.
func stageOf(b []byte) planner.Stage {
	for _, stage := range planner.Stages {
		if string(b) == string(stage) {
			return stage
		}
	}
	return planner.Stage(b)
}

func (r *reader) tallyRoads(snap *planner.Snapshot) {
	r.batch.Queue(query.TallyRoad, r.county, r.on, r.known).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			v := rows.RawValues()
			snap.Roads = append(snap.Roads, planner.Road{ID: planner.ID(num(v[0])), Township: string(v[1]), Version: int32(num(v[2])), Length: num(v[3])})
		}
		return rows.Err()
	})
}

func (r *reader) tallySegments(snap *planner.Snapshot) {
	r.batch.Queue(query.TallySegment, r.county, r.on, r.known).Query(func(rows pgx.Rows) error {
		names := map[string]string{} // townships are few, segments many
		for rows.Next() {
			v := rows.RawValues()
			snap.Segments = append(snap.Segments, planner.Segment{
				ID: planner.ID(num(v[0])), Road: planner.ID(num(v[1])), Version: int32(num(v[2])), Span: chainage.Span{From: num(v[3]), To: num(v[4])},
				Township: intern(names, v[5]), OtherTownship: intern(names, v[6]), OtherSharePPM: num(v[7]),
			})
		}
		return rows.Err()
	})
}

func intern(names map[string]string, b []byte) string {
	if name, ok := names[string(b)]; ok {
		return name
	}
	name := string(b)
	names[name] = name
	return name
}
