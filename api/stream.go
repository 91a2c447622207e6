package api

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qiantu/qiantu/planner"
)

// The limits of docs/stream.md.
const (
	streamVersion = 2        // the newest; what every older one had stands
	patchVersion  = 2        // the first that is sent patches
	readLimit     = 64 << 10 // bytes of a frame
	maxCredit     = 512
	startCredit   = 32
	maxView       = 512
	maxReplies    = 32
	messageRate   = 100 // a second, sustained
	messageBurst  = 400
	lingerTime    = time.Second
	lingerBytes   = 4 << 20
	sendBuffer    = 256 << 10 // bytes the kernel may hold for a client
	maxOfSession  = 20        // streams open with one session, unless configured
)

// times are the patience of a stream; tests are less patient.
type times struct {
	ping  time.Duration // between pings
	pong  time.Duration // without an answer until the end
	drip  time.Duration // for a message of the client to arrive whole
	slow  time.Duration // for one frame, until the client is given up in good order
	write time.Duration // for one frame, until it is cut
}

var patience = times{ping: 10 * time.Second, pong: 25 * time.Second, drip: 10 * time.Second, slow: 5 * time.Second, write: 10 * time.Second}

// Close codes of RFC 6455 as docs/stream.md uses them.
const (
	closeGoing    = websocket.CloseGoingAway               // 1001: the service stops
	closeProtocol = websocket.CloseProtocolError           // 1002
	closeKind     = websocket.CloseUnsupportedData         // 1003: a binary frame
	closeText     = websocket.CloseInvalidFramePayloadData // 1007
	closePolicy   = websocket.ClosePolicyViolation         // 1008: floods
	closeSlow     = websocket.CloseTryAgainLater           // 1013
	closeRights   = 4001                                   // the session ended or rights changed: forget all that is held, and come back
)

// stream is one screen's connection: one loop that reads, one that writes. What
// the client wants is a small state where the latest wins; nothing queues up.
type stream struct {
	server *Server
	ws     *websocket.Conn
	times  times
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc
	signal chan struct{} // holds one: look at the state

	sending atomic.Int64 // bytes of the frame on its way

	mu     sync.Mutex
	want   wish
	ending *ending

	person  *planner.Person // who opened it
	session string          // SHA-256 of the token; empty: a guest

	rate    bucket // the reader's
	shown   *world // the writer's: the one announced to the client
	may     scope  // the writer's: what of it the client may read
	slow    bool   // the writer's: the last frame took too long
	closing bool   // the writer's: the close frame is sent

	answered *questionWish // the writer's: what shown is an answer to; nil: to none
	drawing  time.Time     // the writer's: until then a client that has its answer may ask for the tiles of it
	deriving *derivation   // the writer's: the answer to come

	assigning *assigning // the writer's: the assignment to come
	branch    int64      // the writer's: version of the scenario under the question answered

	watched string                      // the writer's: the county whose scenarios it is told of
	told    map[planner.ID]scenarioMark // the writer's: as it was told of them
}

// ending is how the stream is to be closed.
type ending struct {
	code   int
	reason string
}

var upgrader = websocket.Upgrader{
	HandshakeTimeout: 5 * time.Second, ReadBufferSize: 4096, WriteBufferSize: 16 << 10,
	WriteBufferPool:   &sync.Pool{}, // most streams are at rest most of the time
	EnableCompression: false, CheckOrigin: sameOrigin, Subprotocols: []string{linkProtocol},
}

// getStream upgrades a request and serves the stream until it ends.
func (s *Server) getStream(w http.ResponseWriter, r *http.Request) {
	switch {
	case !websocket.IsWebSocketUpgrade(r):
		w.Header().Set("Upgrade", "websocket")
		s.problem(w, r, http.StatusUpgradeRequired, "this is the map stream; connect with a WebSocket")
		return
	case !sameOrigin(r):
		s.problem(w, r, http.StatusForbidden, "a page of another origin may not open the map stream")
		return
	case s.world.Load() == nil:
		s.notReady(w, r)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	from := callerOf(r.Context())
	c := &stream{
		server: s, times: s.patience, ctx: ctx, cancel: cancel, signal: make(chan struct{}, 1), rate: newBucket(time.Now()),
		person: from.person, session: string(from.session),
	}
	if !s.hub.join(c, s.maxSockets, s.maxOfSession) {
		s.metrics.refused.Inc()
		w.Header().Set("Retry-After", "5")
		s.problem(w, r, http.StatusServiceUnavailable, "too many map streams are open")
		return
	}
	defer s.hub.leave(c)
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.log.Debug("no upgrade", "error", err) // the upgrader has answered
		return
	}
	c.mu.Lock()
	c.ws = ws
	c.mu.Unlock()
	c.run()
}

// run serves the connection; it returns when both loops have ended.
func (c *stream) run() {
	s := c.server
	s.metrics.sockets.Inc()
	defer s.metrics.sockets.Dec()
	if tcp, ok := c.ws.NetConn().(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // a hint; the deadline holds without it
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.writeLoop()
	}()
	c.readLoop()
	c.cancel()
	<-done
	if c.closing {
		c.linger()
	}
	_ = c.ws.Close() // closed by both sides already, as a rule
}

// linger reads on for a moment after the close frame: closing over unread bytes
// would reset the connection, and the client would never see the reason.
func (c *stream) linger() {
	conn := c.ws.NetConn()
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // a connection already gone needs no more
	}
	_ = conn.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.CopyN(io.Discard, conn, lingerBytes)
}

// kill cuts the connection without a word.
func (c *stream) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ws != nil {
		_ = c.ws.Close() // whatever it says, it is gone
	}
}

// poke makes the writer look at the state.
func (c *stream) poke() {
	select {
	case c.signal <- struct{}{}:
	default:
	}
}

// end asks the writer to close with a code; the first wish stands.
func (c *stream) end(code int, reason string) {
	c.mu.Lock()
	if c.ending == nil {
		c.ending = &ending{code, reason}
	}
	c.mu.Unlock()
	c.poke()
}

// bucket bounds the messages of a client.
type bucket struct {
	left float64
	at   time.Time
}

func newBucket(now time.Time) bucket { return bucket{messageBurst, now} }

// take uses up one message; false: too many.
func (b *bucket) take(now time.Time) bool {
	b.left = min(messageBurst, b.left+now.Sub(b.at).Seconds()*messageRate)
	b.at = now
	b.left--
	return b.left >= 0
}
