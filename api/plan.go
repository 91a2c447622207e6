package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on what a plan may take: seconds, threads, the largest seed.
const (
	planSecondsLeast = 0.01
	planSecondsMost  = 600
	planSeconds      = 60
	planThreads      = 8
	planSeedMost     = 1 << 53
	planGap          = 0.01
	planSites        = 10_000 // that an assignment may name
)

// PlanAsk are the members that every plan takes.
type PlanAsk struct {
	Region    string   `json:"region" maxLength:"64" doc:"code of a county that holds data"`
	AsOf      string   `json:"as_of,omitempty" maxLength:"10" doc:"day in the world; default: the region's data date"`
	KnownAt   string   `json:"known_at,omitempty" maxLength:"40" doc:"instant of what was known; default: now"`
	Season    string   `json:"season,omitempty" enum:"dry,wet" doc:"as in questions"`
	ConnectM  int64    `json:"connect_m,omitempty" minimum:"0" maximum:"5000" doc:"as in questions"`
	RAIM      int64    `json:"rai_m,omitempty" minimum:"0" maximum:"20000" doc:"as in questions"`
	WalkMin   int64    `json:"walk_min,omitempty" minimum:"0" maximum:"240" doc:"as in questions"`
	Edits     string   `json:"edits,omitempty" maxLength:"16000" doc:"as in questions"`
	Scenario  int64    `json:"scenario,omitempty" minimum:"0" maximum:"9007199254740992" doc:"as in questions; its prices, budget and objective are asked where nothing else is given"`
	Gap       *float64 `json:"gap,omitempty" minimum:"0" maximum:"1" doc:"a proven gap that is enough; 0: the optimum; default: 0.01"`
	TimeLimit *float64 `json:"time_limit_s,omitempty" minimum:"0.01" maximum:"600" doc:"the best until then is given; default: 60"`
	Seed      int64    `json:"seed,omitempty" minimum:"0" doc:"of what is drawn"`
	Threads   int      `json:"threads,omitempty" minimum:"0" maximum:"8" doc:"default: 1"`
}

func (p *PlanAsk) question() Question {
	return Question{Day{p.Region, p.AsOf, p.KnownAt}, What{p.Season, p.ConnectM, p.RAIM, p.WalkMin, p.Edits}, Branch{p.Scenario}}
}

// limits are how hard is tried, and for how long.
func (p *PlanAsk) limits() (planner.PlanLimits, time.Duration, error) {
	gap, seconds := planGap, float64(planSeconds)
	if p.Gap != nil {
		gap = *p.Gap
	}
	if p.TimeLimit != nil {
		seconds = *p.TimeLimit
	}
	switch {
	case !(gap >= 0 && gap <= 1):
		return planner.PlanLimits{}, 0, badMember("gap", "%v is no gap; write a share from 0 to 1, such as 0.01", gap)
	case !(seconds >= planSecondsLeast && seconds <= planSecondsMost):
		return planner.PlanLimits{}, 0, badMember("time_limit_s", "%v is no time limit; write seconds from %v to %d", seconds, planSecondsLeast, planSecondsMost)
	case p.Seed < 0 || p.Seed > planSeedMost:
		return planner.PlanLimits{}, 0, badMember("seed", "%d is no seed; write a whole number from 0 to %d", p.Seed, int64(planSeedMost))
	case p.Threads < 0 || p.Threads > planThreads:
		return planner.PlanLimits{}, 0, badMember("threads", "%d threads are not given; write 1 to %d", p.Threads, planThreads)
	}
	return planner.PlanLimits{Gap: gap, Seed: uint64(p.Seed), Threads: max(p.Threads, 1)}, time.Duration(seconds * float64(time.Second)), nil
}

// decideAskJSON asks for a joint plan. What is not given is the default of
// docs/decide.md.
type decideAskJSON struct {
	PlanAsk
	YuanPerKM int64   `json:"yuan_per_km,omitempty" doc:"of a hamlet road; 0: the county's rules"`
	PerPerson int64   `json:"yuan_per_person,omitempty" doc:"who moves; 0: 60000"`
	Interim   int64   `json:"interim,omitempty" doc:"yuan to serve a person until later; 0: none is offered"`
	Leave     *int64  `json:"leave,omitempty" doc:"price in yuan a person on leaving the published plan; default: 6000"`
	Upkeep    *int64  `json:"upkeep,omitempty" doc:"yuan a km and year; default: 3000"`
	Haul      *int64  `json:"haul,omitempty" doc:"yuan a person and km of the way to the site; default: 10"`
	Budget    []int64 `json:"budget,omitempty" maxItems:"50" doc:"yuan in total, or by year; none: no limit"`
	Objective string  `json:"objective,omitempty" enum:"cost,unserved" doc:"default: cost"`
}

func (d *decideAskJSON) options() planner.DecideOptions {
	return planner.DecideOptions{
		YuanPerKM: d.YuanPerKM, YuanPerPerson: d.PerPerson, InterimPerHead: d.Interim, LeavePerPerson: d.Leave, UpkeepPerKM: d.Upkeep, HaulPerKM: d.Haul,
		Budget: d.Budget, Objective: planner.PlanObjective(d.Objective),
	}
}

// assignAskJSON asks for an assignment. sites is of plan/site alone, to and
// split of plan/assign.
type assignAskJSON struct {
	PlanAsk
	To     []planner.ID `json:"to,omitempty" maxItems:"10000" doc:"plan/assign: only to these sites"`
	Split  bool         `json:"split,omitempty" doc:"plan/assign: a village may be divided among sites"`
	Sites  int          `json:"sites,omitempty" minimum:"0" doc:"plan/site: how many sites to open"`
	Metric string       `json:"metric,omitempty" enum:"m,s" doc:"least person-metres (default) or person-seconds"`
}

// options are what is asked of a kind of plan.
func (d *assignAskJSON) options(kind string) (planner.AssignOptions, error) {
	o := planner.AssignOptions{Sites: d.To, Split: d.Split, Open: d.Sites, Metric: d.Metric}
	switch {
	case kind == "site" && d.Sites < 1:
		return o, badMember("sites", "%d sites cannot be opened; write 1 or more", d.Sites)
	case kind == "site" && (d.Split || d.To != nil):
		return o, badMember("sites", "which sites to open is decided for whole villages among all sites; leave to and split out")
	case kind == "assign" && d.Sites != 0:
		return o, badMember("sites", "how many sites are opened belongs to plan/site; name sites with to")
	case len(d.To) > planSites:
		return o, badMember("to", "%d sites; at most %d are taken", len(d.To), planSites)
	case d.Metric != "" && d.Metric != "m" && d.Metric != "s":
		return o, badMember("metric", "%.10q is no metric; write m or s", d.Metric)
	}
	return o, nil
}

// planJob is a plan that is to be made of a county.
type planJob struct {
	county *county
	words  string // names it with all it depends on, but for the time that it has
	limits planner.PlanLimits
	within time.Duration
	make   func(context.Context, planner.PlanLimits) (*madePlan, error)
}

// madePlan is a plan as it is told: the JSON, and what its sheets need.
type madePlan struct {
	wire    planWire
	about   *planAbout
	name    string // of a file
	stopped bool
	weight  int64 // bytes, about
}

// planWire is a plan that can be told in every form.
type planWire interface {
	writeCSV(io.Writer) error
	writeSheet(io.Writer, *planAbout, Lang) error
}

// decideJob reads what a joint plan is asked for.
func (s *Server) decideJob(ctx context.Context, in *decideAskJSON) (*planJob, error) {
	limits, within, err := in.limits()
	if err != nil {
		return nil, err
	}
	c, revision, err := s.county(ctx, in.question())
	if err != nil {
		return nil, inBody(err)
	}
	under, err := s.scenarioOptions(ctx, in.Region, in.Scenario)
	if err != nil {
		return nil, err
	}
	o := in.options().Over(under)
	if err := o.Check(&c.snapshot.Rules); err != nil {
		return nil, err
	}
	return decideOf(c, revision, o, limits, within, in.Scenario != 0), nil
}

// decideOf is a joint plan of a county with some options. Of a scenario the roads
// that it builds are paid for first, as when it is submitted.
func decideOf(c *county, revision int64, o planner.DecideOptions, limits planner.PlanLimits, within time.Duration, ofScenario bool) *planJob {
	job := &planJob{county: c, words: decideWords(&o, limits), limits: limits, within: within}
	decide := c.assessment.Decide
	if ofScenario {
		job.words, decide = "scenario "+job.words, c.assessment.DecideSupposed
	}
	job.make = func(ctx context.Context, limits planner.PlanLimits) (*madePlan, error) {
		began := time.Now()
		o.Limits = limits
		p, err := decide(ctx, o)
		if err != nil {
			return nil, err
		}
		wire := wireDecision(c.assessment, p, time.Since(began).Seconds())
		wire.Revision = revision
		about := newPlanAbout(c.assessment)
		about.revision = revision
		return &madePlan{&wire, about, "decide-" + c.info.Code, p.Status == planner.PlanStopped, wire.weighs()}, nil
	}
	return job
}

// weighs is about how many bytes a joint plan takes.
func (p *decisionPlanJSON) weighs() int64 {
	sum := int64(1024*len(p.Villages) + 256*len(p.Segments) + 256*len(p.Townships))
	for i := range p.Segments {
		for _, line := range p.Segments[i].Lines {
			sum += int64(48 * len(line))
		}
	}
	return sum
}

// decideWords names a joint plan by all that it depends on beside the county.
func decideWords(o *planner.DecideOptions, l planner.PlanLimits) string {
	return fmt.Sprint("decide ", o.YuanPerKM, o.YuanPerPerson, o.InterimPerHead, whole(o.LeavePerPerson), "/", whole(o.UpkeepPerKM), "/", whole(o.HaulPerKM), o.Budget, cmp.Or(o.Objective, "cost"), " ", l.Gap, l.Seed, l.Threads)
}

// assignJob reads what an assignment, or a choice of sites, is asked for.
func (s *Server) assignJob(ctx context.Context, kind string, in *assignAskJSON) (*planJob, error) {
	limits, within, err := in.limits()
	if err != nil {
		return nil, err
	}
	o, err := in.options(kind)
	if err != nil {
		return nil, err
	}
	c, revision, err := s.county(ctx, in.question())
	if err != nil {
		return nil, inBody(err)
	}
	job := &planJob{county: c, words: fmt.Sprint(kind, o.Sites, o.Open, o.Split, o.Metric, " ", limits.Gap, limits.Seed, limits.Threads), limits: limits, within: within}
	job.make = func(ctx context.Context, limits planner.PlanLimits) (*madePlan, error) {
		began := time.Now()
		o.Limits = limits
		p, err := c.assessment.Assign(ctx, o)
		if err != nil {
			return nil, err
		}
		wire := wireAssign(c.assessment, p, time.Since(began).Seconds())
		wire.Revision = revision
		about := newPlanAbout(c.assessment)
		about.revision = revision
		return &madePlan{&wire, about, kind + "-" + in.Region, p.Status == planner.PlanStopped, int64(512 * (len(wire.Rows) + len(wire.Sites)))}, nil
	}
	return job, nil
}

// inBody says of a refused parameter that it is a member of the body.
func inBody(err error) error {
	var told *huma.ErrorModel
	if !errors.As(err, &told) {
		return err
	}
	out := *told
	out.Detail, out.Errors = "the request has a wrong member", nil
	for _, e := range told.Errors {
		out.Errors = append(out.Errors, &huma.ErrorDetail{Location: "body." + strings.TrimPrefix(e.Location, "query."), Message: e.Message})
	}
	return &out
}

// PlanFormat says how a plan is wanted.
type PlanFormat struct {
	Format string `query:"format" default:"json" enum:"json,csv,xlsx" doc:"csv: the rows in codes; xlsx: the rows in words"`
	Lang   string `query:"lang" enum:"zh-CN,en" doc:"of the words of a spreadsheet; default: by Accept-Language, else zh-CN"`
	Accept string `header:"Accept-Language" doc:"for spreadsheets"`
}

// answer is a plan in the form that is wanted.
func (f *PlanFormat) answer(p *madePlan) (*listOutput, error) {
	switch f.Format {
	case "xlsx":
		return asSheet(p.name, func(w io.Writer) error { return p.wire.writeSheet(w, p.about, langOf(f.Lang, f.Accept)) })
	case "csv":
		return asText(p.name, p.wire.writeCSV)
	}
	return &listOutput{Body: p.wire}, nil
}

// DecideQuery is a joint plan that is asked for in an address.
type DecideQuery struct {
	Question
	YuanPerKM int64   `query:"yuan_per_km" minimum:"0" maximum:"1000000000" doc:"of a hamlet road; 0: the county's rules"`
	PerPerson int64   `query:"yuan_per_person" minimum:"0" maximum:"1000000000" doc:"who moves; 0: 60000"`
	Interim   int64   `query:"interim" minimum:"0" maximum:"1000000000" doc:"yuan to serve a person until later; 0: none is offered"`
	Leave     int64   `query:"leave" default:"6000" minimum:"0" maximum:"1000000000" doc:"price in yuan a person on leaving the published plan"`
	Upkeep    int64   `query:"upkeep" default:"3000" minimum:"0" maximum:"1000000000" doc:"yuan a km and year"`
	Haul      int64   `query:"haul" default:"10" minimum:"0" maximum:"1000000000" doc:"yuan a person and km of the way to the site"`
	Budget    []int64 `query:"budget" maxItems:"50" doc:"yuan in total, or by year with commas; none: no limit"`
	Objective string  `query:"objective" default:"cost" enum:"cost,unserved"`
	Gap       float64 `query:"gap" default:"0.01" minimum:"0" maximum:"1" doc:"a proven gap that is enough; 0: the optimum"`
	TimeLimit float64 `query:"time_limit_s" default:"60" minimum:"0.01" maximum:"600" doc:"the best until then is given"`
	Seed      int64   `query:"seed" minimum:"0" maximum:"9007199254740992" doc:"of what is drawn"`
	Threads   int     `query:"threads" default:"1" minimum:"1" maximum:"8"`
}

// asked is the same as a body would ask.
func (q *DecideQuery) asked() *decideAskJSON {
	out := q.given()
	if q.Scenario != 0 { // a default is nothing that was asked, and the scenario may ask something
		unless := func(n **int64, usual int64) {
			if **n == usual {
				*n = nil
			}
		}
		unless(&out.Leave, planner.DefaultLeavePerPerson)
		unless(&out.Upkeep, planner.DefaultUpkeepPerKM)
		unless(&out.Haul, planner.DefaultHaulPerKM)
		if out.Objective == "cost" {
			out.Objective = ""
		}
	}
	return out
}

func (q *DecideQuery) given() *decideAskJSON {
	return &decideAskJSON{
		PlanAsk: PlanAsk{
			Region: q.Region, AsOf: q.AsOf, KnownAt: q.KnownAt, Season: q.Season, ConnectM: q.ConnectM, RAIM: q.RAIM, WalkMin: q.WalkMin, Edits: q.Edits, Scenario: q.Scenario,
			Gap: &q.Gap, TimeLimit: &q.TimeLimit, Seed: q.Seed, Threads: q.Threads,
		},
		YuanPerKM: q.YuanPerKM, PerPerson: q.PerPerson, Interim: q.Interim, Leave: &q.Leave, Upkeep: &q.Upkeep, Haul: &q.Haul, Budget: q.Budget, Objective: q.Objective,
	}
}

type decideQueryInput struct {
	DecideQuery
	PlanFormat
}

type planBodyInput struct {
	RawBody []byte `contentType:"application/json"`
}

type heldPlanInput struct {
	ID string `path:"id" maxLength:"40" doc:"of the stream that made it"`
	PlanFormat
}

type stopPlanInput struct {
	ID string `path:"id" maxLength:"40" doc:"of the stream"`
}

func (s *Server) routePlans(v1 huma.API) {
	s.routePlanStream(v1, "decide", "Build the road, move the village, or bridge over: the joint plan of a county", reflect.TypeFor[decideAskJSON]())
	s.routePlanStream(v1, "assign", "Send those who have to move to sites", reflect.TypeFor[assignAskJSON]())
	s.routePlanStream(v1, "site", "Choose sites, and send those who have to move to them", reflect.TypeFor[assignAskJSON]())
	op := huma.Operation{
		OperationID: "get-decisions", Method: http.MethodGet, Path: "/api/v1/plan/decide", Tags: []string{"plans"},
		Summary: "The joint plan of a county in one answer", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getDecisions)
	describePlan(v1, op.Path, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[decisionPlanJSON](), true, "Decisions"))
	op = huma.Operation{
		OperationID: "get-plan", Method: http.MethodGet, Path: "/api/v1/plan/{id}", Tags: []string{"plans"},
		Summary: "A plan that a stream of the caller ended with, while it is held", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getPlan)
	describePlan(v1, op.Path, &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true})
	huma.Register(v1, huma.Operation{
		OperationID: "stop-plan", Method: http.MethodPost, Path: "/api/v1/plan/{id}/stop", Tags: []string{"plans"}, DefaultStatus: http.StatusNoContent,
		Summary: "End a plan's stream with the best so far", Errors: []int{http.StatusNotFound},
	}, s.stopPlan)
}

// describePlan says that an operation answers with JSON, CSV or a workbook.
func describePlan(v1 huma.API, path string, body *huma.Schema) {
	v1.OpenAPI().Paths[path].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: body},
		csvType:            {Schema: &huma.Schema{Type: huma.TypeString}},
		sheetType:          {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
}

func (s *Server) getDecisions(ctx context.Context, in *decideQueryInput) (*listOutput, error) {
	job, err := s.decideJob(ctx, in.asked())
	if err != nil {
		return nil, s.fail(inQuery(err))
	}
	made, held := s.heldPlan(job)
	if !held {
		if made, err = workOut(ctx, s, job.county, job.inTime(), (*madePlan).weighs, job.run); err != nil {
			return nil, s.fail(err)
		}
		s.holdPlan(job, made)
	}
	out, err := in.answer(made)
	return out, s.fail(err)
}

// inQuery says of a refused member that it is a parameter.
func inQuery(err error) error {
	var told *huma.ErrorModel
	if !errors.As(err, &told) {
		return err
	}
	out := *told
	out.Detail, out.Errors = "the request has a wrong parameter", nil
	for _, e := range told.Errors {
		out.Errors = append(out.Errors, &huma.ErrorDetail{Location: "query." + strings.TrimPrefix(e.Location, "body."), Message: e.Message})
	}
	return &out
}

func (p *madePlan) weighs() int64 { return p.weight }

// inTime names the plan with the time that it has.
func (j *planJob) inTime() string { return j.words + " in " + j.within.String() }

func (j *planJob) key(words string) costlyKey {
	return costlyKey{j.county.live().number, j.county.number, words}
}

// heldPlan is a plan that was made before: whatever time it had, if it came to
// its end.
func (s *Server) heldPlan(job *planJob) (*madePlan, bool) {
	for _, words := range []string{job.words, job.inTime()} {
		if held, ok := s.costly.held.get(job.key(words)); ok {
			return held.(*madePlan), true
		}
	}
	return nil, false
}

// holdPlan keeps a plan for everybody who asks the same.
func (s *Server) holdPlan(job *planJob, made *madePlan) {
	words := job.words
	if made.stopped {
		words = job.inTime()
	}
	s.costly.held.put(job.key(words), made, costlyWeight+made.weight)
}

// run makes the plan within its time.
func (j *planJob) run(ctx context.Context) (*madePlan, error) {
	ctx, cancel := context.WithTimeout(ctx, j.within)
	defer cancel()
	return j.make(ctx, j.limits)
}

func (s *Server) getPlan(ctx context.Context, in *heldPlanInput) (*listOutput, error) {
	made, ok := s.plans.held.get(heldPlan{in.ID, callerOf(ctx).name()})
	if !ok {
		return nil, s.fail(planner.Errorf(planner.NotFound, "no plan %.20q of yours is held; make it again", in.ID))
	}
	out, err := in.answer(made)
	return out, s.fail(err)
}

func (s *Server) stopPlan(ctx context.Context, in *stopPlanInput) (*struct{}, error) {
	if !s.plans.stop(in.ID, callerOf(ctx).name()) {
		return nil, s.fail(planner.Errorf(planner.NotFound, "no plan %.20q of yours is being made", in.ID))
	}
	return nil, nil
}
