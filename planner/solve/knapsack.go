package solve

import "slices"

// knapsack picks items that gain most within a room, each wholly or not at all.
// It keeps its scratch.
type knapsack struct {
	items  []item // by falling gain for each unit of weight
	gains  []float64
	sizes  []int64
	taken  []int32 // places of the items in hand
	best   []int32 // those of the best so far
	picked []int32 // the answer: names of items
	rate   float64 // what one more unit of room would gain, were the last item splittable
}

type item struct {
	gain   float64
	weight int64
	name   int32
	rate   float64 // gain for each unit of weight
}

// maxPacking is how many steps a knapsack may take before its bound has to do.
const maxPacking = 4000

// pack picks from items; those too heavy are to be left out. It returns a bound
// on the gain, which is the gain of picked unless the steps ran out.
//
// It is the branch and bound of Horowitz and Sahni (Martello and Toth, Knapsack
// Problems, 2.5): take what fits in order, go back to the last one taken, leave it.
func (k *knapsack) pack(room int64) float64 {
	for at := range k.items {
		k.items[at].rate = k.items[at].gain / float64(k.items[at].weight) // +Inf of those that weigh nothing
	}
	slices.SortFunc(k.items, func(a, b item) int {
		switch {
		case a.rate > b.rate:
			return -1
		case a.rate < b.rate:
			return 1
		}
		return int(a.name - b.name)
	})
	k.sum()
	bound := k.search(room)
	k.picked = k.picked[:0]
	for _, at := range k.best {
		k.picked = append(k.picked, k.items[at].name)
	}
	return bound
}

// sum has gains and weights of the first items, each way of counting them.
func (k *knapsack) sum() {
	k.gains, k.sizes = append(k.gains[:0], 0), append(k.sizes[:0], 0)
	for at, x := range k.items {
		k.gains = append(k.gains, k.gains[at]+x.gain)
		k.sizes = append(k.sizes, k.sizes[at]+x.weight)
	}
}

// split is what items from a place on gain when the last one may be split, and
// the first one that does not fit wholly.
func (k *knapsack) split(from int, room int64) (gain float64, end int) {
	end = from
	for end < len(k.items) && k.sizes[end+1]-k.sizes[from] <= room {
		end++
	}
	gain = k.gains[end] - k.gains[from]
	if end < len(k.items) {
		x := k.items[end]
		gain += x.gain * float64(room-k.sizes[end]+k.sizes[from]) / float64(x.weight)
	}
	return gain, end
}

// splitAll is what all items gain in a room when the last one may be split.
func (k *knapsack) splitAll(room int64) float64 {
	end, _ := slices.BinarySearch(k.sizes, room+1)
	end--
	if end == len(k.items) {
		return k.gains[end]
	}
	return k.gains[end] + k.items[end].gain*float64(room-k.sizes[end])/float64(k.items[end].weight)
}

func (k *knapsack) search(room int64) float64 {
	most, end := k.split(0, room)
	k.rate = 0
	if end < len(k.items) {
		k.rate = k.items[end].rate
	}
	k.taken, k.best = k.taken[:0], k.best[:0]
	best, gain, at := -1.0, 0.0, 0
	for range maxPacking {
		if bound, end := k.split(at, room); gain+bound > best {
			for ; at < end; at++ {
				k.taken = append(k.taken, int32(at))
				gain, room = gain+k.items[at].gain, room-k.items[at].weight
			}
			if at++; at <= len(k.items) {
				continue // without the one that does not fit
			}
			best, k.best = gain, append(k.best[:0], k.taken...)
		}
		last := len(k.taken) - 1
		if last < 0 {
			return best
		}
		at = int(k.taken[last])
		k.taken = k.taken[:last]
		gain, room = gain-k.items[at].gain, room+k.items[at].weight
		at++
	}
	return most
}
