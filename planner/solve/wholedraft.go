package solve

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// draft is an answer in the making.
type draft struct {
	s     *wholeSearch
	site  []int32 // by customer; -1: not placed
	room  []int64 // by site: what is left
	count []int32 // by site: its customers
	may   []bool  // by site: it may be opened
	opens int
	rate  []float64 // by site: what capacity is worth
	left  []int32   // customers not placed
	order []int32
	merit []float64 // by customer: what it loses when it does not go to its best site
	near  [][]int32 // by customer: sites to try, the cheapest first

	guests [][]int32   // by site: its customers, and maybe some who left
	saves  [][]float64 // by two sites: no customer of the first saves more by going to the second (below 0: it does)
}

// nearSites is how many sites of a customer an exchange tries.
const nearSites = 12

func (s *wholeSearch) newDraft() *draft {
	d := &draft{
		s: s, site: make([]int32, s.n), room: make([]int64, s.m), count: make([]int32, s.m), may: make([]bool, s.m),
		rate: make([]float64, s.m), merit: make([]float64, s.n), near: make([][]int32, s.n),
		guests: make([][]int32, s.m), saves: make([][]float64, s.m),
	}
	for j := range d.saves {
		d.saves[j] = make([]float64, s.m)
	}
	for i := range d.near {
		for j := range int32(s.m) {
			if s.load[j][i] <= s.size[j] && !math.IsInf(s.cost[j][i], 1) {
				d.near[i] = append(d.near[i], j)
			}
		}
		slices.SortStableFunc(d.near[i], func(x, y int32) int { return cmp.Compare(s.cost[x][i], s.cost[y][i]) })
	}
	return d
}

func (d *draft) clear() {
	for i := range d.site {
		d.site[i] = -1
	}
	copy(d.room, d.s.size)
	clear(d.count)
	d.opens = 0
}

func (d *draft) put(i, j int32) {
	d.site[i] = j
	d.room[j] -= d.s.load[j][i]
	if d.count[j]++; d.count[j] == 1 {
		d.opens++
	}
}

func (d *draft) take(i int32) {
	j := d.site[i]
	d.site[i] = -1
	d.room[j] += d.s.load[j][i]
	if d.count[j]--; d.count[j] == 0 {
		d.opens--
	}
}

// opening is what it costs to have a customer more at a site; +Inf: it may not open.
func (d *draft) opening(j int32) float64 {
	switch {
	case d.count[j] > 0:
		return 0
	case d.opens >= d.s.most:
		return math.Inf(1)
	}
	return d.s.fixed[j]
}

// closing is what it saves to have a customer less at a site.
func (d *draft) closing(j int32) float64 {
	if d.count[j] == 1 {
		return d.s.fixed[j]
	}
	return 0
}

// priced is the cost of a customer at a site with what it takes there.
func (d *draft) priced(i, j int32) float64 {
	return d.s.cost[j][i] + d.rate[j]*float64(d.s.load[j][i])
}

// build makes an answer of what sites packed.
func (b *packing) build() {
	d := b.draft
	d.clear()
	copy(d.rate, b.rate)
	for i, j := range b.home {
		if j >= 0 {
			d.put(int32(i), j)
		}
	}
	for j, is := range b.chosen {
		d.may[j] = is
		if !is {
			continue
		}
		for _, i := range b.picked[j] {
			if at := d.site[i]; at < 0 {
				d.put(i, int32(j))
			} else if d.priced(i, int32(j)) < d.priced(i, at) {
				d.take(i)
				d.put(i, int32(j))
			}
		}
	}
	d.finish()
}

// finish places who is left, betters the answer and keeps it.
func (d *draft) finish() {
	d.fill()
	if !d.squeeze() {
		return
	}
	d.improve()
	d.s.keep(d.site, d.s.total(d.site))
}

// ship makes an answer of sites that are best when demand is split, found from
// those of the best answer on: each customer goes where most of it goes.
func (b *packing) ship(ctx context.Context) {
	s, d := b.s, b.draft
	if s.site == nil {
		return
	}
	open := make([]bool, s.m)
	for _, j := range s.site {
		open[j] = true
	}
	x := s.split.exchange(slices.Clone(b.often))
	x.descend(ctx, open)
	shipment, _ := x.ship(ctx, x.open, true)
	if shipment == nil || shipment.Status != Optimal {
		return
	}
	d.clear()
	copy(d.may, x.open)
	for j := range d.rate {
		d.rate[j] = float64(shipment.Price[j]) / s.split.fine
	}
	for k, i := range shipment.From {
		if i, j := s.split.who[i], shipment.To[k]; 2*shipment.Amount[k] > s.load[j][i] && d.room[j] >= s.load[j][i] {
			d.put(i, j)
		}
	}
	d.finish()
}

// fill places who is left where it is cheapest, first who would lose most elsewhere.
func (d *draft) fill() {
	d.left = d.left[:0]
	for i, j := range d.site {
		if j >= 0 {
			continue
		}
		d.left = append(d.left, int32(i))
		first, second := math.Inf(1), math.Inf(1)
		for _, j := range d.near[i] {
			if c := d.priced(int32(i), j); d.may[j] && c < first {
				first, second = c, first
			} else if d.may[j] && c < second {
				second = c
			}
		}
		d.merit[i] = second - first
		if math.IsInf(second, 1) {
			d.merit[i] = math.MaxFloat64
		}
	}
	slices.SortStableFunc(d.left, func(x, y int32) int { return cmp.Compare(d.merit[y], d.merit[x]) })
	rest := d.left[:0]
	for _, i := range d.left {
		if j := d.bestFor(i, func(j int32) bool { return d.may[j] }); j >= 0 {
			d.put(i, j)
		} else {
			rest = append(rest, i)
		}
	}
	d.left = rest
}

// bestFor is the cheapest site with room for a customer; -1: there is none.
func (d *draft) bestFor(i int32, may func(int32) bool) int32 {
	best, least := int32(-1), math.Inf(1)
	for _, j := range d.near[i] {
		if d.room[j] < d.s.load[j][i] || !may(j) {
			continue
		}
		if c := d.priced(i, j) + d.opening(j); c < least {
			best, least = j, c
		}
	}
	return best
}

// squeeze places who is left by throwing others out, each in its turn; false: it
// did not come to an end.
func (d *draft) squeeze() bool {
	patience := 200 + 4*len(d.site)
	for len(d.left) > 0 {
		if patience--; patience < 0 {
			return false
		}
		last := len(d.left) - 1
		i := d.left[last]
		d.left = d.left[:last]
		if j := d.bestFor(i, func(int32) bool { return true }); j >= 0 {
			d.put(i, j)
			continue
		}
		j := d.victim(i)
		if j < 0 {
			return false
		}
		d.eject(i, j)
	}
	return true
}

// victim draws a site to make room at; cheaper ones more often.
func (d *draft) victim(i int32) int32 {
	var may [8]int32
	count := 0
	for _, j := range d.near[i] {
		if count < len(may) && d.room[j] >= 0 && !math.IsInf(d.opening(j), 1) {
			may[count] = j
			count++
		}
	}
	if count == 0 {
		return -1
	}
	return may[min(d.s.random.below(count), d.s.random.below(count))]
}

// eject throws out of a site as few as make room for a customer, drawn at random.
func (d *draft) eject(i, j int32) {
	d.order = d.order[:0]
	for k, at := range d.site {
		if at == j {
			d.order = append(d.order, int32(k))
		}
	}
	d.s.random.shuffle(d.order)
	need := d.s.load[j][i]
	for _, k := range d.order { // one that is enough, if there is one
		if d.room[j]+d.s.load[j][k] >= need && d.s.load[j][k] < need {
			d.take(k)
			d.left = append(d.left, k)
			d.put(i, j)
			return
		}
	}
	for _, k := range d.order {
		if d.room[j] >= need {
			break
		}
		d.take(k)
		d.left = append(d.left, k)
	}
	d.put(i, j)
	slices.Reverse(d.left)
}

// improve betters the answer until no move does.
func (d *draft) improve() {
	for range 30 {
		better := d.shift()
		better = d.exchange() || better
		if !better {
			better = d.recentre()
		}
		if !better {
			return
		}
	}
}

const worthwhile = 1e-9 // what a change must save, of the cost it changes

// shift moves single customers.
func (d *draft) shift() (better bool) {
	s := d.s
	for i := range int32(s.n) {
		at := d.site[i]
		best, least := at, -worthwhile*max(1, math.Abs(s.cost[at][i]))
		for _, j := range d.near[i] {
			if j == at || s.load[j][i] > d.room[j] {
				continue
			}
			opening := d.opening(j)
			if d.count[at] == 1 && d.count[j] == 0 {
				opening = s.fixed[j] // it closes one
			}
			if c := s.cost[j][i] + opening - s.cost[at][i] - d.closing(at); c < least {
				best, least = j, c
			}
		}
		if best != at {
			d.take(i)
			d.put(i, best)
			better = true
		}
	}
	return better
}

// exchange swaps two customers.
func (d *draft) exchange() (better bool) {
	s := d.s
	d.group()
	for i := range int32(s.n) {
		for _, j := range d.near[i][:min(nearSites, len(d.near[i]))] {
			at := d.site[i]
			if j == at || s.cost[j][i]-s.cost[at][i]+d.saves[j][at] >= 0 {
				continue
			}
			for place, k := range d.guests[j] {
				if d.site[k] != j || !d.swaps(i, k) {
					continue
				}
				d.take(i)
				d.take(k)
				d.put(i, j)
				d.put(k, at)
				d.guests[j][place] = i
				d.guests[at] = append(d.guests[at], k)
				d.note(i)
				d.note(k)
				better = true
				break
			}
		}
	}
	return better
}

// group lists customers by site, and the most that one of them saves by going to another.
func (d *draft) group() {
	for j := range d.guests {
		d.guests[j] = d.guests[j][:0]
		for k := range d.saves[j] {
			d.saves[j][k] = math.Inf(1)
		}
	}
	for i, j := range d.site {
		d.guests[j] = append(d.guests[j], int32(i))
		d.note(int32(i))
	}
}

// note tells saves of a customer who is new at its site.
func (d *draft) note(i int32) {
	j := d.site[i]
	here, saves := d.s.cost[j][i], d.saves[j]
	for k, cost := range d.s.cost {
		saves[k] = min(saves[k], cost[i]-here)
	}
}

// swaps tells whether two customers at two sites should change places.
func (d *draft) swaps(i, k int32) bool {
	s, a, b := d.s, d.site[i], d.site[k]
	before := s.cost[a][i] + s.cost[b][k]
	return s.cost[b][i]+s.cost[a][k] < before-worthwhile*max(1, math.Abs(before)) &&
		s.load[b][i]-s.load[b][k] <= d.room[b] && s.load[a][k]-s.load[a][i] <= d.room[a]
}

// recentre moves all customers of a site to one that is not open.
func (d *draft) recentre() (better bool) {
	s := d.s
	d.group()
	for j := range int32(s.m) {
		if d.count[j] == 0 {
			continue
		}
		now := s.fixed[j]
		for _, i := range d.guests[j] {
			now += s.cost[j][i]
		}
		best, least := int32(-1), now-worthwhile*max(1, math.Abs(now))
		for k := range int32(s.m) {
			if c := d.together(d.guests[j], k, least); d.count[k] == 0 && c < least {
				best, least = k, c
			}
		}
		if best < 0 {
			continue
		}
		for _, i := range d.guests[j] {
			d.take(i)
		}
		for _, i := range d.guests[j] {
			d.put(i, best)
		}
		better = true
	}
	return better
}

// together is what customers cost at a site by themselves; +Inf: more than
// enough, or they do not fit.
func (d *draft) together(guests []int32, k int32, enough float64) float64 {
	sum, room := d.s.fixed[k], d.s.size[k]
	for _, i := range guests {
		sum += d.s.cost[k][i]
		room -= d.s.load[k][i]
	}
	if room < 0 || sum >= enough {
		return math.Inf(1)
	}
	return sum
}
