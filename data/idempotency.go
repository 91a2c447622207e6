package data

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// Done gives what a write answered that was stored under a key; nil: none was.
// Where something else was sent under it, that is a Conflict.
func (s *Store) Done(ctx context.Context, once planner.Once) (done *planner.Done, err error) {
	err = s.pool.transaction(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		done, err = getDone(ctx, tx, once)
		return err
	})
	return done, err
}

func getDone(ctx context.Context, tx pgx.Tx, once planner.Once) (*planner.Done, error) {
	var digest, response []byte
	err := tx.QueryRow(ctx, query.IdempotencyGet, once.Actor, once.Key).Scan(&digest, &response)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case !bytes.Equal(digest, once.Digest):
		return nil, planner.Errorf(planner.Conflict, "something else was sent before under the same id; give the new one an id of its own")
	}
	var done planner.Done
	return &done, json.Unmarshal(response, &done)
}

// deedOnce is deed for what may be sent again: where one of the keys has an
// answer, that is given and nothing is stored but that the others have it too.
// Of many that come at once one does it and the others wait for it. do gives the
// ids of what it stored.
func (s *Store) deedOnce(ctx context.Context, keys []planner.Once, do func(pgx.Tx) ([]planner.ID, error)) (*planner.Done, error) {
	var done *planner.Done
	err := s.Transaction(ctx, func(tx pgx.Tx) error {
		before, err := claim(ctx, tx, keys)
		if err != nil {
			return err
		}
		if done = before; done == nil {
			if done, err = numbered(ctx, tx, do); err != nil {
				return err
			}
		}
		return answer(ctx, tx, keys, done)
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// claim takes the keys; what one of them answered before is given.
func claim(ctx context.Context, tx pgx.Tx, keys []planner.Once) (before *planner.Done, err error) {
	for _, key := range keys {
		tag, err := tx.Exec(ctx, query.IdempotencyClaim, key.Actor, key.Key, key.Digest)
		if err != nil {
			return nil, err
		}
		if tag.RowsAffected() > 0 {
			continue
		}
		done, err := getDone(ctx, tx, key)
		if err != nil {
			return nil, err
		}
		if before == nil {
			before = done
		}
	}
	return before, nil
}

// numbered does a deed and takes its revision as the last step.
func numbered(ctx context.Context, tx pgx.Tx, do func(pgx.Tx) ([]planner.ID, error)) (*planner.Done, error) {
	ids, err := do(tx)
	if err != nil {
		return nil, err
	}
	done := &planner.Done{IDs: ids}
	if _, err := tx.Exec(ctx, query.LoadNumber); err != nil {
		return nil, err
	}
	return done, tx.QueryRow(ctx, query.RevisionGet).Scan(&done.Revision, nil)
}

func answer(ctx context.Context, tx pgx.Tx, keys []planner.Once, done *planner.Done) error {
	response, err := json.Marshal(done)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if _, err := tx.Exec(ctx, query.IdempotencyAnswer, key.Actor, key.Key, response); err != nil {
			return err
		}
	}
	return nil
}
