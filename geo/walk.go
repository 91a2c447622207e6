package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Heights gives heights above the sea in metres, as from a terrain model;
// false where none is known.
type Heights interface {
	Height(p orb.Point) (metres float64, ok bool)
}

// Ground is what a walk goes over, as tenths of the speed on a path.
type Ground int64

// The grounds of Tobler (1993): off the path is 0.6 as fast as on it.
const (
	OnPath  Ground = 10
	OffPath Ground = 6
)

// Walked is how long a walk takes there and back, in milliseconds. Level is the
// part of its length that was walked as if level, because no height is known
// there: all of it without heights, and whoever shows the time says so.
type Walked struct {
	Out, Back int64
	Level     Millimetre
}

// RoundTrip is there and back.
func (w Walked) RoundTrip() int64 { return w.Out + w.Back }

// Plus adds a walk that follows on this one.
func (w Walked) Plus(v Walked) Walked {
	return Walked{w.Out + v.Out, w.Back + v.Back, w.Level + v.Level}
}

// What a walk is measured by.
const (
	walkStep     = 30.0    // metres between the heights that are asked for
	walkSteps    = 1 << 14 // of one piece between vertices; a longer one has longer steps
	steepest     = 1.0     // a slope beyond 45° counts as 45°: the formula was fitted to paths
	walkFastest  = 6.0     // km/h, down a slope of 1 in 20
	walkDecline  = 3.5
	walkBestDown = 0.05
)

// WalkingSpeed is Tobler's hiking function (1993), 6 exp(-3.5 |S + 0.05|) km/h on
// a path with the slope S = rise over run, uphill above zero: 5.04 km/h on the
// level, 6 at most. Slopes steeper than 45° count as 45°, one that is no number
// as level.
func WalkingSpeed(slope float64) float64 {
	if slope != slope {
		slope = 0
	}
	slope = max(-steepest, min(steepest, slope))
	return walkFastest * math.Exp(-walkDecline*math.Abs(slope+walkBestDown))
}

// Walk is how long it takes to walk along a line and back on it. The slope is
// taken from a height every 30 m; where one of the two heights of a step is not
// known (nil: nowhere) the step is level, at 5.04 km/h. What is walked the other
// way round takes the same with Out and Back exchanged, to the millisecond.
func Walk(line orb.LineString, heights Heights, on Ground) Walked {
	var w Walked
	for i := 1; i < len(line); i++ {
		w = w.Plus(walkPiece(line[i-1], line[i], heights, on))
	}
	return w.levelled(on)
}

// levelled adds the time of the level part, rounded once.
func (w Walked) levelled(on Ground) Walked {
	ms := (int64(w.Level)*50 + 7*int64(on)/2) / (7 * int64(on)) // 5.04 km/h is 1.4 m/s
	w.Out, w.Back = w.Out+ms, w.Back+ms
	return w
}

// walkPiece walks from p to q; its level part has no time yet. It goes by the
// same places both ways.
func walkPiece(p, q orb.Point, heights Heights, on Ground) Walked {
	if q[0] < p[0] || q[0] == p[0] && q[1] < p[1] {
		w := walkPiece(q, p, heights, on)
		return Walked{w.Back, w.Out, w.Level}
	}
	length := Round(Distance(p, q))
	if heights == nil || length <= 0 {
		return Walked{Level: max(0, length)}
	}
	track, metres := CGCS2000.between(p, q)
	steps := int64(max(1, min(walkSteps, math.Ceil(metres/walkStep))))
	var w Walked
	from, known := heights.Height(p)
	for i := int64(1); i <= steps; i++ {
		start, end := length*Millimetre(i-1)/Millimetre(steps), length*Millimetre(i)/Millimetre(steps)
		at := q
		if i < steps {
			at, _ = track.at(metres * float64(i) / float64(steps))
		}
		to, ok := heights.Height(at)
		if known && ok {
			w = w.Plus(walkStride(end-start, to-from, on))
		} else {
			w.Level += end - start
		}
		from, known = to, ok
	}
	return w
}

// walkStride is one step up a rise in metres.
func walkStride(length Millimetre, rise float64, on Ground) Walked {
	slope := rise / max(length.Metres(), 0.001)
	ms := func(slope float64) int64 {
		return int64(math.Round(float64(length) * 3.6 * float64(OnPath) / float64(on) / WalkingSpeed(slope)))
	}
	return Walked{Out: ms(slope), Back: ms(-slope)}
}
