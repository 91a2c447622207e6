package follow

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// Options say what is followed. Only URL is needed.
type Options struct {
	URL    string      // of the service: http, https, ws or wss; its path is /ws unless another is given
	Header http.Header // sent with the upgrade: Cookie for a session

	Since   int64    // the revision that the caller knows; what changed from it on is told first. Zero: from now on
	Layers  []string // that tiles hold; none: all
	Region  string   // county whose features and reports are followed; "": features of all, and no reports
	Reports []string // completion, coverage, water, relocation

	MaxBytes int64         // of tile bodies held; zero: 64 MiB; negative: none, tiles are only told
	MinWait  time.Duration // before the second attempt after a loss; doubled from one to the next. Zero: 250 ms
	MaxWait  time.Duration // between attempts. Zero: 10 s

	Dial func(ctx context.Context, network, address string) (net.Conn, error) // nil: as always

	On Handler
}

// Handler is what is called, always by the goroutine of [Client.Run] and one
// at a time. While one runs nothing more is read; the service gives up a client
// that takes seconds. Each may be nil.
type Handler struct {
	Hello    func(Hello)
	Stale    func(Stale)    // before the tiles that show it
	Revision func(Revision) // after Stale
	Tile     func(Tile)     // each that comes, wanted still or not
	Figures  func(Figures)
	Refusal  func(Refusal)
	Loss     func(Loss)
}

// The limits of a client.
const (
	maxView      = 512 // tiles; the service takes no more
	maxFrame     = 16 << 20
	defaultBytes = 64 << 20
	giveBack     = 16 // tiles taken until their credit is given back: half of what the service starts with
	silence      = 30 * time.Second
	writePatence = 10 * time.Second
)

// Client follows one map stream. Make one with [New]. Its methods may be called
// from any goroutine, also from within a [Handler].
type Client struct {
	options Options
	target  string
	dialer  websocket.Dialer
	reports map[string][]Figure // Run's: as told last
	tries   int                 // Run's
	stood   bool                // Run's: some connection stood

	mu       sync.Mutex
	running  bool
	socket   *websocket.Conn // greeted; nil: none
	revision int64
	view     view
}

// New checks the options; it connects to nothing.
func New(o Options) (*Client, error) {
	target, err := socketURL(o.URL)
	if err != nil {
		return nil, err
	}
	if len(o.Reports) > 0 && o.Region == "" {
		return nil, errors.New("follow: reports are of one county: name its code in Region")
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultBytes
	}
	if o.MinWait <= 0 {
		o.MinWait = 250 * time.Millisecond
	}
	if o.MaxWait <= 0 {
		o.MaxWait = 10 * time.Second
	}
	c := &Client{options: o, target: target, revision: o.Since, reports: map[string][]Figure{}}
	c.dialer = websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: writePatence, NetDialContext: o.Dial, ReadBufferSize: 4096, WriteBufferSize: 1024}
	c.view.look(nil, [2]float64{})
	return c, nil
}

func socketURL(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("follow: %w", err)
	}
	scheme, known := map[string]string{"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}[u.Scheme]
	if !known || u.Host == "" {
		return "", fmt.Errorf("follow: %.100q is no address of a service; write http://HOST:PORT", address)
	}
	u.Scheme, u.Fragment = scheme, ""
	if u.Path == "" || u.Path == "/" {
		u.Path = "/ws"
	}
	return u.String(), nil
}

// Revision is the last revision that was told; Options.Since before the first.
func (c *Client) Revision() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.revision
}

// Look makes these tiles the ones that are held and kept new, nearest to the
// center (lon, lat) first. It replaces what was looked at before. More than 512
// are refused.
func (c *Client) Look(tiles []geo.Tile, center orb.Point) error {
	if len(tiles) > maxView {
		return fmt.Errorf("follow: a view of %d tiles; %d is the most, look from further out", len(tiles), maxView)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.view.look(tiles, center)
	if c.socket == nil {
		return nil // they are asked for once it stands
	}
	return c.ask(c.socket)
}

// Tile is what is held of a tile; false: it is not looked at, has not come, or
// there was no room for it.
func (c *Client) Tile(at geo.Tile) (Tile, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.view.tiles[at]; t != nil && t.held {
		return *t, true
	}
	return Tile{}, false
}

// Complete says whether every tile that is looked at has come, and none is
// stale.
func (c *Client) Complete() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.view.missing()) == 0
}

// Run connects, and again whenever the connection is lost, until ctx ends (then
// it gives nil) or the service refuses this client for good.
func (c *Client) Run(ctx context.Context) error {
	c.mu.Lock()
	again := c.running
	c.running = true
	c.mu.Unlock()
	if again {
		return errors.New("follow: the client runs already")
	}
	defer func() {
		c.mu.Lock()
		c.running = false
		c.mu.Unlock()
	}()
	for {
		err := c.follow(ctx)
		if ctx.Err() != nil {
			return nil
		}
		var refused *refusedError
		if errors.As(err, &refused) && refused.forGood {
			return err
		}
		wait := c.backOff(refused)
		if c.options.On.Loss != nil {
			c.options.On.Loss(Loss{err, wait, c.tries})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// backOff is how long to wait after a loss: twice as long from one to the next,
// somewhere in the upper half, so that a thousand clients of a service that
// starts again do not come at once.
func (c *Client) backOff(refused *refusedError) time.Duration {
	wait := c.options.MinWait << min(c.tries, 20)
	c.tries++
	if wait <= 0 || wait > c.options.MaxWait {
		wait = c.options.MaxWait
	}
	wait = wait/2 + rand.N(wait/2+1)
	if refused != nil {
		wait = max(wait, min(refused.after, c.options.MaxWait))
	}
	return wait
}

// refusedError is an upgrade that was refused.
type refusedError struct {
	status  string
	forGood bool
	after   time.Duration // to wait
}

func (e *refusedError) Error() string { return "follow: the service answers " + e.status }

// dial opens the connection.
func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	socket, response, err := c.dialer.DialContext(ctx, c.target, c.options.Header)
	if response != nil && response.Body != nil {
		defer response.Body.Close()
	}
	if err == nil {
		return socket, nil
	}
	if !errors.Is(err, websocket.ErrBadHandshake) || response == nil {
		return nil, fmt.Errorf("follow: %s: %w", c.target, err)
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // none, or a date: zero
	again := []int{http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusGatewayTimeout}
	return nil, &refusedError{
		status:  strings.TrimSpace(response.Status),
		forGood: !slices.Contains(again, response.StatusCode),
		after:   time.Duration(max(0, min(seconds, 3600))) * time.Second,
	}
}
