package solve

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// Costs says what it costs to serve each customer from each site, in one of
// three ways: rows of float64, rows of int32 in half the memory, or for each
// customer a list of the sites that can serve it, so that memory grows with the
// lists and not with customers times sites. Costs must not be negative.
type Costs struct {
	Sites int

	Rows  [][]float64 // by customer and site; +Inf: never from there
	Whole [][]int32   // the same in whole numbers; math.MaxInt32: never from there

	First []int     // lists: customer i has the entries First[i] to First[i+1]-1
	At    []int32   // by entry: the site; each once in a list
	Cost  []float64 // by entry
}

// maxSum is the most that all costs of an instance may come to: beyond it whole
// numbers are not exact in a float64 any more.
const maxSum = 1 << 53

// Customers counts them.
func (c *Costs) Customers() int {
	switch {
	case c.Rows != nil:
		return len(c.Rows)
	case c.Whole != nil:
		return len(c.Whole)
	}
	return max(len(c.First)-1, 0)
}

// row hands each site that can serve a customer to do.
func (c *Costs) row(customer int, do func(site int32, cost float64)) {
	switch {
	case c.Rows != nil:
		for j, x := range c.Rows[customer] {
			if !math.IsInf(x, 1) {
				do(int32(j), x)
			}
		}
	case c.Whole != nil:
		for j, x := range c.Whole[customer] {
			if x != math.MaxInt32 {
				do(int32(j), float64(x))
			}
		}
	default:
		for e := c.First[customer]; e < c.First[customer+1]; e++ {
			do(c.At[e], c.Cost[e])
		}
	}
}

func (c *Costs) check() error {
	if c.Sites <= 0 {
		return fmt.Errorf("there is no site to choose from")
	}
	given := 0
	for _, is := range []bool{c.Rows != nil, c.Whole != nil, c.First != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return fmt.Errorf("costs are given in %d ways; give rows, whole rows or lists", given)
	}
	if c.First != nil {
		return c.checkLists()
	}
	for i := range c.Customers() {
		if err := c.checkRow(i); err != nil {
			return err
		}
	}
	return nil
}

func (c *Costs) checkRow(i int) error {
	length := 0
	if c.Rows != nil {
		length = len(c.Rows[i])
	} else {
		length = len(c.Whole[i])
	}
	if length != c.Sites {
		return fmt.Errorf("customer %d has %d costs; there are %d sites", i, length, c.Sites)
	}
	return c.checkCosts(i)
}

func (c *Costs) checkCosts(i int) (err error) {
	c.row(i, func(site int32, cost float64) {
		if !(cost >= 0 && cost <= maxSum) && err == nil {
			err = fmt.Errorf("customer %d at site %d costs %v; a cost is a number from 0 to 2^53", i, site, cost)
		}
	})
	return err
}

func (c *Costs) checkLists() error {
	n := c.Customers()
	if len(c.At) != len(c.Cost) || c.First[0] != 0 || c.First[n] != len(c.At) {
		return fmt.Errorf("lists of %d sites with %d costs begin at %d and end at %d; they must begin at 0 and end with the last site", len(c.At), len(c.Cost), c.First[0], c.First[n])
	}
	seen := slices.Repeat([]int32{-1}, c.Sites)
	for i := range n {
		if c.First[i] > c.First[i+1] || c.First[i+1] > len(c.At) {
			return fmt.Errorf("the list of customer %d ends at %d and begins at %d", i, c.First[i+1], c.First[i])
		}
		for _, j := range c.At[c.First[i]:c.First[i+1]] {
			if j < 0 || int(j) >= c.Sites || seen[j] == int32(i) {
				return fmt.Errorf("the list of customer %d names site %d, twice or not one of %d", i, j, c.Sites)
			}
			seen[j] = int32(i)
		}
		if err := c.checkCosts(i); err != nil {
			return err
		}
	}
	return nil
}

// nearest is one site as seen from a customer.
type nearest struct {
	cost float64
	site int32
}

func (a nearest) compare(b nearest) int {
	switch {
	case a.cost < b.cost:
		return -1
	case a.cost > b.cost:
		return 1
	}
	return int(a.site - b.site)
}

// nearLists has for each customer who has a weight its sites by rising cost, then
// by number. Long lists are cut: what is beyond costs at least edge.
type nearLists struct {
	costs  *Costs
	weight []float64 // by customer; nil: 1 each
	miss   []float64 // by customer: sites that cost as much are left out; nil: none are
	who    []int32   // the customers; in all that follows a customer is a place in here
	first  []int     // by customer; one more at the end
	list   []nearest // costs are times the weight
	edge   []float64 // by customer: no site out of the list costs less
	cut    []bool    // by customer: there are sites out of the list
}

// sort lays out the lists, each cut at the given length. Threads share the customers.
func (c *Costs) sort(weight, miss []float64, length, threads int) *nearLists {
	x := &nearLists{costs: c, weight: weight, miss: miss}
	for i := range c.Customers() {
		if weight == nil || weight[i] > 0 {
			x.who = append(x.who, int32(i))
		}
	}
	n := len(x.who)
	x.first, x.edge, x.cut = make([]int, n+1), make([]float64, n), make([]bool, n)
	parts := make([][]nearest, n)
	var wait sync.WaitGroup
	for t := range max(threads, 1) {
		wait.Go(func() {
			var room []nearest
			for i := t; i < n; i += max(threads, 1) {
				room = x.gather(i, room[:0])
				if len(room) > length {
					selectNearest(room, length)
					x.cut[i], x.edge[i] = true, room[length].cost
					room = room[:length]
				}
				slices.SortFunc(room, nearest.compare)
				parts[i] = slices.Clone(room)
			}
		})
	}
	wait.Wait()
	for i, part := range parts {
		x.first[i+1] = x.first[i] + len(part)
	}
	x.list = make([]nearest, 0, x.first[n])
	for i, part := range parts {
		x.list = append(x.list, part...)
		parts[i] = nil
	}
	return x
}

func (x *nearLists) gather(i int, room []nearest) []nearest {
	w, most := x.weightOf(i), math.Inf(1)
	if x.miss != nil {
		most = x.miss[x.who[i]]
	}
	x.costs.row(int(x.who[i]), func(site int32, cost float64) {
		if cost < most {
			room = append(room, nearest{cost * w, site})
		}
	})
	return room
}

func (x *nearLists) weightOf(i int) float64 {
	if x.weight == nil {
		return 1
	}
	return x.weight[x.who[i]]
}

func (x *nearLists) of(i int) []nearest { return x.list[x.first[i]:x.first[i+1]] }

// at is the cost of a customer at a site, times its weight; +Inf: never from there.
func (x *nearLists) at(i int, site int32) float64 {
	c, customer, cost := x.costs, x.who[i], math.Inf(1)
	switch {
	case c.Rows != nil:
		cost = c.Rows[customer][site]
	case c.Whole != nil && c.Whole[customer][site] != math.MaxInt32:
		cost = float64(c.Whole[customer][site])
	case c.First != nil:
		for e := c.First[customer]; e < c.First[customer+1]; e++ {
			if c.At[e] == site {
				cost = c.Cost[e]
			}
		}
	}
	return cost * x.weightOf(i)
}

// selectNearest moves the k nearest, and the one after them to place k.
func selectNearest(list []nearest, k int) {
	low, high := 0, len(list)-1
	for low < high {
		pivot := list[(low+high)/2]
		i, j := low, high
		for i <= j {
			for list[i].compare(pivot) < 0 {
				i++
			}
			for list[j].compare(pivot) > 0 {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return
		}
	}
}

// random is a stream of numbers that a seed fixes (SplitMix64).
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

func (r *random) shuffle(list []int32) {
	for i := len(list) - 1; i > 0; i-- {
		j := r.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
