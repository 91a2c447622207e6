package route

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Way is a piece of road to build a graph from.
type Way struct {
	Line    orb.LineString
	Payload int32 // handed back with every edge made of it

	// Speeds in km/h along the line and against it; 0 closes a direction. A way
	// that is closed both ways is in the graph, but nothing is found through it.
	Forward, Backward float64
}

// TwoWay is a way with one speed for both directions.
func TwoWay(line orb.LineString, payload int32, kmh float64) Way {
	return Way{line, payload, kmh, kmh}
}

// Builder collects ways. Its zero value is empty and ready.
type Builder struct {
	ways  []Way
	known map[orb.Point][]geo.Measured // by first vertex
}

// After takes over the measures of an earlier graph: a line that it has, bit by
// bit, is not measured again. The graph that is built is the same.
func (b *Builder) After(g *Graph) {
	b.known = make(map[orb.Point][]geo.Measured, len(g.ways))
	for _, w := range g.ways {
		if line := w.line.Line(); len(line) > 0 {
			b.known[line[0]] = append(b.known[line[0]], w.line)
		}
	}
}

// measure measures a line, unless that is known.
func (b *Builder) measure(line orb.LineString) geo.Measured {
	same := func(p, q orb.Point) bool {
		return math.Float64bits(p[0]) == math.Float64bits(q[0]) && math.Float64bits(p[1]) == math.Float64bits(q[1])
	}
	if len(line) == 0 {
		return geo.NewMeasured(nil)
	}
	for _, m := range b.known[line[0]] {
		if slices.EqualFunc(m.Line(), line, same) {
			return m
		}
	}
	return geo.NewMeasured(slices.Clone(line))
}

// Add takes a way and gives its number, counted from 0. The line is copied.
func (b *Builder) Add(w Way) int {
	w.Line = slices.Clone(w.Line)
	b.ways = append(b.ways, w)
	return len(b.ways) - 1
}

// Build joins the ways where they have a vertex in common (the same to
// 1e-7 degrees, one centimetre), splits them there, and freezes the result.
// Lines that cross without a common vertex pass over each other. An error
// names the way, by its number, that cannot be part of a network. The builder
// can go on to be used; the graph has nothing in common with it.
func (b *Builder) Build() (*Graph, error) {
	g := &Graph{ways: make([]built, len(b.ways)), drawn: []part{}}
	for i, w := range b.ways {
		if err := geo.Check(w.Line); err != nil {
			return nil, fmt.Errorf("route: way %d: %w", i, err)
		}
		g.ways[i] = built{b.measure(w.Line), w.Payload}
	}
	j := b.junctions()
	for i, w := range b.ways {
		if err := g.split(int32(i), w, j); err != nil {
			return nil, err
		}
	}
	g.renumber(len(g.nodes))
	index := geo.NewLineIndex(g.lines())
	g.index = func() *geo.Index { return index }
	return g, nil
}

// grid is a vertex on the grid of 1e-7 degrees.
type grid struct{ x, y int32 }

func gridOf(p orb.Point) grid {
	g := grid{int32(math.Round(p[0] * 1e7)), int32(math.Round(p[1] * 1e7))}
	if g.x == -1_800_000_000 {
		g.x = 1_800_000_000
	}
	return g
}

// junctions counts how often each vertex is passed, ends counting double. A
// vertex repeated at once is one.
func (b *Builder) junctions() map[grid]*junction {
	vertices := 0
	for _, w := range b.ways {
		vertices += len(w.Line)
	}
	out := make(map[grid]*junction, vertices)
	made := make([]junction, 0, vertices)
	for _, w := range b.ways {
		for i, p := range w.Line {
			at := gridOf(p)
			if i > 0 && i < len(w.Line)-1 && gridOf(w.Line[i-1]) == at {
				continue
			}
			j := out[at]
			if j == nil {
				made = append(made, junction{node: -1})
				j = &made[len(made)-1]
				out[at] = j
			}
			j.passed++
			if i == 0 || i == len(w.Line)-1 {
				j.passed++
			}
		}
	}
	return out
}

type junction struct{ passed, node int32 }

// split makes the edges of one way.
func (g *Graph) split(way int32, w Way, junctions map[grid]*junction) error {
	at := g.ways[way].line.Measure()
	first, from := 0, int32(-1)
	for i, p := range w.Line {
		key := gridOf(p)
		if i+1 < len(w.Line) && gridOf(w.Line[i+1]) == key {
			continue // the last of equal vertices ends the edge
		}
		j := junctions[key]
		if j.passed < 2 {
			continue
		}
		if j.node < 0 {
			j.node = int32(len(g.nodes))
			g.nodes = append(g.nodes, p)
		}
		if from >= 0 {
			if err := g.addEdge(way, w, [2]int32{from, j.node}, first, i, at[i]-at[first]); err != nil {
				return err
			}
			first = i
		}
		from = j.node
	}
	return nil
}

func (g *Graph) addEdge(way int32, w Way, ends [2]int32, first, last int, length geo.Millimetre) error {
	if length >= closed {
		return fmt.Errorf("route: way %d: %v between two junctions is too long for a road; add vertices or split it", way, length)
	}
	g.tail, g.head = append(g.tail, ends[0]), append(g.head, ends[1])
	g.drawn = append(g.drawn, part{way, int32(first), int32(last)})
	g.length = append(g.length, uint32(length))
	g.times[0], g.times[1] = append(g.times[0], closed), append(g.times[1], closed)
	return g.setTimes(int32(len(g.tail)-1), w.Forward, w.Backward)
}

func (g *Graph) setTimes(edge int32, forward, backward float64) error {
	for dir, kmh := range [2]float64{forward, backward} {
		g.times[dir][edge] = closed
		if kmh == 0 {
			continue
		}
		ms := math.Round(float64(g.length[edge]) * 3.6 / kmh)
		if !(kmh > 0) || math.IsInf(kmh, 0) || ms >= closed {
			return fmt.Errorf("route: way %d: speed %v km/h; give a speed that a vehicle drives, or 0 for closed", g.wayOf(edge), kmh)
		}
		g.times[dir][edge] = uint32(ms)
	}
	return nil
}

// freeze lays out the arcs of so many nodes, by node.
func (g *Graph) freeze(nodes int) {
	g.start = make([]int32, nodes+1)
	for e := range g.tail {
		g.start[g.tail[e]+1]++
		g.start[g.head[e]+1]++
	}
	for n := range nodes {
		g.start[n+1] += g.start[n]
	}
	next := slices.Clone(g.start)
	g.arcs, g.codes = make([]arc, 2*len(g.tail)), make([]uint32, 2*len(g.tail))
	for e := range g.tail {
		mm, f, b := g.length[e], g.times[0][e], g.times[1][e]
		tail, head := g.tail[e], g.head[e]
		for back, a := range [2]arc{{head, mm, f, b}, {tail, mm, b, f}} {
			at := &next[[2]int32{tail, head}[back]]
			g.arcs[*at], g.codes[*at] = a, codeOf(int32(e), uint32(back))
			*at++
		}
	}
	g.setShift()
}

// setShift makes the buckets of a search a part of the mean edge wide: few edges
// are shorter than a bucket then, and not many buckets are empty.
func (g *Graph) setShift() {
	var sum [2]uint64
	count := uint64(1)
	g.eachArc(nil, func(_, _ int32, _, mm, ms uint32) {
		sum[ByLength], sum[ByTime] = sum[ByLength]+uint64(mm), sum[ByTime]+uint64(ms)
		count++
	})
	for metric := range sum {
		g.shift[metric] = uint(bits.Len64(sum[metric] / count / bucketsToMean))
	}
}

// bucketsToMean is about how many buckets are as wide as the mean edge.
const bucketsToMean = 16

// lines are those of all edges.
func (g *Graph) lines() []orb.LineString {
	lines := make([]orb.LineString, g.Edges())
	for e := range lines {
		lines[e] = g.Line(int32(e))
	}
	return lines
}
