package data

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/planner"
)

// maxConns is how many connections a Store holds at most; a caller beyond it
// waits for one. The feed has its own.
const maxConns = 16

// pool lends connections. One that came back broken, or in the middle of
// something, is closed instead of lent again.
type pool struct {
	config *pgx.ConnConfig
	slots  chan struct{} // one token per connection that may exist
	mu     sync.Mutex
	idle   []*pgx.Conn
	closed bool
}

func newPool(config *pgx.ConnConfig) *pool {
	return &pool{config: config, slots: make(chan struct{}, maxConns)}
}

// with runs use on a connection of its own.
func (p *pool) with(ctx context.Context, use func(*pgx.Conn) error) error {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("data: waiting for a free connection: %w", ctx.Err())
	}
	defer func() { <-p.slots }()
	conn, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.give(conn)
	return use(conn)
}

// transaction runs use in one transaction and commits when it returns nil.
func (p *pool) transaction(ctx context.Context, opts pgx.TxOptions, use func(pgx.Tx) error) error {
	return p.with(ctx, func(conn *pgx.Conn) error {
		return explain(pgx.BeginTxFunc(ctx, conn, opts, use))
	})
}

// take gives an idle connection that still answers, else a new one.
func (p *pool) take(ctx context.Context) (*pgx.Conn, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err // not the fault of an idle connection
		}
		conn, ok, err := p.pop()
		if err != nil {
			return nil, err
		}
		if !ok {
			return p.connect(ctx)
		}
		if conn.Ping(ctx) == nil { // a tenth of a millisecond, against an error after each restart of the server
			return conn, nil
		}
		closeConn(conn)
	}
}

func (p *pool) pop() (*pgx.Conn, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, false, planner.Errorf(planner.Unavailable, "the store is closed")
	}
	n := len(p.idle)
	if n == 0 {
		return nil, false, nil
	}
	last := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return last, true, nil
}

func (p *pool) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, p.config.Copy())
	if err != nil {
		return nil, explain(err)
	}
	if err := registerGeometry(ctx, conn); err != nil {
		closeConn(conn)
		return nil, explain(err)
	}
	return conn, nil
}

func (p *pool) give(conn *pgx.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || conn.IsClosed() || conn.PgConn().TxStatus() != 'I' {
		go closeConn(conn)
		return
	}
	p.idle = append(p.idle, conn)
}

// close ends the idle connections; lent ones end when they come back.
func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range idle {
		closeConn(c)
	}
}

// closeConn says goodbye, but waits for nobody.
func closeConn(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // it is thrown away either way
}
