package route

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Step is a drive along one edge, between two measures of it counted from its
// tail; backward when To is smaller.
type Step struct {
	Edge     int32
	From, To geo.Millimetre
}

// Path is a way through the network in the order of travel. The cost has both
// access legs, the steps have not.
type Path struct {
	Cost
	Root  int // which root it comes from or leads to
	Steps []Step
}

// Path gives the best path between a place and its nearest root after a
// search; false when there is none.
func (q *Query) Path(s Snap) (Path, bool) {
	best, ok := q.finish(s)
	if !ok {
		return Path{Cost: Unreachable, Root: -1}, false
	}
	// The steps are gathered from the place back to the root, with From nearer
	// to the root, and turned into the order of travel at the end.
	p := Path{Cost: best.cost, Root: int(best.root)}
	root := q.roots[best.root]
	if best.end == straight {
		p.add(s.Edge, root.At, s.At)
	} else {
		q.unwind(&p, s, best)
	}
	if q.now.toward {
		for i, step := range p.Steps {
			p.Steps[i] = Step{step.Edge, step.To, step.From}
		}
	} else {
		slices.Reverse(p.Steps)
	}
	return p, true
}

func (p *Path) add(edge int32, from, to geo.Millimetre) {
	if from != to {
		p.Steps = append(p.Steps, Step{edge, from, to})
	}
}

// unwind follows the labels from an end of the place's edge to the root.
func (q *Query) unwind(p *Path, s Snap, best final) {
	g := q.g
	p.add(s.Edge, g.end(s.Edge, best.end), s.At)
	node := g.tail[s.Edge]
	if best.end == 1 {
		node = g.head[s.Edge]
	}
	for {
		l, _ := q.sweep.find(node)
		if l.parent >= seed {
			root := q.roots[l.root]
			p.add(root.Edge, root.At, g.end(root.Edge, int(l.parent-seed)))
			return
		}
		code := g.codes[l.parent] // as driven away from the root
		edge := int32(code >> 1)
		if code&1 == 1 {
			p.add(edge, g.end(edge, 1), 0)
			node = g.head[edge]
		} else {
			p.add(edge, 0, g.end(edge, 1))
			node = g.tail[edge]
		}
	}
}

// end is the measure of an end of an edge.
func (g *Graph) end(edge int32, end int) geo.Millimetre {
	if end == 0 {
		return 0
	}
	return geo.Millimetre(g.length[edge])
}

// StepLine is the shape of a step in the direction of travel.
func (g *Graph) StepLine(step Step) orb.LineString {
	if g.drawn == nil {
		if len(g.nodes) == 0 {
			return nil
		}
		return orb.LineString{g.Place(step.Edge, step.From).Point, g.Place(step.Edge, step.To).Point}
	}
	e := g.Edge(step.Edge)
	part := g.ways[e.Way].line.Cut(e.Start+step.From, e.Start+step.To)
	if step.To < step.From {
		part.Reverse()
	}
	return part
}

// PathLine is the shape of a path on the roads, from its first step to its
// last; nil for one without steps.
func (g *Graph) PathLine(p Path) orb.LineString {
	var out orb.LineString
	for _, step := range p.Steps {
		part := g.StepLine(step)
		if len(out) > 0 && len(part) > 0 {
			part = part[1:]
		}
		out = append(out, part...)
	}
	return out
}
