package osm

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// Extract is what a file has of roads and places, both by their numbers.
type Extract struct {
	Roads     []Road
	Places    []Place
	Skipped   []Skip
	Timestamp time.Time // when the data was taken from OpenStreetMap; zero where the file does not say
}

// Skip is an object that should have been a road or a place and why it is not.
type Skip struct {
	Kind   string // way or node
	ID     int64
	Reason string
}

// The reasons.
const (
	MissingNodes = "a node of it is not in the file"
	TooFewNodes  = "fewer than two nodes"
	NoLocation   = "no coordinates on the earth"
)

// SkippedBy counts what was skipped by reason.
func (x *Extract) SkippedBy() map[string]int {
	out := map[string]int{}
	for _, s := range x.Skipped {
		out[s.Reason]++
	}
	return out
}

// Read takes the roads and places out of an .osm.pbf, .osm or .osm.xml file,
// within [DefaultLimits]. Errors name the file and how to mend it.
func Read(ctx context.Context, file string) (*Extract, error) {
	return ReadWithin(ctx, file, DefaultLimits)
}

// ReadWithin is Read with limits of the caller's.
func ReadWithin(ctx context.Context, file string, limits Limits) (*Extract, error) {
	x, err := read(ctx, file, limits)
	if err != nil {
		return nil, fmt.Errorf("osm: %s: %w", file, err)
	}
	return x, nil
}

func read(ctx context.Context, file string, limits Limits) (*Extract, error) {
	format, err := formatOf(file)
	if err != nil {
		return nil, err
	}
	c := child{file, format, limits}
	x := &Extract{}
	if x.Timestamp, err = c.header(ctx); err != nil {
		return nil, err
	}
	if err := c.objects(ctx, "way", x.addWay); err != nil {
		return nil, err
	}
	nodes := x.wanted()
	if err := c.objects(ctx, "node", func(o object) { x.addNode(o, nodes) }); err != nil {
		return nil, err
	}
	x.draw(nodes)
	slices.SortStableFunc(x.Roads, func(a, b Road) int { return cmp.Compare(a.WayID, b.WayID) })
	slices.SortStableFunc(x.Places, func(a, b Place) int { return cmp.Compare(a.NodeID, b.NodeID) })
	return x, nil
}

// formatOf goes by the name of the file, so that osmium does not guess.
func formatOf(file string) (string, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("it is no regular file; give a file on disk")
	case info.Size() == 0:
		return "", fmt.Errorf("it is empty; download it again")
	}
	name := strings.ToLower(file)
	switch {
	case strings.HasSuffix(name, ".pbf"):
		return "pbf", nil
	case strings.HasSuffix(name, ".osm"), strings.HasSuffix(name, ".osm.xml"):
		return "xml", nil
	}
	return "", fmt.Errorf("its name ends in none of .osm.pbf, .osm and .osm.xml; convert it with osmium cat, or rename it")
}

// header reads the time of the data, and refuses a history.
func (c child) header(ctx context.Context) (time.Time, error) {
	var info struct {
		Header struct {
			WithHistory bool              `json:"with_history"`
			Option      map[string]string `json:"option"`
		} `json:"header"`
	}
	err := c.run(ctx, func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, 1<<20))
		if err != nil || len(text) == 0 {
			return err // osmium has said why on the other channel
		}
		return json.Unmarshal(text, &info)
	}, "fileinfo", "--no-progress", "--json", "--input-format="+c.format, "-")
	if err != nil {
		return time.Time{}, err
	}
	if info.Header.WithHistory {
		return time.Time{}, fmt.Errorf("it is a history with many versions of each object; cut out one day with osmium time-filter")
	}
	for _, key := range []string{"osmosis_replication_timestamp", "timestamp"} {
		if at, err := time.Parse(time.RFC3339, info.Header.Option[key]); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, nil
}

// objects visits the nodes or the ways.
func (c child) objects(ctx context.Context, kind string, visit func(object)) error {
	n := 0
	return c.run(ctx, func(r io.Reader) error {
		return eachLine(r, func(line []byte) error {
			n++
			o, err := parseLine(line)
			if err != nil {
				return fmt.Errorf("%s %d of osmium's output is not as expected: %w; the file is damaged, download it again", kind, n, err)
			}
			visit(o)
			return nil
		})
	}, "cat", "--no-progress", "--input-format="+c.format, "--object-type="+kind, "--output-format=opl,add_metadata=false", "--output=-", "-")
}

func (x *Extract) skip(kind string, id int64, reason string) {
	x.Skipped = append(x.Skipped, Skip{kind, id, reason})
}

// addWay takes ways with a highway value; their lines come later.
func (x *Extract) addWay(o object) {
	if o.tags.get("highway") == "" {
		return
	}
	if len(o.nodes) < 2 {
		x.skip("way", o.id, TooFewNodes)
		return
	}
	x.Roads = append(x.Roads, roadOf(o))
}

// located are the nodes that roads need, by id.
type located struct {
	ids    []int64
	points []orb.Point
	have   []bool
}

// wanted lists the nodes of all roads.
func (x *Extract) wanted() *located {
	n := 0
	for i := range x.Roads {
		n += len(x.Roads[i].Nodes)
	}
	ids := make([]int64, 0, n)
	for i := range x.Roads {
		ids = append(ids, x.Roads[i].Nodes...)
	}
	slices.Sort(ids)
	ids = slices.Clip(slices.Compact(ids))
	return &located{ids, make([]orb.Point, len(ids)), make([]bool, len(ids))}
}

// addNode keeps the place of a node that a road needs, and takes towns,
// villages and hamlets.
func (x *Extract) addNode(o object, nodes *located) {
	if i, ok := slices.BinarySearch(nodes.ids, o.id); ok && o.located {
		nodes.points[i], nodes.have[i] = o.point, true
	}
	if !isPlace(o.tags.get("place")) {
		return
	}
	if !o.located {
		x.skip("node", o.id, NoLocation)
		return
	}
	x.Places = append(x.Places, placeOf(o))
}

// draw gives the roads their lines and drops those that have a hole.
func (x *Extract) draw(nodes *located) {
	x.Roads = slices.DeleteFunc(x.Roads, func(r Road) bool { return !nodes.hasAll(r.Nodes) && x.drop(r) })
	for i := range x.Roads {
		r := &x.Roads[i]
		r.Line = make(orb.LineString, len(r.Nodes))
		for j, id := range r.Nodes {
			at, _ := slices.BinarySearch(nodes.ids, id)
			r.Line[j] = nodes.points[at]
		}
	}
}

func (x *Extract) drop(r Road) bool {
	x.skip("way", r.WayID, MissingNodes)
	return true
}

func (l *located) hasAll(ids []int64) bool {
	for _, id := range ids {
		if i, ok := slices.BinarySearch(l.ids, id); !ok || !l.have[i] {
			return false
		}
	}
	return true
}
