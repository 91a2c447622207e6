package solve

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// most tries all choices of items.
func most(items []item, room int64, with int32) float64 {
	best := math.Inf(-1)
	for set := range 1 << len(items) {
		gain, weight, has := 0.0, int64(0), with < 0
		for k, x := range items {
			if set>>k&1 == 1 {
				gain, weight, has = gain+x.gain, weight+x.weight, has || x.name == with
			}
		}
		if weight <= room && has {
			best = max(best, gain)
		}
	}
	return best
}

func TestKnapsackIsTheBestOfAllChoices(t *testing.T) {
	var k knapsack
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.Int64Range(0, 20).Draw(t, "room")
		var items []item
		for name := range rapid.IntRange(0, 8).Draw(t, "items") {
			gain := rapid.OneOf(rapid.Float64Range(1e-6, 10), rapid.Map(rapid.IntRange(1, 4), func(g int) float64 { return float64(g) })).Draw(t, "gain")
			items = append(items, item{gain: gain, weight: rapid.Int64Range(0, room).Draw(t, "weight"), name: int32(name)})
		}
		k.items = append(k.items[:0], items...)
		bound, want := k.pack(room), most(items, room, -1)
		if math.Abs(bound-want) > 1e-9 {
			t.Fatalf("%v, want %v", bound, want)
		}
		gain, weight := 0.0, int64(0)
		for _, name := range k.picked {
			gain, weight = gain+items[name].gain, weight+items[name].weight
		}
		if math.Abs(gain-want) > 1e-9 || weight > room {
			t.Fatalf("picked %v: gain %v of %v, weight %d of %d", k.picked, gain, want, weight, room)
		}
		for _, x := range items {
			if bound := x.gain + k.splitAll(room-x.weight); bound < most(items, room, x.name)-1e-9 {
				t.Fatalf("with %d bounded by %v, it is %v", x.name, bound, most(items, room, x.name))
			}
		}
	})
}
