package planner

// SiteFactor is something a site is scored by.
type SiteFactor int

// The factors of the domain page, in its order. What the x of their curves is
// stands beside them.
const (
	FactorTown     SiteFactor = iota // km by road to the nearest seat of county or township
	FactorJobs                       // jobs to a household
	FactorServices                   // minutes by road to school and clinic, each for half
	FactorWater                      // persons the water is enough for, to one who is to live there
	FactorRoad                       // 3: class 2, secondary and better; 2: class 3, tertiary; 1: another hardened road; 0: any other
	FactorSlope                      // degrees at the gate
	FactorLand                       // 1: owned or unused; 0: to be acquired
	siteFactors
)

var factorNames = [siteFactors]string{"town", "jobs", "services", "water", "road", "slope", "land"}

func (f SiteFactor) String() string { return factorNames[f] }

// SiteFactors lists them.
func SiteFactors() []SiteFactor {
	out := make([]SiteFactor, siteFactors)
	for i := range out {
		out[i] = SiteFactor(i)
	}
	return out
}

// ScorePoint is a point of a curve of scores: X in thousandths of the factor's
// measure, Score in thousandths of a point.
type ScorePoint struct{ X, Score int64 }

// MaxScorePoints is how many points a curve has at most.
const MaxScorePoints = 6

// ScoreCurve gives a score for a measure: straight between its points, level beyond
// the first and the last.
type ScoreCurve struct {
	N  int // points in use
	At [MaxScorePoints]ScorePoint
}

// NewScoreCurve makes a curve of rising points; scores are 0 to 100 points.
func NewScoreCurve(points ...ScorePoint) (ScoreCurve, error) {
	var c ScoreCurve
	if len(points) < 1 || len(points) > MaxScorePoints {
		return c, Errorf(Invalid, "%d points; a curve has 1 to %d", len(points), MaxScorePoints)
	}
	for i, p := range points {
		if p.Score < 0 || p.Score > fullScore || p.X < -curveAtMost || p.X > curveAtMost {
			return c, Errorf(Invalid, "point %d: write a score from 0 to 100", i+1)
		}
		if i > 0 && p.X <= points[i-1].X {
			return c, Errorf(Invalid, "point %d does not lie beyond the one before", i+1)
		}
		c.At[i] = p
	}
	c.N = len(points)
	return c, nil
}

const (
	fullScore   = 100_000 // 100 points
	curveAtMost = 1_000_000_000
)

// score is the curve at a measure in thousandths.
func (c *ScoreCurve) score(x int64) int64 {
	if c.N == 0 || x <= c.At[0].X {
		return c.At[0].Score
	}
	for i := 1; i < c.N; i++ {
		p, q := c.At[i-1], c.At[i]
		if x < q.X {
			return p.Score + (q.Score-p.Score)*(x-p.X)/(q.X-p.X)
		}
	}
	return c.At[c.N-1].Score
}

// FactorRule is what a factor weighs and how it is scored.
type FactorRule struct {
	Weight int64 // thousandths of a point of the whole; 0: it does not count
	Curve  ScoreCurve
}

// SiteRules say how sites are judged.
type SiteRules struct {
	Factors    [siteFactors]FactorRule
	ClassFrom  [3]int64 // the score from which a site is most, generally and less suitable, thousandths
	SlopeMax   int64    // thousandths of a degree; a steeper site is excluded
	AreaMaxDM2 int64    // of dwelling a person, square decimetres
	ConsentPPM int64    // so many of the households asked must agree
	RemindDays int64    // what is due within so many days is named
	FieldsMM   int64    // old fields are within reach of a site so far by road
	FieldsMS   int64    // or so long on foot
}

// DefaultSiteRules have the weights, the slopes and the limits of the domain
// page (2.4). The page gives no other thresholds: the curves of the other
// factors and the classes are assumptions of this project.
func DefaultSiteRules() SiteRules {
	curve := func(weight int64, points ...int64) FactorRule {
		r := FactorRule{Weight: weight * 1000, Curve: ScoreCurve{N: len(points) / 2}}
		for i := range r.Curve.N {
			r.Curve.At[i] = ScorePoint{points[2*i], points[2*i+1] * 1000}
		}
		return r
	}
	return SiteRules{
		Factors: [siteFactors]FactorRule{
			FactorTown:     curve(20, 2_000, 100, 10_000, 60, 30_000, 0),
			FactorJobs:     curve(25, 0, 0, 1_000, 60, 1_800, 100),
			FactorServices: curve(15, 10_000, 100, 30_000, 60, 60_000, 0),
			FactorWater:    curve(10, 1_000, 0, 1_500, 100),
			FactorRoad:     curve(10, 0, 20, 1_000, 60, 2_000, 80, 3_000, 100),
			FactorSlope:    curve(10, 8_000, 100, 15_000, 60, 25_000, 0),
			FactorLand:     curve(10, 0, 0, 1_000, 100),
		},
		ClassFrom: [3]int64{80_000, 60_000, 40_000}, SlopeMax: 25_000, AreaMaxDM2: 2_500, ConsentPPM: 800_000, RemindDays: 30, FieldsMM: 3_000_000, FieldsMS: 30 * 60_000,
	}
}
