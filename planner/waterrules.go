package planner

import "math"

// WaterRules are what supply and cost of water are reckoned with, where a work
// or a survey does not say it itself. A share is in parts per million.
type WaterRules struct {
	LossPPM      int64     // leakage and the unforeseen, of what is drawn: W = Q(1 + loss)
	PublicPPM    int64     // schools, livestock, workshops, of what residents draw
	Dry          DryShares // what a work gives in the dry season, of its capacity
	HalfLifeDays int64     // a survey this old counts half
	StaleDays    int64     // a survey older than this is stale
	GapVillage   int64     // fen to make a village safe that no survey has priced
	GapPerson    int64     // and for each of its persons
}

// DryShares are the shares of capacity left in the dry season, by kind of work.
type DryShares struct{ UrbanExtension, Large, Medium, Small, Dispersed, Reservoir, Pond, Other int64 }

// DefaultWaterRules are a loss of 15 % (domain page 2.3: 10 to 25 %), no public
// use, a half-life of a year, stale after three, and 1.7232 million yuan a village,
// which is what 224 villages for 386 million come to. The shares of the dry
// season are an assumption until a work's own is known: the smaller the source,
// the less it gives.
func DefaultWaterRules() WaterRules {
	return WaterRules{
		LossPPM: 150_000,
		Dry: DryShares{
			UrbanExtension: 1_000_000, Large: 900_000, Medium: 850_000, Small: 700_000,
			Dispersed: 400_000, Reservoir: 900_000, Pond: 600_000, Other: 700_000,
		},
		HalfLifeDays: 365, StaleDays: 3 * 365, GapVillage: 172_320_000,
	}
}

// Share is where the share of a kind of work is kept; nil: there is no such kind.
func (d *DryShares) Share(kind string) *int64 {
	switch kind {
	case "urban_extension":
		return &d.UrbanExtension
	case "large":
		return &d.Large
	case "medium":
		return &d.Medium
	case "small":
		return &d.Small
	case "dispersed":
		return &d.Dispersed
	case "reservoir":
		return &d.Reservoir
	case "pond":
		return &d.Pond
	case "other":
		return &d.Other
	}
	return nil
}

// of is the share of a kind, however it is called; none is more than all.
func (d *DryShares) of(kind string) int64 {
	share := d.Share(kind)
	if share == nil {
		share = &d.Other
	}
	return min(*share, ppm)
}

// demand is what persons draw in a day, in litres: the standard's litres and the
// public's part. It is capped, so that those of a county never overflow.
func (r *WaterRules) demand(persons int64, std *WaterStandard, villages int) int64 {
	litres := scale(persons, amountOf(std.LitresGood, 1000), 1000)
	return min(scale(litres, ppm+max(r.PublicPPM, 0), ppm), maxLitres/int64(max(villages, 1)))
}

// capacity is what of a work's cubic metres a day comes to the taps, in litres;
// false: not known. In the dry season it is the work's own, else the share of its kind.
func (r *WaterRules) capacity(w *WaterProject, season string) (int64, bool) {
	given, known := litresOf(w.CapacityM3D)
	if season == SeasonDry {
		if own, ok := litresOf(w.DryCapacityM3D); ok {
			if known {
				own = min(own, given)
			}
			given, known = own, true
		} else {
			given = scale(given, r.Dry.of(w.Kind), ppm)
		}
	}
	loss := r.LossPPM
	if w.LossPct != nil {
		loss = amountOf(*w.LossPct, ppm/100)
	}
	return scale(given, ppm, ppm+max(loss, 0)), known
}

// maxLitres is far more than the earth draws in a day. All villages together ask
// for no more, nor do all works give more, so that no sum of them overflows.
const maxLitres = 1 << 60

func litresOf(m3 *float64) (int64, bool) {
	if m3 == nil || math.IsNaN(*m3) || *m3 < 0 {
		return 0, false
	}
	return amountOf(*m3, 1000), true
}

// amountOf rounds v·per to a whole number that is not negative nor beyond maxLitres.
func amountOf(v, per float64) int64 {
	if v = v * per; v > 0 { // not for NaN either
		return int64(min(v, maxLitres) + 0.5)
	}
	return 0
}

// freshness is 0.5^(days/half-life), in parts per million: what an observation
// of that age still counts. Of today and later it is whole. Only products and
// square roots, so that every machine has the same.
func freshness(days, halfLife int64) int64 {
	if days <= 0 {
		return ppm
	}
	halfLife = max(halfLife, 1)
	if days/halfLife >= 64 {
		return 0
	}
	left, root := 1.0, 0.5
	for rest, bit := days%halfLife, 0; bit < 40 && rest > 0; bit++ {
		root = math.Sqrt(root)
		if rest *= 2; rest >= halfLife {
			rest -= halfLife
			left *= root
		}
	}
	return int64(math.Ldexp(left*ppm, -int(days/halfLife)) + 0.5)
}
