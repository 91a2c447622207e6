package planner

import "context"

// RoadVerdict is what the map says of a village's roads.
type RoadVerdict string

// The road verdicts. Only RoadConnected is proven to be all-season; RoadReached
// has a built road that is proven not to be.
const (
	RoadConnected RoadVerdict = "connected"
	RoadReached   RoadVerdict = "reached"
	RoadNot       RoadVerdict = "not"
	RoadUnknown   RoadVerdict = "unknown"
)

// WaterVerdict is the safety of a village's drinking water.
type WaterVerdict string

// The water verdicts, worst first where they are known.
const (
	WaterUnsafe     WaterVerdict = "unsafe"
	WaterBasic      WaterVerdict = "basic"
	WaterSafe       WaterVerdict = "safe"
	WaterUnsurveyed WaterVerdict = "unsurveyed"
)

// VillageVerdict is everything judged of a village.
type VillageVerdict struct {
	Village   *Village
	Connected Ternary // all-season path from the seat
	Smooth    Ternary // hardened path 通畅
	Reached   Ternary // any built motor road 通达
	Road      RoadVerdict
	Link      *WeakLink // what is missing; nil when Connected is Yes or there is no network
	NearRoad  bool      // an all-season road within Rules.RAIBufferMM, joined or not
	Water     WaterVerdict
	Survey    *WaterSurvey // nil: none
	Grades    WaterGrades  // of the four indicators
}

func (a *Assessment) judgeVillages(ctx context.Context) ([]VillageVerdict, error) {
	surveys := map[ID]*WaterSurvey{}
	for i := range a.Snapshot.Surveys {
		surveys[a.Snapshot.Surveys[i].Village] = &a.Snapshot.Surveys[i] // the latest stands last
	}
	links := a.net.newLinker()
	out := make([]VillageVerdict, len(a.Snapshot.Villages))
	inParallel(len(out), func(i int) {
		_, out[i].NearRoad = a.net.closest(i, a.Snapshot.Rules.RAIBufferMM, a.net.strict[AccessConnected])
	})
	for i := range out {
		if ctx.Err() != nil { // before the search for what a village lacks
			return nil, ctx.Err()
		}
		v, near := &a.Snapshot.Villages[i], a.net.near[i]
		d := VillageVerdict{Village: v, Survey: surveys[v.ID], NearRoad: out[i].NearRoad}
		d.Connected = a.net.judge(v, near, AccessConnected)
		d.Smooth = a.net.judge(v, near, AccessSmooth)
		d.Reached = a.net.judge(v, near, AccessReached)
		d.Road = roadVerdict(d.Connected, d.Reached)
		if d.Connected != Yes {
			d.Link = links.find(v, near)
		}
		d.Grades, d.Water = JudgeWater(d.Survey, &a.Snapshot.Standard)
		out[i] = d
	}
	return out, nil
}

func roadVerdict(connected, reached Ternary) RoadVerdict {
	switch {
	case connected == Yes:
		return RoadConnected
	case connected == Unknown:
		return RoadUnknown
	case reached == Yes:
		return RoadReached
	}
	return RoadNot
}

// Grade is the result of one water indicator.
type Grade int

// The grades; a bigger one is better and GradeMissing is no grade.
const (
	GradeMissing Grade = iota
	GradeFailed
	GradeBasic
	GradeGood
)

// WaterGrades are the four indicators of T/CHES 18-2018.
type WaterGrades struct{ Quantity, Quality, Convenience, Reliability Grade }

// JudgeWater grades a survey by a standard: the verdict is the worst of the
// four indicators, and unsurveyed when one of them was not observed.
func JudgeWater(s *WaterSurvey, std *WaterStandard) (WaterGrades, WaterVerdict) {
	if s == nil {
		return WaterGrades{}, WaterUnsurveyed
	}
	g := WaterGrades{
		Quantity:    atLeastGrade(s.LitresPerDay, std.LitresGood, std.LitresBasic),
		Convenience: convenience(s, std),
		Reliability: atLeastGrade(s.ReliabilityPct, std.ReliableGood, std.ReliableBasic),
	}
	if s.QualityOK != nil {
		g.Quality = GradeFailed
		if *s.QualityOK {
			g.Quality = GradeGood
		}
	}
	switch min(g.Quantity, g.Quality, g.Convenience, g.Reliability) {
	case GradeMissing:
		return g, WaterUnsurveyed
	case GradeFailed:
		return g, WaterUnsafe
	case GradeBasic:
		return g, WaterBasic
	}
	return g, WaterSafe
}

func atLeastGrade(v *float64, good, basic float64) Grade {
	switch {
	case v == nil || *v != *v:
		return GradeMissing
	case *v >= good:
		return GradeGood
	case *v >= basic:
		return GradeBasic
	}
	return GradeFailed
}

func atMostGrade(v *float64, good, basic float64) Grade {
	switch {
	case v == nil || *v != *v:
		return GradeMissing
	case *v <= good:
		return GradeGood
	case *v <= basic:
		return GradeBasic
	}
	return GradeFailed
}

// convenience is good with a tap; else the time decides where it is known, and
// distance and climb together only where it is not. One of the two alone can
// fail a village but not pass it.
func convenience(s *WaterSurvey, std *WaterStandard) Grade {
	if s.Tap != nil && *s.Tap {
		return GradeGood
	}
	if g := atMostGrade(s.FetchMinutes, std.MinutesGood, std.MinutesBasic); g != GradeMissing {
		return g
	}
	distance := atMostGrade(s.DistanceM, std.DistanceGood, std.DistanceBasic)
	climb := atMostGrade(s.ClimbM, std.ClimbGood, std.ClimbBasic)
	if distance == GradeFailed || climb == GradeFailed {
		return GradeFailed
	}
	return min(distance, climb)
}
