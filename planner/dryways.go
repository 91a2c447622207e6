package planner

import (
	"hash/maphash"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// dryWays are the ways to the gates that were asked for last, on the network as
// it can be driven when dry. A site that is dragged is one sweep from its new
// gate; the others are as they were. All who suppose the same of roads share it.
type dryWays struct {
	once   sync.Once
	travel *travel

	mu   sync.Mutex
	held map[gateKey]*gateWays
	now  int64 // counts what was asked for
}

// gateKey names the ways of some villages to a gate.
type gateKey struct {
	gate     orb.Point
	metric   route.Metric
	villages uint64
}

type gateWays struct {
	villages []int
	rows     []DistanceRow
	used     int64
}

// gatesHeld is how many gates are kept for each site of the county, and at least
// of all.
const (
	gatesHeld      = 4
	gatesHeldLeast = 64
)

var gateSeed = maphash.MakeSeed()

// dryTo is the way of each of some villages to a site when dry.
func (a *Assessment) dryTo(metric route.Metric, site *Site, villages []int) []DistanceRow {
	d := a.dry
	d.once.Do(func() {
		everyone := make([]int, len(a.Snapshot.Villages))
		for i := range everyone {
			everyone[i] = i
		}
		d.travel = a.travel(route.Dry, everyone)
	})
	var hash maphash.Hash
	hash.SetSeed(gateSeed)
	for _, v := range villages {
		maphash.WriteComparable(&hash, v)
	}
	key := gateKey{site.Gate, metric, hash.Sum64()}
	rows := d.get(key, villages)
	if rows == nil {
		rows = d.travel.toSite(metric, site, villages)
		d.put(key, villages, rows, max(gatesHeldLeast, gatesHeld*len(a.Snapshot.Sites)))
	}
	out := slices.Clone(rows)
	for i := range out {
		out[i].To, out[i].ToName, out[i].Persons = site.ID, site.Name, nil
		if persons, ok := a.Snapshot.Villages[villages[i]].Persons(); ok {
			out[i].Persons = &persons
		}
	}
	return out
}

func (d *dryWays) get(key gateKey, villages []int) []DistanceRow {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.held[key]
	if w == nil || !slices.Equal(w.villages, villages) {
		return nil
	}
	d.now++
	w.used = d.now
	return w.rows
}

// put keeps some ways; what was used longest ago gives way.
func (d *dryWays) put(key gateKey, villages []int, rows []DistanceRow, most int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held == nil {
		d.held = map[gateKey]*gateWays{}
	}
	d.now++
	d.held[key] = &gateWays{slices.Clone(villages), rows, d.now}
	if len(d.held) <= most {
		return
	}
	oldest := key
	for k, w := range d.held {
		if w.used < d.held[oldest].used {
			oldest = k
		}
	}
	delete(d.held, oldest)
}
