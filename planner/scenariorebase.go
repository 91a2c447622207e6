package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// Subject is what an edit is about.
type Subject struct {
	Kind string // segment, road, site, village
	ID   ID
}

// The kinds of subject.
const (
	SubjectSegment = "segment"
	SubjectRoad    = "road"
	SubjectSite    = "site"
	SubjectVillage = "village"
)

// SubjectOf reads what the text of an edit is about. Of one that says nothing it
// is the zero Subject.
func SubjectOf(edit string) Subject {
	words := strings.SplitN(edit, ":", 4)
	if len(words) < 3 {
		return Subject{}
	}
	id, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return Subject{}
	}
	return Subject{words[1], ID(id)}
}

// adds says that an edit brings its subject into the world.
func adds(edit string) bool { return strings.HasPrefix(edit, "add:") }

// RebaseConflict is an edit of a scenario about something that is not what it was at
// the scenario's base.
type RebaseConflict struct {
	Edit    ScenarioEdit
	Subject Subject
	Name    string // of the subject, as it is or was
	Kind    ConflictKind
	Changes []FactChange // of ConflictChanged
}

// ConflictKind says what happened to the subject of an edit.
type ConflictKind string

// The kinds of conflict.
const (
	ConflictGone    ConflictKind = "gone"    // it is no longer there
	ConflictChanged ConflictKind = "changed" // other facts than at the base
	ConflictTaken   ConflictKind = "taken"   // the edit adds what is there meanwhile
)

// FactChange is a fact as it was at the base and as it is.
type FactChange struct{ Field, Was, Is string }

// knownFact is one thing known of a subject, in words or numbers that programs know.
type knownFact struct{ field, value string }

// Conflicts lists the standing edits of a scenario that are about something
// that is gone, changed or taken since its base: the county as it was there, and
// as it is. Both are as nobody asked them otherwise. Nothing else keeps a
// scenario from being rebased.
func Conflicts(s *Scenario, base, now *Assessment) []RebaseConflict {
	was, is := base.original().newFacts(), now.original().newFacts()
	var out []RebaseConflict
	for i := range s.Edits {
		e := &s.Edits[i]
		if !e.Stands() {
			continue
		}
		if c, ok := conflictOf(e.Text, was, is); ok {
			c.Edit = *e
			out = append(out, c)
		}
	}
	return out
}

// original is what was assessed before anything was asked.
func (a *Assessment) original() *Assessment {
	if a.base != nil {
		return a.base
	}
	return a
}

func conflictOf(edit string, was, is *subjectFacts) (RebaseConflict, bool) {
	c := RebaseConflict{Subject: SubjectOf(edit)}
	name, before := was.of(c.Subject)
	later, after := is.of(c.Subject)
	c.Name = cmp.Or(later, name)
	switch {
	case adds(edit):
		c.Kind = ConflictTaken
		return c, after != nil && before == nil
	case before == nil: // the scenario's own, or never there: the question says so
		return c, false
	case after == nil:
		c.Kind = ConflictGone
		return c, true
	}
	c.Kind, c.Changes = ConflictChanged, changedFacts(before, after)
	return c, len(c.Changes) > 0
}

// changedFacts pairs facts by field, in order.
func changedFacts(before, after []knownFact) []FactChange {
	var out []FactChange
	for _, was := range before {
		at := slices.IndexFunc(after, func(f knownFact) bool { return f.field == was.field })
		is := ""
		if at >= 0 {
			is = after[at].value
		}
		if was.value != is {
			out = append(out, FactChange{was.field, was.value, is})
		}
	}
	for _, is := range after {
		if !slices.ContainsFunc(before, func(f knownFact) bool { return f.field == is.field }) {
			out = append(out, FactChange{is.field, "", is.value})
		}
	}
	return out
}

// subjectFacts finds what is known of the subjects of edits.
type subjectFacts struct {
	a     *Assessment
	works map[ID]map[PieceState]int64 // by segment: mm in each state
}

func (a *Assessment) newFacts() *subjectFacts {
	f := &subjectFacts{a: a, works: map[ID]map[PieceState]int64{}}
	for i := range a.Pieces {
		p := &a.Pieces[i]
		if p.Segment == 0 || p.Halo {
			continue
		}
		if f.works[p.Segment] == nil {
			f.works[p.Segment] = map[PieceState]int64{}
		}
		f.works[p.Segment][p.State] += p.Span.To - p.Span.From
	}
	return f
}

// of gives the name and the facts of a subject; nil facts: there is none.
func (f *subjectFacts) of(s Subject) (string, []knownFact) {
	snap := f.a.Snapshot
	switch s.Kind {
	case SubjectSegment:
		if seg := f.a.segment(s.ID); seg != nil {
			return f.a.roadName(seg.Road), f.segment(seg)
		}
	case SubjectRoad:
		if r := f.a.roads[s.ID]; r != nil {
			return r.Name, roadFacts(r)
		}
	case SubjectSite:
		if site := find(snap.Sites, s.ID, func(s *Site) ID { return s.ID }); site != nil {
			return site.Name, siteFacts(site)
		}
	case SubjectVillage:
		if v := find(snap.Villages, s.ID, func(v *Village) ID { return v.ID }); v != nil {
			return v.Name, villageFacts(v)
		}
	}
	return "", nil
}

func (a *Assessment) roadName(road ID) string {
	if r := a.roads[road]; r != nil {
		return r.Name
	}
	return ""
}

func (f *subjectFacts) segment(s *Segment) []knownFact {
	out := []knownFact{
		{"road", idString(s.Road)}, {"length_m", thousandth(s.Span.To - s.Span.From)}, {"class", s.Class}, {"surface", s.Surface},
		{"built", string(s.Built)}, {"all_season", string(s.AllSeason)}, {"line", lineFact(s.Line)},
	}
	for _, state := range pieceStates {
		if mm := f.works[s.ID][state]; mm > 0 {
			out = append(out, knownFact{"works_" + string(state) + "_m", thousandth(mm)})
		}
	}
	return out
}

func roadFacts(r *Road) []knownFact {
	return []knownFact{{"version", strconv.Itoa(int(r.Version))}, {"length_m", thousandth(r.Length)}, {"class", r.Class}, {"line", lineFact(r.Line)}}
}

func siteFacts(s *Site) []knownFact {
	return []knownFact{
		{"place", pointFact(s.Gate)}, {"households", amountFact(s.CapacityHouseholds)}, {"persons", amountFact(s.CapacityPersons)}, {"jobs", amountFact(s.Jobs)},
		{"school_places", amountFact(s.SchoolPlaces)},
	}
}

// villageFacts leaves households out: a small count may not be shown.
func villageFacts(v *Village) []knownFact {
	persons := ""
	if n, known := v.Persons(); known {
		persons = strconv.FormatInt(n, 10)
	}
	return []knownFact{{"place", pointFact(v.Point)}, {"persons", persons}, {"hazard", v.Hazard}, {"township", v.Township}}
}

func amountFact(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func pointFact(p orb.Point) string { return fmt.Sprintf("%.6f, %.6f", p[0], p[1]) }

// lineFact tells two lines apart: where it begins and ends, its vertices and
// its length.
func lineFact(l orb.LineString) string {
	if len(l) == 0 {
		return ""
	}
	return fmt.Sprintf("%s - %s, %d, %.1f m", pointFact(l[0]), pointFact(l[len(l)-1]), len(l), float64(geo.Length(l))/1000)
}

func thousandth(mm int64) string { return strconv.FormatFloat(float64(mm)/1000, 'f', -1, 64) }
