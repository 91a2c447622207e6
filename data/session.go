package data

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// People tells who stands behind sessions and links to a wall, given as SHA-256
// of their tokens, and what holds for those without one.
func (s *Store) People(ctx context.Context, sessions [][]byte) (*planner.People, error) {
	out := &planner.People{Sessions: map[string]*planner.Person{}}
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		if err := conn.QueryRow(ctx, query.GuestGet).Scan(&out.Accounts, &out.Guest); err != nil || len(sessions) == 0 {
			return err
		}
		if err := wallPeople(ctx, conn, sessions, out.Sessions); err != nil {
			return err
		}
		rows, err := conn.Query(ctx, query.SessionPeople, sessions)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var token []byte
			var p planner.Person
			if err := rows.Scan(&token, &p.ID, &p.Login, &p.Name, &p.Unit, &p.Rights, &p.Grants); err != nil {
				return err
			}
			out.Sessions[string(token)] = &p
		}
		return rows.Err()
	})
	return out, explain(err)
}

// SignIn opens a session for an account as the caller saw it: one that was
// disabled or changed meanwhile is a Conflict. session is the SHA-256 of the
// token, before that of one that this one takes the place of, or nil.
func (s *Store) SignIn(ctx context.Context, who *planner.Person, session, before []byte, agent string) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.SessionPrune); err != nil {
			return err
		}
		if before != nil {
			if _, err := tx.Exec(ctx, query.SessionDelete, before); err != nil {
				return err
			}
		}
		tag, err := tx.Exec(ctx, query.SessionInsert, session, who.ID, who.Rights, agent)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return planner.Errorf(planner.Conflict, "the account changed meanwhile; sign in again")
		}
		return Audit(ctx, tx, who.Login, "sign in", "", "user:"+who.Login, nil)
	})
}

// SeeSession notes that a session is in use, so that it does not end of
// idleness.
func (s *Store) SeeSession(ctx context.Context, session []byte) error {
	return explain(s.pool.with(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, query.SessionTouch, session)
		return err
	}))
}

// SignOut ends one session of a person.
func (s *Store) SignOut(ctx context.Context, who *planner.Person, session []byte) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, query.SessionDelete, session); err != nil {
			return err
		}
		return Audit(ctx, tx, who.Login, "sign out", "", "user:"+who.Login, nil)
	})
}

// EndSessions ends all sessions of an account and tells how many they were.
func (s *Store) EndSessions(ctx context.Context, actor, login string) (int64, error) {
	var n int64
	err := s.Transaction(ctx, func(tx pgx.Tx) error {
		id, err := lockAccount(ctx, tx, login, 0)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, query.SessionDeleteAll, id, nil)
		if err != nil {
			return err
		}
		n = tag.RowsAffected()
		return Audit(ctx, tx, actor, "end sessions", "", "user:"+login, map[string]any{"sessions": n})
	})
	return n, err
}

// Session is one open sign-in.
type Session struct {
	Created, Seen, Expires time.Time
	Agent                  string // what the browser calls itself
}

// Sessions lists the open sessions of an account, the latest used first.
func (s *Store) Sessions(ctx context.Context, login string) ([]Session, error) {
	var out []Session
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, query.SessionList, login)
		if err != nil {
			return err
		}
		var one Session
		_, err = pgx.ForEachRow(rows, []any{utcInto{&one.Created}, utcInto{&one.Seen}, utcInto{&one.Expires}, &one.Agent}, func() error {
			out = append(out, one)
			return nil
		})
		return err
	})
	return out, explain(err)
}

// OfferSetup makes token (its SHA-256) the one with which the first account
// can be made. It is false when somebody has an account already.
func (s *Store) OfferSetup(ctx context.Context, token []byte) (bool, error) {
	var offered bool
	err := s.pool.with(ctx, func(conn *pgx.Conn) error {
		tag, err := conn.Exec(ctx, query.SetupPut, token)
		offered = tag.RowsAffected() > 0
		return err
	})
	return offered, explain(err)
}

// SetUp makes the first account, an administrator of everywhere, for who holds
// the token (its SHA-256), exactly once. A token that is wrong is NotFound, one
// too late Conflict.
func (s *Store) SetUp(ctx context.Context, token []byte, a planner.NewAccount) error {
	return s.Transaction(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, query.SetupUse, token)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return refusedSetup(ctx, tx)
		}
		id, err := addAccount(ctx, tx, "setup", a)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query.GrantInsert, id, planner.RoleAdmin, planner.Everywhere, "setup"); err != nil {
			return err
		}
		return Audit(ctx, tx, "setup", "grant", "", "user:"+a.Login, map[string]any{"role": planner.RoleAdmin, "region": planner.Everywhere})
	})
}

func refusedSetup(ctx context.Context, tx pgx.Tx) error {
	var open bool
	if err := tx.QueryRow(ctx, query.SetupOpen).Scan(&open); err != nil {
		return err
	}
	if open {
		return planner.Errorf(planner.NotFound, "this is not the set-up token; the service printed it when it started")
	}
	return planner.Errorf(planner.Conflict, "the service is set up; sign in")
}

// ListenRights tells that accounts, grants or sessions changed: something may
// be received when anyone's rights have to be looked up again, and after each
// reconnect. The channel is closed when ctx ends.
func (s *Store) ListenRights(ctx context.Context) (<-chan struct{}, error) {
	conn, err := s.connectRights(ctx)
	if err != nil {
		return nil, explain(err)
	}
	out := make(chan struct{}, 1)
	go s.followRights(ctx, conn, out)
	return out, nil
}

func (s *Store) connectRights(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, statementLimit)
	defer cancel()
	config := s.pool.config.Copy()
	config.RuntimeParams["application_name"] = "qiantu rights"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, query.SessionListen); err != nil {
		closeConn(conn)
		return nil, err
	}
	return conn, nil
}

func (s *Store) followRights(ctx context.Context, conn *pgx.Conn, out chan<- struct{}) {
	defer close(out)
	for backoff := firstBackoff; ctx.Err() == nil; backoff = min(2*backoff, longestBackoff) {
		if conn != nil {
			err := tellRights(ctx, conn, out)
			closeConn(conn)
			if ctx.Err() != nil {
				return
			}
			backoff = firstBackoff
			s.config.warn(fmt.Sprintf("notices of changed rights broke off and are asked for again: %v", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff):
		}
		conn, _ = s.connectRights(ctx) // the next round tries again
	}
}

// tellRights passes notices on until the connection fails or ctx ends. Those
// that nobody has taken yet are one.
func tellRights(ctx context.Context, conn *pgx.Conn, out chan<- struct{}) error {
	for {
		select {
		case out <- struct{}{}:
		default:
		}
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
	}
}
