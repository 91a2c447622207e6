package planner

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

// wholeRoad are the words for all of a road.
var wholeRoad = map[string]bool{"全线": true, "全段": true, "全部": true, "全路段": true, "全程": true, "整条": true, "whole": true, "all": true, "entire": true}

// lengthSlack is how far a written length may go beyond the end of a road: it is
// written to two decimals of a kilometre, or to one.
const lengthSlack = 50_000

// findPlace reads the interval; false: it is not known (R11, R12).
func (k *entryCheck) findPlace() bool {
	e, road := k.e, k.road.road
	switch {
	case e.Span != nil:
		return k.takeSpan(*e.Span)
	case wholeRoad[strings.ToLower(narrow(e.Text))]:
		k.labels = true
		return k.takeSpan(chainage.Span{To: road.Length})
	case narrow(e.Text) != "":
		if q, ok := parseQuantity(e.Text); ok && q.unit == "%" {
			return k.takeShare(q.value)
		}
		from, to, err := chainage.ParseInterval(e.Text)
		if err != nil {
			return k.offRoute(e.Text)
		}
		return k.takeLabels(from, to, e.Text)
	case narrow(e.From) != "" && narrow(e.To) != "": // a length beside them runs on from the first of them
		from, err1 := chainage.ParseLabel(e.From)
		to, err2 := chainage.ParseLabel(e.To)
		if err1 != nil || err2 != nil {
			return k.noLabels()
		}
		return k.takeLabels(from, to, e.From+" – "+e.To)
	case e.Length != nil:
		return k.takeLength(*e.Length)
	}
	return k.offRoute(e.From + e.To)
}

// takeSpan takes an interval of the measure.
func (k *entryCheck) takeSpan(span chainage.Span) bool {
	if span.From > span.To {
		k.find("R10", SeverityNote, nil)
		span.From, span.To = span.To, span.From
	}
	if span.From < 0 || span.To > k.road.road.Length || span.From == span.To {
		return k.offRoute(chainage.FormatLabel(max(span.From, 0)) + " – " + chainage.FormatLabel(max(span.To, 0)))
	}
	k.span = span
	return true
}

// takeLabels takes an interval between two labels, and asks which where they
// are several places.
func (k *entryCheck) takeLabels(from, to int64, text string) bool {
	choices, err := k.road.road.Calibration.Places(from, to, k.road.road.Length)
	if err != nil {
		return k.offRoute(text)
	}
	k.labels = true
	return k.choose(choices)
}

// choose takes the only choice, or the one that was made.
func (k *entryCheck) choose(choices []chainage.Choice) bool {
	at := 0
	if len(choices) > 1 {
		at = k.e.Choice - 1
	}
	if at < 0 || at >= len(choices) {
		k.ambiguous(choices)
		return false
	}
	if choices[at].Reversed {
		k.find("R10", SeverityNote, nil)
	}
	k.span = choices[at].Span
	if k.e.Assumed && k.e.Length != nil && narrow(k.e.From) != "" && narrow(k.e.To) != "" {
		k.placeWithin(*k.e.Length, choices[at].Reversed)
	}
	k.checkWrittenLength()
	return true
}

// placeWithin puts a length that is done of an interval to the start of it, R24.
// One that the interval does not have is held: it counts no metre beyond.
func (k *entryCheck) placeWithin(length int64, reversed bool) {
	whole, severity := k.span.Length(), SeverityNote
	switch {
	case length >= whole-lengthSlack/5 && length <= whole+lengthSlack/5:
		return
	case length > whole:
		severity = SeverityHold
	case length <= 0:
		return
	case reversed:
		k.span.From = k.span.To - length
	default:
		k.span.To = k.span.From + length
	}
	k.find("R24", severity, map[string]any{"length_m": metres(length)})
}

// ambiguous lists the places that labels may mean; R12.
func (k *entryCheck) ambiguous(choices []chainage.Choice) {
	parts := k.road.road.Calibration.Parts(k.road.road.Length)
	var words []string
	for _, c := range choices {
		choice := EntryChoice{Span: c.Span, From: chainage.FormatLabel(c.From.Label), To: chainage.FormatLabel(c.To.Label)}
		var of []string
		for part := c.From.Part; part <= c.To.Part && part < len(parts); part++ {
			of = append(of, rangeOf(parts[part]))
		}
		choice.Of = strings.Join(of, " + ")
		k.out.Choices = append(k.out.Choices, choice)
		words = append(words, choice.Of)
	}
	for i := range words {
		for j := range words {
			if i != j && words[i] == words[j] { // there and back again: say where along the road
				c := &k.out.Choices[i]
				c.Of = fmt.Sprintf("%s (%s – %s)", words[i], strings.TrimSuffix(kilometresText(c.Span.From), " km"), kilometresText(c.Span.To))
			}
		}
	}
	for i := range words {
		words[i] = k.out.Choices[i].Of
	}
	k.find("R12", SeverityBlock, map[string]any{"choices": float64(len(choices)), "of": strings.Join(words, "; ")})
}

// kilometresText is a length in kilometres with all its digits.
func kilometresText(mm int64) string { return strconv.FormatFloat(kilometres(mm), 'f', -1, 64) + " km" }

func rangeOf(p chainage.Part) string {
	return chainage.FormatLabel(p.First) + " – " + chainage.FormatLabel(p.Last)
}

// takeLength takes a length as written: from the label that is said; else, with
// nothing to say where, from the start of the task (R24).
func (k *entryCheck) takeLength(length int64) bool {
	road := k.road.road
	if narrow(k.e.From+k.e.To) != "" {
		return k.takeLengthAt(length)
	}
	if length <= 0 || length > road.Length+lengthSlack {
		return k.offRoute(kilometresText(length))
	}
	start := max(0, min(k.taskStart(), road.Length-length))
	k.span = chainage.Span{From: start, To: min(start+length, road.Length)}
	if k.span.Length() < road.Length {
		severity := SeverityNote
		if len(road.Line) > 1 {
			severity = SeverityHold
		}
		k.find("R24", severity, map[string]any{"length_m": metres(k.span.Length())})
	}
	return true
}

// takeShare takes a per cent of the road, from the start of the task.
func (k *entryCheck) takeShare(percent float64) bool {
	if percent < 0 || percent > 100 {
		return k.offRoute(k.e.Text)
	}
	return k.takeLength(int64(math.Round(float64(k.road.road.Length) * percent / 100)))
}

// noLabels says that two ends are no labels, R11: numbers by themselves may be
// metres or kilometres.
func (k *entryCheck) noLabels() bool {
	k.offRoute(k.e.From + " – " + k.e.To)
	a, okA := parseQuantity(k.e.From)
	b, okB := parseQuantity(k.e.To)
	if okA && okB && a.unit+b.unit == "" {
		k.out.Findings[len(k.out.Findings)-1].Params["why"] = "unit"
	}
	return false
}

// takeLengthAt takes a length that runs on from one label, or up to it.
func (k *entryCheck) takeLengthAt(length int64) bool {
	road, ahead := k.road.road, narrow(k.e.From) != ""
	label, err := chainage.ParseLabel(k.e.From + k.e.To)
	if err != nil {
		return k.offRoute(k.e.From + k.e.To)
	}
	if length <= 0 {
		return k.offRoute(k.e.From + k.e.To + " + " + kilometresText(length))
	}
	places, err := road.Calibration.PlacesOf(label, road.Length)
	if err != nil {
		return k.offRoute(k.e.From + k.e.To)
	}
	var choices []chainage.Choice
	for _, p := range places {
		c := chainage.Choice{Span: chainage.Span{From: p.At, To: p.At + length}, From: p, To: p}
		if !ahead {
			c.Span = chainage.Span{From: p.At - length, To: p.At}
		}
		if c.Span.From >= 0 && c.Span.To <= road.Length+lengthSlack {
			c.Span.To = min(c.Span.To, road.Length)
			c.From.Label, c.To.Label = road.Calibration.Label(c.Span.From), road.Calibration.Label(c.Span.To)
			choices = append(choices, c)
		}
	}
	if len(choices) == 0 {
		return k.offRoute(k.e.From + k.e.To + " + " + kilometresText(length))
	}
	k.labels = true
	if k.e.Assumed {
		k.find("R24", SeverityNote, map[string]any{"length_m": metres(length)})
	}
	return k.choose(choices)
}

// taskStart is where the task begins on the road: of the programme that the
// entry names, else of the latest that has metres of it.
func (k *entryCheck) taskStart() int64 {
	for i, p := range slices.Backward(k.order) {
		scope := k.road.scope(i)
		if len(scope) > 0 && (k.e.Programme == 0 || p.ID == k.e.Programme) {
			return scope[0].From
		}
	}
	return 0
}

// checkWrittenLength holds a length that is written beside labels against what
// they give; R25.
func (k *entryCheck) checkWrittenLength() {
	if k.e.Length == nil {
		return
	}
	written, given := *k.e.Length, k.span.Length()
	if off := max(written-given, given-written); off > 10_000 && off > given/100 {
		k.find("R25", SeverityNote, map[string]any{"written_m": metres(written), "labels_m": metres(given)})
	}
}

// offRoute says that the interval is not on the route, or is none; R11.
func (k *entryCheck) offRoute(labels string) bool {
	road := k.road.road
	var ranges []string
	for _, p := range road.Calibration.Parts(road.Length) {
		ranges = append(ranges, rangeOf(p))
	}
	k.find("R11", SeverityBlock, map[string]any{
		"labels": clip(labels), "length_m": metres(road.Length), "route": strings.Join(ranges, "; "),
	})
	return false
}
