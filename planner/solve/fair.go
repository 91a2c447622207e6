package solve

import (
	"context"
	"fmt"
	"slices"
)

// Supply is who may give to whom: demander From[i] may draw on supplier To[i].
// What it draws from each is free; what it draws in all is at most its demand,
// and what all draw from a supplier at most its capacity.
type Supply struct {
	Demand   []int64 // by demander
	Capacity []int64 // by supplier
	From, To []int32 // links; one given twice counts once
}

// Shares is the fair way to give as much as can be given. Among all ways to
// give the most, it is the one in which the demander with the smallest share
// of its demand has as large a share as can be, then the next one, and so on
// (the lexicographically optimal base of Megiddo and Fujishige). There is
// exactly one, whatever the order of demanders, suppliers and links.
type Shares struct {
	Total  int64   // all that is given; a maximum flow
	Of     []int32 // by demander: its bottleneck in Groups; -1: it has all that it asks for
	By     []int32 // by supplier: the bottleneck it is; -1: it is none
	Groups []Group // by share, the smallest first, then by their first demander
}

// Group is a bottleneck: demanders who all have the same share of their demand,
// less than all of it, because everything that they could draw on is used up.
// Its suppliers give all they have to its demanders, and those who are linked
// to them in other groups with a larger share get nothing from them.
// Group by group the suppliers are a minimum cut.
type Group struct {
	Given     int64 // the capacity of its suppliers; Given over Asked is the share
	Asked     int64 // the demand of its demanders
	Demanders []int32
	Suppliers []int32 // none: its demanders have no supplier left at all
}

// Fair gives the shares of a supply. Demands must not sum up to more than 2^62,
// nor must capacities. Who asks for nothing has all it asks for.
//
// One maximum flow finds who cannot have all. Those are then divided as in
// Fujishige's decomposition: give all the same share; where that cannot be, the
// minimum cut tells who must have less, and both parts are divided on. So there
// are at most two flows to a bottleneck, on smaller and smaller parts.
func Fair(ctx context.Context, s *Supply) (*Shares, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	d := newDivision(s)
	short, err := d.shortOf(ctx)
	if err != nil {
		return nil, err
	}
	waiting := d.connected(short)
	for len(waiting) > 0 {
		b := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		parts, err := d.divide(ctx, b)
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, parts...)
	}
	d.order()
	return &d.out, nil
}

func (s *Supply) check() error {
	if len(s.From) != len(s.To) {
		return fmt.Errorf("a supply has %d demanders and %d suppliers of links; it needs as many of each", len(s.From), len(s.To))
	}
	for i := range s.From {
		if s.From[i] < 0 || int(s.From[i]) >= len(s.Demand) || s.To[i] < 0 || int(s.To[i]) >= len(s.Capacity) {
			return fmt.Errorf("link %d joins demander %d of %d to supplier %d of %d", i, s.From[i], len(s.Demand), s.To[i], len(s.Capacity))
		}
	}
	if err := within("demand", s.Demand); err != nil {
		return err
	}
	return within("capacity", s.Capacity)
}

func within(what string, amounts []int64) error {
	total := int64(0)
	for i, n := range amounts {
		if n < 0 || n > maxTotal-total {
			return fmt.Errorf("%s %d is %d; it must not be negative, nor all together more than 2^62", what, i, n)
		}
		total += n
	}
	return nil
}

// block is a part of a supply that is divided by itself.
type block struct {
	demanders, suppliers []int32
}

// division is a supply while it is divided.
type division struct {
	s     *Supply
	first []int32 // by demander: where its suppliers begin in to; one more at the end
	to    []int32
	alive []bool  // by supplier: in the block at work
	node  []int32 // by supplier: its number in the block at work
	out   Shares
}

func newDivision(s *Supply) *division {
	d := &division{
		s: s, first: make([]int32, len(s.Demand)+1), to: make([]int32, len(s.To)),
		alive: make([]bool, len(s.Capacity)), node: make([]int32, len(s.Capacity)),
	}
	for _, v := range s.From {
		d.first[v+1]++
	}
	for v := range s.Demand {
		d.first[v+1] += d.first[v]
	}
	next := slices.Clone(d.first)
	for i, v := range s.From {
		d.to[next[v]] = s.To[i]
		next[v]++
	}
	d.out.Of, d.out.By = slices.Repeat([]int32{-1}, len(s.Demand)), slices.Repeat([]int32{-1}, len(s.Capacity))
	return d
}

func (d *division) suppliersOf(v int32) []int32 { return d.to[d.first[v]:d.first[v+1]] }

func (d *division) demandOf(list []int32) (sum int64) {
	for _, v := range list {
		sum += d.s.Demand[v]
	}
	return sum
}

func (d *division) capacityOf(list []int32) (sum int64) {
	for _, p := range list {
		sum += d.s.Capacity[p]
	}
	return sum
}

// shortOf finds who cannot have all that it asks for, and all they could draw
// on: the source's side of the smallest minimum cut.
func (d *division) shortOf(ctx context.Context) (block, error) {
	var all block
	for v, asked := range d.s.Demand {
		if asked > 0 {
			all.demanders = append(all.demanders, int32(v))
		}
	}
	for p := range d.s.Capacity {
		all.suppliers = append(all.suppliers, int32(p))
	}
	less, _, given, err := d.flow(ctx, all, 1, 1)
	d.out.Total = int64(given.lo)
	return less, err
}

// divide gives a block one common share, or says which parts of it are to be
// divided by themselves.
func (d *division) divide(ctx context.Context, b block) ([]block, error) {
	given, asked := d.capacityOf(b.suppliers), d.demandOf(b.demanders)
	if given == 0 {
		d.settle(b, given, asked)
		return nil, nil
	}
	less, more, _, err := d.flow(ctx, b, given, asked)
	if err != nil {
		return nil, err
	}
	if len(less.demanders) == 0 {
		d.settle(b, given, asked)
		return nil, nil
	}
	return append(d.connected(less), d.connected(more)...), nil
}

func (d *division) settle(b block, given, asked int64) {
	slices.Sort(b.demanders)
	slices.Sort(b.suppliers)
	d.out.Groups = append(d.out.Groups, Group{given, asked, b.demanders, b.suppliers})
}

// order puts the groups in order and notes who is in which.
func (d *division) order() {
	slices.SortFunc(d.out.Groups, func(a, b Group) int {
		if x, y := product(a.Given, b.Asked), product(b.Given, a.Asked); x != y {
			if x.less(y) {
				return -1
			}
			return 1
		}
		return int(a.Demanders[0] - b.Demanders[0])
	})
	for i, g := range d.out.Groups {
		for _, v := range g.Demanders {
			d.out.Of[v] = int32(i)
		}
		for _, p := range g.Suppliers {
			d.out.By[p] = int32(i)
		}
	}
}

// flow tries to give every demander of a block the share given over asked. Who
// must have less comes back with all it could draw on, apart from the rest.
// Amounts are multiplied by asked, so that they stay whole.
func (d *division) flow(ctx context.Context, b block, given, asked int64) (less, more block, total wide, err error) {
	source, sink, from, to := d.lay(b)
	r := newResidual(int(sink)+1, from, to)
	arc := 0
	put := func(c wide) {
		r.left[r.at[arc]] = c
		arc++
	}
	for _, v := range b.demanders {
		put(product(d.s.Demand[v], given))
	}
	for _, p := range b.suppliers {
		put(product(d.s.Capacity[p], asked))
	}
	for arc < len(from) {
		put(boundless)
	}
	if total, err = r.run(ctx, source, sink); err != nil {
		return block{}, block{}, wide{}, err
	}
	less.demanders, more.demanders = parted(b.demanders, r.level)
	less.suppliers, more.suppliers = parted(b.suppliers, r.level[len(b.demanders):])
	return less, more, total, nil
}

// parted tells those that the source reaches from the others.
func parted(list, level []int32) (reached, others []int32) {
	for i, v := range list {
		if level[i] >= 0 {
			reached = append(reached, v)
		} else {
			others = append(others, v)
		}
	}
	return reached, others
}

// lay numbers the nodes of a block, demanders first, and lists its arcs: those
// from the source, those to the sink, and the links.
func (d *division) lay(b block) (source, sink int32, from, to []int32) {
	demanders, suppliers := int32(len(b.demanders)), int32(len(b.suppliers))
	source, sink = demanders+suppliers, demanders+suppliers+1
	for i := range demanders {
		from, to = append(from, source), append(to, i)
	}
	for i, p := range b.suppliers {
		d.alive[p], d.node[p] = true, demanders+int32(i)
		from, to = append(from, demanders+int32(i)), append(to, sink)
	}
	for i, v := range b.demanders {
		for _, p := range d.suppliersOf(v) {
			if d.alive[p] {
				from, to = append(from, int32(i)), append(to, d.node[p])
			}
		}
	}
	for _, p := range b.suppliers {
		d.alive[p] = false
	}
	return source, sink, from, to
}

// connected splits a block into parts that no link joins. Suppliers that none
// of its demanders is linked to are in no part.
func (d *division) connected(b block) []block {
	for _, p := range b.suppliers {
		d.alive[p], d.node[p] = true, p
	}
	root := func(p int32) int32 {
		for d.node[p] != p {
			d.node[p] = d.node[d.node[p]]
			p = d.node[p]
		}
		return p
	}
	leader := make([]int32, len(b.demanders)) // a living supplier of each; -1: none
	linked := map[int32]bool{}
	for i, v := range b.demanders {
		leader[i] = -1
		for _, p := range d.suppliersOf(v) {
			if !d.alive[p] {
				continue
			}
			linked[p] = true
			if leader[i] < 0 {
				leader[i] = p
			}
			d.node[root(p)] = root(leader[i])
		}
	}
	var out []block
	at := map[int32]int{}
	place := func(root int32) *block {
		if _, ok := at[root]; !ok {
			at[root] = len(out)
			out = append(out, block{})
		}
		return &out[at[root]]
	}
	for i, v := range b.demanders {
		if leader[i] < 0 {
			out = append(out, block{demanders: []int32{v}})
			continue
		}
		part := place(root(leader[i]))
		part.demanders = append(part.demanders, v)
	}
	for _, p := range b.suppliers {
		if linked[p] {
			part := place(root(p))
			part.suppliers = append(part.suppliers, p)
		}
		d.alive[p] = false
	}
	return out
}
