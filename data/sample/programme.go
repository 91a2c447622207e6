package sample

import (
	"sort"
)

// task is one route of the programme and what will be reported of it.
type task struct {
	route    int   // -1: length-only, not drawn
	length   int64 // mm
	done     int64 // mm completed from the network outwards, to be reported
	township int16
	track    bool // there was an earth track before
	disputed bool // reported as completed, and contested
}

// open is how much of a task's road is there: by inventory or by report.
func (t *task) open() int64 {
	if t.track || t.disputed {
		return t.length
	}
	return t.done
}

// pace is how fast a township builds.
type pace int

const (
	onPlan pace = iota
	slow        // 5 to 10 points behind the plan
	slower      // 10 to 20 points behind it
)

// Of the published warnings, 4 yellow and 8 blue, one each is made by hand;
// the others follow from how much has been reported.
const (
	slowTownships   = 7
	slowerTownships = 3
	programmeDone   = 366_000_000 // mm
	lengthOnly      = 12          // routes
)

// planProgramme decides what has been done where. Only tasks come out of it:
// reports about each are written later.
func (m *maker) planProgramme() {
	r := m.random("programme")
	drawn := int64(0)
	for i := range m.routes {
		if m.routes[i].purpose == hamletRoad {
			length := m.routes[i].length()
			m.tasks = append(m.tasks, task{route: i, length: length, township: m.label[m.routes[i].cells[1]], track: r.chance(0.55)})
			drawn += length
		}
	}
	weights := make([]float64, lengthOnly)
	for i := range weights {
		weights[i] = r.between(1, 2)
	}
	for _, length := range apportion(programmeTask-drawn, weights, 300_000) {
		m.tasks = append(m.tasks, task{route: -1, length: length, township: m.settler.township()})
	}
	m.setAside(r)
	m.spreadDone(r)
	m.surfaceRoads()
}

// setAside picks two roads whose completion is contested.
func (m *maker) setAside(r *random) {
	disputed := 0
	for _, i := range r.shuffled(len(m.tasks) - lengthOnly) {
		if t := &m.tasks[i]; disputed < 2 && t.length > 1_500_000 {
			t.disputed = true
			disputed++
		}
	}
}

// spreadDone gives every township a share, so that they add up to the
// published length and as many lag as published, and fills its roads.
func (m *maker) spreadDone(r *random) {
	m.paces = paces(len(m.unit.townships), r)
	byTown := make([][]int, len(m.unit.townships))
	task := make([]float64, len(m.unit.townships))
	for i, t := range m.tasks {
		byTown[t.township] = append(byTown[t.township], i)
		task[t.township] += float64(t.length)
	}
	done := doneByTownship(task, m.paces, r)
	for t, indices := range byTown {
		m.fillTownship(indices, done[t], r)
	}
}

// paces picks the slow townships; the county seat is not one of them.
func paces(townships int, r *random) []pace {
	out := make([]pace, townships)
	order := r.shuffled(townships - 1)
	for k, i := range order[:slowTownships+slowerTownships] {
		out[i+1] = slow
		if k < slowerTownships {
			out[i+1] = slower
		}
	}
	return out
}

// doneByTownship is the millimetres each township has completed. Slow ones get
// a share well inside their band below the planned 50 %, the others share the
// rest around its mean, never below 45.5 %.
func doneByTownship(task []float64, paces []pace, r *random) []int64 {
	share, stray := make([]float64, len(task)), make([]float64, len(task))
	left, open, mean := float64(programmeDone), 0.0, 0.0
	for i, p := range paces {
		switch p {
		case slower:
			share[i] = r.between(0.325, 0.385)
		case slow:
			share[i] = r.between(0.410, 0.442)
		default:
			stray[i] = r.between(-0.6, 0.6)
			open += task[i]
			mean += stray[i] * task[i]
			continue
		}
		left -= share[i] * task[i]
	}
	rest, floor := left/open, 0.455
	for i, p := range paces {
		if p == onPlan {
			share[i] = rest + (stray[i]-mean/open)*0.8*(rest-floor)
		}
	}
	weights := make([]float64, len(task))
	for i := range task {
		weights[i] = share[i] * task[i]
	}
	return apportion(programmeDone, weights, 0)
}

// fillTownship completes roads in random order, some in part, until the
// township's length is reached to the millimetre.
func (m *maker) fillTownship(indices []int, done int64, r *random) {
	order := make([]int, 0, len(indices))
	for _, k := range r.shuffled(len(indices)) {
		if !m.tasks[indices[k]].disputed {
			order = append(order, indices[k])
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return m.tasks[order[a]].route >= 0 && m.tasks[order[b]].route < 0 })
	for pass := range 2 {
		for _, i := range order {
			t := &m.tasks[i]
			want := t.length
			if pass == 0 && r.chance(0.35) {
				want = int64(float64(t.length) * r.between(0.15, 0.8))
			}
			more := min(want-t.done, done)
			if more > 0 {
				t.done += more
				done -= more
			}
		}
	}
}
