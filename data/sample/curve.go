package sample

import "math"

// surveyor turns chains of cells into lines over the ground. Every cell has
// one fixed mark, so that lines through the same cell share a vertex exactly.
type surveyor struct {
	grid
	shift [2]noise // where in its cell a mark stands
	bend  noise    // how a line strays between marks
}

func newSurveyor(g grid, seed uint64, part string) surveyor {
	return surveyor{g, [2]noise{newNoise(seed, part+" x"), newNoise(seed, part+" y")}, newNoise(seed, part+" bend")}
}

// mark is the fixed position of a cell, within it.
func (s surveyor) mark(c int32) plane {
	p := s.centre(int(c))
	q := p.times(1 / s.size)
	return p.add(plane{s.size * 0.42 * s.shift[0].at(q.x*0.71, q.y*0.71), s.size * 0.42 * s.shift[1].at(q.x*0.71, q.y*0.71)})
}

// line leads smoothly through the marks of the cells: a Catmull-Rom curve with
// pieces per step, straying sideways by up to stray metres between marks.
// marks tells the place of each cell's mark in the line.
func (s surveyor) line(cells []int32, pieces int, stray float64) (line []plane, marks []int) {
	at := func(i int) plane { return s.mark(cells[min(max(i, 0), len(cells)-1)]) }
	for i := range cells {
		marks = append(marks, len(line))
		line = append(line, at(i))
		if i == len(cells)-1 {
			break
		}
		for k := 1; k < pieces; k++ {
			t := float64(k) / float64(pieces)
			p := catmullRom(at(i-1), at(i), at(i+1), at(i+2), t)
			side := at(i).angleTo(at(i+1)) + math.Pi/2
			sway := stray * 4 * t * (1 - t) * s.bend.octaves(p.x/140, p.y/140, 2)
			line = append(line, p.add(toward(side, sway)))
		}
	}
	return line, marks
}

func catmullRom(a, b, c, d plane, t float64) plane {
	f := func(a, b, c, d float64) float64 {
		return b + t/2*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a)))
	}
	return plane{f(a.x, b.x, c.x, d.x), f(a.y, b.y, c.y, d.y)}
}
