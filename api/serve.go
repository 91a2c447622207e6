package api

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a connection may take, and the service to stop.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 120 * time.Second
	stopTimeout   = 5 * time.Second
	maxHeader     = 32 << 10 // bytes
)

// Serve answers on a listener until ctx ends, then lets requests in hand
// finish, tells the map streams that the service goes, and returns nil. It
// refuses a listener that other machines could reach.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	listening := Listening{Address: l.Addr().String(), Hosts: sortedKeys(s.hosts), TLS: s.tls != nil, BehindTLS: s.behindTLS}
	if err := listening.Check(); err != nil {
		_ = l.Close() // the refusal is what matters
		return err
	}
	srv := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	if s.tls != nil {
		l = tls.NewListener(l, s.tls)
	}
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		s.hub.stop()
		return fmt.Errorf("api: serve: %w", err)
	case <-ctx.Done():
	}
	return s.shut(srv, failed)
}

func (s *Server) shut(srv *http.Server, failed <-chan error) error {
	s.hub.stop()
	s.plans.stopAll()
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err := srv.Shutdown(ctx)
	if err != nil {
		_ = srv.Close() // what did not end in time is cut
	}
	if end := <-failed; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	if err != nil {
		return fmt.Errorf("api: stop: %w", err)
	}
	return nil
}
