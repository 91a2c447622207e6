package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// maxStreams is more than one machine serves; a number beyond is a slip of the hand.
const maxStreams = 100_000

const defaultListen = "127.0.0.1:8080"

// listening is where and how a service is reached.
type listening struct {
	api.Listening
	cert, key string // files
	streams   int    // map streams; zero: as the service has it
	ofSession int    // of them of one session
	demo      bool
	backdrops string // file of the services of map tiles
}

// listenFlags adds the flags of `serve`; the demo has but --listen, since it stays on this machine.
func listenFlags(set *flag.FlagSet, env environment, demo bool) *listening {
	l := &listening{demo: demo}
	set.StringVar(&l.backdrops, "backdrops", env.getenv("QIANTU_BACKDROPS"), "file of map tile services that the map may lie on")
	set.StringVar(&l.Address, "listen", defaultListen, "host:port; port 0 takes a free one")
	if demo {
		return l
	}
	set.Func("host", "a name that is answered to; may be given several times", func(name string) error {
		l.Hosts = append(l.Hosts, name)
		return nil
	})
	set.StringVar(&l.cert, "tls-cert", "", "certificate, PEM")
	set.StringVar(&l.key, "tls-key", "", "its key, PEM")
	set.IntVar(&l.streams, "streams", 256, "map streams (/ws) that may be open")
	set.IntVar(&l.ofSession, "streams-per-session", 20, "of them with one session")
	set.BoolVar(&l.BehindTLS, "behind-tls", false, "a proxy on this machine ends TLS and sets X-Forwarded-For")
	return l
}

// check refuses what cannot be listened to, before anything is opened.
func (l *listening) check() error {
	l.TLS = l.cert != ""
	if !l.demo && (l.streams < 1 || l.streams > maxStreams || l.ofSession < 1 || l.ofSession > maxStreams) {
		return usagef("--streams and --streams-per-session are numbers from 1 to %d", maxStreams)
	}
	if (l.cert == "") != (l.key == "") {
		return usagef("--tls-cert and --tls-key belong together")
	}
	if l.TLS && l.BehindTLS {
		return usagef("either this program ends TLS (--tls-cert) or a proxy does (--behind-tls)")
	}
	if err := l.Check(); err != nil {
		return usagef("%s", strings.TrimPrefix(err.Error(), "api: "))
	}
	return nil
}

// tlsConfig reads the certificate; nil: plain HTTP.
func (l *listening) tlsConfig() (*tls.Config, error) {
	if !l.TLS {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(l.cert, l.key)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", l.cert, l.key, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}, nil
}

func runServe(ctx context.Context, env environment, args []string) error {
	set := flags(env, "serve")
	c := storeFlags(set, env)
	l := listenFlags(set, env, false)
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	return c.serve(ctx, env, l, nil)
}

// serve opens the store, lets prepare fill it, and serves it until ctx ends or the private server is lost.
func (c *config) serve(ctx context.Context, env environment, l *listening, prepare func(context.Context, *opened) error) (err error) {
	if err := l.check(); err != nil {
		return err
	}
	secure, err := l.tlsConfig()
	if err != nil {
		return err
	}
	backdrops, err := l.readBackdrops(env)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", l.Address)
	if err != nil {
		return fmt.Errorf("listening on %s: %w; another program may hold the port: give --listen 127.0.0.1:0 for a free one", l.Address, err)
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
	if err := l.admit(ctx, env, store, listener.Addr()); err != nil {
		return err
	}
	return c.serveStore(ctx, env, listener, store, api.Config{
		Hosts: l.Hosts, TLS: secure, BehindTLS: l.BehindTLS, Demo: l.demo, Open: !l.Outside(), MaxSockets: l.streams, MaxSession: l.ofSession, Backdrops: backdrops,
	})
}

func (l *listening) readBackdrops(env environment) ([]api.Backdrop, error) {
	if l.backdrops == "" {
		return nil, nil
	}
	return api.ReadBackdrops(l.backdrops, env.getenv)
}

// url is where the service is reached from this machine, or by its name.
func (l *listening) url(addr net.Addr) string {
	switch {
	case l.BehindTLS && len(l.Hosts) > 0:
		return "https://" + l.Hosts[0]
	case l.TLS:
		return "https://" + addr.String()
	}
	return "http://" + addr.String()
}

// admit looks who may come in: others than this machine only where somebody has an account, and without one a set-up
// token is offered. It says what guests may read.
func (l *listening) admit(ctx context.Context, env environment, store *opened, addr net.Addr) error {
	people, err := store.People(ctx, nil)
	if err != nil {
		return err
	}
	switch {
	case l.demo:
		return nil
	case people.Accounts:
		fmt.Fprintf(env.stderr, "who has not signed in may read: %s\n", orNothing(people.Guest))
		return nil
	case l.Outside():
		return planner.Errorf(planner.Invalid, "others than this machine could reach the service, and nobody has an account yet; first run "+
			"`qiantu user add LOGIN` and `qiantu user grant LOGIN admin --region '*'`, or set it up on 127.0.0.1")
	}
	token, hash := api.NewToken()
	if offered, err := store.OfferSetup(ctx, hash); err != nil || !offered {
		return err
	}
	fmt.Fprintf(env.stderr, "nobody has an account yet: whoever can reach this machine's own address may read everything, and nobody may change anything.\n"+
		"Make the first account, an administrator, at %s/#setup with this token: %s\n", l.url(addr), token)
	return nil
}

func orNothing(regions []string) string {
	if len(regions) == 0 {
		return "nothing"
	}
	return strings.ReplaceAll(strings.Join(regions, ", "), planner.Everywhere, "everything")
}

// ledger is where what is entered goes: the store, and what reads the sheets of the townships.
type ledger struct {
	*data.Store
	ingest.Sheets
}

// hierarchies keeps what speeds up big matrices: beside the private database; with an existing server in the data folder
// that was named, else in the user's cache.
func (o *opened) hierarchies(named string, log *slog.Logger) *route.Keeper {
	dir := named
	if o.cluster != nil {
		dir = o.cluster.Dir()
	} else if cache, err := os.UserCacheDir(); dir == "" && err == nil {
		dir = filepath.Join(cache, "qiantu")
	}
	if dir != "" { // else in memory
		dir = filepath.Join(dir, "hierarchies")
	}
	return route.NewKeeper(dir, 1, func(err error) { log.Warn("big matrices are made without a hierarchy", "error", err) })
}

// serveStore runs the change feed, the live map and the HTTP server side by side; the first to end stops the others.
func (c *config) serveStore(ctx context.Context, env environment, listener net.Listener, store *opened, how api.Config) error {
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
	if how.Rights, err = store.ListenRights(ctx); err != nil {
		return err
	}
	how.Store, how.Ledger, how.Bulletins, how.Log, how.Version = store.Store, ledger{Store: store.Store}, store.Store, c.logger(env), version()
	how.Hierarchies = store.hierarchies(c.dataDir, how.Log)
	defer how.Hierarchies.Close()
	server := api.New(how)
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
	scheme := "http"
	if how.TLS != nil {
		scheme = "https"
	}
	if _, err := fmt.Fprintf(env.stdout, "listening %s://%s\n", scheme, listener.Addr()); err != nil {
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
