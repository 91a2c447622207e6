package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/planner"
)

// wish is what a client wants now. It has bounds, not queues: each message
// replaces what it speaks of.
type wish struct {
	greeted bool
	version int                // of the protocol, that the client speaks
	since   int64              // of hello; 0: from now on
	ask     tileAsk            // layers and region of the subscription
	seq     uint32             // of the view
	tiles   []geo.Tile         // still to be sent, nearest to the center last
	held    map[geo.Tile]int64 // revisions of whole tiles that the client has, outdated
	credit  int                // tile frames that may be sent
	replies []any              // text frames to send first
	figures figuresWish        // reports to send now and after each revision

	question *questionWish // nil: none was asked
	assign   *assignWish   // nil: none is wanted

	scenarios string // the county whose scenarios are watched; empty: none
}

// figuresWish is a region's reports; sent is the county they were last made of.
type figuresWish struct {
	region  string
	kinds   []planner.ReportKind
	sent    *county
	next    int                                     // of kinds
	said    map[planner.ReportKind][]planner.Figure // as the client has them
	awaited *onceReport                             // the stream is poked when it is made
}

// wishError is told to the client; the stream goes on.
type wishError struct{ code, message string }

func (e *wishError) Error() string { return e.message }

func refuse(code, format string, args ...any) error {
	return &wishError{code, fmt.Sprintf(format, args...)}
}

// apply takes a message into the wish. may is what the client may read now.
func (q *wish) apply(m message, may scope) error {
	if m.Type != "hello" && !q.greeted {
		return refuse("hello_first", "the first frame is hello")
	}
	switch m.Type {
	case "hello":
		return q.hello(m)
	case "subscribe":
		return q.subscribe(m, may)
	case "view":
		return q.view(m)
	case "credit":
		return q.addCredit(m)
	case "question":
		return q.askQuestion(m, may)
	case "assign":
		return q.askAssign(m, may)
	case "scenarios":
		return q.watchScenarios(m, may)
	default:
		return q.askFigures(m, may)
	}
}

func (q *wish) hello(m message) error {
	switch {
	case q.greeted:
		return refuse("bad_message", "hello was said already")
	case m.Version == nil || *m.Version < 1 || *m.Version > streamVersion:
		return refuse("bad_version", "this service speaks the versions 1 to %d of the stream", streamVersion)
	case m.Since < 0:
		return refuse("bad_message", "since %d is no revision", m.Since)
	}
	q.greeted, q.version, q.since, q.credit = true, int(*m.Version), m.Since, startCredit
	return nil
}

func (q *wish) subscribe(m message, may scope) error {
	for _, name := range m.Layers {
		if !isLayer(name) {
			return refuse("unknown_layer", "no layer %.40q; there are %s", name, strings.Join(mapLayers, ", "))
		}
	}
	if m.Region != "" && !may.has(m.Region) {
		return refuse("unknown_region", "no region %.40q holds data", m.Region)
	}
	q.ask, q.held = tileAsk{layers: wanted(m.Layers), region: m.Region}, nil // what is held is of the subscription before
	return nil
}

func (q *wish) view(m message) error {
	if m.Seq == nil || *m.Seq < 0 || *m.Seq > math.MaxUint32 {
		return refuse("bad_view", "a view has a seq from 0 to %d", uint32(math.MaxUint32))
	}
	if seq := uint32(*m.Seq); q.seq > 0 && seq <= q.seq {
		return refuse("bad_view", "seq %d does not follow %d", seq, q.seq)
	}
	var names []string
	if err := json.Unmarshal(m.Tiles, &names); err != nil || len(names) > maxView {
		return refuse("bad_view", "tiles is a list of at most %d names z/x/y", maxView)
	}
	center, err := readCenter(m.Center)
	if err != nil {
		return err
	}
	list, err := readTiles(names)
	if err != nil {
		return err
	}
	held, err := q.readHeld(m.Held, list)
	if err != nil {
		return err
	}
	q.seq, q.tiles, q.held = uint32(*m.Seq), nearestLast(list, center), held
	return nil
}

// readHeld gives which revision of each tile the client has; 0: none.
func (q *wish) readHeld(revisions []int64, list []geo.Tile) (map[geo.Tile]int64, error) {
	switch {
	case len(revisions) == 0:
		return nil, nil
	case q.version < patchVersion:
		return nil, refuse("bad_view", "held is of version %d of the stream, and hello said %d", patchVersion, q.version)
	case len(revisions) != len(list):
		return nil, refuse("bad_view", "held has %d revisions for %d tiles", len(revisions), len(list))
	}
	held := make(map[geo.Tile]int64, len(list))
	for i, revision := range revisions {
		if revision < 0 {
			return nil, refuse("bad_view", "held: %d is no revision", revision)
		}
		held[list[i]] = revision
	}
	return held, nil
}

func readCenter(c []float64) (orb.Point, error) {
	if len(c) != 2 || math.Abs(c[0]) > 540 || math.Abs(c[1]) > 90 {
		return orb.Point{}, refuse("bad_view", "center is [lon,lat]")
	}
	return orb.Point{c[0], c[1]}, nil
}

func readTiles(names []string) ([]geo.Tile, error) {
	list := make([]geo.Tile, 0, len(names))
	for _, name := range names {
		part := strings.Split(name, "/")
		if len(part) != 3 {
			return nil, refuse("bad_tile", "tile %.40q is not z/x/y", name)
		}
		t, err := parseTile(part[0], part[1], part[2])
		if err != nil {
			return nil, refuse("bad_tile", "tile %.40q: %v", name, err)
		}
		list = append(list, t)
	}
	return list, nil
}

// nearestLast sorts tiles by how far their middle is from the center of the
// screen, so that the next to send is the last; each tile once.
func nearestLast(list []geo.Tile, center orb.Point) []geo.Tile {
	at := onMap(center, 0)
	far := func(t geo.Tile) float64 {
		n := math.Exp2(float64(t.Z))
		return math.Hypot((float64(t.X)+0.5)/n-at[0], (float64(t.Y)+0.5)/n-at[1])
	}
	slices.SortFunc(list, func(a, b geo.Tile) int {
		return cmp.Or(cmp.Compare(far(b), far(a)), cmp.Compare(b.Z, a.Z), cmp.Compare(b.X, a.X), cmp.Compare(b.Y, a.Y))
	})
	return slices.Compact(list)
}

func (q *wish) addCredit(m message) error {
	var n int
	if err := json.Unmarshal(m.Tiles, &n); err != nil || n <= 0 {
		return refuse("bad_credit", "credit has tiles, a whole number above 0")
	}
	q.credit = min(maxCredit, q.credit+min(n, maxCredit))
	return nil
}

func (q *wish) askFigures(m message, may scope) error {
	if !may.has(m.Region) {
		return refuse("unknown_region", "no region %.40q holds data", m.Region)
	}
	kinds := make([]planner.ReportKind, 0, len(m.Reports))
	for _, name := range m.Reports {
		kind := planner.ReportKind(name)
		if !slices.Contains(reportKinds, kind) {
			return refuse("unknown_report", "no report %.40q; there are %s", name, reportNames())
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	q.figures = figuresWish{region: m.Region, kinds: kinds, said: map[planner.ReportKind][]planner.Figure{}}
	return nil
}
