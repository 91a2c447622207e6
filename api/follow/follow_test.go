package follow

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/qiantu/qiantu/geo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is a scripted one: each connection is handed to the test.
type service struct {
	t     *testing.T
	web   *httptest.Server
	conns chan *peer
}

// peer is the service's end of one connection.
type peer struct {
	t      *testing.T
	socket *websocket.Conn
	done   chan struct{}
}

func newService(t *testing.T) *service {
	s := &service{t: t, conns: make(chan *peer)}
	up := websocket.Upgrader{}
	over := make(chan struct{})
	s.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		socket, err := up.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer socket.Close()
		p := &peer{t, socket, make(chan struct{})}
		select {
		case s.conns <- p:
			<-p.done
		case <-over:
		}
	}))
	t.Cleanup(func() { close(over); s.web.Close(); http.DefaultClient.CloseIdleConnections() })
	return s
}

// accept waits for the next connection.
func (s *service) accept() *peer {
	s.t.Helper()
	select {
	case p := <-s.conns:
		s.t.Cleanup(sync.OnceFunc(func() { p.drop() }))
		return p
	case <-time.After(10 * time.Second):
		s.t.Fatal("no connection came")
		return nil
	}
}

func (p *peer) drop() {
	p.socket.Close()
	select {
	case <-p.done:
	default:
		close(p.done)
	}
}

// want reads messages of that type, passing over no other.
func (p *peer) want(kind string) map[string]any {
	p.t.Helper()
	p.socket.SetReadDeadline(time.Now().Add(10 * time.Second))
	var m map[string]any
	if err := p.socket.ReadJSON(&m); err != nil || m["type"] != kind {
		p.t.Fatalf("want %s, got %v %v", kind, m, err)
	}
	return m
}

func (p *peer) say(text string) {
	p.t.Helper()
	if err := p.socket.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) tile(at geo.Tile, revision int64, body []byte) {
	p.t.Helper()
	if err := p.socket.WriteMessage(websocket.BinaryMessage, tileFrame(at, revision, body)); err != nil {
		p.t.Fatal(err)
	}
}

func tileFrame(at geo.Tile, revision int64, body []byte) []byte {
	f := append([]byte("QT\x01\x01"), byte(at.Z))
	f = binary.BigEndian.AppendUint32(f, at.X)
	f = binary.BigEndian.AppendUint32(f, at.Y)
	f = binary.BigEndian.AppendUint64(f, uint64(revision))
	f = binary.BigEndian.AppendUint32(f, 1)
	if body == nil {
		f[3] = flagEmpty
	}
	return append(f, body...)
}

func zipped(raw []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(raw)
	w.Close()
	return out.Bytes()
}

// run follows until the test ends, and returns what is told.
func run(t *testing.T, s *service, o Options) (*Client, <-chan any) {
	t.Helper()
	told := make(chan any, 1000)
	o.URL, o.MinWait = s.web.URL, time.Millisecond
	o.On = Handler{
		Hello: func(v Hello) { told <- v }, Stale: func(v Stale) { told <- v }, Revision: func(v Revision) { told <- v }, Tile: func(v Tile) { told <- v },
		Figures: func(v Figures) { told <- v }, Refusal: func(v Refusal) { told <- v }, Loss: func(v Loss) { told <- v },
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return c, told
}

// next is the next thing told, which has to be a T.
func next[T any](t *testing.T, told <-chan any) T {
	t.Helper()
	select {
	case v := <-told:
		out, ok := v.(T)
		if !ok {
			t.Fatalf("told %T %+v, want %T", v, v, out)
		}
		return out
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was told")
		panic("unreachable")
	}
}

var (
	here  = geo.Tile{Z: 12, X: 3000, Y: 1700}
	there = geo.Tile{Z: 12, X: 3001, Y: 1700}
)

// TestHeldTilesAreKeptNew: what a stale frame names is asked for again and nothing else, and after a break the client goes on
// from the revision it was told last.
func TestHeldTilesAreKeptNew(t *testing.T) {
	s := newService(t)
	c, told := run(t, s, Options{})
	if err := c.Look([]geo.Tile{here, there, here}, orb.Point{104, 27}); err != nil {
		t.Fatal(err)
	}
	p := s.accept()
	if hello := p.want("hello"); hello["since"] != 0.0 || hello["version"] != 1.0 {
		t.Errorf("hello %v", hello)
	}
	p.say(`{"type":"hello","version":1,"revision":7,"layers":["road","village"],"time":"2020-06-30T00:00:00Z"}`)
	if h := next[Hello](t, told); h.Revision != 7 || h.Again {
		t.Errorf("hello %+v", h)
	}
	if m := p.want("subscribe"); cmp.Diff(m["layers"], []any{"road", "village"}) != "" {
		t.Errorf("subscribed to %v", m)
	}
	asks := func(want ...any) {
		t.Helper()
		if m := p.want("view"); cmp.Diff(m["tiles"], want) != "" {
			t.Errorf("asked for %v, want %v", m["tiles"], want)
		}
	}
	asks("12/3000/1700", "12/3001/1700")
	p.tile(here, 7, zipped([]byte("first")))
	p.tile(there, 7, nil)
	next[Tile](t, told)
	if got := next[Tile](t, told); !got.Empty() || !c.Complete() {
		t.Errorf("%+v, complete %v", got, c.Complete())
	}
	p.say(`{"type":"stale","revision":8,"since":7,"all":false,"tiles":["12/3000/1700"],"layers":["road"],"regions":["a"]}`)
	if got := next[Stale](t, told); len(got.Cells) != 1 || got.Regions[0] != "a" {
		t.Errorf("%+v", got)
	}
	if held, ok := c.Tile(here); !ok || !held.Stale || c.Complete() {
		t.Errorf("held %+v, %v", held, ok)
	}
	p.say(`{"type":"revision","revision":8,"time":"2020-06-30T00:00:01Z"}`)
	next[Revision](t, told)
	asks("12/3000/1700")
	p.say(`{"type":"later","that":"nobody knows"}`)
	p.drop()
	if lost := next[Loss](t, told); lost.Err == nil || lost.Tries != 1 {
		t.Errorf("%+v", lost)
	}
	p = s.accept()
	if hello := p.want("hello"); hello["since"] != 8.0 {
		t.Errorf("came back with %v", hello)
	}
	p.say(`{"type":"hello","version":1,"revision":9,"layers":["road"],"time":"2020-06-30T00:00:02Z"}`)
	p.say(`{"type":"stale","revision":9,"since":8,"all":true,"tiles":[],"layers":[],"regions":[]}`)
	if h := next[Hello](t, told); !h.Again {
		t.Error("it is not the first connection")
	}
	next[Stale](t, told)
	p.want("subscribe")
	asks("12/3000/1700")
	asks("12/3000/1700", "12/3001/1700")
	p.tile(here, 9, zipped([]byte("second")))
	next[Tile](t, told)
	held, _ := c.Tile(here)
	if raw, err := held.Vector(); string(raw) != "second" || err != nil || held.Stale || held.Revision != 9 {
		t.Errorf("held %+v: %q %v", held, raw, err)
	}
}

// TestRightsThatChange: everything is forgotten, the revision too.
func TestRightsThatChange(t *testing.T) {
	s := newService(t)
	c, told := run(t, s, Options{Since: 5})
	c.Look([]geo.Tile{here}, orb.Point{})
	p := s.accept()
	if p.want("hello")["since"] != 5.0 {
		t.Error("Since was not said")
	}
	p.say(`{"type":"hello","version":1,"revision":5,"layers":[],"time":"2020-06-30T00:00:00Z"}`)
	p.tile(here, 5, nil)
	next[Hello](t, told)
	next[Tile](t, told)
	p.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeRights, ""), time.Now().Add(time.Second))
	next[Loss](t, told)
	if c.Complete() || c.Revision() != 0 {
		t.Error("something is remembered")
	}
	if p = s.accept(); p.want("hello")["since"] != 0.0 {
		t.Error("came back with a revision")
	}
}

// TestCredit: what was taken is given back, so that the service never runs out of it.
func TestCredit(t *testing.T) {
	s := newService(t)
	_, told := run(t, s, Options{})
	p := s.accept()
	p.want("hello")
	given, taken := 32, 0 // docs/stream.md
	for range 200 {
		for ; given > 0; given-- {
			p.tile(here, 1, nil)
			next[Tile](t, told)
			if taken++; taken%giveBack == 0 {
				given += int(p.want("credit")["tiles"].(float64))
			}
			if taken > 1000 {
				return
			}
		}
	}
	t.Errorf("the service had no credit left after %d tiles", taken)
}

// TestBoundedMemory: a body that there is no room for is told and not held, and what is not looked at is let go.
func TestBoundedMemory(t *testing.T) {
	var v view
	body := func(n int) Tile { return Tile{At: here, body: make([]byte, n)} }
	v.look([]geo.Tile{here, there}, [2]float64{})
	v.keep(body(60), 100)
	other := body(60)
	other.At = there
	v.keep(other, 100)
	if v.size != 60 || v.tiles[there].held || len(v.missing()) != 0 {
		t.Errorf("%d bytes, %+v", v.size, v.tiles[there])
	}
	v.keep(body(90), 100)
	if v.size != 90 || !v.tiles[here].held {
		t.Errorf("%d bytes", v.size)
	}
	v.look([]geo.Tile{there}, [2]float64{})
	v.keep(body(10), 100)
	if v.size != 0 || len(v.tiles) != 1 {
		t.Errorf("%d bytes in %d tiles", v.size, len(v.tiles))
	}
	bomb := Tile{At: here, body: zipped(make([]byte, maxTile+1)), zipped: true}
	if _, err := bomb.Layers(); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a bomb: %v", err)
	}
}

func TestFiguresThatChange(t *testing.T) {
	s := newService(t)
	_, told := run(t, s, Options{Region: "520527", Reports: []string{"completion"}})
	p := s.accept()
	p.want("hello")
	if m := p.want("figures"); m["region"] != "520527" {
		t.Errorf("%v", m)
	}
	say := func(rows string) Figures {
		p.say(`{"type":"figures","revision":3,"region":"520527","kind":"completion","report":{"rows":[` + rows + `]}}`)
		return next[Figures](t, told)
	}
	if f := say(`{"metric":"M02","scope":"a","value":45.75,"numerator":366,"denominator":800},{"metric":"M02","scope":"b","value":null,"masked":true}`); len(f.Rows) != 2 || f.Changed != nil {
		t.Errorf("%+v", f)
	}
	f := say(`{"metric":"M02","scope":"a","value":45.875,"numerator":367,"denominator":800},{"metric":"M02","scope":"c","value":1}`)
	if len(f.Changed) != 3 || f.Changed[0].Old.Value != "45.75" || f.Changed[0].New.Value != "45.875" || f.Changed[1].Old != nil || f.Changed[2].New != nil || f.Changed[2].Old.Scope != "b" {
		t.Errorf("%+v", f.Changed)
	}
}

// TestRefusals: what will not get better ends Run, the rest is tried again and not too soon.
func TestRefusals(t *testing.T) {
	for status, good := range map[int]bool{401: true, 403: true, 404: true, 426: true, 503: false, 429: false} {
		times := 0
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			times++
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
		}))
		ctx, cancel := context.WithCancel(t.Context())
		var waits []time.Duration
		c, err := New(Options{URL: web.URL, MinWait: time.Microsecond, MaxWait: time.Millisecond, On: Handler{Loss: func(l Loss) {
			if waits = append(waits, l.Wait); len(waits) == 3 {
				cancel()
			}
		}}})
		if err != nil {
			t.Fatal(err)
		}
		err = c.Run(ctx)
		cancel()
		web.Close()
		if good && (err == nil || times != 1) || !good && (err != nil || times != 3 || waits[0] != time.Millisecond) {
			t.Errorf("%d: %v after %d attempts, waits %v", status, err, times, waits)
		}
	}
	s := newService(t)
	c, err := New(Options{URL: s.web.URL})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- c.Run(t.Context()) }()
	p := s.accept()
	p.say(`{"type":"error","code":"bad_version","message":"this service speaks version 9 of the stream"}`)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "version 9") {
		t.Errorf("another version: %v", err)
	}
}

func TestBackOffGrowsToItsLimit(t *testing.T) {
	c, err := New(Options{URL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	for try := range 100 {
		full := min(10*time.Second, 250*time.Millisecond<<min(try, 10))
		if wait := c.backOff(nil); wait < full/2 || wait > full {
			t.Errorf("attempt %d waits %v, want %v to %v", try, wait, full/2, full)
		}
	}
}

func TestOptions(t *testing.T) {
	for address, want := range map[string]string{
		"http://a:1": "ws://a:1/ws", "https://a/": "wss://a/ws", "ws://a/other": "ws://a/other", "ftp://a": "", "a:1": "", "": "", "http://": "", "\x00": "",
	} {
		c, err := New(Options{URL: address})
		if (err == nil) != (want != "") || c != nil && c.target != want {
			t.Errorf("%q: %v, %v", address, c, err)
		}
	}
	if _, err := New(Options{URL: "http://a", Reports: []string{"completion"}}); err == nil {
		t.Error("reports of no county")
	}
	c, _ := New(Options{URL: "http://a"})
	if err := c.Look(make([]geo.Tile, maxView+1), orb.Point{}); err == nil {
		t.Error("a view without an end")
	}
}

// What a service says may be anything; nothing of it may end the program, and no frame makes a tile that does not exist.
func FuzzFrames(f *testing.F) {
	f.Add(tileFrame(here, 5, zipped([]byte{0x1a, 0})))
	f.Add(tileFrame(there, 5, nil))
	f.Add([]byte("QT\x01\x03"))
	f.Add([]byte(`{"type":"stale","tiles":["12/1/2","12/1"]}`))
	f.Add([]byte(`{"type":"figures","kind":"completion","report":{"rows":[{"value":"x"}]}}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		if tile, err := readTileFrame(frame); err == nil {
			if !tile.At.Exists() || tile.Bytes != len(frame) {
				t.Errorf("%+v of %q", tile, frame)
			}
			tile.Layers()
		}
		var stale staleFrame
		if json.Unmarshal(frame, &stale) == nil {
			if s, err := stale.read(); err == nil && len(s.Cells) != len(stale.Tiles) {
				t.Errorf("%d cells of %q", len(s.Cells), frame)
			}
		}
		c, _ := New(Options{URL: "http://a", Region: "r", Reports: []string{"completion"}})
		if c.tellFigures(frame) == nil {
			c.tellFigures(frame)
		}
	})
}
