package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// Bulletins is where periods and bulletins are kept.
type Bulletins interface {
	Snapshot(ctx context.Context, q planner.SnapshotQuery) (*planner.Snapshot, error)
	// Periods lists those of a county by day.
	Periods(ctx context.Context, county string) ([]planner.PeriodState, error)
	// NilReports lists who has nothing to report in a period, as said by an instant.
	NilReports(ctx context.Context, county string, period planner.ID, subject planner.BulletinSubject, at time.Time) ([]planner.NilReport, error)
	// KeptBulletin reads one by its number, 0 being the last; nil: there is none.
	KeptBulletin(ctx context.Context, county string, subject planner.BulletinSubject, number int) (*planner.KeptBulletin, error)
	// KeepBulletin keeps one for good; a Conflict where it does not follow the last.
	KeepBulletin(ctx context.Context, b *planner.Bulletin, body []byte, hash, by string) (revision int64, err error)
	// Settle waits until all that was recorded by an instant can be seen.
	Settle(ctx context.Context, at time.Time) error
}

// CloseBulletin closes a period of a county for a subject: what was known at its
// cut-off, or now where that is still to come, of its last day. What is recorded
// later counts in the next one.
func CloseBulletin(ctx context.Context, store Bulletins, county string, subject planner.BulletinSubject, period planner.ID, now time.Time, by string) (*planner.KeptBulletin, error) {
	p, err := periodOf(ctx, store, county, period)
	if err != nil {
		return nil, err
	}
	if number := p.Closed[subject]; number > 0 {
		return nil, planner.Errorf(planner.Conflict, "period %d is closed already, by bulletin %d", period, number)
	}
	if to, err := planner.ParseDate(p.To); err == nil && planner.DateOf(now.In(chinaTime)) < to {
		return nil, planner.Errorf(planner.Conflict, "period %d ends on %s, which is still to come; nobody could open it again", period, p.To)
	}
	at := p.CutOff
	if now.Before(at) {
		at = now
	}
	b, err := drawBulletin(ctx, store, county, subject, p.Period, at.UTC().Truncate(time.Microsecond), 0)
	if err != nil {
		return nil, err
	}
	body, hash, err := encodeBulletin(b)
	if err != nil {
		return nil, err
	}
	if _, err := store.KeepBulletin(ctx, b, body, hash, by); err != nil {
		return nil, err
	}
	return &planner.KeptBulletin{Number: b.Number, Body: string(body), Hash: hash, By: by, Recorded: now}, nil
}

func periodOf(ctx context.Context, store Bulletins, county string, id planner.ID) (*planner.PeriodState, error) {
	periods, err := store.Periods(ctx, county)
	if err != nil {
		return nil, err
	}
	for i := range periods {
		if periods[i].ID == id {
			return &periods[i], nil
		}
	}
	return nil, planner.Errorf(planner.NotFound, "there is no period %d in %s", id, county)
}

// drawBulletin makes the bulletin with a number, 0 being the one after the last,
// out of the ledger as it was known at an instant.
func drawBulletin(ctx context.Context, store Bulletins, county string, subject planner.BulletinSubject, p planner.Period, at time.Time, number int) (*planner.Bulletin, error) {
	if err := store.Settle(ctx, at); err != nil {
		return nil, err
	}
	o := planner.BulletinOptions{Subject: subject, Period: p, Number: 1}
	if number != 1 {
		kept, err := store.KeptBulletin(ctx, county, subject, max(number-1, 0))
		if err != nil {
			return nil, err
		}
		if kept != nil {
			o.Number, o.Hash, o.Before = kept.Number+1, kept.Hash, &planner.Bulletin{}
			if err := json.Unmarshal([]byte(kept.Body), o.Before); err != nil {
				return nil, err
			}
		}
	}
	day, err := planner.ParseDate(p.To)
	if err != nil {
		return nil, err
	}
	if o.Nil, err = store.NilReports(ctx, county, p.ID, subject, at); err != nil {
		return nil, err
	}
	s, err := store.Snapshot(ctx, planner.SnapshotQuery{Region: county, AsOf: day, KnownAt: at})
	if err != nil {
		return nil, err
	}
	return planner.Assess(s).Bulletin(o)
}

func encodeBulletin(b *planner.Bulletin) (body []byte, hash string, err error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(b); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(out.Bytes())
	return out.Bytes(), hex.EncodeToString(sum[:]), nil
}

// RedrawBulletin makes a bulletin again out of the ledger as it was known then.
// The same is true where nobody has meddled with the past: the bytes are equal.
func RedrawBulletin(ctx context.Context, store Bulletins, county string, subject planner.BulletinSubject, kept *planner.KeptBulletin) (same bool, err error) {
	var old planner.Bulletin
	if err := json.Unmarshal([]byte(kept.Body), &old); err != nil {
		return false, err
	}
	again, err := drawBulletin(ctx, store, county, subject, old.Period, old.KnownAt, old.Number)
	if err != nil {
		return false, err
	}
	body, hash, err := encodeBulletin(again)
	return err == nil && hash == kept.Hash && string(body) == kept.Body, err
}
