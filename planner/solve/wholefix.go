package solve

import "math"

// fix bars what the bound rules out in any better answer; false: there is none.
func (b *packing) fix() bool {
	s := b.s
	copy(b.price, b.kept)
	value := b.value()
	spare := s.limit() - value
	if spare <= 0 {
		return false
	}
	for j := range int32(s.m) {
		b.with[j], b.without[j] = b.forced(j)
	}
	for j := range int32(s.m) {
		switch {
		case b.status[j] == closed:
			continue
		case b.status[j] == free && b.with[j] >= spare:
			b.status[j] = closed
			continue
		case b.status[j] == free && b.without[j] >= spare:
			b.status[j] = opened
		}
		b.fixAt(j, spare-b.with[j])
	}
	return b.settle()
}

// fixAt bars whom a site cannot take but at a loss above what there is to spare.
func (b *packing) fixAt(j int32, spare float64) {
	k := &b.packs[0]
	b.gather(j, k)
	gain := k.pack(b.room[j])
	cost, load := b.s.cost[j], b.s.load[j]
	for _, i := range b.list[j] {
		if gain-(b.price[i]-cost[i])-k.splitAll(b.room[j]-load[i]) >= spare {
			b.bar(j, i)
		}
	}
}

// forced is what it costs more to have a site chosen, and not to have it.
func (b *packing) forced(j int32) (with, without float64) {
	if b.status[j] != free {
		return 0, math.Inf(1)
	}
	if b.s.most < b.s.m {
		return b.ranked(j)
	}
	if b.fits <= 0 {
		return max(0, b.loss[j]), max(0, -b.loss[j])
	}
	with, without = b.cover.forced(j, b.fits)
	return max(0, with-b.covered), max(0, without-b.covered)
}

// ranked is forced where sites may be open up to a number.
func (b *packing) ranked(j int32) (with, without float64) {
	opens := 0
	for _, is := range b.status {
		if is == opened {
			opens++
		}
	}
	last, next := 0.0, 0.0 // the last one chosen, the first one not chosen
	for at, k := range b.rank {
		if at+opens == b.s.most-1 {
			last = min(0, b.loss[k])
		}
		if at+opens == b.s.most {
			next = min(0, b.loss[k])
		}
	}
	if b.chosen[j] {
		return 0, next - b.loss[j]
	}
	return max(0, b.loss[j]-last), 0
}
