package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"

	"github.com/qiantu/qiantu/api"
)

const defaultListen = "127.0.0.1:8080"

func runServe(ctx context.Context, env environment, args []string) error {
	set := flags(env, "serve")
	c := storeFlags(set, env)
	listen := set.String("listen", defaultListen, "host:port; port 0 takes a free one")
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	return c.serve(ctx, env, *listen, nil)
}

// serve opens the store, lets prepare fill it, and serves it until ctx ends or the private server is lost.
func (c *config) serve(ctx context.Context, env environment, listen string, prepare func(context.Context, *opened) error) (err error) {
	if err := api.CheckListen(listen); err != nil {
		return usagef("%v", err)
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w; another program may hold the port: give --listen 127.0.0.1:0 for a free one", listen, err)
	}
	defer func() { _ = listener.Close() }() // the server has closed it already, unless it never ran
	store, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close()) }()
	if prepare != nil {
		if err := prepare(ctx, store); err != nil {
			return err
		}
	}
	return c.serveStore(ctx, env, listener, store)
}

// serveStore runs the change feed, the live map and the HTTP server side by side; the first to end stops the others.
func (c *config) serveStore(ctx context.Context, env environment, listener net.Listener, store *opened) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	revision, _, err := store.Revision(ctx)
	if err != nil {
		return err
	}
	changes, err := store.Listen(ctx, revision)
	if err != nil {
		return err
	}
	server := api.New(api.Config{Store: store.Store, Log: c.logger(env), Version: version()})
	go func() {
		select {
		case <-store.lost():
			stop(fmt.Errorf("the private database is gone: %w; `qiantu doctor` says more", store.cluster.Err()))
		case <-ctx.Done():
		}
	}()
	ran := make(chan error, 1)
	go func() {
		err := server.Run(ctx, changes)
		stop(err)
		ran <- err
	}()
	if _, err := fmt.Fprintf(env.stdout, "listening http://%s\n", listener.Addr()); err != nil {
		return err
	}
	served := server.Serve(ctx, listener)
	stop(served)
	if err := errors.Join(served, <-ran); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// version is the revision this binary was built from, where the build knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}
