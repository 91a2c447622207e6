package planner

import (
	"math"
	"slices"
)

// SiteClass is how suitable a site is.
type SiteClass string

// The classes 最适宜, 一般, 较不适宜, 不适宜 (domain page 2.4).
const (
	SiteMost       SiteClass = "most"
	SiteGeneral    SiteClass = "general"
	SiteLess       SiteClass = "less"
	SiteUnsuitable SiteClass = "unsuitable"
)

// SiteClasses lists them from the best down.
var SiteClasses = []SiteClass{SiteMost, SiteGeneral, SiteLess, SiteUnsuitable}

// Suitability is how suitable a site is, opened to its parts. Scores are
// thousandths of a point of 100. A factor of which nothing is known counts as
// anything from 0 to 100, so that a score is an interval.
type Suitability struct {
	Class      SiteClass // unsuitable where anything excludes; empty: the interval lies in several
	Low, High  int64     // of the whole score
	LowClass   SiteClass // of Low, exclusions apart
	HighClass  SiteClass
	Factors    []FactorScore // in the order of SiteFactors, then those of the county's own
	Exclusions []Exclusion   // in the order of exclusionNames, then those of the county's own
}

// Excluded reports whether anything excludes the site.
func (s *Suitability) Excluded() bool {
	return slices.ContainsFunc(s.Exclusions, func(e Exclusion) bool { return e.Is == Yes })
}

// Unchecked lists the exclusions of which nobody knows.
func (s *Suitability) Unchecked() (names []string) {
	for _, e := range s.Exclusions {
		if e.Is == Unknown {
			names = append(names, e.Name)
		}
	}
	return names
}

// FactorScore is the score of one factor, and where it is from.
type FactorScore struct {
	Name      string
	Weight    int64  // thousandths of a point of the whole
	Low, High int64  // the same where it is known
	Measure   *int64 // x of its curve, thousandths; nil: unknown, or stored without
	Why       string // ScoreStored, ScoreComputed, or why it is not known
	Source    string // of the stored score; else the facility, road, layer or model it was measured to or on
}

// Why a score is what it is, beside the reasons for which it is not known:
// no_facility, no_proven_road, no_road, no_count, no_heights, no_surface, no_land.
const (
	ScoreStored   = "stored"
	ScoreComputed = "computed"
	ScoreCutOff   = "unreachable" // no road leads there, known or not: 0 points
)

// Exclusion is something that makes a site unsuitable whatever its score.
type Exclusion struct {
	Name   string // hazard, red_line, farmland, flood, slope, water, or one of the county's own
	Is     Ternary
	Why    string // stored, inside, outside, no_layer, steep, no_heights, too_little, enough, no_count
	Source string // of a stored one; else the name of the area
	Area   ID     // reference that the gate lies in; 0: none
}

// exclusionNames lists the exclusions of the domain page.
var exclusionNames = []string{"hazard", "red_line", "farmland", "flood", "slope", "water"}

// Suitability judges every site, in order of id.
func (a *Assessment) Suitability() []Suitability {
	a.siteMemo.suits.Do(func() {
		j := a.newSiteJudge()
		a.siteMemo.suitsMade = make([]Suitability, len(a.Snapshot.Sites))
		inParallel(len(a.Snapshot.Sites), func(i int) { a.siteMemo.suitsMade[i] = j.judge(i) })
	})
	return a.siteMemo.suitsMade
}

func (j *siteJudge) judge(i int) Suitability {
	site, rules := &j.a.Snapshot.Sites[i], &j.a.Snapshot.Rules.Site
	s := Suitability{Exclusions: j.exclusions(i)}
	stored := map[string]*StoredScore{}
	for k := range site.Scores {
		stored[site.Scores[k].Factor] = &site.Scores[k]
	}
	for f := range siteFactors {
		score := j.score(f, i)
		score.Name, score.Weight = f.String(), rules.Factors[f].Weight
		if given := stored[score.Name]; given != nil && given.Score != nil {
			score.give(given)
		}
		s.Factors = append(s.Factors, score)
	}
	for k := range site.Scores {
		if one := &site.Scores[k]; one.Score != nil && !slices.Contains(factorNames[:], one.Factor) {
			own := FactorScore{Name: one.Factor}
			own.give(one)
			s.Factors = append(s.Factors, own)
		}
	}
	s.sum(rules)
	return s
}

// give puts a stored score in the place of what was computed.
func (f *FactorScore) give(s *StoredScore) {
	f.Low = max(0, min(milli(*s.Score), fullScore))
	f.High, f.Measure, f.Why, f.Source = f.Low, nil, ScoreStored, s.Source
}

// sum weighs the factors and finds the class.
func (s *Suitability) sum(rules *SiteRules) {
	var weight, low, high int64
	for i := range s.Factors {
		f := &s.Factors[i]
		weight, low, high = weight+f.Weight, low+f.Weight*f.Low, high+f.Weight*f.High
	}
	s.High = fullScore
	if weight > 0 {
		s.Low, s.High = low/weight, high/weight
	}
	s.LowClass, s.HighClass = rules.class(s.Low), rules.class(s.High)
	switch {
	case s.Excluded():
		s.Class = SiteUnsuitable
	case s.LowClass == s.HighClass:
		s.Class = s.LowClass
	}
}

func (r *SiteRules) class(score int64) SiteClass {
	for i, from := range r.ClassFrom {
		if score >= from {
			return SiteClasses[i]
		}
	}
	return SiteUnsuitable
}

// exclusions are those of the domain page, then the county's own.
func (j *siteJudge) exclusions(i int) []Exclusion {
	site := &j.a.Snapshot.Sites[i]
	var out []Exclusion
	for _, name := range exclusionNames {
		e := j.exclusion(name, i)
		e.Name = name
		for _, s := range site.Scores {
			if s.Factor == name && (s.Excluded || s.Score == nil) {
				e.Is, e.Why, e.Source, e.Area = No, ScoreStored, s.Source, 0
				if s.Excluded {
					e.Is = Yes
				}
			}
		}
		out = append(out, e)
	}
	for _, s := range site.Scores {
		if s.Excluded && !slices.Contains(exclusionNames, s.Factor) {
			out = append(out, Exclusion{Name: s.Factor, Is: Yes, Why: ScoreStored, Source: s.Source})
		}
	}
	return out
}

// exclusion computes one.
func (j *siteJudge) exclusion(name string, i int) Exclusion {
	switch name {
	case "slope":
		degrees, ok := j.slope(i)
		switch {
		case !ok:
			return Exclusion{Is: Unknown, Why: "no_heights"}
		case degrees > j.a.Snapshot.Rules.Site.SlopeMax:
			return Exclusion{Is: Yes, Why: "steep", Source: j.a.Snapshot.Terrain.Source}
		}
		return Exclusion{Is: No, Why: "level", Source: j.a.Snapshot.Terrain.Source}
	case "water":
		return j.waterExclusion(i)
	}
	return j.areas[name].exclusion(j.a.Snapshot.Sites[i].Gate)
}

// waterExclusion: the water of the site is not enough for those who are to come.
func (j *siteJudge) waterExclusion(i int) Exclusion {
	enough := j.capacity[i].Water
	switch {
	case enough == nil:
		return Exclusion{Is: Unknown, Why: "no_count"}
	case *enough < max(j.coming[i].persons, 1):
		return Exclusion{Is: Yes, Why: "too_little"}
	}
	return Exclusion{Is: No, Why: "enough"}
}

// milli is a number in thousandths; 0 for one that is none.
func milli(v float64) int64 {
	if !(math.Abs(v) < curveAtMost) {
		return 0
	}
	return int64(math.Round(v * 1000))
}
