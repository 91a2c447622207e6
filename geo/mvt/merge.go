package mvt

import (
	"bytes"
	"cmp"
	"slices"
	"unique"
)

// merger gathers the lines of groups, to draw each group as one feature. What it
// made is kept for the next tile.
type merger struct {
	groups map[groupKey]*gathered
	last   *Feature // the group looked up last, with what was gathered for it
	found  *gathered
	cells  []cell // of all lines

	meets   []uint64 // the ends of the lines in hand, by where they are: cell (upper half), number
	partner []int32  // of each end, by number: the one that it goes on from; -1: none
	used    []bool   // lines
	chain   []cell
	flat    []vertex
	ranks   []uint8
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
	if f.inner > e.detail && inside {
		e.cells = e.cells[:0]
		e.add(e.cellOf(f.ends[0].x, f.ends[0].y))
		e.add(e.cellOf(f.ends[1].x, f.ends[1].y))
		if len(e.cells) > 1 {
			e.merge.of(f.Group).add(&e.merge, e.cells)
		}
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
			g.add(&e.merge, cells)
		})
		rest = rest[size:]
	}
}

// clear forgets what was gathered.
func (m *merger) clear() {
	clear(m.groups)
	m.last, m.cells = nil, m.cells[:0]
}

// add takes a copy of a line.
func (g *gathered) add(m *merger, line []cell) {
	from := len(m.cells)
	m.cells = append(m.cells, line...)
	g.lines = append(g.lines, span{from, len(m.cells)})
}

// of is what was gathered for a group.
func (m *merger) of(group *Feature) *gathered {
	if group == m.last {
		return m.found
	}
	g := m.groups[groupKey{group.names, string(group.blob)}]
	if g == nil {
		if m.groups == nil {
			m.groups = map[groupKey]*gathered{}
		}
		g = &gathered{group: group}
		m.groups[groupKey{group.names, string(group.blob)}] = g
	}
	m.last, m.found = group, g
	return g
}

// drawGroups draws what was collected, a feature for each group, in the order of
// what they say; false: they take more than so many bytes (zero: any number).
func (e *Encoder) drawGroups(most int) bool {
	list := make([]*gathered, 0, len(e.merge.groups))
	for _, g := range e.merge.groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *gathered) int {
		return cmp.Or(cmp.Compare(a.group.names.Value(), b.group.names.Value()), bytes.Compare(a.group.blob, b.group.blob))
	})
	for _, g := range list {
		e.pen.lift()
		e.merge.eachChain(g.lines, func(line []cell) {
			if line = e.merge.straightened(line, int(e.tile.Z)-e.o.Detail); spread(line) >= e.smallest {
				e.pen.path(line)
			}
		})
		if len(e.pen.data) > 0 {
			id, _ := cut(g.group.blob)
			e.tag(g.group)
			e.write(id, kindLine)
		}
		if most > 0 && len(e.features) > most {
			return false
		}
	}
	return true
}

// pair finds where exactly two ends of lines meet. An end has twice the number of
// its line, and one for its last cell.
func (m *merger) pair(lines []span) {
	m.meets, m.partner, m.used = m.meets[:0], m.partner[:0], m.used[:0]
	for i, l := range lines {
		first, last := m.cells[l.from], m.cells[l.to-1]
		m.meets = append(m.meets, first.key()|uint64(2*i), last.key()|uint64(2*i+1))
		m.partner = append(m.partner, -1, -1)
		m.used = append(m.used, false)
	}
	slices.Sort(m.meets)
	for from := 0; from < len(m.meets); {
		to := from + 1
		for to < len(m.meets) && m.meets[to]>>32 == m.meets[from]>>32 {
			to++
		}
		if to-from == 2 {
			a, b := int32(m.meets[from]), int32(m.meets[from+1])
			m.partner[a], m.partner[b] = b, a
		}
		from = to
	}
}

// key tells the cells of a tile and its buffer apart, in the upper half.
func (c cell) key() uint64 { return uint64(uint16(c.x))<<48 | uint64(uint16(c.y))<<32 }

// eachChain gives the lines joined where exactly two ends meet. A chain is good
// until the next.
func (m *merger) eachChain(lines []span, give func([]cell)) {
	m.pair(lines)
	for i, l := range lines {
		if m.used[i] {
			continue
		}
		m.used[i] = true
		m.chain = append(m.chain[:0], m.cells[l.from:l.to]...)
		m.extend(lines, int32(2*i+1))
		slices.Reverse(m.chain)
		m.extend(lines, int32(2*i))
		give(m.chain)
	}
}

// extend adds to the chain, which ends with an end of a line, the lines that go
// on from there.
func (m *merger) extend(lines []span, at int32) {
	for {
		next := m.partner[at]
		if next < 0 || m.used[next/2] {
			return
		}
		m.used[next/2] = true
		more := m.cells[lines[next/2].from:lines[next/2].to]
		if next%2 == 1 {
			for i := len(more) - 2; i >= 0; i-- {
				m.chain = append(m.chain, more[i])
			}
		} else {
			m.chain = append(m.chain, more[1:]...)
		}
		at = next ^ 1
	}
}

// straightened leaves out the cells that a line does not need to stay within a
// unit, or as many times two as zooms of detail are given up.
func (m *merger) straightened(line []cell, given int) []cell {
	if len(line) < 3 {
		return line
	}
	// Ranks are made for units of the world; here a unit is one of the tile, as at the deepest
	// zoom, and moved so that the cells of the buffer are no less than zero.
	const away = 1 << 20
	m.flat = m.flat[:0]
	for _, c := range line {
		m.flat = append(m.flat, vertex{uint32(c.x + away), uint32(c.y + away)})
	}
	m.ranks = append(m.ranks[:0], make([]uint8, len(line))...)
	rank(m.flat, m.ranks)
	out := line[:0]
	for i, c := range line {
		if int(m.ranks[i]) <= MaxZoom-given {
			out = append(out, c)
		}
	}
	return out
}
