package planner

import "slices"

// LayersAfter gives what [Assessment.Layers] gives. When the assessment was
// asked of the old one, whose layers are drawn, it takes over every feature that
// no question changes, and shares whole layers where none changes.
func (a *Assessment) LayersAfter(old *Assessment, drawn []Layer) []Layer {
	switch {
	case a == old:
		return drawn
	case a.base != old || old == nil:
		return a.Layers()
	}
	out := slices.Clone(drawn)
	for i := range out {
		switch out[i].Name {
		case "road":
			out[i].Features = a.roadsAfter(drawn[i].Features)
		case "village":
			out[i].Features = a.villagesAfter(old, drawn[i].Features)
		case "relocation_site", "move":
			if len(a.sitesAsked) > 0 {
				out[i].Features = a.sitesAfter(out[i].Name)
			}
		case "water_project":
			out[i].Features = a.waterAfter(old, drawn[i].Features)
		}
	}
	return out
}

// roadsAfter draws anew the pieces that an edit changed; their order and their
// lines are those of the original.
func (a *Assessment) roadsAfter(drawn []Feature) []Feature {
	out, at, cloned := drawn, 0, false
	for i := range a.Pieces {
		p := &a.Pieces[i]
		if !p.isShown() {
			continue
		}
		if p.Edit != "" {
			if !cloned {
				out, cloned = slices.Clone(drawn), true
			}
			out[at] = a.roadFeature(p)
		}
		at++
	}
	return out
}

// villagesAfter draws anew the villages whose verdicts are others.
func (a *Assessment) villagesAfter(old *Assessment, drawn []Feature) []Feature {
	out, cloned := drawn, false
	gets, got := a.supplyAsked().Villages, old.supplyAsked().Villages
	for i := range a.Villages {
		is, was := &a.Villages[i], &old.Villages[i]
		if is.Road == was.Road && is.Water == was.Water && gets[i].Verdict == got[i].Verdict && !a.asksOf(is.Village) {
			continue
		}
		if !cloned {
			out, cloned = slices.Clone(drawn), true
		}
		out[i] = a.villageFeature(is)
	}
	return out
}

// sitesAfter draws the sites, or the moves to them, anew.
func (a *Assessment) sitesAfter(name string) []Feature {
	if name == "move" {
		return a.moveFeatures()
	}
	return a.siteFeatures()
}

// waterAfter draws the works anew when some are too small in another season.
func (a *Assessment) waterAfter(old *Assessment, drawn []Feature) []Feature {
	same := slices.EqualFunc(a.supplyAsked().Projects, old.supplyAsked().Projects, func(is, was ProjectSupply) bool {
		return is.Bottleneck == was.Bottleneck
	})
	if same {
		return drawn
	}
	return a.waterFeatures()
}
