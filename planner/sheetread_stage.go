package planner

import (
	"regexp"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

var (
	doneWords    = regexp.MustCompile(`^(?:√|✓|✔|是|有|已?完成|已?完工|全部完成|全部完工|100%|done|yes)$`)
	nothingWords = regexp.MustCompile(`^(?:-+|—+|/+|\\+|无|否|×|✗|x|未|未开工|未动工|未完成|未实施|没有|在建|施工中|正在施工|进行中|0+(?:\.0+)?(?:公里|千米|km|米|m|%)?|no|none|n/a)$`)
)

// stageEntries are the reports of a column that is for one stage: intervals, a
// length from the row's start, a share of the row's road, or a tick for all of
// it.
func (r *rowReader) stageEntries(c SheetColumn, stage Stage) []*Entry {
	text := cellAt(r.row, c.Column-1)
	word := strings.ToLower(narrow(clip(text)))
	switch {
	case word == "" || nothingWords.MatchString(word):
		return nil
	case doneWords.MatchString(word):
		return []*Entry{r.whole(stage)}
	case wholeRoad[word], looksLikeLabel(text):
		return r.intervals(text, stage, "", "")
	}
	e := r.entry(stage)
	if q, ok := parseQuantity(text); ok && q.unit == "%" {
		r.setShare(e, q.value, text)
	} else {
		r.setLength(e, text, r.unitOf(c))
	}
	if e.Length != nil {
		r.placeLength(e)
	}
	return []*Entry{e}
}

// whole is a report of all that the row speaks of.
func (r *rowReader) whole(stage Stage) *Entry {
	e := r.entry(stage)
	from, to, _ := r.labels()
	switch text := r.cell(FieldInterval); {
	case text != "":
		e.Text = keep(text)
	case from != "" && to != "":
		e.From, e.To = from, to
		r.noteEnds(e)
	default:
		e.Text = "全线"
	}
	return e
}

// setShare puts a per cent of the row's road to a report; where the row does not
// say how long that is, the words stay, and it is of the road as it is known.
func (r *rowReader) setShare(e *Entry, percent float64, text string) {
	e.Note = addNote(e.Note, keep(text))
	whole, ok := r.wholeLength()
	if !ok || percent < 0 || percent > 100 {
		e.Text = keep(text)
		return
	}
	mm := int64(float64(whole)*percent/100 + 0.5)
	e.Length = &mm
}

// wholeLength is how long the row's road or interval is.
func (r *rowReader) wholeLength() (int64, bool) {
	for _, f := range []SheetField{FieldPlanned, FieldLength} {
		if mm, _, ok := ParseLength(r.cell(f), r.unit(f)); ok && mm > 0 {
			return mm, true
		}
	}
	if from, to, err := chainage.ParseInterval(r.cell(FieldInterval)); err == nil {
		return max(from-to, to-from), true
	}
	from, to, _ := r.labels()
	a, err1 := chainage.ParseLabel(from)
	b, err2 := chainage.ParseLabel(to)
	return max(a-b, b-a), err1 == nil && err2 == nil
}

// placeLength puts a length that is done to the start of the row's interval; all
// of it, where it is as long.
func (r *rowReader) placeLength(e *Entry) {
	from, to, _ := r.labels()
	if a, b, err := chainage.ParseInterval(r.cell(FieldInterval)); err == nil {
		from, to = chainage.FormatLabel(a), chainage.FormatLabel(b)
	}
	a, err1 := chainage.ParseLabel(from)
	b, err2 := chainage.ParseLabel(to)
	switch whole := max(a-b, b-a); {
	case err1 != nil:
	case err2 == nil && *e.Length >= whole-lengthSlack/5 && *e.Length <= whole+lengthSlack/5:
		e.From, e.To, e.Length = from, to, nil
	case err2 == nil && *e.Length > whole: // more than there is: it is held against both ends
		e.From, e.To, e.Assumed = from, to, true
	case err2 == nil && a > b:
		e.To, e.Assumed = from, true
	default:
		e.From, e.Assumed = from, true
	}
	if e.From+e.To != "" {
		r.noteEnds(e)
	}
}
