package api

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/mvttest"
	"github.com/qiantu/qiantu/planner"
)

// contents are the features of a tile by layer, each as text, in order.
type contents map[string][]string

func contentsOf(t *testing.T, raw []byte) contents {
	t.Helper()
	out := contents{}
	for _, layer := range mvttest.Decode(t, raw) {
		for _, f := range layer.Features {
			out[layer.Name] = append(out[layer.Name], fmt.Sprintf("%d: %d %v %v", f.ID, f.Kind, f.Properties, f.Parts))
		}
		slices.Sort(out[layer.Name])
	}
	return out
}

// patched lays a patch over the contents of a tile, as docs/stream.md says.
func patched(t *testing.T, base contents, patch []byte) contents {
	t.Helper()
	number := func() uint64 {
		n, size := binary.Uvarint(patch)
		if size <= 0 {
			t.Fatalf("no number in % x", patch)
		}
		patch = patch[size:]
		return n
	}
	out := contents{}
	for name, features := range base {
		out[name] = slices.Clone(features)
	}
	if len(patch) == 0 {
		return out
	}
	for range number() {
		length := number()
		name := string(patch[:length])
		patch = patch[length:]
		for range number() {
			id := fmt.Sprintf("%d: ", number())
			out[name] = slices.DeleteFunc(out[name], func(f string) bool { return strings.HasPrefix(f, id) })
		}
	}
	for name, features := range contentsOf(t, patch) {
		out[name] = append(out[name], features...)
	}
	for name := range out {
		slices.Sort(out[name])
		if len(out[name]) == 0 {
			delete(out, name)
		}
	}
	return out
}

// edited changes something at random, sometimes much.
func edited(r *rand.Rand, n *planner.Snapshot) {
	i := r.IntN(len(n.Villages))
	switch r.IntN(6) {
	case 0:
		n.Villages[i].Name = fmt.Sprint("村", r.IntN(1000))
	case 1:
		n.Villages[i].Point = orb.Point{104.5 + 0.4*r.Float64(), 27 + 0.2*r.Float64()}
	case 2:
		n.Segments[r.IntN(2)].AllSeason = []planner.Ternary{planner.Yes, planner.No}[r.IntN(2)]
	case 3:
		added := n.Villages[0]
		added.ID, added.Point = planner.ID(100+r.IntN(50)), orb.Point{104.5 + 0.4*r.Float64(), 27 + 0.2*r.Float64()}
		if !slices.ContainsFunc(n.Villages, func(v planner.Village) bool { return v.ID == added.ID }) {
			n.Villages = append(n.Villages, added)
		}
	case 4:
		if i > 2 {
			n.Villages = slices.Delete(n.Villages, i, i+1)
		}
	default:
		n.Segments[0].Surface = []string{"cement", "earth"}[r.IntN(2)]
	}
}

// Over random edits: a tile of any revision with the patch to the newest laid over
// it is the newest tile, feature for feature.
func TestPatchedTilesAreFreshOnes(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	r := rand.New(rand.NewPCG(6, 27))
	asks := []tileAsk{}
	for _, z := range []uint32{allVillagesZoom, 11, 13} {
		for _, tile := range geo.Covering(orb.Bound{Min: orb.Point{104.55, 27.08}, Max: orb.Point{104.8, 27.12}}, z) {
			asks = append(asks, tileAsk{tile: tile, layers: wanted(mapLayers)})
		}
	}
	held := map[int64][]contents{}
	made, differed := 0, 0
	for range 16 {
		w := s.world.Load()
		fresh := make([]contents, len(asks))
		for i, ask := range asks {
			raw, thinned, err := encodeTile(context.Background(), w, ask)
			if err != nil || thinned {
				t.Fatal(thinned, err)
			}
			fresh[i] = contentsOf(t, raw)
			for revision, tiles := range held {
				zipped, ok := s.tiles.patch(w, ask, revision)
				if !ok {
					continue
				}
				var patch []byte
				if len(zipped) > 0 {
					patch = gunzip(t, zipped)
				}
				made++
				if fmt.Sprint(tiles[i]) != fmt.Sprint(fresh[i]) {
					differed++
				}
				if is := patched(t, tiles[i], patch); fmt.Sprint(is) != fmt.Sprint(fresh[i]) {
					t.Fatalf("tile %v of %d patched to %d is\n%v, want\n%v", ask.tile, revision, w.revision, is, fresh[i])
				}
			}
		}
		held[w.revision] = fresh
		c := store.edit("520527", func(n *planner.Snapshot) { edited(r, n) })
		changes <- c
		until(t, "the edit", func() bool { return s.world.Load().revision >= c.Revision })
	}
	if made < 500 || differed < 100 {
		t.Errorf("%d patches of which %d changed a tile: too few to tell", made, differed)
	}
}

func TestNoPatchOfWhatIsNotKnown(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	ask := tileAsk{tile: geo.TileAt(orb.Point{104.6, 27.1}, 12), layers: wanted(mapLayers)}
	c := store.edit("520527", func(n *planner.Snapshot) {
		for i := range patchFeatures + 1 {
			added := n.Villages[0]
			added.ID = planner.ID(1000 + i)
			n.Villages = append(n.Villages, added)
		}
	})
	changes <- c
	until(t, "the edit", func() bool { return s.world.Load().revision >= c.Revision })
	for _, revision := range []int64{c.Revision - 1, 3, c.Revision + 5} {
		if _, ok := s.tiles.patch(s.world.Load(), ask, revision); ok {
			t.Errorf("a patch from %d to %d", revision, c.Revision)
		}
	}
	if body, ok := s.tiles.patch(s.world.Load(), ask, c.Revision); !ok || len(body) > 0 {
		t.Errorf("from a revision to itself lead %d bytes, %v", len(body), ok)
	}
	elsewhere := ask
	elsewhere.scope = "520111"
	if body, ok := s.tiles.patch(s.world.Load(), elsewhere, c.Revision-1); !ok || len(body) > 0 {
		t.Errorf("who may not read the county is sent %d bytes of a change in it, %v", len(body), ok)
	}
}

// manyVillages is a county whose tiles are so large that a patch is worth it.
func manyVillages() *planner.Snapshot {
	n := smallCounty("520527", 104.5)
	for i := range 400 {
		added := n.Villages[1]
		added.ID, added.Name = planner.ID(1000+i), fmt.Sprint("寨子", i)
		added.Point = orb.Point{104.5 + 0.0009*float64(i), 27.02 + 0.007*float64(i%20)}
		n.Villages = append(n.Villages, added)
	}
	return n
}

// bytesOf reads until so many tiles came, and gives them and how many bytes came in all.
func (c *client) bytesOf(tiles int) (got [][]byte, size int) {
	c.t.Helper()
	for len(got) < tiles {
		select {
		case r := <-c.frames:
			if r.err != nil {
				c.t.Fatal(r.err)
			}
			size += len(r.frame)
			if r.kind == websocket.BinaryMessage {
				got = append(got, r.frame)
			}
		case <-time.After(5 * time.Second):
			c.t.Fatalf("%d tiles of %d came", len(got), tiles)
		}
	}
	return got, size
}

func TestSmallEditSendsLittle(t *testing.T) {
	store := newFake(manyVillages())
	s, changes := live(t, store)
	base := serveOn(t, s)
	c := dial(t, base)
	c.send(`{"type":"hello","version":2,"since":0}`)
	if hello := c.expect("hello"); hello.text["version"] != 2.0 {
		t.Fatalf("hello %v", hello.text)
	}
	c.send(allLayers)
	tile := geo.TileAt(orb.Point{104.6, 27.1}, 10)
	c.send(`{"type":"view","seq":1,"tiles":["%s"],"center":[104.6,27.1]}`, tile)
	first, whole := c.bytesOf(1)
	if first[0][3] != flagGzip|flagWhole || whole < patchBytes {
		t.Fatalf("flags %d of %d bytes", first[0][3], whole)
	}
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[0].Name = "新名" })
	c.send(`{"type":"view","seq":2,"tiles":["%s"],"held":[7],"center":[104.6,27.1]}`, tile)
	until(t, "the edit", func() bool { return s.world.Load().revision >= 8 })
	c.send(`{"type":"view","seq":3,"tiles":["%s"],"held":[7],"center":[104.6,27.1]}`, tile)
	var last []byte
	size := 0
	for last == nil || binary.BigEndian.Uint64(last[13:]) < 8 {
		got, more := c.bytesOf(1)
		last, size = got[0], size+more
	}
	if last[3]&flagPatch == 0 || size > 5000 || size > whole/4 {
		t.Errorf("an edit of one name sent %d bytes, flags %d", size, last[3])
	}
	t.Logf("%d bytes for an edit, %d for the tile", size, whole)
	fresh, _, err := encodeTile(context.Background(), s.world.Load(), tileAsk{tile: tile, layers: wanted(mapLayers)})
	if err != nil {
		t.Fatal(err)
	}
	if from := binary.BigEndian.Uint64(last[frameHead:]); from != 7 {
		t.Errorf("the patch is over %d, want 7", from)
	}
	is := patched(t, contentsOf(t, gunzip(t, first[0][frameHead:])), gunzip(t, last[frameHead+8:]))
	if want := contentsOf(t, fresh); fmt.Sprint(is) != fmt.Sprint(want) {
		t.Error("the patched tile is not the fresh one")
	}
}

// A client of version 1 is told of stale cells as ever, and gets whole tiles.
func TestFirstVersionGetsNoPatches(t *testing.T) {
	s, _ := live(t, newFake(manyVillages()))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	tile := geo.TileAt(orb.Point{104.6, 27.1}, 10)
	c.send(`{"type":"view","seq":1,"tiles":["%s"],"held":[7],"center":[104.6,27.1]}`, tile)
	if refused := c.expect("error"); refused.text["code"] != "bad_view" {
		t.Errorf("%v", refused.text)
	}
	c.send(`{"type":"view","seq":1,"tiles":["%s"],"center":[104.6,27.1]}`, tile)
	if got, _ := c.bytesOf(1); got[0][3] != flagGzip {
		t.Errorf("flags %d", got[0][3])
	}
}

func TestHeldIsRead(t *testing.T) {
	s, _ := live(t, newFake(manyVillages()))
	c := dial(t, serveOn(t, s))
	c.send(`{"type":"hello","version":2,"since":0}`)
	c.expect("hello")
	for _, held := range []string{`[1,2]`, `[-1]`} {
		c.send(`{"type":"view","seq":1,"tiles":["9/404/215"],"held":%s,"center":[104.6,27.1]}`, held)
		if refused := c.expect("error"); refused.text["code"] != "bad_view" {
			t.Errorf("%s: %v", held, refused.text)
		}
	}
}

// An edit in one township sends a client that looks at another only
// the news of it, and no tile.
func TestEditElsewhereSendsNoTile(t *testing.T) {
	store := newFake(manyVillages())
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.send(`{"type":"hello","version":2,"since":0}`)
	c.expect("hello")
	c.send(allLayers)
	c.send(`{"type":"view","seq":1,"tiles":["%s"],"center":[104.52,27.1]}`, geo.TileAt(orb.Point{104.52, 27.1}, 13))
	c.bytesOf(1)
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[2].Name = "远" })
	stale := c.expect("stale")
	revision := c.expect("revision")
	if said, _ := json.Marshal([]any{stale.text, revision.text}); len(said) > 500 {
		t.Errorf("%d bytes of news: %s", len(said), said)
	}
	if names := staleCellsOf(stale); len(names) != 1 || names[0] == geo.TileAt(orb.Point{104.52, 27.1}, 12).String() {
		t.Errorf("stale are %v", names)
	}
	c.silent("the view does not show it")
}
