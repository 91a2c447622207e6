package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// writeLoop sends what the client wants until the connection ends. It is the
// only one that writes, pongs apart.
func (c *stream) writeLoop() {
	defer c.cut()
	ping := time.NewTicker(c.times.ping)
	defer ping.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-ping.C:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(c.times.write)) != nil {
				return
			}
		case <-c.signal:
			if !c.drain() {
				return
			}
		}
	}
}

// cut ends the reader as well: one at rest wakes up and leaves.
func (c *stream) cut() {
	c.cancel()
	_ = c.ws.SetReadDeadline(time.Now()) // fails only on a connection that is gone
}

// drain sends until nothing is wanted; false when the stream has ended.
func (c *stream) drain() bool {
	for c.ctx.Err() == nil {
		more, err := c.step()
		if err != nil {
			c.server.log.Debug("a map stream ended", "error", err)
			return false
		}
		if !more {
			return true
		}
	}
	return false
}

// step sends the one thing that comes first: the answer to a message, what has
// become stale, figures, a tile. Looking again after each keeps the order right
// whatever happens meanwhile.
func (c *stream) step() (bool, error) {
	end, reply, greeted := c.first()
	switch {
	case c.slow && c.shown != nil:
		return false, c.giveUp()
	case reply != nil:
		return true, c.send("reply", reply)
	case end != nil:
		return false, c.close(end)
	case !greeted:
		return false, nil
	case c.shown == nil:
		return true, c.greet()
	}
	if sent, err := c.move(); sent || err != nil {
		return true, err
	}
	if sent, err := c.sendAssigned(); sent || err != nil {
		return true, err
	}
	if sent, err := c.sendScenario(); sent || err != nil {
		return true, err
	}
	if sent, err := c.sendFigures(); sent || err != nil {
		return true, err
	}
	return c.sendTile()
}

// first takes what goes before everything else.
func (c *stream) first() (*ending, any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.want.replies) == 0 {
		return c.ending, nil, c.want.greeted
	}
	reply := c.want.replies[0]
	c.want.replies = c.want.replies[1:]
	return nil, reply, c.want.greeted
}

// greet answers hello, and names what has become stale since the client was
// here last.
func (c *stream) greet() error {
	w := c.server.world.Load()
	c.mu.Lock()
	since, version := c.want.since, c.want.version
	c.mu.Unlock()
	c.show(w)
	err := c.send("hello", helloFrame{Type: "hello", Version: version, Revision: w.revision, Layers: mapLayers, Time: clock(w.at)})
	if err != nil || since == 0 {
		return err
	}
	return c.tell(w, w.since(since))
}

// show makes w the world that the client is told of.
func (c *stream) show(w *world) { c.shown, c.may = w, w.seenBy(c.person) }

// announce moves the client on to a newer world: what is stale, then the
// revision. From here on its tiles are of that world.
func (c *stream) announce(now *world) error {
	d := c.turnTo(now)
	if d.since == d.revision && !d.all { // read again, and found the same
		return nil
	}
	return c.tell(now, d)
}

// turnTo makes another world the one that the client is told of, and gives what
// differs between the two.
func (c *stream) turnTo(w *world) delta {
	d, before := w.after(c.shown), c.may
	if c.shown.live != nil || w.live != nil {
		d = difference(c.shown, w)
	}
	c.show(w)
	if !(before.all() && c.may.all()) && !slices.Equal(before.codes, c.may.codes) { // counties came or went, or lie elsewhere in the tree
		d = delta{since: d.since, revision: d.revision, all: true, counties: w.codes}
	}
	return d
}

// tell names what is stale of what the client may read.
func (c *stream) tell(w *world, d delta) error {
	if err := c.send("stale", newStale(d.within(c.may))); err != nil {
		return err
	}
	return c.send("revision", revisionFrame{Type: "revision", Revision: w.revision, Time: clock(w.at)})
}

// sendFigures sends the next report that the client has not got of the world
// it is shown. One that is still being made does not hold up the tiles.
func (c *stream) sendFigures() (bool, error) {
	made, kind, region := c.nextFigures()
	if made == nil {
		return false, nil
	}
	report, err := made.at(c.shown.revision)
	if err != nil {
		c.server.log.Error("a report could not be made", "region", region, "kind", kind, "error", err)
		return true, c.send("error", errorFrame{Type: "error", Code: "no_report", Message: "the report could not be made"})
	}
	if !c.news(kind, report.Figures) {
		return true, nil
	}
	return true, c.send("figures", figuresFrame{
		Type: "figures", Revision: c.shown.revision, Region: region, Kind: string(kind), Report: wireFigures(report),
	})
}

// news remembers what is about to be said, and whether the client has it
// already: a report is long, and most changes leave two of three as they were.
func (c *stream) news(kind planner.ReportKind, figures []planner.Figure) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.want.figures.said
	before, known := said[kind]
	if known && reflect.DeepEqual(before, figures) {
		return false
	}
	said[kind] = figures
	return true
}

// nextFigures takes the next wanted report off the wish, once it is made.
func (c *stream) nextFigures() (*onceReport, planner.ReportKind, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := &c.want.figures
	county := c.shown.counties[q.region]
	if county == nil || !c.may.has(q.region) || len(q.kinds) == 0 || q.sent == county && q.next >= len(q.kinds) {
		return nil, "", ""
	}
	if q.sent != county {
		q.sent, q.next = county, 0
	}
	if county.of != nil && !county.begun(q.kinds[q.next]) && (c.want.credit > 0 && len(c.want.tiles) > 0 || time.Now().Before(c.drawing)) {
		return nil, "", "" // the map first
	}
	made := county.begin(q.kinds[q.next])
	select {
	case <-made.done:
		q.next++
		return made, q.kinds[q.next-1], q.region
	default:
		if q.awaited != made {
			q.awaited = made
			go c.pokeAfter(made.done)
		}
		return nil, "", ""
	}
}

// pokeAfter makes the writer look again when something is done.
func (c *stream) pokeAfter(done <-chan struct{}) {
	select {
	case <-done:
		c.poke()
	case <-c.ctx.Done():
	}
}

// sendTile sends the wanted tile nearest to the center, when there is credit.
// A tile that scrolled away while it was made is dropped and costs nothing.
func (c *stream) sendTile() (bool, error) {
	tile, ask, ok := c.nextTile()
	if !ok {
		return false, nil
	}
	ask.tile, ask.scope = tile, c.may.key
	made, err := c.server.tiles.find(c.ctx, c.shown, ask)
	if errors.Is(err, errBusy) {
		time.Sleep(10 * time.Millisecond)
		return true, nil
	}
	if err != nil {
		return false, err
	}
	sent, still := c.settle(tile, ask)
	if !still {
		return true, nil
	}
	return true, c.write("tile", websocket.BinaryMessage, c.frameOf(made, ask, sent))
}

// frameOf is how a made tile travels: as a patch over the one that the client has,
// if there is a smaller one. What a question changes is not remembered by revision,
// and goes as it is.
func (c *stream) frameOf(made *heldTile, ask tileAsk, sent paid) []byte {
	if made.whole && sent.held > 0 && c.shown.live == nil {
		if body, ok := c.server.tiles.patch(c.shown, ask, sent.held); ok && len(body) < len(made.body) {
			return patchFrame(ask.tile, sent.held, c.shown.revision, sent.seq, body)
		}
	}
	frame := tileFrame(ask.tile, c.shown.revision, sent.seq, made.body)
	if made.whole && sent.patches {
		frame[3] |= flagWhole
	}
	return frame
}

func (c *stream) nextTile() (geo.Tile, tileAsk, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.want.credit <= 0 || len(c.want.tiles) == 0 {
		return geo.Tile{}, tileAsk{}, false
	}
	return c.want.tiles[len(c.want.tiles)-1], c.want.ask, true
}

// paid is a tile that is about to be sent: the view that asked for it, the
// revision of it that the client has (0: none), and whether it takes patches.
type paid struct {
	seq     uint32
	held    int64
	patches bool
}

// settle takes a made tile off the wish and pays for it, if it is still wanted
// as it was made.
func (c *stream) settle(tile geo.Tile, ask tileAsk) (paid, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := tileAsk{layers: ask.layers, region: ask.region} // as the wish has it
	for i := len(c.want.tiles) - 1; i >= 0 && c.want.ask == made; i-- {
		if c.want.tiles[i] == tile {
			c.want.tiles = append(c.want.tiles[:i], c.want.tiles[i+1:]...)
			c.want.credit--
			return paid{c.want.seq, c.want.held[tile], c.want.version >= patchVersion}, true
		}
	}
	return paid{}, false
}

// send writes a text frame.
func (c *stream) send(kind string, frame any) error {
	text, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("api: %s frame: %w", kind, err)
	}
	return c.write(kind, websocket.TextMessage, text)
}

// write sends a frame. A client that takes long for one is slow.
func (c *stream) write(kind string, opcode int, frame []byte) error {
	start := time.Now()
	c.sending.Store(int64(len(frame)))
	defer c.sending.Store(0)
	_ = c.ws.SetWriteDeadline(start.Add(c.times.write))
	if err := c.ws.WriteMessage(opcode, frame); err != nil {
		return fmt.Errorf("api: send %s: %w", kind, err)
	}
	c.slow = time.Since(start) > c.times.slow
	c.server.metrics.frames.WithLabelValues(kind).Inc()
	c.server.metrics.sent.WithLabelValues(kind).Add(float64(len(frame)))
	return nil
}

// giveUp tells a slow client that all it holds is stale, and closes. It comes
// back with the revision it knows.
func (c *stream) giveUp() error {
	w := c.server.world.Load()
	c.slow = false
	if err := c.send("stale", newStale(delta{since: c.shown.revision, revision: w.revision, all: true, counties: w.seenBy(c.person).codes})); err != nil {
		return err
	}
	return c.close(&ending{closeSlow, "too slow; come back with since"})
}

// close sends the close frame.
func (c *stream) close(e *ending) error {
	c.server.metrics.closed.WithLabelValues(strconv.Itoa(e.code)).Inc()
	c.closing = true
	err := c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(e.code, e.reason), time.Now().Add(time.Second))
	if err != nil {
		return fmt.Errorf("api: close: %w", err)
	}
	return fmt.Errorf("api: closed with %d: %s", e.code, e.reason)
}
