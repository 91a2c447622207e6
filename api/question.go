package api

import (
	"strings"
	"time"

	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// Bounds on what a question may ask for.
const (
	maxConnectM = 5_000
	maxRAIM     = 20_000
	maxWalkMin  = 240
)

// Day says which county a question is about, and as of when.
type Day struct {
	Region  string `query:"region" required:"true" maxLength:"64" doc:"code of a county that holds data; the completion report also speaks of prefectures and provinces"`
	AsOf    string `query:"as_of" maxLength:"10" doc:"day in the world, YYYY-MM-DD; default: the region's data date"`
	KnownAt string `query:"known_at" maxLength:"40" doc:"instant of what was known, RFC 3339; default: now"`
}

// Question is what every question about a county may carry.
type Question struct {
	Day
	What
	Branch
}

// Branch says which scenario lies under a question.
type Branch struct {
	Scenario int64 `query:"scenario" minimum:"0" maximum:"9007199254740992" doc:"number of a scenario of the county: its base, season, thresholds and edits are asked where nothing else is given, edits given come after its own; 0: none"`
}

// What is what a question supposes instead of what the county's rules and facts
// say. Nothing of it is stored.
type What struct {
	Season   string `query:"season" enum:"dry,wet" doc:"wet: roads known not to be all-season are closed; dry: water is that of the dry season, roads as without it"`
	ConnectM int64  `query:"connect_m" minimum:"0" maximum:"5000" doc:"how near to a village its path must end, in metres; 0: the rule"`
	RAIM     int64  `query:"rai_m" minimum:"0" maximum:"20000" doc:"how near an all-season road must be for rural access, in metres; 0: the rule"`
	WalkMin  int64  `query:"walk_min" minimum:"0" maximum:"240" doc:"minutes on foot that count as near; 0: the rule"`
	Edits    string `query:"edits" maxLength:"16000" doc:"what is supposed, in order, at most 500: close, build or improve a segment or a whole road (close:segment:17,build:road:5), place, capacity, close or add of a site (place:site:3:104.72913:27.13021,capacity:site:3:1200,close:site:3,add:site:900001:104.7:27.1:800), people of a village (people:village:12:35:160)"`
}

// asking is a question as it was understood. Two with the same words ask the
// same.
type asking struct {
	day      planner.SnapshotQuery
	what     planner.Question
	words    string     // of what; empty: nothing is asked otherwise
	scenario planner.ID // still to be laid under it; 0: none is
}

// live says whether the question is of the world as it is.
func (q *asking) live() bool {
	return q.words == "" && q.day.AsOf.IsZero() && q.day.KnownAt.IsZero() && q.scenario == 0
}

func (q Question) parse() (asking, error) {
	day, err := q.Day.parse()
	if err != nil {
		return asking{}, err
	}
	what, err := q.What.parse()
	if err != nil {
		return asking{}, err
	}
	return asking{day, what, wordsOfQuestion(&what), planner.ID(q.Scenario)}, nil
}

func (d Day) parse() (planner.SnapshotQuery, error) {
	out := planner.SnapshotQuery{Region: d.Region}
	var err error
	if d.AsOf != "" {
		if out.AsOf, err = planner.ParseDate(d.AsOf); err != nil || out.AsOf.IsZero() {
			return out, badParam("as_of", "%.10q is not a calendar day; write it as YYYY-MM-DD", d.AsOf)
		}
	}
	out.KnownAt, err = parseInstant("known_at", d.KnownAt)
	return out, err
}

func (w What) parse() (planner.Question, error) {
	out := planner.Question{ConnectMM: w.ConnectM * 1000, RAIMM: w.RAIM * 1000, WalkMS: w.WalkMin * 60_000}
	switch w.Season {
	case "", route.Dry, route.Wet:
		out.Season = w.Season
	default:
		return out, badParam("season", "%.10q is no season; write dry or wet", w.Season)
	}
	for _, bound := range []struct {
		name        string
		value, most int64
	}{{"connect_m", w.ConnectM, maxConnectM}, {"rai_m", w.RAIM, maxRAIM}, {"walk_min", w.WalkMin, maxWalkMin}} {
		if bound.value < 0 || bound.value > bound.most {
			return out, badParam(bound.name, "want a whole number from 0 to %d", bound.most)
		}
	}
	var err error
	if out.Edits, err = planner.ParseEdits(w.Edits); err != nil {
		return out, badParam("edits", "%v", err)
	}
	return out, nil
}

// wordsOfQuestion writes what is asked in one way; nothing for the zero question.
func wordsOfQuestion(q *planner.Question) string {
	var out []string
	if q.Season != "" {
		out = append(out, q.Season)
	}
	for _, measure := range []struct {
		name  string
		value int64
	}{{"connect", q.ConnectMM}, {"rai", q.RAIMM}, {"walk", q.WalkMS}} {
		if measure.value != 0 {
			out = append(out, measure.name+"="+shift(measure.value, 0))
		}
	}
	if len(q.Edits) > 0 {
		out = append(out, planner.FormatEdits(q.Edits))
	}
	return strings.Join(out, ",")
}

// parseInstant reads an instant; nothing is the present belief.
func parseInstant(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1 {
		return time.Time{}, badParam(name, "%.40q is not an instant; write it as 2026-11-22T08:00:00Z", text)
	}
	return at.UTC(), nil
}
