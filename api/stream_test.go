package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// The server of clustertest, which a benchmark asks, is held by a goroutine of its own.
func TestMain(m *testing.M) {
	if order := os.Getenv(tileReader); order != "" { // a process that a benchmark started
		if err := askTiles(order); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/qiantu/qiantu/data/cluster/clustertest.startHolder.func1"))
}

// client is a map stream as a screen sees it.
type client struct {
	t      testing.TB
	ws     *websocket.Conn
	frames chan received
}

// received is what one read gave.
type received struct {
	kind  int
	frame []byte
	err   error
}

// got is one frame of the server: text by its members, or a tile.
type got struct {
	text     map[string]any
	tile     string
	revision int64
	seq      uint32
	empty    bool
	body     []byte
}

func serveOn(t testing.TB, s *Server) string {
	t.Helper()
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.hub.stop()
		web.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return web.URL
}

func dial(t testing.TB, base string) *client {
	t.Helper()
	return dialAs(t, base, "")
}

// dialAs is dial with the token of a session.
func dialAs(t testing.TB, base, token string) *client {
	t.Helper()
	header := http.Header{}
	if link, ok := strings.CutPrefix(token, linkMark); ok {
		header.Set("Sec-WebSocket-Protocol", linkProtocol+", "+linkOffer+link)
	} else if token != "" {
		header.Set("Cookie", cookieName+"="+token)
	}
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/ws", header)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t, ws, make(chan received, 64)}
	gone := make(chan struct{})
	t.Cleanup(func() { close(gone); _ = ws.Close() })
	go func() {
		for {
			kind, frame, err := ws.ReadMessage()
			select {
			case c.frames <- received{kind, frame, err}:
			case <-gone:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return c
}

func (c *client) send(format string, args ...any) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Fatal(err)
	}
}

// hello greets and takes the answer.
func (c *client) hello(since int64) got {
	c.t.Helper()
	c.send(`{"type":"hello","version":1,"since":%d}`, since)
	return c.expect("hello")
}

// next reads one frame; false: none came in time.
func (c *client) next(wait time.Duration) (got, bool) {
	c.t.Helper()
	var r received
	select {
	case r = <-c.frames:
	case <-time.After(wait):
		return got{}, false
	}
	if r.err != nil {
		c.t.Fatalf("the stream ended: %v", r.err)
	}
	if r.kind == websocket.TextMessage {
		var text map[string]any
		if err := json.Unmarshal(r.frame, &text); err != nil {
			c.t.Fatalf("%s: %v", r.frame, err)
		}
		return got{text: text}, true
	}
	return readFrame(c.t, r.frame), true
}

func readFrame(t testing.TB, frame []byte) got {
	t.Helper()
	if len(frame) < frameHead || string(frame[:2]) != "QT" || frame[2] != 1 {
		t.Fatalf("bad head % x", frame[:min(len(frame), frameHead)])
	}
	g := got{
		tile:     geo.Tile{Z: uint32(frame[4]), X: binary.BigEndian.Uint32(frame[5:]), Y: binary.BigEndian.Uint32(frame[9:])}.String(),
		revision: int64(binary.BigEndian.Uint64(frame[13:])), seq: binary.BigEndian.Uint32(frame[21:]), empty: frame[3]&flagEmpty != 0,
	}
	if g.empty != (len(frame) == frameHead) || g.empty == (frame[3]&flagGzip != 0) {
		t.Fatalf("flags %d of a frame of %d bytes", frame[3], len(frame))
	}
	if !g.empty {
		g.body = gunzip(t, frame[frameHead:])
	}
	return g
}

func gunzip(t testing.TB, b []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// expect reads the next frame, which has to be a text of a type.
func (c *client) expect(kind string) got {
	c.t.Helper()
	g, ok := c.next(5 * time.Second)
	if !ok || g.text["type"] != kind {
		c.t.Fatalf("got %v %v, want %s", g.text, g.tile, kind)
	}
	return g
}

// expectTile reads the next frame, which has to be a tile.
func (c *client) expectTile() got {
	c.t.Helper()
	g, ok := c.next(5 * time.Second)
	if !ok || g.tile == "" {
		c.t.Fatalf("got %v, want a tile", g.text)
	}
	return g
}

// silent fails when anything comes.
func (c *client) silent(why string) {
	c.t.Helper()
	if g, ok := c.next(150 * time.Millisecond); ok {
		c.t.Fatalf("%s, and yet %v %v came", why, g.text, g.tile)
	}
}

// closedWith reads on until the connection closes with a code.
func (c *client) closedWith(code int) {
	c.t.Helper()
	end := time.After(15 * time.Second)
	for {
		select {
		case r := <-c.frames:
			if r.err != nil && !websocket.IsCloseError(r.err, code) {
				c.t.Fatalf("closed with %v, want %d", r.err, code)
			}
			if r.err != nil {
				return
			}
		case <-end:
			c.t.Fatalf("still open, want %d", code)
		}
	}
}

// tilesOver names the tiles of a zoom over the small county.
func tilesOver(zoom uint32, lon float64) []string {
	var names []string
	for _, tile := range geo.Covering(orb.Bound{Min: orb.Point{lon, 27}, Max: orb.Point{lon + 0.4, 27.2}}, zoom) {
		names = append(names, `"`+tile.String()+`"`)
	}
	return names
}

const allLayers = `{"type":"subscribe","layers":["region","road","village","water_project","relocation_site","move","facility","reference"],"region":""}`

func TestCreditIsObeyed(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	names := tilesOver(14, 104.5)
	if len(names) < startCredit+20 {
		t.Fatalf("only %d tiles", len(names))
	}
	c.send(`{"type":"view","seq":1,"tiles":[%s],"center":[104.7,27.1]}`, strings.Join(names, ","))
	seen := map[string]bool{}
	for range startCredit {
		seen[c.expectTile().tile] = true
	}
	c.silent("the credit is used up")
	if len(seen) != startCredit {
		t.Errorf("%d different tiles of %d", len(seen), startCredit)
	}
}

func TestCreditPaidBackBringsMore(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	names := tilesOver(14, 104.5)
	c.send(`{"type":"view","seq":1,"tiles":[%s],"center":[104.7,27.1]}`, strings.Join(names, ","))
	center := geo.TileAt(orb.Point{104.7, 27.1}, 14).String()
	for i := range names {
		g := c.expectTile()
		if i == 0 && g.tile != center {
			t.Errorf("the first tile is %s, want %s in the middle of the screen", g.tile, center)
		}
		if g.revision != 7 || g.seq != 1 {
			t.Errorf("tile %s has revision %d and seq %d", g.tile, g.revision, g.seq)
		}
		c.send(`{"type":"credit","tiles":1}`)
	}
	c.silent("all tiles are here")
}

func TestCancelledTilesAreNotSent(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	names := tilesOver(14, 104.5)
	c.send(`{"type":"view","seq":1,"tiles":[%s],"center":[104.7,27.1]}`, strings.Join(names, ","))
	for range startCredit {
		c.expectTile()
	}
	last := names[len(names)-1]
	c.send(`{"type":"view","seq":2,"tiles":[%s],"center":[104.7,27.1]}`, last)
	c.send(`{"type":"credit","tiles":512}`)
	if g := c.expectTile(); `"`+g.tile+`"` != last || g.seq != 2 {
		t.Errorf("got %s of view %d, want %s of view 2", g.tile, g.seq, last)
	}
	c.silent("nothing else is wanted")
}

// staleCellsOf are the tiles a stale frame names.
func staleCellsOf(g got) []string {
	var names []string
	for _, v := range g.text["tiles"].([]any) {
		names = append(names, v.(string))
	}
	return names
}

func TestStaleNamesExactlyWhatChanged(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[2].Name = "新名" })
	stale, revision := c.expect("stale"), c.expect("revision")
	cell := geo.TileAt(orb.Point{104.849, 27.1202}, geo.CellZoom).String()
	if names := staleCellsOf(stale); !slices.Equal(names, []string{cell}) {
		t.Errorf("stale are %v, want only %s, where the village lies", names, cell)
	}
	if stale.text["all"] != false || stale.text["since"] != 7.0 || stale.text["revision"] != 8.0 || revision.text["revision"] != 8.0 {
		t.Errorf("stale %v, revision %v", stale.text, revision.text)
	}
	if layers := fmt.Sprint(stale.text["layers"]); layers != "[village]" {
		t.Errorf("layers %s, want [village]", layers)
	}
}

// A road closed in the west takes the connection from a village in the east:
// the cells of the village are stale though nobody edited there.
func TestStaleReachesFarVerdicts(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	store.snapshots["520527"].Segments[1].AllSeason = planner.Yes
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Segments[0].AllSeason = planner.No })
	names := staleCellsOf(c.expect("stale"))
	far := geo.TileAt(orb.Point{104.849, 27.1202}, geo.CellZoom).String()
	if !slices.Contains(names, far) {
		t.Errorf("stale are %v; %s has a village that is no longer connected", names, far)
	}
}

func TestTilesFollowTheAnnouncedRevision(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() { // a busy writer
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = fmt.Sprint("村", i) }):
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	defer func() { close(stop); <-stopped }()
	announced, moved := int64(7), 0
	names := tilesOver(12, 104.5)
	for seq := 1; seq <= 40; seq++ {
		c.send(`{"type":"view","seq":%d,"tiles":[%s],"center":[104.7,27.1]}`, seq, strings.Join(names, ","))
		c.send(`{"type":"credit","tiles":%d}`, len(names))
		for left := len(names); left > 0; {
			g, ok := c.next(5 * time.Second)
			switch {
			case !ok:
				t.Fatal("the tiles stopped coming")
			case g.tile != "" && g.revision != announced:
				t.Fatalf("tile %s has revision %d after revision %d was announced", g.tile, g.revision, announced)
			case g.tile != "" && g.seq == uint32(seq):
				left--
			case g.text["type"] == "revision":
				announced = int64(g.text["revision"].(float64))
				moved++
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	if moved == 0 {
		t.Error("no revision came while the writer was busy")
	}
}

func TestResume(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	base := serveOn(t, s)
	for _, i := range []int{0, 2, 2} {
		changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[i].Name += "改" })
		until(t, "the next world", func() bool { return s.world.Load().revision == store.revision })
	}
	c := dial(t, base)
	c.hello(8)
	stale := c.expect("stale")
	c.expect("revision")
	want := geo.TileAt(orb.Point{104.849, 27.1202}, geo.CellZoom).String()
	if names := staleCellsOf(stale); stale.text["all"] != false || len(names) != 1 || names[0] != want {
		t.Errorf("after revision 8 stale are %v, want %s", names, want)
	}
	c = dial(t, base)
	c.hello(3)
	if stale := c.expect("stale"); stale.text["all"] != true {
		t.Errorf("revision 3 is not remembered, and yet %v", stale.text)
	}
	c = dial(t, base)
	c.hello(99)
	if stale := c.expect("stale"); stale.text["all"] != true {
		t.Errorf("revision 99 is not of this database, and yet %v", stale.text)
	}
}

func TestAllStale(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	// Changed without a revision, as with triggers switched off.
	store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "无声" })
	store.mu.Lock()
	store.revision = 7
	store.mu.Unlock()
	changes <- planner.Change{Revision: 7, All: true}
	if stale := c.expect("stale"); stale.text["all"] != true {
		t.Errorf("a change without a revision gives %v", stale.text)
	}
}

func TestFigures(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5), smallCounty("520528", 120))
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(`{"type":"figures","region":"520527","reports":["completion","coverage"]}`)
	for _, kind := range []string{"completion", "coverage"} {
		g := c.expect("figures")
		_, _, body := get(t, s, "/api/v1/report/"+kind+"?region=520527")
		if g.text["kind"] != kind || fmt.Sprint(g.text["report"]) != fmt.Sprint(withoutIDs(t, body)) {
			t.Errorf("%s over the stream is not what HTTP gives", kind)
		}
	}
	changes <- store.edit("520528", func(n *planner.Snapshot) { n.Villages[0].Name = "别县" })
	c.expect("stale")
	c.expect("revision")
	c.silent("the other county changed")
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "新名" })
	c.expect("stale")
	c.expect("revision")
	c.silent("a name is no figure")
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Progress = nil })
	c.expect("stale")
	c.expect("revision")
	if g := c.expect("figures"); g.text["revision"] != 10.0 {
		t.Errorf("figures of revision %v, want 10", g.text["revision"])
	}
}

// withoutIDs is a report of HTTP as the stream carries it.
func withoutIDs(t testing.TB, body string) map[string]any {
	t.Helper()
	var report map[string]any
	if err := json.Unmarshal([]byte(body), &report); err != nil {
		t.Fatal(err)
	}
	for _, row := range report["rows"].([]any) {
		delete(row.(map[string]any), "ids")
	}
	return report
}

func TestRefusedMessages(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	for _, message := range []string{
		`{"type":"hello","version":1,"since":0}`, `[]`, `{`, `{"type":"nonsense"}`, `{"type":"credit","tiles":0}`, `{"type":"credit","tiles":-0.5}`,
		`{"type":"credit","tiles":1e400}`, `{"type":"credit","tiles":1,"TILES":2}`, `{"type":"credit","tiles":1}{}`, `{"type":"credit","Tiles":1}`,
		`{"type":"subscribe","layers":["../"],"region":""}`, `{"type":"subscribe","layers":["household"],"region":""}`,
		`{"type":"subscribe","layers":["road"],"region":"999999"}`, `{"type":"subscribe","layers":["road"],"role":"admin"}`,
		`{"type":"view","seq":1,"tiles":["31/0/0"],"center":[0,0]}`, `{"type":"view","seq":1,"tiles":["1/2/0"],"center":[0,0]}`,
		`{"type":"view","seq":1,"tiles":["1/0/0.mvt"],"center":[0,0]}`, `{"type":"view","seq":1,"tiles":[1],"center":[0,0]}`,
		`{"type":"view","seq":-1,"tiles":[],"center":[0,0]}`, `{"type":"view","seq":9007199254740993,"tiles":[],"center":[0,0]}`,
		`{"type":"view","seq":1,"tiles":[],"center":[0]}`, `{"type":"view","seq":1,"tiles":[],"center":[0,1e9]}`,
		`{"type":"view","seq":1,"tiles":[],"center":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
		`{"type":"figures","region":"520527","reports":["households"]}`, `{"type":"figures","region":"","reports":["completion"]}`,
		"\ufeff" + `{"type":"credit","tiles":1}`,
	} {
		c.send("%s", message)
		if g := c.expect("error"); g.text["message"] == "" || g.text["code"] == "" {
			t.Errorf("%.60s: %v", message, g.text)
		}
	}
	c.send(`{"type":"view","seq":1,"tiles":["9/404/215"],"center":[104.7,27.1]}`)
	c.expectTile() // the stream goes on
}

func TestHelloComesFirst(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	c := dial(t, base)
	c.send(allLayers)
	c.expect("error")
	c.closedWith(websocket.CloseProtocolError)
	c = dial(t, base)
	c.send(`{"type":"hello","version":3,"since":0}`)
	c.expect("error")
	c.closedWith(websocket.CloseProtocolError)
}

func TestHostileFrames(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	for name, one := range map[string]struct {
		code int
		send func(*client)
	}{
		"flood": {websocket.ClosePolicyViolation, func(c *client) {
			for range 2000 {
				if c.ws.WriteMessage(websocket.TextMessage, []byte(allLayers)) != nil {
					return // closed already
				}
			}
		}},
		"pings": {websocket.ClosePolicyViolation, func(c *client) {
			for range 2000 {
				if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)) != nil {
					return
				}
			}
		}},
		"refusals": {websocket.ClosePolicyViolation, func(c *client) {
			for range 2000 {
				if c.ws.WriteMessage(websocket.TextMessage, []byte(`{`)) != nil {
					return
				}
			}
		}},
		"large":  {websocket.CloseMessageTooBig, func(c *client) { c.send("%s", strings.Repeat(" ", readLimit+1)) }},
		"binary": {websocket.CloseUnsupportedData, func(c *client) { _ = c.ws.WriteMessage(websocket.BinaryMessage, []byte("QT")) }},
		"no UTF-8": {websocket.CloseInvalidFramePayloadData, func(c *client) {
			_ = c.ws.WriteMessage(websocket.TextMessage, []byte("{\"type\":\"\xff\"}"))
		}},
		"unmasked": {websocket.CloseProtocolError, func(c *client) { _, _ = c.ws.NetConn().Write([]byte{0x81, 2, '{', '}'}) }},
		"reserved bits": {websocket.CloseProtocolError, func(c *client) {
			_, _ = c.ws.NetConn().Write([]byte{0xf1, 0x82, 0, 0, 0, 0, '{', '}'})
		}},
		"long control frame": {websocket.CloseProtocolError, func(c *client) {
			_, _ = c.ws.NetConn().Write(append([]byte{0x89, 0xfe, 0, 126, 0, 0, 0, 0}, make([]byte, 126)...))
		}},
		"declared 8 EiB": {websocket.CloseMessageTooBig, func(c *client) {
			_, _ = c.ws.NetConn().Write([]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, base)
			c.hello(0)
			c.t = t
			one.send(c)
			c.closedWith(one.code)
		})
	}
}

func TestUpgradeIsRefused(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := "ws" + strings.TrimPrefix(serveOn(t, s), "http") + "/ws"
	for name, one := range map[string]struct {
		origin string
		status int
	}{
		"foreign": {"http://evil.example", http.StatusForbidden}, "opaque": {"null", http.StatusForbidden},
		"other port": {"http://127.0.0.1:1", http.StatusForbidden}, "file": {"file://", http.StatusForbidden},
	} {
		_, answer, err := websocket.DefaultDialer.Dial(base, http.Header{"Origin": {one.origin}})
		if err == nil || answer == nil || answer.StatusCode != one.status || answer.Header.Get("Content-Type") != problemType {
			t.Errorf("%s: %v %v", name, answer, err)
		}
	}
	ws, answer, err := websocket.DefaultDialer.Dial(base, http.Header{"Origin": {"http://" + strings.TrimSuffix(strings.TrimPrefix(base, "ws://"), "/ws")}})
	if err != nil {
		t.Fatalf("our own page is refused: %v %v", answer, err)
	}
	_ = ws.Close()
}

func TestDeflateIsNotNegotiated(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	dialer := websocket.Dialer{EnableCompression: true}
	ws, answer, err := dialer.Dial("ws"+strings.TrimPrefix(serveOn(t, s), "http")+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if got := answer.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("negotiated %q", got)
	}
}

func TestSocketsAreCapped(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	s.maxSockets = 2
	base := serveOn(t, s)
	dial(t, base)
	first := dial(t, base)
	_, answer, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/ws", nil)
	if err == nil || answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Fatalf("the third stream: %v %v", answer, err)
	}
	_ = first.ws.Close()
	until(t, "a free place", func() bool {
		ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(base, "http")+"/ws", nil)
		if err == nil {
			_ = ws.Close()
		}
		return err == nil
	})
}

// A client that never reads is cut; others get their frames meanwhile.
func TestStalledReaderIsCut(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	s.patience = times{ping: time.Second, pong: 5 * time.Second, drip: time.Second, slow: 200 * time.Millisecond, write: 400 * time.Millisecond}
	base := serveOn(t, s)
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.(*net.TCPConn).SetReadBuffer(4096)
	fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", strings.TrimPrefix(base, "http://"))
	if answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil); err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("no upgrade: %v %v", answer, err)
	}
	masked(conn, `{"type":"hello","version":1,"since":0}`)
	until(t, "the stalled stream", func() bool { return open(s) == 1 })
	reader := dial(t, base)
	reader.hello(0)
	for i := 0; open(s) > 1; i++ { // each frame is large; nobody reads them on the stalled side
		masked(conn, `{"type":"figures","region":"520527","reports":["completion","coverage","relocation"]}`)
		time.Sleep(2 * time.Millisecond)
		if i > 2000 {
			t.Fatal("the stalled stream is still open")
		}
	}
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "后" })
	reader.expect("stale")
}

// open counts the streams of a server.
func open(s *Server) int {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return len(s.hub.streams)
}

// masked writes a text frame as a client has to; errors show in the test that
// waits for the end.
func masked(w io.Writer, text string) {
	head := []byte{0x81, 0x80 | byte(len(text))}
	if len(text) > 125 {
		panic("too long for the short form")
	}
	_, _ = w.Write(append(append(head, 0, 0, 0, 0), text...))
}

// A client that is slow for one frame gets one "all stale", then 1013.
func TestSlowReaderIsSentAway(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	s.patience = times{ping: time.Minute, pong: time.Minute, drip: time.Second, slow: -1, write: time.Second} // every frame takes too long
	c := dial(t, serveOn(t, s))
	c.hello(0)
	if stale := c.expect("stale"); stale.text["all"] != true {
		t.Errorf("got %v, want all stale", stale.text)
	}
	c.closedWith(websocket.CloseTryAgainLater)
}

func TestUnansweredPingEnds(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	s.patience = times{ping: 20 * time.Millisecond, pong: 100 * time.Millisecond, drip: time.Second, slow: time.Second, write: time.Second}
	c := dial(t, serveOn(t, s))
	c.ws.SetPingHandler(func(string) error { return nil }) // never answers
	c.hello(0)
	c.closedWith(websocket.CloseTryAgainLater)
}

func TestStopTellsTheStreams(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	go s.hub.stop()
	c.closedWith(websocket.CloseGoingAway)
}

// A message that comes in endless fragments is not waited for.
func TestDrippingMessageEnds(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	s.patience.drip = 100 * time.Millisecond
	c := dial(t, serveOn(t, s))
	c.hello(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = c.ws.NetConn().Write([]byte{0x01, 0x80, 0, 0, 0, 0}) // text, not the last fragment, empty
		for range 100 {
			if _, err := c.ws.NetConn().Write([]byte{0x00, 0x80, 0, 0, 0, 0}); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	c.closedWith(websocket.ClosePolicyViolation)
	<-done
}
