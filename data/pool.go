package data

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"

	"github.com/qiantu/qiantu/planner"
)

// maxConns is how many connections a Store holds at most; a caller beyond it
// waits for one. The feed has its own.
const maxConns = 16

// pool lends connections that know our geometry.
type pool struct {
	config *pgx.ConnConfig
	conns  *pgxpool.Pool
}

// newPool makes a pool that connects when first asked.
func newPool(ctx context.Context, dsn string) (*pool, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, planner.Errorf(planner.Invalid, "the address of the database is wrong: %v", err)
	}
	config.MaxConns = maxConns
	config.AfterConnect = registerGeometry
	// A tenth of a millisecond for each loan, against an error after each restart of the server.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return true }
	conns, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explain(err)
	}
	return &pool{config: config.ConnConfig, conns: conns}, nil
}

// with runs use on a connection of its own.
func (p *pool) with(ctx context.Context, use func(*pgx.Conn) error) error {
	conn, err := p.conns.Acquire(ctx)
	switch {
	case errors.Is(err, puddle.ErrClosedPool):
		return planner.Errorf(planner.Unavailable, "the store is closed")
	case err != nil:
		return explain(err)
	}
	defer conn.Release()
	return use(conn.Conn())
}

// transaction runs use in one transaction and commits when it returns nil.
func (p *pool) transaction(ctx context.Context, opts pgx.TxOptions, use func(pgx.Tx) error) error {
	return p.with(ctx, func(conn *pgx.Conn) error {
		return explain(pgx.BeginTxFunc(ctx, conn, opts, use))
	})
}

// close ends the connections once those that are lent have come back.
func (p *pool) close() { p.conns.Close() }

// closeConn says goodbye, but waits for nobody.
func closeConn(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // it is thrown away either way
}
