package chainage

import "math/bits"

// scale is x·num/den rounded half up, for 0 <= x <= den and 0 <= num, without
// overflow on the way.
func scale(x, num, den int64) int64 {
	hi, lo := bits.Mul64(uint64(x), uint64(num))
	lo, carry := bits.Add64(lo, uint64(den)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(den))
	return int64(q)
}
