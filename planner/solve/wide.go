package solve

import "math/bits"

// wide is an amount of up to 128 bits. Amounts are never negative.
type wide struct{ hi, lo uint64 }

// boundless is far more than all amounts of a network together, and leaves room
// to add those to it.
var boundless = wide{hi: 1 << 62}

func narrow(n int64) wide { return wide{lo: uint64(n)} }

// product is x * y of two amounts that are not negative.
func product(x, y int64) wide {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	return wide{hi, lo}
}

func (x wide) plus(y wide) wide {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, _ := bits.Add64(x.hi, y.hi, carry)
	return wide{hi, lo}
}

func (x wide) minus(y wide) wide {
	lo, borrow := bits.Sub64(x.lo, y.lo, 0)
	hi, _ := bits.Sub64(x.hi, y.hi, borrow)
	return wide{hi, lo}
}

func (x wide) less(y wide) bool {
	return x.hi < y.hi || x.hi == y.hi && x.lo < y.lo
}

func (x wide) isZero() bool { return x.hi|x.lo == 0 }
