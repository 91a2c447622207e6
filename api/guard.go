package api

import (
	"context"
	"fmt"
	"log/slog"
	"mime"
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
	maxBody     = 1 << 20 // bytes of a request, but of those in largeBodies
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

// Listening is what must be so before others than this machine are listened to.
type Listening struct {
	Address   string   // host:port
	Hosts     []string // the names that are answered to
	TLS       bool     // with a certificate of its own
	BehindTLS bool     // a proxy on this machine ends TLS
}

// Outside says whether others than this machine may reach the service: by the
// address, or by a name or a proxy.
func (l Listening) Outside() bool {
	host, _, err := net.SplitHostPort(l.Address)
	return err != nil || !isLoopback(host) || len(l.Hosts) > 0 || l.BehindTLS
}

// Check refuses an address that is none, one that others could reach without
// TLS or without a name, and a name that is none.
func (l Listening) Check() error {
	host, _, err := net.SplitHostPort(l.Address)
	if err != nil {
		return fmt.Errorf("api: listen address %q: %w; write it as 127.0.0.1:8080", l.Address, err)
	}
	for _, name := range l.Hosts {
		if name == "" || strings.ContainsAny(name, ":/@ \t") {
			return fmt.Errorf("api: host %q is not a name or address without port, such as roads.example.org", name)
		}
	}
	switch {
	case isLoopback(host):
	case len(l.Hosts) == 0:
		return fmt.Errorf("api: listen address %q can be reached from other machines; say with --host NAME which names are answered to, "+
			"or use 127.0.0.1 and, from elsewhere, a tunnel such as ssh -L 8080:127.0.0.1:8080", l.Address)
	case !l.TLS && !l.BehindTLS:
		return fmt.Errorf("api: listen address %q can be reached from other machines; give --tls-cert FILE --tls-key FILE, "+
			"or --behind-tls where a proxy on this machine ends TLS", l.Address)
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

// hostSet is the set of names answered to.
func hostSet(names []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[strings.ToLower(name)] = true
	}
	return set
}

// ownHost refuses requests for another name: a foreign page may point its own
// name at this machine and read the answers as its own.
func (s *Server) ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostOf(r.Host)
		if !isLoopback(host) && !s.hosts[strings.ToLower(host)] {
			s.problem(w, r, http.StatusBadRequest, fmt.Sprintf("this service does not answer to %.60q; it answers to localhost, 127.0.0.1 and what --host names", r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// formTypes are the content types that a page of anybody's can send without
// being asked for permission: no request that changes something has one.
var formTypes = map[string]bool{"": true, "text/plain": true, "application/x-www-form-urlencoded": true, "multipart/form-data": true}

// guardWrites refuses requests to change something that come from a page of
// another origin, or whose body does not say what it is.
func (s *Server) guardWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		site := r.Header.Get("Sec-Fetch-Site")
		if !sameOrigin(r) || site != "" && site != "same-origin" && site != "none" {
			s.problem(w, r, http.StatusForbidden, "a page of another origin may not change anything here")
			return
		}
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if r.ContentLength != 0 && (err != nil || formTypes[kind]) {
			s.problem(w, r, http.StatusUnsupportedMediaType, "say what the body is: Content-Type: application/json, or the type of the file")
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
func (s *Server) secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.harden(w.Header(), r)
		next.ServeHTTP(w, r)
	})
}

// hardening are headers of every answer; nothing changes their values.
var hardening = http.Header{
	"Content-Security-Policy":      {policy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"geolocation=(), camera=(), microphone=()"},
}

// harden sets them.
func (s *Server) harden(h http.Header, r *http.Request) {
	for name, value := range hardening {
		h[name] = value
	}
	if (r.TLS != nil || s.behindTLS) && !isLoopback(hostOf(r.Host)) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// largeBodies are the paths, each with what lies under it, that take more than
// maxBody bytes: files.
var largeBodies = map[string]int64{
	"/api/v1/attachments": 20 << 20,
	"/api/v1/sheets":      20 << 20,
	"/api/v1/matrix":      matrixBody,
}

// bodyLimit is how many bytes a request to a path may carry.
func bodyLimit(path string) int64 {
	for folder, most := range largeBodies {
		if isUnder(path, folder) {
			return most
		}
	}
	return maxBody
}

// limit bounds what a request may carry. Nothing here takes a compressed body.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := bodyLimit(r.URL.Path)
		switch {
		case len(r.RequestURI) > maxURL:
			s.problem(w, r, http.StatusRequestURITooLong, fmt.Sprintf("the address is longer than %d bytes", maxURL))
		case r.Header.Get("Content-Encoding") != "":
			s.problem(w, r, http.StatusUnsupportedMediaType, "a compressed request is not taken")
		case r.ContentLength > most:
			s.problem(w, r, http.StatusRequestEntityTooLarge, fmt.Sprintf("the request is larger than %d bytes", most))
		default:
			r.Body = http.MaxBytesReader(w, r.Body, most)
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
