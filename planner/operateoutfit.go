package planner

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// correct takes the mapping that somebody corrected by hand in place of the one
// that was found, once it is held against the routes.
func (o *operator) correct() error {
	if len(o.r.Mapping) == 0 {
		return nil
	}
	old, new := map[chainage.Key]int64{}, map[chainage.Key]int64{}
	version := map[ID]int32{}
	for i := range o.old {
		old[keyOf(&o.old[i])] = o.old[i].Length
	}
	for i := range o.new {
		new[keyOf(&o.new[i])] = o.new[i].Length
		version[o.new[i].ID] = o.new[i].Version
	}
	var m chainage.Mapping
	for _, p := range o.r.Mapping {
		piece := chainage.Piece{Kind: chainage.Kind(p.Kind), From: p.FromSpan, To: p.ToSpan, Reversed: p.Reversed}
		if p.Kind != MappingNew {
			piece.Old = chainage.Key{Road: int64(p.FromRoad), Version: o.versionOf(p.FromRoad)}
		}
		if p.Kind != MappingRetired {
			piece.New = chainage.Key{Road: int64(p.ToRoad), Version: version[p.ToRoad]}
		}
		m = append(m, piece)
	}
	if err := m.Check(old, new); err != nil {
		return invalid(err)
	}
	o.m, o.unchanged = m, false
	return nil
}

func (o *operator) versionOf(id ID) int32 {
	for i := range o.old {
		if o.old[i].ID == id {
			return o.old[i].Version
		}
	}
	return 0
}

// outfit gives the new versions their labels, segments and co-routed spans.
func (o *operator) outfit() error {
	for i := range o.new {
		n := &o.new[i]
		pieces := o.piecesOf(n)
		var err error
		if n.Calibration, err = o.calibration(n, pieces); err != nil {
			return invalid(err)
		}
		o.addSegments(n, pieces)
	}
	for i := range o.old {
		for _, span := range o.old[i].CoRouted {
			carried, _ := o.m.Forward(keyOf(&o.old[i]), span)
			for _, c := range carried {
				n := o.newRoad(c.New)
				n.CoRouted = n.CoRouted.Union(chainage.NewSet(c.To))
			}
		}
	}
	return nil
}

// calibration labels a new route: metres that are carried keep their labels,
// with a chain break wherever the way between is not as long as the labels say.
// What is reversed is labelled anew, by its measure.
func (o *operator) calibration(n *Road, pieces []chainage.Piece) (chainage.Calibration, error) {
	if slices.ContainsFunc(pieces, func(p chainage.Piece) bool { return p.Reversed }) {
		return chainage.Calibration{}, nil
	}
	old := map[chainage.Key]chainage.Calibration{}
	for i := range o.old {
		old[keyOf(&o.old[i])] = o.old[i].Calibration
	}
	c, err := o.m.Calibration(keyOf(n), old)
	plain := func(m chainage.Mark) bool { return m.At == m.K }
	if err == nil && !slices.ContainsFunc(c.Marks(), func(m chainage.Mark) bool { return !plain(m) }) {
		return chainage.Calibration{}, nil
	}
	return c, err
}

func (o *operator) newRoad(k chainage.Key) *Road {
	i := slices.IndexFunc(o.new, func(r Road) bool { return keyOf(&r) == k })
	return &o.new[i]
}

// piecesOf are the pieces of the mapping that make a new route, in order along it.
func (o *operator) piecesOf(n *Road) []chainage.Piece {
	var out []chainage.Piece
	for _, p := range o.m {
		if p.Kind != chainage.KindRetired && p.New == keyOf(n) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b chainage.Piece) int { return cmp.Compare(a.To.From, b.To.From) })
	return out
}

// cutting is where a segment of the new version comes from.
type cutting struct {
	segment  *Segment // nil: new
	from, to chainage.Span
	reversed bool
}

// addSegments carries the inventory over. New metres are not built, of no known
// class or surface, and of the township of the metres before, else behind.
func (o *operator) addSegments(n *Road, pieces []chainage.Piece) {
	var cuts []cutting
	for _, p := range pieces {
		if p.Kind == chainage.KindNew {
			cuts = append(cuts, cutting{to: p.To})
			continue
		}
		cuts = append(cuts, o.cuttings(p)...)
	}
	slices.SortFunc(cuts, func(a, b cutting) int { return cmp.Compare(a.to.From, b.to.From) })
	cuts = joinCuttings(cuts)
	for i := range cuts {
		seg := Segment{Class: "unknown", Surface: "unknown", AllSeason: Unknown, Built: BuiltNone, Direction: Both, Routable: true}
		if cuts[i].segment != nil {
			seg = *cuts[i].segment
			seg.Direction = turned(seg.Direction, cuts[i].reversed)
		} else if near := nearestOld(cuts, i); near != nil {
			seg.Township, seg.OtherTownship, seg.OtherSharePPM = near.Township, near.OtherTownship, near.OtherSharePPM
		} else {
			seg.Township = o.a.townshipOf(&o.old[0])
		}
		seg.ID, seg.Road, seg.Version, seg.Span, seg.Line = 0, n.ID, n.Version, cuts[i].to, o.lineOf(n, &cuts[i])
		o.segments = append(o.segments, seg)
	}
}

// cuttings are the segments under a carried piece.
func (o *operator) cuttings(p chainage.Piece) []cutting {
	var out []cutting
	for _, src := range o.a.sources[routeKey{ID(p.Old.Road), p.Old.Version}] {
		from := chainage.Span{From: max(src.span.From, p.From.From), To: min(src.span.To, p.From.To)}
		if src.segment == nil || from.From >= from.To {
			continue
		}
		if to := acrossSpan(from, p.From, p.To, p.Reversed); to.Length() > 0 {
			out = append(out, cutting{src.segment, from, to, p.Reversed})
		}
	}
	return out
}

// joinCuttings joins what goes on in a line from the same segment.
func joinCuttings(cuts []cutting) []cutting {
	var out []cutting
	for _, c := range cuts {
		if n := len(out); n > 0 && c.segment != nil && out[n-1].segment == c.segment && out[n-1].reversed == c.reversed && out[n-1].to.To == c.to.From {
			last := &out[n-1]
			if !c.reversed && last.from.To == c.from.From || c.reversed && last.from.From == c.from.To {
				last.to.To = c.to.To
				last.from = chainage.Span{From: min(last.from.From, c.from.From), To: max(last.from.To, c.from.To)}
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// nearestOld is the segment before a new one, else the one behind it.
func nearestOld(cuts []cutting, i int) *Segment {
	for j := i - 1; j >= 0; j-- {
		if cuts[j].segment != nil {
			return cuts[j].segment
		}
	}
	for j := i + 1; j < len(cuts); j++ {
		if cuts[j].segment != nil {
			return cuts[j].segment
		}
	}
	return nil
}

func turned(d Direction, reversed bool) Direction {
	switch {
	case reversed && d == Forward:
		return Backward
	case reversed && d == Backward:
		return Forward
	}
	return d
}

// lineOf draws a segment: along the new line where that has changed, else as it
// was drawn.
func (o *operator) lineOf(n *Road, c *cutting) orb.LineString {
	switch {
	case o.r.Kind == "realign":
		return cutRoad(n, c.to)
	case c.segment == nil:
		return o.extension
	case len(c.segment.Line) < 2:
		return nil
	}
	src := stretchSource{span: c.segment.Span, line: c.segment.Line}
	line := slices.Clone(src.cut(c.from))
	if c.reversed {
		slices.Reverse(line)
	}
	return line
}
