package api

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// view asks for tiles and gives them by name.
func (c *client) view(seq int, names []string) map[string]got {
	c.t.Helper()
	c.send(`{"type":"view","seq":%d,"tiles":[%s],"center":[104.7,27.1]}`, seq, strings.Join(names, ","))
	c.send(`{"type":"credit","tiles":%d}`, len(names))
	tiles := map[string]got{}
	for len(tiles) < len(names) {
		g := c.expectTile()
		tiles[g.tile] = g
	}
	return tiles
}

// asks sends a question and gives the cells that became stale by it.
func (c *client) asks(seq int, members string) []string {
	c.t.Helper()
	c.send(`{"type":"question","seq":%d,"region":"520527"%s}`, seq, members)
	if g := c.expect("question"); g.text["seq"] != float64(seq) || g.text["region"] != "520527" {
		c.t.Fatalf("asked %d, answered %v", seq, g.text)
	}
	stale := c.expect("stale")
	if stale.text["all"] != false || stale.text["since"] != stale.text["revision"] {
		c.t.Fatalf("a question of the same revision makes stale %v", stale.text)
	}
	return staleCellsOf(stale)
}

// bodies are what tiles hold.
func bodies(tiles map[string]got) map[string]string {
	out := map[string]string{}
	for name, g := range tiles {
		out[name] = string(g.body)
	}
	return out
}

// differing are the cells whose tiles are not the same in two views.
func differing(a, b map[string]got) []string {
	var out []string
	for name := range a {
		if !bytes.Equal(a[name].body, b[name].body) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// A question changes exactly the cells it names; taking it back brings the same
// bytes back, and a stream beside it sees nothing of either.
func TestQuestionChangesWhatItNames(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	c, other := dial(t, base), dial(t, base)
	names := tilesOver(12, 104.5)
	for _, one := range []*client{c, other} {
		one.hello(0)
		one.send(allLayers)
	}
	before := c.view(1, names)
	seq := 1
	for _, members := range []string{`,"edits":"close:segment:11"`, `,"edits":"build:segment:12"`, `,"connect_m":5`, `,"as_of":"2020-01-15"`, `,"edits":"close:segment:11,build:segment:11,build:road:1"`} {
		seq++
		stale := c.asks(seq, members)
		asked := c.view(seq, names)
		changed := differing(before, asked)
		slices.Sort(stale)
		if len(changed) == 0 || !subset(changed, stale) {
			t.Errorf("%s: stale are %v, changed have %v", members, stale, changed)
		}
		if got := differing(before, other.view(seq, names)); len(got) > 0 {
			t.Errorf("%s: a stream that asked for nothing sees %v change", members, got)
		}
		seq++
		if again := c.asks(seq, ""); !slices.Equal(slices.Sorted(slices.Values(again)), stale) {
			t.Errorf("%s: undone, stale are %v, not %v", members, again, stale)
		}
		if undone := c.view(seq, names); !maps.Equal(bodies(undone), bodies(before)) {
			t.Errorf("%s: undone, %v differ", members, differing(before, undone))
		}
	}
}

func subset(small, large []string) bool {
	return !slices.ContainsFunc(small, func(s string) bool { return !slices.Contains(large, s) })
}

// Two streams with different questions each see their own, also while both are
// asked for the same tiles.
func TestQuestionsDoNotMix(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	base := serveOn(t, s)
	one, two := dial(t, base), dial(t, base)
	for _, c := range []*client{one, two} {
		c.hello(0)
		c.send(allLayers)
	}
	names := tilesOver(12, 104.5)
	one.asks(1, `,"edits":"close:segment:11"`)
	two.asks(1, `,"edits":"build:segment:12"`)
	first, second := one.view(2, names), two.view(2, names)
	if len(differing(first, second)) == 0 {
		t.Error("closing one road and building the other look the same")
	}
	for i := range 3 {
		if len(differing(first, one.view(3+i, names))) > 0 || len(differing(second, two.view(3+i, names))) > 0 {
			t.Fatal("the tiles of one stream became those of the other")
		}
	}
	if one.asks(9, `,"edits":"build:segment:12"`); len(differing(second, one.view(10, names))) > 0 {
		t.Error("the same question does not look the same to both")
	}
}

// A question follows the live world: what is stale is what differs between what
// the stream saw and what it sees.
func TestQuestionFollowsTheWorld(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5), smallCounty("520528", 120))
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	names := tilesOver(12, 104.5)
	c.asks(1, `,"edits":"close:segment:11"`)
	asked := c.view(1, names)
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Villages[2].Name = "新名" })
	stale, revision := c.expect("stale"), c.expect("revision")
	cell := geo.TileAt(orb.Point{104.849, 27.1202}, geo.CellZoom).String()
	if got := staleCellsOf(stale); !slices.Equal(got, []string{cell}) || stale.text["since"] != 7.0 || revision.text["revision"] != 8.0 {
		t.Errorf("stale %v since %v, want %s", got, stale.text["since"], cell)
	}
	next := c.view(2, names)
	if got := differing(asked, next); !slices.Equal(got, []string{cell}) {
		t.Errorf("changed have %v, want %s", got, cell)
	}
	if next[cell].revision != 8 {
		t.Errorf("the tile has revision %d", next[cell].revision)
	}
	// What the question hides is no news: segment 11 is closed for it in any season.
	changes <- store.edit("520528", func(n *planner.Snapshot) { n.Villages[0].Name = "别县" })
	if got := c.expect("stale"); fmt.Sprint(got.text["regions"]) != "[520528]" {
		t.Errorf("a change elsewhere: %v", got.text)
	}
	c.expect("revision")
	if got := differing(next, c.view(3, names)); len(got) > 0 {
		t.Errorf("a change elsewhere changed %v", got)
	}
}

// A question whose road is gone leaves the live world.
func TestQuestionThatFellThrough(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, changes := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(`{"type":"question","seq":4,"region":"520527","edits":"close:segment:99"}`)
	if g := c.expect("error"); g.text["code"] != "no_question" || g.text["seq"] != 4.0 {
		t.Errorf("a segment that is not there: %v", g.text)
	}
	c.silent("the stream has what it had")
	c.asks(5, `,"edits":"close:segment:12"`)
	changes <- store.edit("520527", func(n *planner.Snapshot) { n.Segments = n.Segments[:1] })
	if g := c.expect("error"); g.text["code"] != "no_question" || g.text["seq"] != 5.0 {
		t.Errorf("a segment that is gone: %v", g.text)
	}
	if g := c.expect("question"); g.text["edits"] != "" || g.text["revision"] != 8.0 {
		t.Errorf("and then %v", g.text)
	}
	c.expect("stale")
	c.expect("revision")
	c.silent("that is all")
}

// The figures that were asked for are those of the question, and come back.
func TestFiguresOfAQuestion(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(`{"type":"figures","region":"520527","reports":["completion","coverage"]}`)
	c.expect("figures")
	live := c.expect("figures")
	c.asks(1, `,"edits":"close:segment:11"`)
	asked := c.expect("figures")
	if asked.text["kind"] != "coverage" || fmt.Sprint(asked.text["report"]) == fmt.Sprint(live.text["report"]) {
		t.Errorf("closing the road gives %v figures", asked.text["kind"])
	}
	_, _, body := get(t, s, "/api/v1/report/coverage?region=520527&edits=close:segment:11")
	if want := fmt.Sprint(withoutIDs(t, body)); fmt.Sprint(asked.text["report"]) != want {
		t.Error("the figures of the stream are not those of HTTP")
	}
	c.silent("closing the road completes nothing")
	c.asks(2, "")
	if back := c.expect("figures"); fmt.Sprint(back.text["report"]) != fmt.Sprint(live.text["report"]) {
		t.Error("undone, the figures are others")
	}
}

// Of many questions sent at once the last one stands; none before it is
// answered after it.
func TestLatestQuestionWins(t *testing.T) {
	store := newFake(smallCounty("520527", 104.5))
	s, _ := live(t, store)
	c := dial(t, serveOn(t, s))
	c.hello(0)
	c.send(allLayers)
	store.delay = 30 * time.Millisecond
	for seq := 1; seq <= 40; seq++ {
		members := fmt.Sprintf(`,"as_of":"2020-05-%02d"`, 1+seq%28) // each is read from the store
		if seq == 40 {
			members = `,"edits":"close:segment:11"`
		}
		c.send(`{"type":"question","seq":%d,"region":"520527"%s}`, seq, members)
	}
	last := 0.0
	for last < 40 {
		g, ok := c.next(10 * time.Second)
		switch {
		case !ok:
			t.Fatal("the last question is not answered")
		case g.text["type"] == "question":
			if seq := g.text["seq"].(float64); seq <= last {
				t.Fatalf("question %v is answered after %v", seq, last)
			}
			last = g.text["seq"].(float64)
		}
	}
	c.expect("stale")
	c.silent("the last question is answered")
	if n := len(store.queries()); n > 20 {
		t.Errorf("%d of 39 replaced questions were read", n)
	}
	if g := c.view(1, tilesOver(12, 104.5)); len(g) == 0 {
		t.Error("no tiles")
	}
}

func TestRefusedQuestions(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	for members, code := range map[string]string{
		`"region":"999999"`: "unknown_region", `"season":"wet"`: "unknown_region", `"region":"520527","season":"rain"`: "bad_question",
		`"region":"520527","connect_m":-1`: "bad_question", `"region":"520527","connect_m":5001`: "bad_question", `"region":"520527","rai_m":1000000000`: "bad_question",
		`"region":"520527","walk_min":9223372036854775807`: "bad_question", `"region":"520527","connect_m":0.5`: "bad_message", `"region":"520527","connect_m":"5"`: "bad_message",
		`"region":"520527","as_of":"2020-02-30"`: "bad_question", `"region":"520527","known_at":"now"`: "bad_question", `"region":"520527","seq":-1`: "bad_question",
		`"region":"520527","edits":"drop:segment:1"`: "bad_question", `"region":"520527","edits":",,"`: "bad_question", `"region":"520527","edits":"close:segment:-1"`: "bad_question",
		`"region":"520527","edits":"` + strings.Repeat("close:segment:1,", 500) + `close:segment:1"`: "bad_question",
		`"region":"520527","edits":["close:segment:1"]`:                                              "bad_message", `"region":"520527","layers":[]`: "bad_message",
	} {
		c.send(`{"type":"question",%s}`, members)
		if g := c.expect("error"); g.text["code"] != code || g.text["message"] == "" {
			t.Errorf("%.80s: %v, want %s", members, g.text, code)
		}
	}
	c.asks(1, `,"edits":"`+strings.Repeat("close:segment:11,", 499)+`close:segment:11"`)
}

// Who may not read a county may not ask about it, and loses the answer with the
// right.
func TestQuestionNeedsTheRight(t *testing.T) {
	s, tokens := matrix(t)
	base := serveOn(t, s)
	c := dialAs(t, base, tokens["viewer"])
	c.hello(0)
	c.send(`{"type":"question","region":"%s","season":"wet"}`, otherCounty)
	if g := c.expect("error"); g.text["code"] != "unknown_region" {
		t.Errorf("another county: %v", g.text)
	}
	c.send(`{"type":"question","region":"999999","season":"wet"}`)
	if g := c.expect("error"); g.text["code"] != "unknown_region" {
		t.Errorf("no county: %v", g.text)
	}
	c.asks(1, `,"edits":"close:segment:11"`)
	for _, cell := range s.world.Load().counties[ownCounty].layers["village"].features {
		if cell.attributes["county"] != ownCounty {
			t.Fatal("the live world changed")
		}
	}
}

// Drawing an asked county after the live one gives what drawing it anew gives.
func TestDrawnAfterIsDrawnAnew(t *testing.T) {
	base := newCounty(planner.County{Region: planner.Region{Code: "520527"}}, smallCounty("520527", 104.5), nil)
	for _, edits := range []string{"close:segment:11", "build:segment:12", "close:road:1"} {
		list, err := planner.ParseEdits(edits)
		if err != nil {
			t.Fatal(err)
		}
		a, err := base.assessment.Ask(context.Background(), planner.Question{Edits: list})
		if err != nil {
			t.Fatal(err)
		}
		after, anew := drawLayers(a.LayersAfter(base.assessment, base.shown), base), drawLayers(a.Layers(), nil)
		if !slices.Equal(sortedKeys(after), sortedKeys(anew)) {
			t.Fatalf("%s: layers %v and %v", edits, sortedKeys(after), sortedKeys(anew))
		}
		for name, l := range anew {
			if !slices.EqualFunc(after[name].features, l.features, func(a, b feature) bool { return a.key == b.key && a.hash == b.hash }) {
				t.Errorf("%s: layer %s differs", edits, name)
			}
		}
		if after["reference"] != base.layers["reference"] || after["road"] == base.layers["road"] {
			t.Errorf("%s: what did not change is not shared, or what did is", edits)
		}
	}
}

// Features that share an id keep their keys, whatever of an older drawing they
// are taken from.
func TestKeysOfFeatures(t *testing.T) {
	draw := func(id uint64, name string) planner.Feature {
		return planner.Feature{ID: id, Geometry: orb.Point{float64(id), 1}, Properties: map[string]any{"name": name}}
	}
	drawn := []planner.Feature{draw(1, "a"), draw(2, "b"), draw(2, "c"), draw(3, "d"), draw(2, "e"), {ID: 4}}
	keys := func(list []feature) (out []string) {
		for _, f := range list {
			out = append(out, f.key)
		}
		return out
	}
	want := []string{"1", "2", "2#1", "3", "2#2"}
	whole := newFeatures(drawn, nil)
	if got := keys(whole); !slices.Equal(got, want) {
		t.Fatalf("keys %v, want %v", got, want)
	}
	for from := range drawn {
		for to := from; to <= len(drawn); to++ {
			old := newLayer("x", newFeatures(slices.Concat(drawn[:from], drawn[to:]), nil), nil)
			if got := newFeatures(drawn, old); !slices.Equal(keys(got), want) {
				t.Errorf("without %d to %d before, the keys are %v", from, to, keys(got))
			}
		}
	}
}
