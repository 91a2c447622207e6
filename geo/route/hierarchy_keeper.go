package route

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"weak"
)

// Keeper has hierarchies made in the background for the networks of which big
// matrices are asked, one for each network, filter and metric. It keeps the
// last ones, in memory and in a folder, where the next program finds them
// again. A nil Keeper keeps none. It is safe for any number of goroutines.
type Keeper struct {
	dir     string
	threads int

	stop   context.CancelFunc
	ctx    context.Context
	making sync.Mutex // one is made at a time
	wg     sync.WaitGroup

	mu    sync.Mutex
	known []*kept // the one asked for last in front
	log   func(error)
}

// kept is a hierarchy, or the wish for one.
type kept struct {
	graph     weak.Pointer[Graph]
	filter    weak.Pointer[Filter]
	metric    Metric
	hierarchy *Hierarchy
}

// How many a Keeper holds in memory, and in its folder.
const (
	keptInMemory = 8
	keptInFolder = 16
)

// NewKeeper gives a Keeper that makes hierarchies on so many goroutines and
// writes them to a folder, which is made if need be; "" for memory alone.
// What goes wrong in the background is told to log, if there is one: matrices
// are then made without.
func NewKeeper(dir string, threads int, log func(error)) *Keeper {
	if log == nil {
		log = func(error) {}
	}
	k := &Keeper{dir: dir, threads: max(1, threads), log: log}
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k
}

// Close stops what is being made, and waits until it has.
func (k *Keeper) Close() {
	k.stop()
	k.wg.Wait()
}

// Wait returns when nothing is being made any more.
func (k *Keeper) Wait() { k.wg.Wait() }

// hierarchy is the one for a network, nil while there is none; the first time
// it is asked for its making begins.
func (k *Keeper) hierarchy(g *Graph, f *Filter, m Metric) *Hierarchy {
	k.mu.Lock()
	defer k.mu.Unlock()
	graph, filter := weak.Make(g), weak.Make(f)
	i := slices.IndexFunc(k.known, func(e *kept) bool {
		return e.graph == graph && e.filter == filter && e.metric == m
	})
	if i >= 0 {
		e := k.known[i]
		k.known = slices.Insert(slices.Delete(k.known, i, i+1), 0, e)
		return e.hierarchy
	}
	if k.ctx.Err() != nil {
		return nil
	}
	e := &kept{graph: graph, filter: filter, metric: m}
	k.known = slices.DeleteFunc(k.known, func(e *kept) bool { return e.graph.Value() == nil })
	k.known = slices.Insert(k.known, 0, e)
	k.known = k.known[:min(len(k.known), keptInMemory)]
	k.wg.Go(func() { k.make(e, f == nil) })
	return nil
}

// make makes a hierarchy, or finds it among those that are known or written. A
// wish that has been forgotten by its turn is not made.
func (k *Keeper) make(e *kept, open bool) {
	k.making.Lock()
	defer k.making.Unlock()
	g, f := e.graph.Value(), e.filter.Value()
	if g == nil || f == nil && !open || !k.knows(e) {
		return // nobody has this network any more, or nobody asks for it
	}
	a := g.arcList(f, e.metric)
	h, err := k.find(a, a.fingerprint())
	if err != nil && k.ctx.Err() == nil {
		k.log(err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	e.hierarchy = h
}

// knows says whether a wish is still among those asked for last.
func (k *Keeper) knows(e *kept) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Contains(k.known, e)
}

// find looks for a hierarchy by its fingerprint in memory and in the folder,
// and else builds and writes it.
func (k *Keeper) find(a arcList, f fingerprint) (*Hierarchy, error) {
	k.mu.Lock()
	for _, e := range k.known {
		if e.hierarchy != nil && e.hierarchy.fingerprint == f {
			k.mu.Unlock()
			return e.hierarchy, nil
		}
	}
	k.mu.Unlock()
	file := filepath.Join(k.dir, f.String()+hierarchyExt)
	if k.dir != "" {
		if h, err := openHierarchy(file, f, a.nodes); err == nil {
			return h, nil
		} else if !os.IsNotExist(err) {
			k.log(err) // and made anew
		}
	}
	h, err := buildHierarchy(k.ctx, a, k.threads)
	if err != nil {
		return nil, err
	}
	h.fingerprint = f
	if k.dir != "" {
		if err := h.save(file); err != nil {
			return h, err
		}
		return h, prune(k.dir)
	}
	return h, nil
}
