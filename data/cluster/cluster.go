// Package cluster runs the private PostGIS server that is Qiantu's embedded default.
//
// A cluster lives in a data directory: the server's files, a lock that exactly one program holds, and nothing else. The
// program that holds the lock is the parent of the server: it starts it, restarts it after a crash, and stops it when it
// closes. Other programs that open the same directory use the running server; should its holder leave before they do, one
// of them takes over. A server is never left behind: when its parent is killed, the kernel tells the server to shut down,
// and whoever comes next waits for that, or does it.
//
// The server listens on a Unix socket in a directory that only its own user can enter, never on the network; therefore
// local connections need no password. Linux only.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Names inside the cluster. The server's port only names its socket file.
const (
	Database = "qiantu" // the database of the program, with postgis and btree_gist
	Role     = "qiantu" // the superuser; its only way in is the socket

	port = "5432"
)

// Options say which cluster to open and how.
type Options struct {
	Dir     string       // data directory, made when absent; empty: DefaultDir
	Log     *slog.Logger // receives what the server says and what is done about it; nil: slog.Default
	Testing bool         // trades durability for speed: fsync and its kin are off. For tests only.
}

// Cluster is an open private cluster: held, or borrowed from the program that holds it.
type Cluster struct {
	dir     string
	dsn     string
	log     *slog.Logger
	testing bool

	closing  chan struct{} // closed by Close
	finished chan struct{} // closed when the watching goroutine has ended
	gone     chan struct{} // closed when the server is lost for good; err says why

	mu     sync.Mutex
	held   *lock       // nil while borrowed
	server *postmaster // nil while borrowed
	err    error
	once   sync.Once
}

// Open makes the cluster in o.Dir if there is none, starts its server if it is not running, and returns when the database
// accepts connections. A directory that another program holds is used as it is. The first start takes about one to two
// seconds, later ones a tenth of one.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	dir, err := resolveDir(o.Dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{
		dir: dir, dsn: dsnOf(dir, Database), log: o.Log, testing: o.Testing,
		closing: make(chan struct{}), finished: make(chan struct{}), gone: make(chan struct{}),
	}
	if err := c.hold(ctx); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	go c.watch()
	return c, nil
}

// Find tells whether a program holds the cluster in dir at this moment and its server answers, and gives its DSN.
func Find(ctx context.Context, dir string) (dsn string, running bool) {
	dir, err := resolveDir(dir)
	if err != nil || !locked(dir) {
		return "", false
	}
	dsn = dsnOf(dir, Database)
	return dsn, ready(ctx, dsn) == nil
}

// DSN is the connection string of the database in dir, whether it runs or not; empty where dir cannot be resolved.
func DSN(dir string) string {
	dir, err := resolveDir(dir)
	if err != nil {
		return ""
	}
	return dsnOf(dir, Database)
}

// DSN is the connection string of the database. It depends on the directory alone, so it stays the same over restarts and
// for every program that opens the directory.
func (c *Cluster) DSN() string { return c.dsn }

// Dir is the data directory, absolute.
func (c *Cluster) Dir() string { return c.dir }

// Done is closed when the server is lost for good (it crashed again and again, and was given up); Err then says why.
func (c *Cluster) Done() <-chan struct{} { return c.gone }

// Err is the reason why the server was given up; nil while it runs.
func (c *Cluster) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Close lets go of the cluster. A borrowed server is left alone. A held one is stopped: transactions that other programs
// have open get up to 30 seconds to end; then the server shuts down fast, writing all that is committed.
func (c *Cluster) Close() error {
	c.once.Do(func() {
		close(c.closing)
		<-c.finished
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		return nil
	}
	defer func() {
		c.held.release()
		c.held = nil
	}()
	if c.server != nil {
		drain(c.dsn, drainTime)
		if err := c.server.stop(); err != nil {
			return fmt.Errorf("cluster: %w", err)
		}
		c.server = nil
	}
	if err := os.RemoveAll(socketDir(c.dir)); err != nil {
		return fmt.Errorf("cluster: removing the socket directory: %w", err)
	}
	return nil
}

// hold takes the lock and starts the server, or, where another program has the lock, waits until its server answers.
func (c *Cluster) hold(ctx context.Context) error {
	held, err := tryLock(c.dir)
	for err == nil && held == nil {
		if err := ready(ctx, c.dsn); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is in use by %s, and its server does not answer: %w", c.dir, holder(c.dir), ctx.Err())
		case <-time.After(pollTime):
		}
		held, err = tryLock(c.dir)
	}
	if err != nil {
		return err
	}
	server, err := c.start(ctx)
	if err != nil {
		held.release()
		return err
	}
	c.mu.Lock()
	c.held, c.server = held, server
	c.mu.Unlock()
	return nil
}

// start brings up the server of a directory whose lock is ours: clears away what a killed predecessor left, makes the
// files if there are none, starts the server and makes sure of the database. A server that ends while starting is tried
// again twice: a predecessor that was killed in the first instants of its own start leaves no trace to be found by, and is in
// the way for a moment.
func (c *Cluster) start(ctx context.Context) (*postmaster, error) {
	for attempt := 1; ; attempt++ {
		site, err := prepare(ctx, c.dir, c.testing, c.log)
		if err != nil {
			return nil, err
		}
		server, err := site.launch(ctx)
		if errors.Is(err, errEndedEarly) && attempt < 3 && ctx.Err() == nil {
			c.log.Debug("starting the server again", "err", err)
			time.Sleep(2 * pollTime * time.Duration(attempt))
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := ensureDatabase(ctx, c.dir); err != nil {
			return nil, errors.Join(err, server.stop())
		}
		return server, nil
	}
}

// ensureDatabase creates what a first start must, in an order that a kill at any point leaves to be finished by the next.
func ensureDatabase(ctx context.Context, dir string) error {
	admin, err := pgx.Connect(ctx, dsnOf(dir, "postgres"))
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	var exists bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", Database).Scan(&exists); err != nil {
		return err
	}
	if !exists {
		if _, err := admin.Exec(ctx, "CREATE DATABASE "+Database+" TEMPLATE template0"); err != nil {
			return fmt.Errorf("creating the database: %w", err)
		}
	}
	conn, err := pgx.Connect(ctx, dsnOf(dir, Database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, extensions); err != nil {
		return fmt.Errorf("creating the extensions (is PostGIS installed for this PostgreSQL?): %w", err)
	}
	return nil
}

// extensions is one simple-protocol string, therefore one transaction.
const extensions = `SET client_min_messages = warning;
	CREATE EXTENSION IF NOT EXISTS postgis;
	CREATE EXTENSION IF NOT EXISTS btree_gist`

// ready is nil when the database answers and is complete.
func ready(ctx context.Context, dsn string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var have int
	err = conn.QueryRow(ctx, "SELECT count(*) FROM pg_extension WHERE extname IN ('postgis', 'btree_gist')").Scan(&have)
	if err == nil && have < 2 {
		err = errors.New("the database is still being made")
	}
	return err
}

// drain waits until nobody has a transaction open, at most for limit. It is a courtesy to other programs: they see a
// broken connection afterwards, and the one that takes over starts the server again under the same address.
func drain(dsn string, limit time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return
	}
	defer conn.Close(context.Background())
	for {
		var busy int
		err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`).Scan(&busy)
		if err != nil || busy == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pollTime):
		}
	}
}

// DefaultDir is /var/lib/qiantu for root, and a folder in the user's data home for everyone else; empty where there is none.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/qiantu"
	}
	if home := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, "qiantu")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "qiantu")
}

// resolveDir gives one name to one directory, however it was written: the socket's address is derived from it.
func resolveDir(dir string) (string, error) {
	if dir == "" {
		if dir = DefaultDir(); dir == "" {
			return "", errors.New("cluster: this user has no home, so no data directory: set QIANTU_DATA_DIR or pass --data-dir")
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("cluster: %w", err)
	}
	// The last parts may not exist yet; what exists is resolved.
	rest := ""
	for at := dir; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest), nil
		}
		if at == filepath.Dir(at) {
			return dir, nil
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}
