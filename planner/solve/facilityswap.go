package solve

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// exchange is a set of open sites that is made better by closing, opening and swapping.
type exchange struct {
	s       *locationSearch
	open    []bool
	size    float64 // capacity of the open sites
	value   float64
	saving  []float64 // by site: what opening it changes at the best; negative: it may save
	order   []int32   // closed sites, those that may save most first
	prices  *offers
	often   []float64 // by site: how often the prices of the bound choose it
	stopped bool
	err     error
}

func (s *locationSearch) exchange(often []float64) *exchange {
	return &exchange{s: s, prices: s.newOffers(), often: often, open: make([]bool, s.f.Sites), saving: make([]float64, s.f.Sites)}
}

// ship is what a set of sites costs. Sets that were shipped before have no
// shipment any more.
func (x *exchange) ship(ctx context.Context, open []bool, again bool) (shipment *Shipment, value float64) {
	key := setKey(open)
	if known, ok := x.s.seen[key]; ok && !again {
		return nil, known
	}
	shipment, value, err := x.s.ship(ctx, open)
	if err != nil || shipment.Status == Stopped {
		x.stopped, x.err = true, err
		return nil, math.Inf(1)
	}
	const most = 1 << 16
	if len(x.s.seen) < most {
		x.s.seen[key] = value
	}
	x.s.offer(open, value)
	return shipment, value
}

// setKey is a set as a string of bits.
func setKey(open []bool) string {
	out := make([]byte, (len(open)+7)/8)
	for j, is := range open {
		if is {
			out[j/8] |= 1 << (j % 8)
		}
	}
	return string(out)
}

// descend betters a set until no step of it saves anything.
func (x *exchange) descend(ctx context.Context, from []bool) {
	copy(x.open, from)
	for !x.stopped && x.look(ctx) {
		if !x.add(ctx) && !x.drop(ctx) {
			return
		}
	}
}

// look ships through the set as it is and sees what other sites may save;
// false: it does not fit.
func (x *exchange) look(ctx context.Context) bool {
	shipment, value := x.ship(ctx, x.open, true)
	if shipment == nil || math.IsInf(value, 1) {
		return false
	}
	x.value, x.size = value, 0
	for j, is := range x.open {
		if is {
			x.size += x.s.size[j]
		}
	}
	x.weigh(shipment)
	return true
}

// weigh sees by the prices of a shipment what each closed site may save: no
// opening saves more.
func (x *exchange) weigh(shipment *Shipment) {
	b := x.prices
	for k, w := range shipment.Worth {
		b.price[k] = float64(w) / x.s.fine * x.s.demand[k]
	}
	x.order = x.order[:0]
	for j, is := range x.open {
		if !is && x.s.size[j] > 0 {
			b.room[0] = b.take(int32(j), b.room[0])
			x.saving[j] = b.cover.loss[j]
			x.order = append(x.order, int32(j))
		}
	}
	slices.SortFunc(x.order, func(a, b int32) int {
		switch {
		case x.saving[a] < x.saving[b]:
			return -1
		case x.saving[a] > x.saving[b]:
			return 1
		}
		return int(a - b)
	})
}

// better tells whether a value is less than that of the set by more than rounding.
func (x *exchange) better(value float64) bool { return value < x.value-1e-9*max(1, x.value) }

// add opens the first site that saves something.
func (x *exchange) add(ctx context.Context) bool {
	for _, j := range x.order {
		if !x.better(x.value + x.saving[j]) {
			return false
		}
		x.open[j] = true
		if _, value := x.ship(ctx, x.open, false); x.better(value) {
			return true
		}
		x.open[j] = false
	}
	return false
}

// drop closes the first site that costs more than it saves, by itself or with
// another one opened for it.
func (x *exchange) drop(ctx context.Context) bool {
	before := slices.Clone(x.order)
	for _, r := range x.leaving() {
		if x.stopped {
			return false
		}
		x.open[r] = false
		if x.size-x.s.size[r] >= x.s.weight {
			shipment, value := x.ship(ctx, x.open, true)
			if x.better(value) {
				return true
			}
			if shipment != nil && shipment.Status == Optimal {
				x.weigh(shipment)
				if x.replace(ctx, r, x.order, value) {
					return true
				}
				x.open[r] = true
				continue
			}
		}
		if x.replace(ctx, r, before, math.Inf(-1)) {
			return true
		}
		x.open[r] = true
	}
	return false
}

// leaving lists open sites that cost something, those that the prices choose
// least first.
func (x *exchange) leaving() []int32 {
	var list []int32
	for j, is := range x.open {
		if is && x.s.f.Fixed[j] > 0 {
			list = append(list, int32(j))
		}
	}
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.often[a], x.often[b]), cmp.Compare(a, b))
	})
	return list
}

// replace opens one of the sites that look best instead of r. Without r the set
// costs value; -Inf: it does not hold the demand, and nothing is known.
func (x *exchange) replace(ctx context.Context, r int32, order []int32, value float64) bool {
	const tries = 2
	tried := 0
	for _, j := range order {
		if j == r || x.size-x.s.size[r]+x.s.size[j] < x.s.weight {
			continue
		}
		if tried++; tried > tries || !x.better(value+x.saving[j]) {
			return false
		}
		x.open[j] = true
		if _, swapped := x.ship(ctx, x.open, false); x.better(swapped) {
			return true
		}
		x.open[j] = false
	}
	return false
}
