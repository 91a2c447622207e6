// Package frontend carries the web map: the files that `make build` puts into
// dist are embedded in the binary and served with the headers that keep a page
// from loading anything that is not ours.
//
// The sources are TypeScript and Svelte, beside this file; nothing here knows
// what they do. A checkout in which Node has not run yet still builds: then the
// handler says in words that the map was not built.
package frontend

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

// contentSecurityPolicy lets the page load from its own origin only. Images may
// be data: (symbols in MapLibre's style sheet) and blob: (map images).
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const (
	cacheForEver = "public, max-age=31536000, immutable"
	cacheNever   = "no-cache"
)

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Qiantu</title></head>
<body>
<h1>The web map was not built: run make build</h1>
<p lang="zh-CN">网页地图尚未生成:请先运行 make build,再启动程序。</p>
<p>The service itself is running; its interface is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
</body>
</html>
`

// Handler serves the web map: the page itself for "/" and for every path that
// is not a file and has no extension, always asked for again; files under
// assets, whose names hold a hash of their content, for ever. A missing file
// is 404. Only GET and HEAD are answered.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("frontend: the embedded folder has no dist: " + err.Error()) // cannot happen: go:embed names it
	}
	return newHandler(files)
}

type handler struct {
	files fs.FS
	etags map[string]string
}

func newHandler(files fs.FS) *handler {
	return &handler{files: files, etags: etags(files)}
}

// etags hashes every file once: embedded files have no time of change.
func etags(files fs.FS) map[string]string {
	tags := make(map[string]string)
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		tags[name] = `"` + hex.EncodeToString(sum[:12]) + `"`
		return nil
	})
	return tags
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setSecurityHeaders(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if _, ok := h.etags[name]; !ok || strings.HasPrefix(path.Base(name), ".") {
		if path.Ext(name) != "" || strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		name = "index.html"
	}
	h.serve(w, r, name)
}

func (h *handler) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Cache-Control", cacheNever)
	body, err := fs.ReadFile(h.files, name)
	if err != nil {
		header.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(notBuilt))
		}
		return
	}
	if strings.HasPrefix(name, "assets/") {
		header.Set("Cache-Control", cacheForEver)
	}
	header.Set("ETag", h.etags[name])
	header.Set("Content-Type", contentType(name))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// contentType does not ask the machine's own table, which may call a script
// text/plain; with nosniff the browser would then refuse it.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".map":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	default:
		return "application/octet-stream"
	}
}

func setSecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}
