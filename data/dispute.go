package data

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) disputes(snap *planner.Snapshot) {
	list(r, query.DisputeList, scanDispute, &snap.Disputes)
}

func scanDispute(rows pgx.Rows, d *planner.Dispute) error {
	return rows.Scan(&d.ID, &d.Road, &d.Version, &d.Span.From, &d.Span.To, &d.Stage, dateInto{&d.Opened}, &d.Reason,
		&d.Claims, &d.Holder, &d.Decider, &d.OpenedBy,
		dateInto{&d.Decided}, &d.Outcome, &d.Awarded, &d.Decision, &d.DecidedBy, &d.Evidence, &d.Withdrawn)
}

// OpenDispute opens a case on an interval of a route version. Its Road,
// Version, Span, Stage, Opened, Reason, Claims, Holder, Decider, OpenedBy and
// Evidence are taken. One that was opened before under one of the keys is given.
func (s *Store) OpenDispute(ctx context.Context, county string, d *planner.Dispute, once ...planner.Once) (id planner.ID, revision int64, err error) {
	done, err := s.deedOnce(ctx, once, func(tx pgx.Tx) ([]planner.ID, error) {
		id, err := insertDispute(ctx, tx, county, d)
		if err != nil {
			return nil, err
		}
		detail := map[string]any{"road": d.Road, "from_mm": d.Span.From, "to_mm": d.Span.To}
		return []planner.ID{id}, Audit(ctx, tx, d.OpenedBy, "open", county, object("dispute", id), detail)
	})
	if err != nil {
		return 0, 0, err
	}
	return done.IDs[0], done.Revision, nil
}

func insertDispute(ctx context.Context, tx pgx.Tx, county string, d *planner.Dispute) (id planner.ID, err error) {
	if d.Opened.IsZero() {
		return 0, planner.Errorf(planner.Invalid, "a dispute needs the day from which it is open")
	}
	for _, claim := range d.Claims {
		if err := checkUUID("claim", claim); err != nil {
			return 0, err
		}
	}
	err = tx.QueryRow(ctx, query.DisputeInsert, county, d.Road, versionOf(d.Version), putSpan(d.Span), putFrom(d.Opened), d.Reason,
		or(string(d.Stage), string(planner.StageSurface)), texts(d.Claims), d.Holder, d.Decider, d.OpenedBy, texts(d.Evidence)).Scan(&id)
	return id, err
}

// Decide closes a case that is open: ID says which, and Outcome, Awarded,
// Decision, DecidedBy, Decided and Evidence are taken. Who opened it or made
// one of its claims may not decide it, and nobody twice: both are a Conflict.
func (s *Store) Decide(ctx context.Context, county string, d *planner.Dispute) (revision int64, err error) {
	err = s.deed(ctx, &revision, func(tx pgx.Tx) error {
		if err := mayDecide(ctx, tx, county, d); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, query.DisputeDecide, county, d.ID, putDate(d.Decided), string(d.Outcome), orNull(d.Awarded), d.Decision, d.DecidedBy, texts(d.Evidence))
		if err != nil {
			return err
		}
		return Audit(ctx, tx, d.DecidedBy, "decide", county, object("dispute", d.ID), map[string]any{"outcome": d.Outcome, "decision": d.Decision})
	})
	return revision, err
}

// mayDecide locks a case and holds the decision against it.
func mayDecide(ctx context.Context, tx pgx.Tx, county string, d *planner.Dispute) error {
	var opened planner.Date
	var open bool
	var by string
	var claimants []string
	err := tx.QueryRow(ctx, query.DisputeLock, county, d.ID).Scan(dateInto{&opened}, &open, &by, &claimants)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return planner.Errorf(planner.NotFound, "there is no dispute %d in county %s", d.ID, county)
	case err != nil:
		return err
	case !open:
		return planner.Errorf(planner.Conflict, "dispute %d has been decided already", d.ID)
	case d.DecidedBy != "" && (by == d.DecidedBy || slices.Contains(claimants, d.DecidedBy)):
		return planner.Errorf(planner.Conflict, "%s opened dispute %d or made one of its claims; somebody else must decide it", d.DecidedBy, d.ID)
	case d.Decided < opened:
		return planner.Errorf(planner.Invalid, "dispute %d is open from %s, so it cannot be decided on %s", d.ID, opened, d.Decided)
	case (d.Outcome == planner.OutcomeAwarded) != (d.Awarded != 0):
		return planner.Errorf(planner.Invalid, "a dispute is awarded to a contract, and only then has one; the outcome is %q", d.Outcome)
	case d.Outcome != planner.OutcomeAwarded && d.Outcome != planner.OutcomeStands && d.Outcome != planner.OutcomeVoid:
		return planner.Errorf(planner.Invalid, "the outcome %q is none of stands, awarded, void", d.Outcome)
	}
	return nil
}
