package api

import (
	"cmp"
	"regexp"
	"strings"

	"golang.org/x/text/language"

	"github.com/qiantu/qiantu/frontend"
	"github.com/qiantu/qiantu/planner"
)

// Lang is a language that spreadsheets are worded in.
type Lang string

// The languages there are.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

var langs = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English, language.TraditionalChinese})

// langOf is the language asked for, else the one that a reader's program takes
// best, else Chinese.
func langOf(asked, accepted string) Lang {
	if asked != "" {
		return Lang(asked)
	}
	if _, i := language.MatchStrings(langs, accepted); i == 1 {
		return English
	}
	return Chinese
}

// word is the word of the map for a code of a group, or the code itself where
// there is none.
func (l Lang) word(group, code string) string {
	if word, known := frontend.Words(string(l))[group+"."+code]; known {
		return word
	}
	return code
}

// numbered are metrics with a number in their name, which stands for {n} in the
// word they share.
var numbered = regexp.MustCompile(`^(villages_within|(?:school|clinic|market|township_seat)_(?:village_)?within)_(\d+)$`)

// metric is the word for a metric, "M02 completion_rate".
func (l Lang) metric(metric string) string {
	_, name, _ := strings.Cut(metric, " ")
	if m := numbered.FindStringSubmatch(name); m != nil {
		return strings.ReplaceAll(l.word("metric", m[1]), "{n}", m[2])
	}
	return l.word("metric", name)
}

// unit is the word for a unit; a plain count has none.
func (l Lang) unit(u planner.Unit) string {
	if u == planner.UnitCount || u == planner.UnitRatio {
		return ""
	}
	return l.word("unit", string(u))
}

// scopeName is the name of what a figure speaks of: classes and states are codes
// in the report, all else has a name of its own.
func (l Lang) scopeName(scope, name string) string {
	kind, code, _ := strings.Cut(scope, ":")
	switch kind {
	case "class":
		return l.word("class", code)
	case "state":
		state, class, _ := strings.Cut(code, "/")
		return l.word("class", class) + map[Lang]string{Chinese: "，", English: ", "}[l] + l.word("road", state)
	}
	return name
}

// works says what is done to which roads and segments.
func (l Lang) works(units []planner.RankUnit) string {
	out := make([]string, len(units))
	for i, u := range units {
		thing, id := "road", u.Road
		if u.Segment != 0 {
			thing, id = "road_segment", u.Segment
		}
		out[i] = strings.ToLower(l.word("do", u.Do) + " " + l.word("thing", thing) + " " + idText(id))
	}
	return strings.Join(out, "; ")
}

// townshipNames are the names of a county's townships by code.
func (l Lang) townshipNames(s *planner.Snapshot) map[string]string {
	out := map[string]string{}
	for _, t := range s.Townships {
		out[t.Code] = t.Name
		if l == English {
			out[t.Code] = cmp.Or(t.NameEN, t.Name)
		}
	}
	return out
}
