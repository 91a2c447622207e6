package api

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/CAFxX/httpcompression"
	"github.com/go-chi/chi/v5/middleware"
)

const (
	maxBody     = 1 << 20 // bytes of a request
	maxURL      = 8192    // bytes of a request's target
	minCompress = 1024    // bytes from which an answer is compressed
)

// identify numbers a request. The number goes into the log and, as instance,
// into a problem; one that the caller sends is not taken.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), middleware.RequestIDKey, "request:"+nonce())))
	})
}

// policy allows the page what it needs from its own origin and nothing else.
const policy = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// CheckListen refuses an address that others than this machine could reach.
// There are no people and rights yet, so whoever can connect may read all.
func CheckListen(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("api: listen address %q: %w; write it as 127.0.0.1:8080", addr, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("api: listen address %q can be reached from other machines, and there are no people and rights yet; "+
			"use 127.0.0.1 and, from elsewhere, a tunnel such as ssh -L 8080:127.0.0.1:8080", addr)
	}
	return nil
}

// isLoopback says whether a host name or address, without port, is this
// machine's own.
func isLoopback(host string) bool {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// hostOf takes the port off a Host header.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}

// loopbackHost refuses requests for another name: a foreign page may point its
// own name at this machine and read the answers as its own.
func (s *Server) loopbackHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(hostOf(r.Host)) {
			s.problem(w, r, http.StatusBadRequest, fmt.Sprintf("this service answers to localhost and 127.0.0.1, not to %.60q", r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin says whether a browser's request comes from our own page. Readers
// that are not browsers send no Origin.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}

// secure sets the headers that keep a browser from doing more than it should.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// limit bounds what a request may carry. Nothing here takes a compressed body.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case len(r.RequestURI) > maxURL:
			s.problem(w, r, http.StatusRequestURITooLong, fmt.Sprintf("the address is longer than %d bytes", maxURL))
		case r.Header.Get("Content-Encoding") != "":
			s.problem(w, r, http.StatusUnsupportedMediaType, "a compressed request is not taken")
		case r.ContentLength > maxBody:
			s.problem(w, r, http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is larger than %d bytes", maxBody))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			next.ServeHTTP(w, r)
		}
	})
}

// record writes one line per request, and turns a panic into a 500.
func (s *Server) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("a request broke", "panic", p, "stack", string(debug.Stack()))
				if ww.Status() == 0 {
					s.problem(ww, r, http.StatusInternalServerError, "the service failed; the log has the reason")
				}
			}
			s.log.LogAttrs(r.Context(), levelOf(ww.Status()), "request",
				slog.String("id", middleware.GetReqID(r.Context())), slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Int("status", ww.Status()),
				slog.Int("bytes", ww.BytesWritten()), slog.Duration("took", time.Since(start)))
		}()
		next.ServeHTTP(ww, r)
	})
}

func levelOf(status int) slog.Level {
	if status >= 500 && status != http.StatusServiceUnavailable { // not ready yet, or too much at once, is no fault
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// compressor returns what compresses answers as the reader wishes (zstd,
// brotli, gzip). Tiles are compressed already, and the socket is not touched.
func compressor() func(http.Handler) http.Handler {
	wrap, err := httpcompression.DefaultAdapter(httpcompression.MinSize(minCompress),
		httpcompression.ContentTypes([]string{
			"application/json", problemType, "text/html", "text/css", "text/plain", "text/javascript",
			"application/javascript", "image/svg+xml", "application/manifest+json", "application/wasm",
		}, false))
	if err != nil {
		panic(err) // the options above contradict each other: a mistake in this file
	}
	return wrap
}
