package solve

import (
	"context"
	"fmt"
)

// residual is what is left of a network while flow is put on it: each arc stands
// there twice, forward with what it can still take and backward with what it
// carries, side by side with the other arcs of its tail.
type residual struct {
	first []int32 // by node: where its arcs begin; one more at the end
	head  []int32 // by arc
	back  []int32 // by arc: its other direction
	left  []wide  // by arc: what can still go this way
	at    []int32 // by arc of the input: its forward one

	level []int32 // by node: arcs from the source over what is left; -1: out of reach
	next  []int32 // by node: the first of its arcs not yet tried in this phase
	queue []int32
	path  []int32 // arcs from the source on
	steps int     // since the context was asked
}

// stepsBetween is how much is done between two looks at the context.
const stepsBetween = 1 << 16

// newResidual lays arcs out by their tails; nothing is left on them yet.
func newResidual(nodes int, from, to []int32) *residual {
	r := &residual{
		first: make([]int32, nodes+1), head: make([]int32, 2*len(from)), back: make([]int32, 2*len(from)),
		left: make([]wide, 2*len(from)), at: make([]int32, len(from)),
		level: make([]int32, nodes), next: make([]int32, nodes), queue: make([]int32, 0, nodes),
	}
	for i := range from {
		r.first[from[i]+1]++
		r.first[to[i]+1]++
	}
	for v := range nodes {
		r.first[v+1] += r.first[v]
	}
	copy(r.next, r.first)
	for i := range from {
		forth := r.next[from[i]]
		r.next[from[i]]++
		back := r.next[to[i]]
		r.next[to[i]]++
		r.head[forth], r.head[back] = to[i], from[i]
		r.back[forth], r.back[back] = back, forth
		r.at[i] = forth
	}
	return r
}

// run is Dinic's algorithm: as long as the sink is in reach, fill the shortest
// ways to it. Afterwards level says what the source still reaches: the source's
// side of the smallest minimum cut.
func (r *residual) run(ctx context.Context, source, sink int32) (wide, error) {
	var value wide
	for r.reach(source, sink) {
		copy(r.next, r.first)
		for {
			if err := r.pause(ctx); err != nil {
				return wide{}, err
			}
			more := r.push(source, sink)
			if more.isZero() {
				break
			}
			if more.hi >= boundless.hi/2 {
				return wide{}, fmt.Errorf("nothing bounds the flow from node %d to node %d", source, sink)
			}
			value = value.plus(more)
		}
	}
	return value, ctx.Err()
}

// pause asks the context once in a while.
func (r *residual) pause(ctx context.Context) error {
	if r.steps < stepsBetween {
		return nil
	}
	r.steps = 0
	return ctx.Err()
}

// reach levels the nodes from the source on. It stops at the level of the sink.
func (r *residual) reach(source, sink int32) bool {
	for i := range r.level {
		r.level[i] = -1
	}
	r.level[source] = 0
	r.queue = append(r.queue[:0], source)
	for i := 0; i < len(r.queue) && r.level[sink] < 0; i++ {
		v := r.queue[i]
		for e := r.first[v]; e < r.first[v+1]; e++ {
			if w := r.head[e]; r.level[w] < 0 && !r.left[e].isZero() {
				r.level[w] = r.level[v] + 1
				r.queue = append(r.queue, w)
			}
		}
	}
	r.steps += len(r.head) + len(r.level)
	return r.level[sink] >= 0
}

// push finds one more way along rising levels and fills it. It goes on where
// the way before it left off, so that a phase tries each arc once.
func (r *residual) push(source, sink int32) wide {
	v := source
	r.path = r.path[:0]
	for v != sink {
		if e := r.step(v); e >= 0 {
			r.path = append(r.path, e)
			v = r.head[e]
			continue
		}
		if v == source {
			return wide{}
		}
		r.level[v] = -1 // leads nowhere in this phase
		last := r.path[len(r.path)-1]
		r.path = r.path[:len(r.path)-1]
		v = r.head[r.back[last]]
	}
	return r.fill()
}

// step is the next arc of a node that goes one level up; -1: none.
func (r *residual) step(v int32) int32 {
	for ; r.next[v] < r.first[v+1]; r.next[v]++ {
		r.steps++
		if e := r.next[v]; r.level[r.head[e]] == r.level[v]+1 && !r.left[e].isZero() {
			return e
		}
	}
	return -1
}

// fill puts on the path what its narrowest arc takes.
func (r *residual) fill() wide {
	most := r.left[r.path[0]]
	for _, e := range r.path {
		if r.left[e].less(most) {
			most = r.left[e]
		}
	}
	for _, e := range r.path {
		r.left[e] = r.left[e].minus(most)
		r.left[r.back[e]] = r.left[r.back[e]].plus(most)
	}
	r.steps += len(r.path)
	return most
}
