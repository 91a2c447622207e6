package api

import (
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// reportWords looks up the reports of an assessment by their id.
type reportWords struct {
	a         *planner.Assessment
	byID      map[string]*planner.Progress
	overrides map[string][]planner.Override
}

func newReportWords(a *planner.Assessment) *reportWords {
	w := &reportWords{a: a, byID: map[string]*planner.Progress{}, overrides: map[string][]planner.Override{}}
	for i := range a.Snapshot.Progress {
		w.byID[a.Snapshot.Progress[i].ID] = &a.Snapshot.Progress[i]
	}
	for _, o := range a.Snapshot.Overrides {
		w.overrides[o.Progress] = append(w.overrides[o.Progress], o)
	}
	return w
}

// list gives the reports with some ids, those that are in force, with the place
// where each lies now.
func (w *reportWords) list(ids []string) []Event {
	out := make([]Event, 0, len(ids))
	for _, id := range ids {
		p := w.byID[id]
		if p == nil {
			continue
		}
		_, span := standsAt(w.a, p.Road, p.Version, p.Span)
		out = append(out, wireEvent(&planner.EvidenceEvent{
			ID: p.ID, Stage: string(p.Stage), On: p.On, Span: span, Reporter: p.Reporter, Evidence: p.Evidence,
			Recorded: p.Recorded, By: p.By, Entered: p.Entered, Contract: p.Contract, Note: p.Note, Overrides: w.overrides[id],
		}))
	}
	return out
}

// standsAt is where an interval of a route version lies today: on its own
// route if anything of it does, else on another. What is nowhere any more
// stays where it was.
func standsAt(a *planner.Assessment, road planner.ID, version int32, span chainage.Span) (planner.ID, chainage.Span) {
	parts, _ := a.Lift(road, version, span)
	if len(parts) == 0 {
		return road, span
	}
	on := parts[0].Road
	for _, p := range parts {
		if p.Road == road {
			on = road
		}
	}
	var spans []chainage.Span
	for _, p := range parts {
		if p.Road == on {
			spans = append(spans, p.Span)
		}
	}
	now, _ := chainage.NewSet(spans...).Bounds()
	return on, now
}

// Interval is an interval of a route in words and numbers.
type Interval struct {
	Road      planner.ID `json:"road"`
	RoadName  string     `json:"road_name"`
	FromMM    int64      `json:"from_mm"`
	ToMM      int64      `json:"to_mm"`
	LabelFrom string     `json:"label_from"`
	LabelTo   string     `json:"label_to"`
	LengthM   exact      `json:"length_m"`
}

// wireInterval says where an interval of a route version lies today.
func wireInterval(a *planner.Assessment, road planner.ID, version int32, span chainage.Span) Interval {
	on, now := standsAt(a, road, version, span)
	out := Interval{Road: on, FromMM: now.From, ToMM: now.To, LengthM: exactly(now.Length(), metres)}
	if r := roadOf(a, on); r != nil {
		out.RoadName, out.LabelFrom, out.LabelTo = r.Name, r.Calibration.String(now.From), r.Calibration.String(now.To)
	}
	return out
}
