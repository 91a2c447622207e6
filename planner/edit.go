package planner

import (
	"strconv"
	"strings"
)

// Edit is one change of the network that a question supposes.
type Edit struct {
	Do      string // one of the verbs below
	Road    ID     // the whole road where Segment is 0
	Segment ID
}

// The verbs of an edit. Close: nobody can pass. Build: built, hardened, for
// motors and all-season. Improve: the same of what is built; what is not there
// stays away, a footpath a footpath, and what may not be there as unsure as it
// was.
const (
	EditClose   = "close"
	EditBuild   = "build"
	EditImprove = "improve"
)

// MaxEdits is how many edits a question may have.
const MaxEdits = 500

// editSyntax is the mend of every bad edit.
const editSyntax = "write close, build or improve, then segment or road, then its number, as in close:segment:17,build:road:5"

// String writes an edit as [ParseEdits] reads it.
func (e Edit) String() string {
	if e.Segment != 0 {
		return e.Do + ":segment:" + idString(e.Segment)
	}
	return e.Do + ":road:" + idString(e.Road)
}

// FormatEdits writes edits as [ParseEdits] reads them.
func FormatEdits(edits []Edit) string {
	words := make([]string, len(edits))
	for i, e := range edits {
		words[i] = e.String()
	}
	return strings.Join(words, ",")
}

// ParseEdits reads edits with commas between: "close:segment:17,build:road:5".
// An empty text is none. An error names the edit that cannot be read.
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
		out = append(out, e)
	}
	return out, nil
}

func parseEdit(text string) (e Edit, ok bool) {
	do, rest, _ := strings.Cut(text, ":")
	what, number, _ := strings.Cut(rest, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id <= 0 || number[0] == '+' {
		return e, false
	}
	e.Do = do
	switch what {
	case "segment":
		e.Segment = ID(id)
	case "road":
		e.Road = ID(id)
	default:
		return e, false
	}
	return e, e.check() == nil
}

// cutText keeps a message short, whatever was sent.
func cutText(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// check refuses an edit that says nothing.
func (e Edit) check() error {
	switch e.Do {
	case EditClose, EditBuild, EditImprove:
	default:
		return Errorf(Invalid, "edit %q is not known; %s", cutText(e.Do), editSyntax)
	}
	if e.Segment < 0 || e.Road < 0 || e.Segment == 0 && e.Road == 0 {
		return Errorf(Invalid, "edit %q names neither a segment nor a road; %s", e, editSyntax)
	}
	return nil
}
