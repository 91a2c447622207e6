package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/follow"
	"github.com/qiantu/qiantu/geo"
)

// The load of many screens. The service is a process of its own; the screens share the machine with it, which the figures
// include: on two cores the thousandth screen waits for the processor, not for the service alone. Bytes that are the same
// are decoded once for all screens, else the screens would be what is measured.

// dialer opens connections of screens; it counts what comes in, and may be slow.
type dialer struct {
	read atomic.Int64 // bytes
	via  string       // a proxy; "": none
	rate int          // bytes a second that are read; zero: all; negative: nothing after the upgrade
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if d.via != "" {
		address = d.via
	}
	var plain net.Dialer
	conn, err := plain.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if d.rate != 0 {
		_ = conn.(*net.TCPConn).SetReadBuffer(8 << 10)
	}
	return &countedConn{Conn: conn, of: d, closed: make(chan struct{})}, nil
}

type countedConn struct {
	net.Conn
	of     *dialer
	reads  int
	once   sync.Once
	closed chan struct{}
}

func (c *countedConn) Read(b []byte) (int, error) {
	if c.reads++; c.of.rate < 0 && c.reads > 1 {
		<-c.closed
		return 0, net.ErrClosed
	}
	if c.of.rate > 0 {
		b = b[:min(len(b), 1024)]
	}
	n, err := c.Conn.Read(b)
	c.of.read.Add(int64(n))
	if c.of.rate > 0 {
		time.Sleep(time.Duration(n) * time.Second / time.Duration(c.of.rate))
	}
	return n, err
}

func (c *countedConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// crowd is many screens that look at the same.
type crowd struct {
	*dialer
	url     string
	at      geo.Tile // holds the segment that is edited
	segment int64
	view    []geo.Tile
	waits   atomic.Pointer[string] // the season that is waited for
	seen    chan time.Time         // one of each screen that shows it
	decoded sync.Map               // body to season
	screens []*follow.Client
}

// join opens n screens and waits until they show their view.
func (c *crowd) join(b testing.TB, n int, d *dialer, wait bool) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	b.Cleanup(func() { cancel(); running.Wait() })
	for i := range n {
		said := ""
		o := follow.Options{URL: c.url, Layers: []string{"road", "village"}, MaxBytes: -1, Dial: d.dial}
		if wait {
			o.On.Tile = func(t follow.Tile) {
				if season := c.seasonIn(b, t); t.At == c.at && season != said && season == *c.waits.Load() {
					c.seen <- time.Now()
					said = season
				} else if t.At == c.at {
					said = season
				}
			}
		}
		screen, err := follow.New(o)
		if err != nil {
			b.Fatal(err)
		}
		if err := screen.Look(c.view, c.view[0].Bound().Center()); err != nil {
			b.Fatal(err)
		}
		running.Go(func() { _ = screen.Run(ctx) })
		if wait {
			c.screens = append(c.screens, screen)
		}
		if i%100 == 99 {
			time.Sleep(200 * time.Millisecond)
		}
	}
	for late := time.Now().Add(time.Minute); wait && slices.ContainsFunc(c.screens, func(s *follow.Client) bool { return !s.Complete() }); {
		if time.Now().After(late) {
			b.Fatal("some screen never showed its view")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// seasonIn is the season of the edited segment in a tile.
func (c *crowd) seasonIn(b testing.TB, t follow.Tile) string {
	if t.At != c.at {
		return ""
	}
	key := fmt.Sprint(t.Revision, " ", t.Bytes) // the same for all screens of a revision
	once, _ := c.decoded.LoadOrStore(key, sync.OnceValue(func() string {
		layers, err := t.Layers()
		if err != nil {
			b.Error(err)
		}
		for _, f := range layers.Features("road") {
			if fmt.Sprint(f.Properties["segment"]) == strconv.FormatInt(c.segment, 10) {
				return fmt.Sprint(f.Properties["all_season"])
			}
		}
		return "no such segment"
	}))
	return once.(func() string)()
}

// edit commits a season and gives how long each screen took to show it.
func (c *crowd) edit(b testing.TB, conn *pgx.Conn, season string) []time.Duration {
	b.Helper()
	c.waits.Store(&season)
	if _, err := conn.Exec(b.Context(), `update qiantu.road_segment set all_season = $3 where county = $1 and id = $2`, hezhang, c.segment, season); err != nil {
		b.Fatal(err)
	}
	committed := time.Now()
	var took []time.Duration
	late := time.After(30 * time.Second)
	for range c.screens {
		select {
		case at := <-c.seen:
			took = append(took, at.Sub(committed))
		case <-late:
			b.Fatalf("%d of %d screens never showed the edit", len(c.screens)-len(took), len(c.screens))
		}
	}
	return took
}

// loaded is the demo county served to as many as come, and a crowd to be that looks at one built segment.
func loaded(b testing.TB) (*service, *pgx.Conn, func() *crowd) {
	b.Helper()
	dir := dataDir(b)
	start(b, dir, "demo").stop()
	s := start(b, dir, "serve", "--streams", "5000")
	b.Cleanup(s.stop)
	conn := s.sql(b)
	var id int64
	var lon, lat float64
	if err := conn.QueryRow(b.Context(), `select id, ST_X(p), ST_Y(p) from (select id, ST_LineInterpolatePoint(ST_GeometryN(geom, 1), 0.5) p from qiantu.road_segment
		where county = $1 and built = 'built' and geom is not null order by id limit 1) x`, hezhang).Scan(&id, &lon, &lat); err != nil {
		b.Fatal(err)
	}
	at := geo.TileAt(orb.Point{lon, lat}, 13)
	view := []geo.Tile{at}
	for dx := range uint32(5) { // a desktop's screen
		for dy := range uint32(4) {
			if t := (geo.Tile{Z: 13, X: at.X + dx - 2, Y: at.Y + dy - 2}); t != at {
				view = append(view, t)
			}
		}
	}
	return s, conn, func() *crowd {
		c := &crowd{dialer: &dialer{}, url: s.url, at: at, segment: id, view: view, seen: make(chan time.Time, 10_000)}
		c.waits.Store(new(string)) // nothing yet
		return c
	}
}

// memory is what the service's process holds in RAM, in MB.
func (s *service) memory(b testing.TB) float64 {
	b.Helper()
	response, err := http.Get(s.url + "/metrics")
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "process_resident_memory_bytes "); ok {
			bytes, err := strconv.ParseFloat(text, 64)
			if err != nil {
				b.Fatal(err)
			}
			return bytes / 1e6
		}
	}
	b.Fatal("/metrics tells no memory")
	return 0
}

// run edits once a turn, and reports.
func (c *crowd) run(b *testing.B, s *service, conn *pgx.Conn) {
	seasons := []string{"yes", "no"}
	c.edit(b, conn, "unknown")
	time.Sleep(200 * time.Millisecond)
	var took []time.Duration
	before, n := c.read.Load(), 0
	for b.Loop() {
		took = append(took, c.edit(b, conn, seasons[n%2])...)
		n++
	}
	time.Sleep(200 * time.Millisecond)
	slices.Sort(took)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
	b.ReportMetric(float64(c.read.Load()-before)/float64(n*len(c.screens)), "B/screen/edit")
	b.ReportMetric(s.memory(b), "service-MB")
}

// BenchmarkCrowd is from a commit by hand until each screen has decoded the changed feature: for one screen, for a thousand on the
// same view, for a thousand beside one that never reads and fifty that read 8 kB a second, and through a slow link.
func BenchmarkCrowd(b *testing.B) {
	s, conn, gather := loaded(b)
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprintf("%d screens", n), func(b *testing.B) {
			c := gather()
			c.join(b, n, c.dialer, true)
			c.run(b, s, conn)
		})
	}
	b.Run("1000 screens beside slow ones", func(b *testing.B) {
		c := gather()
		c.join(b, 1, &dialer{rate: -1}, false)
		c.join(b, 50, &dialer{rate: 8 << 10}, false)
		c.join(b, 1000, c.dialer, true)
		c.run(b, s, conn)
	})
	b.Run("20 Mbit and 100 ms", func(b *testing.B) {
		c := gather()
		c.via = slowLink(b, strings.TrimPrefix(s.url, "http://"), 20e6/8, 100*time.Millisecond)
		c.join(b, 1, c.dialer, true)
		c.run(b, s, conn)
	})
	b.Run("an edit elsewhere", func(b *testing.B) {
		c := gather()
		c.join(b, 100, c.dialer, true)
		c.elsewhere(b, conn)
	})
}

// elsewhere edits a segment of another township, far from the view, and counts what the screens are sent for it.
func (c *crowd) elsewhere(b *testing.B, conn *pgx.Conn) {
	center := c.at.Bound().Center()
	before, n := c.read.Load(), 0
	for b.Loop() {
		n++
		done, err := conn.Exec(b.Context(), `update qiantu.road_segment set all_season = case when $2::int % 2 = 0 then 'yes' else 'no' end where county = $1 and id = (
			select id from qiantu.road_segment where county = $1 and built = 'built' and geom is not null
			order by ST_Distance(geom, ST_SetSRID(ST_MakePoint($3, $4), 4490)) desc limit 1)`, hezhang, n, center[0], center[1])
		if err != nil || done.RowsAffected() != 1 {
			b.Fatal(done, err)
		}
		time.Sleep(time.Second)
	}
	b.ReportMetric(float64(c.read.Load()-before)/float64(n*len(c.screens)), "B/screen/edit")
}

// BenchmarkFirstView is from dialling until the whole demo county is on the screen, the first time after a start and then.
func BenchmarkFirstView(b *testing.B) {
	s, conn, _ := loaded(b)
	var bound orb.Bound
	if err := conn.QueryRow(b.Context(), `select ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) from (select ST_Extent(geom) e from qiantu.village where county = $1) x`, hezhang).
		Scan(&bound.Min[0], &bound.Min[1], &bound.Max[0], &bound.Max[1]); err != nil {
		b.Fatal(err)
	}
	view := geo.Covering(bound, 11)
	first := s.firstView(b, view)
	b.Run("held tiles", func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			took = append(took, s.firstView(b, view))
		}
		report(b, took, "view")
		b.ReportMetric(float64(len(view)), "tiles")
		b.ReportMetric(float64(first.Microseconds())/1000, "after-start-ms")
	})
}

func (s *service) firstView(b testing.TB, view []geo.Tile) time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	shown := time.Duration(0)
	var c *follow.Client
	c, err := follow.New(follow.Options{URL: s.url, On: follow.Handler{Tile: func(t follow.Tile) {
		if _, err := t.Layers(); err != nil {
			b.Error(err)
		}
		if c.Complete() {
			shown = time.Since(began)
			cancel()
		}
	}}})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Look(view, view[0].Bound().Center()); err != nil {
		b.Fatal(err)
	}
	if err := c.Run(ctx); err != nil || shown == 0 {
		b.Fatal("the view never came: ", err)
	}
	return shown
}

// slowLink hands on connections with a delay each way and so many bytes a second.
func slowLink(b testing.TB, to string, rate float64, delay time.Duration) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			go crawl(near, far, rate, delay)
			go crawl(far, near, rate, delay)
		}
	}()
	return listener.Addr().String()
}

func crawl(from, to net.Conn, rate float64, delay time.Duration) {
	type piece struct {
		bytes []byte
		due   time.Time
	}
	pieces := make(chan piece, 64)
	go func() {
		defer to.Close()
		for p := range pieces {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.bytes); err != nil {
				from.Close()
			}
		}
	}()
	defer close(pieces)
	free := time.Now() // when the link has sent what came before
	for {
		bytes := make([]byte, 4096)
		n, err := from.Read(bytes)
		if n > 0 {
			if now := time.Now(); free.Before(now) {
				free = now
			}
			free = free.Add(time.Duration(float64(n) / rate * float64(time.Second)))
			pieces <- piece{bytes[:n], free.Add(delay)}
		}
		if err != nil {
			return
		}
	}
}
