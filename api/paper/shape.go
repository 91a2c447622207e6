package paper

import "math"

// nothing is the box that holds no place.
var nothing = [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// grow is the box made to hold a place and so much around it.
func grow(box [4]float64, p [2]float64, by float64) [4]float64 {
	return [4]float64{min(box[0], p[0]-by), min(box[1], p[1]-by), max(box[2], p[0]+by), max(box[3], p[1]+by)}
}

// turn is twice the area of a ring, its sign the way it turns.
func turn(ring [][2]float64) (sum float64) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p[0]*q[1] - q[0]*p[1]
	}
	return sum
}

func reversed(ring [][2]float64) [][2]float64 {
	out := make([][2]float64, len(ring))
	for i, p := range ring {
		out[len(ring)-1-i] = p
	}
	return out
}

// within tells whether a place lies in a ring.
func within(p [2]float64, ring [][2]float64) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

// dashes cuts a line into the pieces that are drawn; lengths are in millimetres, scaled to what the points are in.
func dashes(points [][2]float64, dash []float64, scale float64) [][][2]float64 {
	period := 0.0
	for _, d := range dash {
		period += d
	}
	if period*scale < 0.5 { // finer than half a pixel is a solid line
		return [][][2]float64{points}
	}
	var out [][][2]float64
	at, left := 0, dash[0]*scale
	piece := [][2]float64{points[0]}
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		long := math.Hypot(to[0]-from[0], to[1]-from[1])
		done := 0.0
		for long-done > left {
			done += left
			cut := [2]float64{from[0] + (to[0]-from[0])*done/long, from[1] + (to[1]-from[1])*done/long}
			if at%2 == 0 {
				out = append(out, append(piece, cut))
			}
			at++
			left = dash[at%len(dash)] * scale
			piece = [][2]float64{cut}
		}
		left -= long - done
		piece = append(piece, to)
	}
	if at%2 == 0 {
		out = append(out, piece)
	}
	return out
}

// flatness is the most by which a drawn curve may leave the true one, in pixels.
const flatness = 0.1

// outline is the contours of a glyph in pixels, its base line beginning at a place, curves as short straight lines.
func (g *glyph) outline(at [2]float64, size float64) [][][2]float64 {
	place := func(p [2]int) [2]float64 {
		return [2]float64{at[0] + float64(p[0])/1000*size, at[1] - float64(p[1])/1000*size}
	}
	var out [][][2]float64
	for _, c := range g.curves {
		if c.kind == moveTo || len(out) == 0 {
			out = append(out, [][2]float64{place(c.at[0])})
			continue
		}
		ring := &out[len(out)-1]
		if c.kind == lineTo {
			*ring = append(*ring, place(c.at[0]))
			continue
		}
		*ring = bend(*ring, place(c.at[0]), place(c.at[1]), place(c.at[2]))
	}
	return out
}

// bend appends a cubic from the last point of a ring.
func bend(ring [][2]float64, p1, p2, p3 [2]float64) [][2]float64 {
	p0 := ring[len(ring)-1]
	bow := max(math.Hypot(p0[0]-2*p1[0]+p2[0], p0[1]-2*p1[1]+p2[1]), math.Hypot(p1[0]-2*p2[0]+p3[0], p1[1]-2*p2[1]+p3[1]))
	steps := min(max(int(math.Ceil(math.Sqrt(0.75*bow/flatness))), 1), 64)
	for i := 1; i <= steps; i++ {
		t := float64(i) / float64(steps)
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		ring = append(ring, [2]float64{a*p0[0] + b*p1[0] + c*p2[0] + d*p3[0], a*p0[1] + b*p1[1] + c*p2[1] + d*p3[1]})
	}
	return ring
}
