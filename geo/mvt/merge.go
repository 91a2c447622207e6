package mvt

import (
	"bytes"
	"cmp"
	"slices"
	"unique"
)

// merger gathers the lines of groups, to draw each group as one feature.
type merger struct {
	groups map[groupKey]*gathered
	cells  []cell // of all lines
}

// groupKey tells groups apart by what they say.
type groupKey struct {
	names unique.Handle[string]
	blob  string
}

type gathered struct {
	group *Feature
	lines []span
}

// span is where the cells of a line are.
type span struct{ from, to int }

// collect keeps what of a feature lies in the tile for its group. What is no
// line is drawn by itself.
func (e *Encoder) collect(f *Feature) {
	inside := f.box.within(e.inner)
	if !inside && !f.box.meets(e.inner) {
		return
	}
	_, rest := cut(f.blob)
	if rest = skipValues(rest); len(rest) == 0 || rest[0] != kindLine {
		e.feature(f)
		return
	}
	g := e.merge.of(f.Group)
	parts, rest := cut(rest[1:])
	for range parts {
		var head uint64
		head, rest = cut(rest)
		size := int(head>>1) * vertexSize
		e.lineRuns(rest[:size], inside, func(cells []cell) {
			from := len(e.merge.cells)
			e.merge.cells = append(e.merge.cells, cells...)
			g.lines = append(g.lines, span{from, len(e.merge.cells)})
		})
		rest = rest[size:]
	}
}

// of is what was gathered for a group.
func (m *merger) of(group *Feature) *gathered {
	g := m.groups[groupKey{group.names, string(group.blob)}]
	if g == nil {
		if m.groups == nil {
			m.groups = map[groupKey]*gathered{}
		}
		g = &gathered{group: group}
		m.groups[groupKey{group.names, string(group.blob)}] = g
	}
	return g
}

// drawGroups draws what was collected, a feature for each group, in the order of
// what they say.
func (e *Encoder) drawGroups() {
	list := make([]*gathered, 0, len(e.merge.groups))
	for _, g := range e.merge.groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *gathered) int {
		return cmp.Or(cmp.Compare(a.group.names.Value(), b.group.names.Value()), bytes.Compare(a.group.blob, b.group.blob))
	})
	for _, g := range list {
		e.pen.lift()
		for _, line := range e.merge.joined(g.lines) {
			if line = straightened(line, int(e.tile.Z)-e.o.Detail); spread(line) >= e.smallest {
				e.pen.path(line)
			}
		}
		if len(e.pen.data) > 0 {
			id, _ := cut(g.group.blob)
			e.tag(g.group)
			e.write(id, kindLine)
		}
	}
}

// end is one end of a line.
type end struct {
	line int
	last bool
}

// joined gives the lines joined where exactly two ends meet.
func (m *merger) joined(lines []span) [][]cell {
	ends := make(map[cell][]end, 2*len(lines))
	for i, l := range lines {
		first, last := m.cells[l.from], m.cells[l.to-1]
		ends[first] = append(ends[first], end{i, false})
		ends[last] = append(ends[last], end{i, true})
	}
	used := make([]bool, len(lines))
	var out [][]cell
	for i := range lines {
		if used[i] {
			continue
		}
		used[i] = true
		chain := slices.Clone(m.cells[lines[i].from:lines[i].to])
		chain = m.extend(chain, end{i, true}, lines, ends, used)
		slices.Reverse(chain)
		out = append(out, m.extend(chain, end{i, false}, lines, ends, used))
	}
	return out
}

// extend adds to a chain, which ends with an end of a line, the lines that go on
// from there.
func (m *merger) extend(chain []cell, at end, lines []span, ends map[cell][]end, used []bool) []cell {
	for {
		meeting := ends[chain[len(chain)-1]]
		if len(meeting) != 2 {
			return chain
		}
		next := meeting[0]
		if next == at {
			next = meeting[1]
		}
		if used[next.line] {
			return chain
		}
		used[next.line] = true
		more := m.cells[lines[next.line].from:lines[next.line].to]
		if next.last {
			for i := len(more) - 2; i >= 0; i-- {
				chain = append(chain, more[i])
			}
		} else {
			chain = append(chain, more[1:]...)
		}
		at = end{next.line, !next.last}
	}
}

// straightened leaves out the cells that a line does not need to stay within a
// unit, or as many times two as zooms of detail are given up.
func straightened(line []cell, given int) []cell {
	if len(line) < 3 {
		return line
	}
	// Ranks are made for units of the world; here a unit is one of the tile, as at the deepest
	// zoom, and moved so that the cells of the buffer are no less than zero.
	const away = 1 << 20
	flat, ranks := make([]vertex, len(line)), make([]uint8, len(line))
	for i, c := range line {
		flat[i] = vertex{uint32(c.x + away), uint32(c.y + away)}
	}
	rank(flat, ranks)
	out := line[:0]
	for i, c := range line {
		if int(ranks[i]) <= MaxZoom-given {
			out = append(out, c)
		}
	}
	return out
}
