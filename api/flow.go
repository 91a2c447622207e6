package api

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// flowsEach is how many light assignments of one caller are made or wait, asked
// for one by one; a screen that drags uses the map stream, which has its own order.
const flowsEach = 4

// flowTime is how long whole villages are assigned while somebody drags.
const flowTime = 40 * time.Millisecond

// flowAskJSON asks for the light assignment.
type flowAskJSON struct {
	Region   string `json:"region" maxLength:"64" doc:"code of a county that holds data"`
	AsOf     string `json:"as_of,omitempty" maxLength:"10" doc:"day in the world; default: the region's data date"`
	KnownAt  string `json:"known_at,omitempty" maxLength:"40" doc:"instant of what was known; default: now"`
	Season   string `json:"season,omitempty" enum:"dry,wet" doc:"as in questions; ways are dry ones"`
	ConnectM int64  `json:"connect_m,omitempty" minimum:"0" maximum:"5000" doc:"as in questions"`
	RAIM     int64  `json:"rai_m,omitempty" minimum:"0" maximum:"20000" doc:"as in questions"`
	WalkMin  int64  `json:"walk_min,omitempty" minimum:"0" maximum:"240" doc:"as in questions"`
	Edits    string `json:"edits,omitempty" maxLength:"16000" doc:"as in questions"`
	Scenario int64  `json:"scenario,omitempty" minimum:"0" maximum:"9007199254740992" doc:"as in questions"`
	Split    bool   `json:"split,omitempty" doc:"a village may be divided among sites: exact; else the best whole ones within 40 ms"`
	Metric   string `json:"metric,omitempty" enum:"m,s" doc:"least person-metres (default) or person-seconds"`
}

func (f *flowAskJSON) question() Question {
	return Question{Day{f.Region, f.AsOf, f.KnownAt}, What{f.Season, f.ConnectM, f.RAIM, f.WalkMin, f.Edits}, Branch{f.Scenario}}
}

// flowJSON is who goes where, as a screen draws it.
type flowJSON struct {
	Revision  int64           `json:"revision"`
	Objective *float64        `json:"objective" doc:"person-metres or person-seconds; null: not all fit"`
	Bound     *float64        `json:"bound"`
	Gap       *float64        `json:"gap"`
	Status    string          `json:"status" enum:"optimal,feasible,infeasible,stopped"`
	Reason    string          `json:"reason,omitempty" doc:"why not all fit"`
	Rows      []flowRowJSON   `json:"rows"`
	Sites     []flowSiteJSON  `json:"sites"`
	Left      []flowLeftJSON  `json:"left" doc:"who has to move and goes nowhere"`
	Summary   flowSummaryJSON `json:"summary" doc:"over persons, by road when dry; null: nobody goes"`
	Millis    float64         `json:"ms" doc:"how long the service took"`
}

type flowRowJSON struct {
	Village planner.ID   `json:"village"`
	Site    planner.ID   `json:"site"`
	Persons int64        `json:"persons"`
	Metres  exact        `json:"m"`
	Line    [2]orb.Point `json:"line" doc:"[lon,lat] of both ends"`
}

type flowSiteJSON struct {
	Site     planner.ID `json:"site"`
	Used     int64      `json:"used" doc:"persons who are sent there"`
	Taken    int64      `json:"taken" doc:"persons who signed or moved in"`
	Capacity int64      `json:"capacity" doc:"persons"`
	At       orb.Point  `json:"at" doc:"[lon,lat]"`
}

type flowLeftJSON struct {
	Village planner.ID `json:"village"`
	Persons *int64     `json:"persons" doc:"null: not known"`
	Why     string     `json:"why" enum:"full,unreachable,persons_unknown"`
	At      orb.Point  `json:"at" doc:"[lon,lat]"`
}

type flowSummaryJSON struct {
	Persons  int64    `json:"persons"`
	Mean     *float64 `json:"mean" doc:"metres"`
	Median   *float64 `json:"median"`
	Max      *float64 `json:"max"`
	Over20km *float64 `json:"over_20km" doc:"per cent"`
	MeanMin  *float64 `json:"mean_min" doc:"minutes"`
}

type flowInput struct{ Body flowAskJSON }

type flowOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         flowJSON
}

// newFlows are the places where light assignments are made.
func newFlows() chan struct{} { return make(chan struct{}, runtime.GOMAXPROCS(0)) }

func (s *Server) routeFlow(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "make-flow", Method: http.MethodPost, Path: "/api/v1/plan/flow", Tags: []string{"plans"}, Errors: append([]int{http.StatusBadRequest, http.StatusTooManyRequests}, questionErrors...),
		Summary: "Who goes to which site, at once: for a screen on which a site is dragged",
	}, s.makeFlow)
}

func (s *Server) makeFlow(ctx context.Context, in *flowInput) (*flowOutput, error) {
	leave := s.flowsOf.join(callerOf(ctx).name())
	if leave == nil {
		return nil, huma.ErrorWithHeaders(huma.NewError(http.StatusTooManyRequests,
			fmt.Sprintf("%d of your assignments are being made, as many as one may ask for at a time; wait for one", flowsEach)), http.Header{"Retry-After": {"1"}})
	}
	defer leave()
	w := s.world.Load()
	if w == nil {
		return nil, s.fail(s.errNotReady())
	}
	if w.county(personOf(ctx), in.Body.Region) == nil {
		return nil, s.fail(noCounty(in.Body.Region))
	}
	ask, err := in.Body.question().parse()
	if err != nil {
		return nil, s.fail(inBody(err))
	}
	out, err := s.flow(ctx, w, ask, in.Body.Split, in.Body.Metric)
	if err != nil {
		return nil, s.fail(err)
	}
	return &flowOutput{"no-store", *out}, nil
}

// flow makes a light assignment in a world. What is supposed of sites and
// villages is asked of the county as it is supposed of roads, and not held: the
// next one is asked in a moment.
func (s *Server) flow(ctx context.Context, w *world, ask asking, split bool, metric string) (*flowJSON, error) {
	began := time.Now()
	if ask.scenario != 0 {
		var err error
		if ask, err = s.supposed(ctx, ask); err != nil {
			return nil, err
		}
	}
	roads := ask.what.OfRoads()
	c, err := s.asks.get(ctx, w, w.counties[ask.day.Region], asking{day: ask.day, what: roads, words: wordsOfQuestion(&roads)})
	if err != nil {
		return nil, err
	}
	select {
	case s.flows <- struct{}{}:
		defer func() { <-s.flows }()
	case <-ctx.Done():
		return nil, planner.Errorf(planner.Unavailable, "too much is asked at once; ask again")
	}
	a, err := c.assessment.Ask(ctx, ask.what)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, flowTime)
	defer cancel()
	p, err := a.Flow(within, planner.AssignOptions{Split: split, Metric: metric, Limits: planner.PlanLimits{Gap: planGap}})
	if err != nil {
		return nil, err
	}
	out := wireFlow(a, p)
	out.Revision, out.Millis = w.revision, float64(time.Since(began).Microseconds())/1000
	return out, nil
}

func wireFlow(a *planner.Assessment, p *planner.AssignPlan) *flowJSON {
	out := &flowJSON{
		Objective: finiteNumber(p.Objective), Bound: finiteNumber(p.Bound), Gap: finiteNumber(p.Gap()), Status: string(p.Status), Reason: p.Reason,
		Rows: make([]flowRowJSON, len(p.Rows)), Sites: make([]flowSiteJSON, len(p.Sites)), Left: make([]flowLeftJSON, len(p.Left)),
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		out.Rows[i] = flowRowJSON{Village: r.Way.From, Site: r.Way.To, Persons: r.Persons, Line: [2]orb.Point{pointOf(a, r.Way.From), gateOf(a, r.Way.To)}}
		if r.Way.MM != nil {
			out.Rows[i].Metres = exactly(*r.Way.MM, metres)
		}
	}
	for i := range p.Sites {
		s := &p.Sites[i]
		out.Sites[i] = flowSiteJSON{s.Site, s.Used, s.Capacity.Taken, s.Capacity.Most, gateOf(a, s.Site)}
	}
	for i, l := range p.Left {
		out.Left[i] = flowLeftJSON{l.Village, l.Persons, string(l.Why), pointOf(a, l.Village)}
	}
	for _, w := range p.Ways {
		switch w.Name {
		case "dry_m":
			out.Summary.Persons, out.Summary.Mean, out.Summary.Median, out.Summary.Max, out.Summary.Over20km = w.Persons, w.Mean, w.Median, w.Max, w.Over20km
		case "dry_min":
			out.Summary.MeanMin = w.Mean
		}
	}
	return out
}
