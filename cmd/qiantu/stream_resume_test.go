package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/api/follow"
	"github.com/qiantu/qiantu/geo"
)

// breaker cuts the connections of a screen.
type breaker struct {
	mu   sync.Mutex
	open net.Conn
	cuts int
}

func (k *breaker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open = conn
	return conn, err
}

func (k *breaker) cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.open != nil {
		k.open.Close()
		k.open, k.cuts = nil, k.cuts+1
	}
}

// segment is one that the writers change, and how it was.
type segment struct {
	id              int64
	season, surface string
}

func someSegments(t *testing.T, conn *pgx.Conn) []segment {
	t.Helper()
	rows, err := conn.Query(t.Context(), `select id, all_season, surface from qiantu.road_segment
		where county = $1 and built = 'built' and geom is not null and id % 37 = 0 order by id`, hezhang)
	if err != nil {
		t.Fatal(err)
	}
	segments, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (s segment, err error) {
		return s, r.Scan(&s.id, &s.season, &s.surface)
	})
	if err != nil || len(segments) < 10 {
		t.Fatal(len(segments), err)
	}
	return segments
}

const setSegment = `update qiantu.road_segment set all_season = $3, surface = $4 where county = $1 and id = $2`

// scribble changes segments of its own at random until the context ends.
func scribble(ctx context.Context, t *testing.T, conn *pgx.Conn, segments []segment, r *rand.Rand) {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	for ctx.Err() == nil {
		s := segments[r.IntN(len(segments))]
		if _, err := conn.Exec(t.Context(), setSegment, hezhang, s.id, pick("yes", "no", "unknown"), pick(s.surface, "unknown")); err != nil {
			t.Error(err)
			return
		}
		time.Sleep(time.Duration(r.IntN(80)) * time.Millisecond)
	}
}

// putBack makes the segments what they were.
func putBack(t *testing.T, conn *pgx.Conn, segments []segment) {
	t.Helper()
	batch := &pgx.Batch{} // one transaction
	for _, g := range segments {
		batch.Queue(setSegment, hezhang, g.id, g.season, g.surface)
	}
	if err := conn.SendBatch(t.Context(), batch).Close(); err != nil {
		t.Error(err)
	}
}

// TestResume: while writers are at work, connections of screens are cut at random, some in the middle of a frame. When it is
// quiet every held tile equals a fresh screen's, byte for byte, and none is stale. Five seconds, or QIANTU_STREAM_TORTURE.
func TestResume(t *testing.T) {
	lasts := 5 * time.Second
	if text := os.Getenv("QIANTU_STREAM_TORTURE"); text != "" {
		var err error
		if lasts, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	s := demoService(t)
	segments := someSegments(t, s.sql(t))
	view := slices.Concat(geo.Covering(orb.Bound{Min: orb.Point{104.2, 26.8}, Max: orb.Point{105.1, 27.5}}, 12), geo.Covering(orb.Bound{Min: orb.Point{104.2, 26.8}, Max: orb.Point{105.1, 27.5}}, 9))
	var breakers []*breaker
	var screens []*follow.Client
	for range 4 {
		k := &breaker{}
		breakers, screens = append(breakers, k), append(screens, openScreen(t, s, view, k.dial))
	}
	disturb(t, s, segments, breakers, lasts)
	fresh := openScreen(t, s, view, nil)
	settle(t, append(screens, fresh))
	defer func() {
		putBack(t, s.sql(t), segments)
		settle(t, append(screens, fresh))
	}()
	empty := 0
	for i, screen := range screens {
		if breakers[i].cuts < int(lasts.Seconds()) {
			t.Errorf("screen %d was cut off only %d times", i, breakers[i].cuts)
		}
		for _, at := range view {
			got, want := held(t, screen, at), held(t, fresh, at)
			if !bytes.Equal(got, want) {
				t.Errorf("screen %d holds %d bytes of %s, a fresh one %d others", i, len(got), at, len(want))
			}
			if len(want) == 0 {
				empty++
			}
		}
	}
	if empty > len(screens)*len(view)*3/4 {
		t.Errorf("%d tiles of %d screens with %d are empty: nothing was compared", empty, len(screens), len(view))
	}
}

// disturb lets writers write and cuts connections, for a while.
func disturb(t *testing.T, s *service, segments []segment, breakers []*breaker, lasts time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	var writers sync.WaitGroup
	half := len(segments) / 2
	for i, part := range [][]segment{segments[:half], segments[half:]} {
		conn := s.sql(t)
		writers.Go(func() { scribble(ctx, t, conn, part, rand.New(rand.NewPCG(uint64(i), 1))) })
	}
	r := rand.New(rand.NewPCG(7, 7))
	for ctx.Err() == nil {
		breakers[r.IntN(len(breakers))].cut()
		time.Sleep(time.Duration(r.IntN(120)) * time.Millisecond)
	}
	writers.Wait()
}

// openScreen follows a view until the test ends.
func openScreen(t *testing.T, s *service, view []geo.Tile, dial func(context.Context, string, string) (net.Conn, error)) *follow.Client {
	t.Helper()
	c, err := follow.New(follow.Options{URL: s.url, Dial: dial, MinWait: 10 * time.Millisecond, MaxWait: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Look(view, orb.Point{104.7, 27.1}); err != nil {
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
	return c
}

// settle waits until all screens show everything of one revision for a whole second.
func settle(t *testing.T, screens []*follow.Client) {
	t.Helper()
	late := time.Now().Add(time.Minute)
	revision, since := int64(0), time.Now()
	for time.Since(since) < time.Second {
		if time.Now().After(late) {
			t.Fatal("the screens never came to rest")
		}
		for _, c := range screens {
			if r := c.Revision(); r != revision || !c.Complete() {
				revision, since = r, time.Now()
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// held is the vector tile that a screen holds.
func held(t *testing.T, c *follow.Client, at geo.Tile) []byte {
	t.Helper()
	tile, ok := c.Tile(at)
	if !ok || tile.Stale {
		t.Fatalf("%s is held: %v, stale: %v", at, ok, tile.Stale)
	}
	raw, err := tile.Vector()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
