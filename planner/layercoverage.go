package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// CoverageFeatures draw what stands between villages and a proven all-season
// connection: for each village without one the stretches that fail on its way
// from the seat, or the straight line to the nearest road that would do. They
// are no layer of [Assessment.Layers], since one change may redraw many of them.
// Villages of a region without any network have none.
func (a *Assessment) CoverageFeatures() []Feature {
	var out []Feature
	var links *linker
	for i := range a.Villages {
		d := &a.Villages[i]
		if d.Link == nil {
			continue
		}
		if links == nil {
			links = a.net.newLinker()
		}
		if line := links.missing(d.Village, a.net.near[i]); len(line) > 0 {
			out = append(out, a.coverageFeature(d, line))
		}
	}
	return out
}

func (a *Assessment) coverageFeature(d *VillageVerdict, line orb.MultiLineString) Feature {
	kind := LegMissing
	if d.Link.Straight {
		kind = LegStraight
	}
	properties := map[string]any{
		"kind": kind, "verdict": string(d.Road), "missing_m": metres(d.Link.MissingMM), "stretches": int64(len(line)), "township": d.Village.Township,
	}
	if n, ok := d.Village.Persons(); ok {
		properties["persons"] = n
	}
	return a.feature(d.Village.ID, d.Village.Code, d.Village.Name, line, inEnglish(properties, d.Village.NameEN))
}

// missing draws the weakest link of a village.
func (l *linker) missing(v *Village, near []route.Snap) orb.MultiLineString {
	at, straight, ok := l.way(v, near)
	if !ok {
		return nil
	}
	if straight {
		return orb.MultiLineString{{at.Point, v.Point}}
	}
	at.Access = 0
	path, _ := l.query.Path(at)
	var out orb.MultiLineString
	from := 0
	for i := 0; i <= len(path.Steps); i++ {
		if i < len(path.Steps) && l.n.piece(path.Steps[i].Edge).meets(AccessConnected) != Yes {
			continue
		}
		if i > from {
			out = append(out, l.graph.PathLine(route.Path{Steps: path.Steps[from:i]}))
		}
		from = i + 1
	}
	return out
}
