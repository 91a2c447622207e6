package route

import (
	"errors"
	"math"
	"math/bits"
)

// scale packs the two measures of a path into one number, first above second,
// so that packed numbers add and compare as the pairs do. There is room for
// twice the greatest of each, so that the sum of two that are no more than
// those never spills over.
type scale struct {
	shift               uint8
	maxFirst, maxSecond uint64
}

// none is a packed cost that is none: there is no way.
const none = math.MaxUint64

var errTooLong = errors.New("route: paths of this network may be too long for a hierarchy")

// scaleOf finds room for every shortest path of a network.
func scaleOf(a arcList) (scale, error) {
	s := scale{maxFirst: a.longest()}
	ratio, free := 0.0, uint64(0)
	for i, f := range a.first {
		switch {
		case a.tail[i] == a.head[i]: // on no shortest path
		case f == 0:
			free += uint64(a.second[i]) // at most once on a path
		default:
			ratio = max(ratio, float64(a.second[i])/float64(f))
		}
	}
	second := math.Ceil(ratio*float64(s.maxFirst)*(1+1e-9)) + float64(free)
	if s.maxFirst >= 1<<62 || second >= 1<<62 {
		return scale{}, errTooLong
	}
	s.maxSecond = uint64(second)
	s.shift = uint8(bits.Len64(2 * s.maxSecond))
	if int(s.shift)+bits.Len64(2*s.maxFirst+1) > 63 {
		return scale{}, errTooLong
	}
	return s, nil
}

func (s scale) pack(first, second uint64) uint64 { return first<<s.shift | second }

func (s scale) first(c uint64) uint64 { return c >> s.shift }

func (s scale) second(c uint64) uint64 { return c & (1<<s.shift - 1) }

// fits says whether a shortest path may cost so much.
func (s scale) fits(c uint64) bool {
	return s.first(c) <= s.maxFirst && s.second(c) <= s.maxSecond
}
