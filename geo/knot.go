package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// pairsPerChord bounds the pairs of chords that are compared, mostFlaws what
// is listed.
const (
	pairsPerChord = 128
	mostFlaws     = 10_000
)

// findMeetings compares each chord with those behind it that come near.
func (k *knots) findMeetings() {
	budget := pairsPerChord*k.c.Len() + 100_000
	for i := 0; i < k.c.Len() && !k.tangled; i++ {
		b := box{k.c.end[i], k.c.end[i]}
		b.join(box{k.c.end[i+1], k.c.end[i+1]})
		k.c.Near(b.min, b.max, touching, func(j int) bool {
			budget--
			if budget < 0 || len(k.meets)+len(k.overlaps) > mostFlaws {
				k.tangled = true
				return false
			}
			if j > i+1 {
				k.compare(i, j)
			}
			return true
		})
	}
}

// compare notes where chord j comes back to chord i.
func (k *knots) compare(i, j int) {
	if from, to, again, ok := k.along(i, j); ok {
		f := k.flaw(FlawOverlaps, from, again)
		f.Length = Millimetre(math.Round(to - from))
		k.overlaps = append(k.overlaps, f)
		return
	}
	s, t, metres := nearestOf(k.c.end[i], k.c.end[i+1], k.c.end[j], k.c.end[j+1])
	if metres > touching {
		return
	}
	at := k.c.at[i] + s*(k.c.at[i+1]-k.c.at[i])
	again := k.c.at[j] + t*(k.c.at[j+1]-k.c.at[j])
	ring := at <= nextTo && again >= k.c.Length()-nextTo
	if again-at > nextTo && !ring {
		k.meets = append(k.meets, k.flaw(FlawMeets, at, again))
	}
}

// along says from where to where on chord i chord j lies on it, and where on
// the line that begins on j; the lower of its two ends.
func (k *knots) along(i, j int) (from, to, again float64, ok bool) {
	s0, d0 := k.c.foot(k.c.end[j], i)
	s1, d1 := k.c.foot(k.c.end[j+1], i)
	t0, e0 := k.c.foot(k.c.end[i], j)
	t1, e1 := k.c.foot(k.c.end[i+1], j)
	type mark struct{ s, t float64 } // a place of both
	var marks []mark
	for _, m := range []struct {
		mark
		metres float64
	}{{mark{s0, 0}, d0}, {mark{s1, 1}, d1}, {mark{0, t0}, e0}, {mark{1, t1}, e1}} {
		if m.metres <= touching {
			marks = append(marks, m.mark)
		}
	}
	if len(marks) < 2 {
		return 0, 0, 0, false
	}
	low := slices.MinFunc(marks, func(a, b mark) int { return cmp.Compare(a.s, b.s) })
	high := slices.MaxFunc(marks, func(a, b mark) int { return cmp.Compare(a.s, b.s) })
	on, other := k.c.at[i+1]-k.c.at[i], k.c.at[j+1]-k.c.at[j]
	from, to = k.c.at[i]+low.s*on, k.c.at[i]+high.s*on
	again = k.c.at[j] + math.Min(low.t, high.t)*other
	return from, to, again, to-from > nextTo && again > from
}

// nearestOf gives the nearest places of two chords as fractions, and how near
// they are (Ericson, Real-Time Collision Detection, 2005, section 5.1.9).
func nearestOf(p1, q1, p2, q2 [3]float64) (s, t, metres float64) {
	d1, d2, r := minus(q1, p1), minus(q2, p2), minus(p1, p2)
	a, e, f := dot(d1, d1), dot(d2, d2), dot(d2, r)
	b, c := dot(d1, d2), dot(d1, r)
	clamp := func(x float64) float64 { return math.Max(0, math.Min(1, x)) }
	if across := a*e - b*b; across > 1e-12*a*e {
		s = clamp((b*f - c*e) / across)
	}
	t = (b*s + f) / e
	if t < 0 {
		t, s = 0, clamp(-c/a)
	} else if t > 1 {
		t, s = 1, clamp((b-c)/a)
	}
	off := minus(sum(p1, scaled(d1, s)), sum(p2, scaled(d2, t)))
	return s, t, math.Sqrt(dot(off, off))
}

func scaled(a [3]float64, f float64) [3]float64 { return [3]float64{a[0] * f, a[1] * f, a[2] * f} }

// flaws joins what was found of one place, and puts all in order.
func (k *knots) flaws() []Flaw {
	overlaps := joinOverlaps(slices.DeleteFunc(k.overlaps, k.ofASpike))
	out := append(slices.Clone(k.spikes), overlaps...)
	seen := map[[2]Millimetre]bool{}
	for _, f := range k.meets {
		if !k.ofASpike(f) && !nearSeen(seen, f) && !atAnEnd(overlaps, f) {
			seen[cellOf(f)] = true
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Flaw) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Again, b.Again)) })
	if k.tangled {
		out = append(out, Flaw{Kind: FlawTangled, Detail: "geo: the line folds back on itself more than can be listed; draw it anew"})
	}
	return out
}

// ofASpike says that a place lies on both sides of a spike's tip alike, so that
// the spike has told of it.
func (k *knots) ofASpike(f Flaw) bool {
	middle := (f.At + f.Again + f.Length) / 2
	i, _ := slices.BinarySearchFunc(k.spikes, middle-nextTo, func(s Flaw, at Millimetre) int { return cmp.Compare(s.At, at) })
	return i < len(k.spikes) && k.spikes[i].At <= middle+nextTo
}

func cellOf(f Flaw) [2]Millimetre { return [2]Millimetre{f.At / nextTo, f.Again / nextTo} }

func nearSeen(seen map[[2]Millimetre]bool, f Flaw) bool {
	c := cellOf(f)
	for i := range Millimetre(3) {
		for j := range Millimetre(3) {
			if seen[[2]Millimetre{c[0] + i - 1, c[1] + j - 1}] {
				return true
			}
		}
	}
	return false
}

// joinOverlaps makes one of overlaps that go on chord by chord.
func joinOverlaps(all []Flaw) (out []Flaw) {
	slices.SortFunc(all, func(a, b Flaw) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Again, b.Again)) })
	for _, f := range all {
		if n := len(out); n > 0 && goesOn(out[n-1], f) {
			last := &out[n-1]
			last.Length = max(last.At+last.Length, f.At+f.Length) - last.At
			last.Again = min(last.Again, f.Again)
			continue
		}
		out = append(out, f)
	}
	return out
}

// goesOn says that an overlap begins where another ends, on both passes, the
// second running either way.
func goesOn(a, b Flaw) bool {
	touch := func(from, to, otherFrom, otherTo Millimetre) bool {
		return otherFrom <= to+nextTo && from <= otherTo+nextTo
	}
	return touch(a.At, a.At+a.Length, b.At, b.At+b.Length) && touch(a.Again, a.Again+a.Length, b.Again, b.Again+b.Length)
}

// atAnEnd says that a meeting is where an overlap begins or ends.
func atAnEnd(overlaps []Flaw, f Flaw) bool {
	i, _ := slices.BinarySearchFunc(overlaps, f.At+nextTo+1, func(o Flaw, at Millimetre) int { return cmp.Compare(o.At, at) })
	for i--; i >= 0; i-- {
		o := overlaps[i]
		if f.At <= o.At+o.Length+nextTo && f.Again >= o.Again-nextTo && f.Again <= o.Again+o.Length+nextTo {
			return true
		}
		if o.At+o.Length+nextTo < f.At {
			break
		}
	}
	return false
}

// cutAt cuts a line at the places, leaving out those at its ends and those
// next to another.
func cutAt(m Measured, cuts []Millimetre) (parts []orb.LineString) {
	slices.Sort(cuts)
	var last Millimetre
	for _, at := range cuts {
		if at > last+nextTo && at < m.Length()-nextTo {
			parts = append(parts, m.Cut(last, at))
			last = at
		}
	}
	return append(parts, m.Cut(last, m.Length()))
}
