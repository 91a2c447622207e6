package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster"
)

// config is where the data are. Flags win over the environment, the environment over the defaults.
type config struct {
	dataDir     string
	databaseURL string
	verbose     bool
}

// storeFlags adds the flags of every command that needs the store.
func storeFlags(set *flag.FlagSet, env environment) *config {
	c := &config{databaseURL: env.getenv("DATABASE_URL")}
	set.StringVar(&c.dataDir, "data-dir", env.getenv("QIANTU_DATA_DIR"), "data directory")
	set.BoolVar(&c.verbose, "verbose", false, "say more")
	return c
}

func (c *config) logger(env environment) *slog.Logger {
	level := slog.LevelWarn
	if c.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: level}))
}

// opened is a migrated store, with the private cluster under it if there is one.
type opened struct {
	*data.Store
	dsn     string
	cluster *cluster.Cluster // nil on an existing server
}

// open gives the store that the configuration names: the existing server of DATABASE_URL, else the private cluster of
// the data directory, borrowed from a program that holds it or started for this command's own duration.
func (c *config) open(ctx context.Context, env environment) (*opened, error) {
	o := &opened{dsn: c.databaseURL}
	if c.databaseURL == "" {
		private, err := cluster.Open(ctx, cluster.Options{Dir: c.dataDir, Log: c.logger(env)})
		if err != nil {
			return nil, err
		}
		o.cluster, o.dsn = private, private.DSN()
	}
	if err := data.Migrate(ctx, o.dsn); err != nil {
		return nil, fmt.Errorf("bringing the database to this program's schema: %w", withClose(o, err))
	}
	store, err := data.Open(ctx, o.dsn)
	if err != nil {
		return nil, withClose(o, err)
	}
	o.Store = store
	return o, nil
}

// lost is closed when the private server is gone for good; nil (never) on an existing server.
func (o *opened) lost() <-chan struct{} {
	if o.cluster == nil {
		return nil
	}
	return o.cluster.Done()
}

// close lets go of the store and then of the cluster.
func (o *opened) close() error {
	if o.Store != nil {
		o.Store.Close()
	}
	if o.cluster != nil {
		return o.cluster.Close()
	}
	return nil
}

func withClose(o *opened, err error) error {
	if closing := o.close(); closing != nil {
		return fmt.Errorf("%w (and while closing: %w)", err, closing)
	}
	return err
}

// jsonFormat lets --json stand for --format json, and refuses both that and another format.
func jsonFormat(set *flag.FlagSet, asJSON bool, format *string) (err error) {
	if !asJSON {
		return nil
	}
	set.Visit(func(f *flag.Flag) {
		if f.Name == "format" && *format != "json" {
			err = usagef("--json and --format %s are two formats; give one of them", *format)
		}
	})
	*format = "json"
	return err
}
