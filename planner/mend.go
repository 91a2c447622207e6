package planner

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Mend is what would make a failing stretch of road count: the whole segment is
// mended, or, where no segment covers it, the whole road.
type Mend struct {
	Do       string // build, improve, or new_road where there is no road at all
	Road     ID
	Segment  ID   // 0: no segment covers it
	Halo     bool // a neighbouring county's: its numbers say nothing here, and no Edit does it
	Name     string
	Township string
	LengthMM int64 // of what fails, in the route's measure
	CostFen  int64
	Unproven int64 // mm of LengthMM that may be in order: nobody knows

	Connects       []ID // villages that are connected by it, after the mends before it
	Persons        int64
	PersonsUnknown int64 // villages among them whose persons are not known
	Bounds         orb.Bound
}

// MendNew is the verb of a road where there is none.
const MendNew = "new_road"

// Edit is what a [Question] says to do it.
func (m *Mend) Edit() Edit {
	if m.Segment != 0 {
		return Edit{Do: m.Do, Segment: m.Segment}
	}
	return Edit{Do: m.Do, Road: m.Road}
}

// work is a mend with the edges that it makes count.
type work struct {
	Mend
	edges []int32
}

// workKey tells works apart.
type workKey struct {
	halo          bool
	road, segment ID
}

func keyOfWork(p *Piece) workKey {
	if p.Segment != 0 {
		return workKey{halo: p.Halo, segment: p.Segment}
	}
	return workKey{halo: p.Halo, road: p.Road}
}

// works lists everything that could be mended, by road and segment: the
// segments with a drawn piece that is not proven to be all-season.
func (a *Assessment) works(keyOf func(*Piece) workKey) map[workKey]*work {
	out := map[workKey]*work{}
	for i := range a.Pieces {
		p := &a.Pieces[i]
		from, to := a.net.first[i], a.net.first[i+1]
		if from == to || p.meets(AccessConnected) == Yes {
			continue
		}
		key := keyOf(p)
		w := out[key]
		if w == nil {
			w = &work{Mend: a.newMend(p, key)}
			out[key] = w
		}
		a.addPiece(w, p)
		for e := from; e < to; e++ {
			w.edges = append(w.edges, e)
		}
	}
	return out
}

func (a *Assessment) newMend(p *Piece, key workKey) Mend {
	m := Mend{Do: EditImprove, Road: p.Road, Segment: key.segment, Halo: p.Halo, Bounds: p.line.Bound()}
	if r := a.roads[p.Road]; r != nil && !p.Halo {
		m.Name, m.Township = cmp.Or(r.Name, r.Code), r.Township
	}
	if s := p.source.segment; s != nil && s.Township != "" {
		m.Township = s.Township
	}
	return m
}

// addPiece adds a failing piece to a work. Whatever is not there in whole, is
// closed, or is no motor road has to be built.
func (a *Assessment) addPiece(w *work, p *Piece) {
	if p.proven().Built != BuiltYes || !p.Routable || p.isClosed() {
		w.Do = EditBuild
	}
	w.LengthMM += p.Span.Length()
	w.CostFen += a.Snapshot.Rules.roadCost(p, p.Span)
	if p.meets(AccessConnected) == Unknown {
		w.Unproven += p.Span.Length()
	}
	w.Bounds = w.Bounds.Union(p.line.Bound())
}

// mendsAlong are the works of a path's failing pieces from the seat outwards,
// each with whom it connects after those before it.
func (a *Assessment) mendsAlong(link *WeakLink) []Mend {
	all := a.works(keyOfWork)
	t := a.net.newTrial()
	var out []Mend
	var seen []workKey
	for _, m := range link.Missing {
		key := keyOfWork(m.Piece)
		w := all[key]
		if w == nil || slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		a.connect(&w.Mend, t, w.edges)
		out = append(out, w.Mend)
	}
	return out
}

// connect takes a mend to be done and says whom it connects.
func (a *Assessment) connect(m *Mend, t *trial, edges []int32) {
	m.Connects = a.villageIDs(t.accept(edges))
	m.Persons, m.PersonsUnknown = t.persons()
}

func (a *Assessment) villageIDs(places []int) []ID {
	out := make([]ID, len(places))
	for i, v := range places {
		out[i] = a.Snapshot.Villages[v].ID
	}
	return out
}
