package mvt

import "math"

// longRun is how many vertices are straightened as one; a longer line is cut
// there, so that the work stays within its length times this.
const longRun = 4096

// rank gives every vertex of a line the first zoom at which it is drawn: the
// zoom at which leaving it out, by the rule of Douglas and Peucker, would move
// the line by more than one unit of a tile. Ends are drawn at every zoom. Tiles
// beside each other, and zooms above each other, so agree on what they leave
// out.
func rank(line []vertex, ranks []uint8) {
	for from := 0; from < len(line)-1; from += longRun {
		rankRun(line, ranks, from, min(from+longRun, len(line)-1))
	}
}

// run is a stretch of a line between two drawn vertices, and their rank.
type run struct {
	from, to int
	rank     uint8
}

func rankRun(line []vertex, ranks []uint8, from, to int) {
	stack := []run{{from, to, 0}}
	for len(stack) > 0 {
		r := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		far, worst := -1.0, 0
		for i := r.from + 1; i < r.to; i++ {
			if d := offSquared(line[i], line[r.from], line[r.to]); d > far {
				far, worst = d, i
			}
		}
		if worst == 0 {
			continue
		}
		own := max(r.rank, rankOf(far))
		ranks[worst] = own
		stack = append(stack, run{r.from, worst, own}, run{worst, r.to, own})
	}
}

// rankOf is the first zoom at which a distance, squared, in units of the world,
// is more than a unit of a tile; MaxZoom+1 when it never is.
func rankOf(squared float64) uint8 {
	if squared <= 1 {
		return MaxZoom + 1
	}
	zoom := math.Floor(MaxZoom-math.Log2(squared)/2) + 1
	return uint8(math.Max(0, math.Min(MaxZoom+1, zoom)))
}

// offSquared is the square of how far a vertex lies from a piece of a line.
func offSquared(p, a, b vertex) float64 {
	ax, ay := float64(a.x), float64(a.y)
	dx, dy := float64(b.x)-ax, float64(b.y)-ay
	px, py := float64(p.x)-ax, float64(p.y)-ay
	if length := dx*dx + dy*dy; length > 0 {
		t := math.Max(0, math.Min(1, (px*dx+py*dy)/length))
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}
