package planner

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Edit is one change of the county that a question supposes: of the network,
// of a site, or of a village. It is about exactly one of them.
type Edit struct {
	Do      string // one of the verbs below
	Road    ID     // the whole road where Segment is 0
	Segment ID

	Site       ID        // of place, capacity, add, and of close
	Village    ID        // of people
	Point      orb.Point // of place and add; lon and lat, to the fifth decimal
	Households int64     // of people
	Persons    int64     // of capacity, add and people
}

// The verbs of an edit of roads. Close: nobody can pass. Build: built, hardened,
// for motors and all-season. Improve: the same of what is built; what is not
// there stays away, a footpath a footpath, and what may not be there as unsure
// as it was.
const (
	EditClose   = "close"
	EditBuild   = "build"
	EditImprove = "improve"
)

// The verbs of an edit of a site, beside [EditClose]: it takes nobody more.
// Place: its gate is there. Capacity: so many persons fit, whatever its parts
// say; it opens what was closed. Add: a new site, under a number that who asks
// chooses.
const (
	EditPlace    = "place"
	EditCapacity = "capacity"
	EditAdd      = "add"
)

// EditPeople is the verb of an edit of a village: so many households and persons
// live there.
const EditPeople = "people"

// FirstAskedSite is the least number of a site that a question adds, lastAskedSite
// the greatest.
const (
	FirstAskedSite = 900_001
	lastAskedSite  = 1 << 53
)

// MaxEdits is how many edits a question may have.
const MaxEdits = 500

// editSyntax is the mend of every bad edit.
const editSyntax = "write close, build or improve, then segment or road, then its number, as in close:segment:17,build:road:5; of a site place:site:3:104.72913:27.13021, " +
	"capacity:site:3:1200, close:site:3 or add:site:900001:104.7:27.1:800, of a village people:village:12:35:160 (households, persons)"

// String writes an edit as [ParseEdits] reads it.
func (e Edit) String() string {
	switch {
	case e.Village != 0:
		return words(e.Do, "village", idString(e.Village), wholeString(e.Households), wholeString(e.Persons))
	case e.Site != 0:
		out := []string{e.Do, "site", idString(e.Site)}
		if e.Do == EditPlace || e.Do == EditAdd {
			out = append(out, degrees(e.Point[0]), degrees(e.Point[1]))
		}
		if e.Do == EditCapacity || e.Do == EditAdd {
			out = append(out, wholeString(e.Persons))
		}
		return words(out...)
	case e.Segment != 0:
		return words(e.Do, "segment", idString(e.Segment))
	}
	return words(e.Do, "road", idString(e.Road))
}

func words(parts ...string) string { return strings.Join(parts, ":") }

func wholeString(n int64) string { return strconv.FormatInt(n, 10) }

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// FormatEdits writes edits as [ParseEdits] reads them.
func FormatEdits(edits []Edit) string {
	words := make([]string, len(edits))
	for i, e := range edits {
		words[i] = e.String()
	}
	return strings.Join(words, ",")
}

// ParseEdits reads edits with commas between: "close:segment:17,build:road:5".
// An empty text is none. Degrees are rounded to the fifth decimal, about a
// metre. An error names the edit that cannot be read.
func ParseEdits(s string) ([]Edit, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	if n := strings.Count(s, ",") + 1; n > MaxEdits {
		return nil, Errorf(TooLarge, "%d edits are more than %d; leave some out, or edit whole roads", n, MaxEdits)
	}
	var out []Edit
	for text := range strings.SplitSeq(s, ",") {
		e, ok := parseEdit(strings.TrimSpace(text))
		if !ok {
			return nil, Errorf(Invalid, "edit %q cannot be read; %s", cutText(text), editSyntax)
		}
		if err := e.check(); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// longestEdit is how many parts an edit has at most.
const longestEdit = 6

func parseEdit(text string) (e Edit, ok bool) {
	part := strings.SplitN(text, ":", longestEdit+1)
	if len(part) < 3 {
		return e, false
	}
	n, ok := parseWhole(part[2])
	if !ok || n == 0 {
		return e, false
	}
	e.Do = part[0]
	var rest editReader = part[3:]
	switch part[0] + " " + part[1] {
	case "close segment", "build segment", "improve segment":
		e.Segment = ID(n)
	case "close road", "build road", "improve road":
		e.Road = ID(n)
	case "close site":
		e.Site = ID(n)
	case "place site":
		e.Site, e.Point = ID(n), rest.point()
	case "capacity site":
		e.Site, e.Persons = ID(n), rest.whole()
	case "add site":
		e.Site, e.Point, e.Persons = ID(n), rest.point(), rest.whole()
	case "people village":
		e.Village, e.Households, e.Persons = ID(n), rest.whole(), rest.whole()
	default:
		return e, false
	}
	return e, len(rest) == 0 && rest != nil
}

// editReader are the parts of an edit that are still to be read; nil: one of
// them could not be.
type editReader []string

func (r *editReader) whole() int64 {
	if len(*r) == 0 {
		*r = nil
		return 0
	}
	n, ok := parseWhole((*r)[0])
	if *r = (*r)[1:]; !ok {
		*r = nil
	}
	return n
}

func (r *editReader) point() (p orb.Point) {
	for i := range p {
		if len(*r) == 0 {
			*r = nil
			return p
		}
		x, ok := parseDegrees((*r)[0])
		if *r = (*r)[1:]; !ok {
			*r = nil
		}
		p[i] = x
	}
	return p
}

// parseWhole reads ASCII digits and nothing else.
func parseWhole(s string) (int64, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// parseDegrees reads a decimal number without exponent, and rounds it.
func parseDegrees(s string) (float64, bool) {
	whole, part, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(whole) == 0 || len(s) > 24 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	const fifth = 100_000
	return math.Round(x*fifth)/fifth + 0, err == nil // + 0: no negative zero
}

// cutText keeps a message short, whatever was sent.
func cutText(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// check refuses an edit that says nothing, or nonsense.
func (e Edit) check() error {
	switch e.Do {
	case EditClose, EditBuild, EditImprove, EditPlace, EditCapacity, EditAdd, EditPeople:
	default:
		return Errorf(Invalid, "edit %q is not known; %s", cutText(e.Do), editSyntax)
	}
	switch {
	case e.Village != 0 || e.Do == EditPeople:
		return e.checkPeople()
	case e.Site != 0 || e.Do == EditPlace || e.Do == EditCapacity || e.Do == EditAdd:
		return e.checkSite()
	case e.Segment < 0 || e.Road < 0 || e.Segment == 0 && e.Road == 0:
		return Errorf(Invalid, "edit %q names neither a segment nor a road; %s", e, editSyntax)
	}
	return nil
}

func (e Edit) checkPeople() error {
	switch {
	case e.Village <= 0 || e.Do != EditPeople || e.Site != 0 || e.Road != 0 || e.Segment != 0:
		return Errorf(Invalid, "edit %q is none of a village; %s", e, editSyntax)
	case e.Persons < 0 || e.Persons > mostVillagePersons || e.Households < 0 || e.Households > e.Persons || e.Households == 0 && e.Persons > 0:
		return Errorf(Invalid, "edit %q: a village has persons from 0 to %d and from one household to as many as persons", e, mostVillagePersons)
	}
	return nil
}

func (e Edit) checkSite() error {
	switch {
	case e.Site <= 0 || e.Do == EditBuild || e.Do == EditImprove || e.Road != 0 || e.Segment != 0:
		return Errorf(Invalid, "edit %q is none of a site; %s", e, editSyntax)
	case e.Do == EditAdd && (e.Site < FirstAskedSite || e.Site > lastAskedSite):
		return Errorf(Invalid, "edit %q: a site that is added has a number from %d on", e, FirstAskedSite)
	case e.Persons < 0 || e.Persons > mostVillagePersons:
		return Errorf(Invalid, "edit %q: a site takes persons from 0 to %d", e, mostVillagePersons)
	case !(math.Abs(e.Point[0]) <= 180 && math.Abs(e.Point[1]) <= 90):
		return Errorf(Invalid, "edit %q: the place is not on the earth; write lon from -180 to 180, then lat from -90 to 90", e)
	}
	return nil
}

// ofRoads says whether the edit changes the network.
func (e Edit) ofRoads() bool { return e.Site == 0 && e.Village == 0 }
