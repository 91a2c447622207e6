package data

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// Periods lists the periods of a county by day, with the bulletins that closed them.
func (s *Store) Periods(ctx context.Context, county string) (out []planner.PeriodState, err error) {
	err = s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.PeriodList, county)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanPeriod)
		return err
	})
	return out, err
}

func scanPeriod(row pgx.CollectableRow) (planner.PeriodState, error) {
	p := planner.PeriodState{Closed: map[planner.BulletinSubject]int{}}
	var from, to pgtype.Date
	var subjects []planner.BulletinSubject
	var numbers []int
	err := row.Scan(&p.ID, &p.Kind, &from, &to, &p.CutOff, &subjects, &numbers)
	p.From, p.To, p.CutOff = planner.DateOf(from.Time).String(), planner.DateOf(to.Time).String(), p.CutOff.UTC()
	for i, subject := range subjects {
		p.Closed[subject] = numbers[i]
	}
	return p, err
}

// OpenPeriod opens a period of a county: Kind, From, To and CutOff are taken. One
// that lies over another of its kind is Invalid.
func (s *Store) OpenPeriod(ctx context.Context, county string, p *planner.Period, by string) (id planner.ID, revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, query.PeriodInsert, county, p.Kind, p.From, p.To, p.CutOff).Scan(&id); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "open", county, object("period", id), map[string]any{"kind": p.Kind, "from": p.From, "to": p.To})
	})
	return id, revision, err
}

// AddNilReport says that a township has nothing to report in a period; a closed
// one takes none.
func (s *Store) AddNilReport(ctx context.Context, county string, period planner.ID, subject planner.BulletinSubject, township, by string) (revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.NilReportInsert, county, period, subject, township, by); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "nil_report", county, object("period", period), map[string]any{"subject": subject, "township": township})
	})
	return revision, err
}

// NilReports lists who has nothing to report in a period, as said by an instant.
func (s *Store) NilReports(ctx context.Context, county string, period planner.ID, subject planner.BulletinSubject, at time.Time) (out []planner.NilReport, err error) {
	err = s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.NilReportList, county, period, subject, at)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[planner.NilReport])
		return err
	})
	return out, err
}

// KeptBulletin reads a bulletin by its number, 0 being the last; nil: there is none.
func (s *Store) KeptBulletin(ctx context.Context, county string, subject planner.BulletinSubject, number int) (*planner.KeptBulletin, error) {
	k := &planner.KeptBulletin{}
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query.BulletinGet, county, subject, number).Scan(&k.Number, &k.Body, &k.Hash, &k.By, &k.Recorded)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return k, err
}

// KeepBulletin keeps a bulletin of a period for good; body is its JSON, hash the
// SHA-256 of that. One that does not follow the last is a Conflict.
func (s *Store) KeepBulletin(ctx context.Context, b *planner.Bulletin, body []byte, hash, by string) (revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		var id planner.ID
		err := tx.QueryRow(ctx, query.BulletinInsert, b.County, b.Period.ID, b.Subject, b.Number, b.AsOf, b.KnownAt, string(body), hash, b.Before, by).Scan(&id)
		if err != nil {
			return err
		}
		return Audit(ctx, tx, by, "close", b.County, object("period", b.Period.ID), map[string]any{"subject": b.Subject, "number": b.Number, "hash": hash})
	})
	return revision, err
}

const settleWithin = 30 * time.Second

// Settle waits until all that was recorded by an instant can be seen: a
// transaction that began before it may still be writing. After half a minute it
// is a Conflict.
func (s *Store) Settle(ctx context.Context, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	for {
		var settled bool
		err := s.pool.with(ctx, func(conn *pgx.Conn) error {
			return conn.QueryRow(ctx, query.Settled, at).Scan(&settled)
		})
		if err != nil || settled {
			return err
		}
		select {
		case <-ctx.Done():
			return planner.Errorf(planner.Conflict, "something that began before %s is still being written; try again when it has ended", at.Format(time.RFC3339))
		case <-time.After(50 * time.Millisecond):
		}
	}
}
