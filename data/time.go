package data

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// putDate gives the column value of a day; the zero Date is null.
func putDate(d planner.Date) pgtype.Date {
	return pgtype.Date{Time: d.Time(), Valid: !d.IsZero()}
}

// dateInto scans a date column; null is the zero Date.
type dateInto struct{ to *planner.Date }

// ScanDate implements pgtype.DateScanner.
func (s dateInto) ScanDate(v pgtype.Date) error {
	*s.to = 0
	if v.Valid && v.InfinityModifier == pgtype.Finite {
		*s.to = planner.DateOf(v.Time)
	}
	return nil
}

// putFrom gives the daterange from a day on; without a day it has no start.
func putFrom(d planner.Date) pgtype.Range[pgtype.Date] {
	r := pgtype.Range[pgtype.Date]{LowerType: pgtype.Unbounded, UpperType: pgtype.Unbounded, Valid: true}
	if !d.IsZero() {
		r.Lower, r.LowerType = putDate(d), pgtype.Inclusive
	}
	return r
}

// putDays gives the daterange from a day up to before another; without them it
// has no start or no end.
func putDays(from, to planner.Date) pgtype.Range[pgtype.Date] {
	r := putFrom(from)
	if !to.IsZero() {
		r.Upper, r.UpperType = putDate(to), pgtype.Exclusive
	}
	return r
}

// putInstant gives the column value of an instant; the zero Time is null.
func putInstant(t time.Time) pgtype.Timestamptz {
	return pgtype.Timestamptz{Time: t, Valid: !t.IsZero()}
}

// putSpan gives the int8range [From, To).
func putSpan(s chainage.Span) pgtype.Range[pgtype.Int8] {
	return pgtype.Range[pgtype.Int8]{
		Lower: pgtype.Int8{Int64: s.From, Valid: true}, LowerType: pgtype.Inclusive,
		Upper: pgtype.Int8{Int64: s.To, Valid: true}, UpperType: pgtype.Exclusive,
		Valid: true,
	}
}

// known gives the instant beliefs are asked at; the zero Time is infinity,
// where the present belief stands.
func known(t time.Time) pgtype.Timestamptz {
	if t.IsZero() {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: t, Valid: true}
}

// utcInto scans an instant and gives it in UTC.
type utcInto struct{ to *time.Time }

// ScanTimestamptz implements pgtype.TimestamptzScanner.
func (s utcInto) ScanTimestamptz(v pgtype.Timestamptz) error {
	*s.to = v.Time.UTC()
	return nil
}
