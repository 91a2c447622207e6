package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on streams of plans: how many are made at a time, how many of one
// caller's are made or wait, how long one waits, how often it says how far it
// is, how long silence lasts, how much is held of what was made.
const (
	plansAtOnce  = 2
	plansEach    = 2
	plansWait    = 30 * time.Second
	planTick     = 100 * time.Millisecond
	planSilence  = time.Second
	plansHeld    = 32 << 20
	planLineType = "application/x-ndjson"
	planLineTime = 30 * time.Second // for a reader to take a line
)

// plans are the plans that are being made as streams, and those made lately.
type plans struct {
	slots chan struct{}
	quota
	held *lru[heldPlan, *madePlan]

	mu      sync.Mutex
	running map[heldPlan]context.CancelFunc
}

// heldPlan names a plan: the id of its stream, and who began it.
type heldPlan struct{ id, who string }

func newPlans() *plans {
	return &plans{
		slots: make(chan struct{}, plansAtOnce), quota: newQuota(plansEach), held: newLRU[heldPlan, *madePlan](plansHeld),
		running: map[heldPlan]context.CancelFunc{},
	}
}

// begin notes that a plan is being made, until end.
func (p *plans) begin(key heldPlan, stop context.CancelFunc) (end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[key] = stop
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.running, key)
	}
}

// stop ends the making of a plan; false: there is none.
func (p *plans) stop(id, who string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	stop, ok := p.running[heldPlan{id, who}]
	if ok {
		stop()
	}
	return ok
}

// stopAll ends all of them, because the service does.
func (p *plans) stopAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, stop := range p.running {
		stop()
	}
}

// planLineJSON is a line of a plan's stream.
type planLineJSON struct {
	Type      string   `json:"type" enum:"begun,progress,plan,problem"`
	ID        string   `json:"id,omitempty" doc:"begun, plan: names it to stop it, and to have it in another form"`
	Seconds   *float64 `json:"seconds,omitempty" doc:"progress: since it was begun"`
	Objective *float64 `json:"objective,omitempty" doc:"progress: of the best so far; null: there is none"`
	Bound     *float64 `json:"bound,omitempty" doc:"progress: no plan is better; null: nothing is proven yet"`
	Gap       *float64 `json:"gap,omitempty" doc:"progress: null without either"`
	Plan      any      `json:"plan,omitempty" doc:"plan: as in one answer"`
	Title     string   `json:"title,omitempty" doc:"problem: as in every problem, with status, detail and errors"`
	Status    int      `json:"status,omitempty"`
	Detail    string   `json:"detail,omitempty"`
}

type planBegunJSON struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type planProgressJSON struct {
	Type      string   `json:"type"`
	Seconds   float64  `json:"seconds"`
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Gap       *float64 `json:"gap"`
}

type planEndJSON struct {
	Type string   `json:"type"`
	ID   string   `json:"id"`
	Plan planWire `json:"plan"`
}

type planProblemJSON struct {
	Type     string              `json:"type"`
	Title    string              `json:"title"`
	Status   int                 `json:"status"`
	Detail   string              `json:"detail"`
	Instance string              `json:"instance,omitempty"`
	Errors   []*huma.ErrorDetail `json:"errors,omitempty"`
}

func (s *Server) routePlanStream(v1 huma.API, kind, summary string, body reflect.Type) {
	path := "/api/v1/plan/" + kind
	schemas := v1.OpenAPI().Components.Schemas
	huma.Register(v1, huma.Operation{
		OperationID: "make-plan-" + kind, Method: http.MethodPost, Path: path, Tags: []string{"plans"}, Summary: summary,
		Errors: append([]int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests}, questionErrors...),
		Description: "Answers with one JSON object a line: begun with an id, progress at most ten times a second, and at the end the plan, or a problem. " +
			"POST /api/v1/plan/{id}/stop ends it with the best so far; whoever leaves the stream ends the work.",
		SkipValidateBody: true, // decodeStrict reads it
		Responses: map[string]*huma.Response{"200": {
			Description: "The lines, as they come",
			Content:     map[string]*huma.MediaType{planLineType: {Schema: schemas.Schema(reflect.TypeFor[planLineJSON](), true, "PlanLine")}},
		}},
	}, func(ctx context.Context, in *planBodyInput) (*huma.StreamResponse, error) {
		return s.makePlan(ctx, kind, in.RawBody)
	})
	v1.OpenAPI().Paths[path].Post.RequestBody.Content["application/json"].Schema = schemas.Schema(body, true, "PlanAsk")
}

// makePlan reads what is asked and readies the stream.
func (s *Server) makePlan(ctx context.Context, kind string, raw []byte) (*huma.StreamResponse, error) {
	job, err := s.planJob(ctx, kind, raw)
	if err != nil {
		return nil, err
	}
	return s.streamPlan(ctx, job)
}

// streamPlan gives the stream of a plan to who has not too many going.
func (s *Server) streamPlan(ctx context.Context, job *planJob) (*huma.StreamResponse, error) {
	run := &planRun{server: s, job: job, key: heldPlan{nonce(), callerOf(ctx).name()}, instance: middleware.GetReqID(ctx), began: time.Now()}
	if run.leave = s.plans.join(run.key.who); run.leave == nil {
		return nil, huma.ErrorWithHeaders(huma.NewError(http.StatusTooManyRequests,
			fmt.Sprintf("%d of your plans are being made, as many as one may ask for at a time; stop one, or wait for it", plansEach)), http.Header{"Retry-After": {"1"}})
	}
	return &huma.StreamResponse{Body: run.send}, nil
}

func (s *Server) planJob(ctx context.Context, kind string, raw []byte) (*planJob, error) {
	if kind == "decide" {
		body, err := decodeStrict[decideAskJSON](raw)
		if err != nil {
			return nil, huma.Error400BadRequest(err.Error())
		}
		job, err := s.decideJob(ctx, &body)
		return job, s.fail(err)
	}
	body, err := decodeStrict[assignAskJSON](raw)
	if err != nil {
		return nil, huma.Error400BadRequest(err.Error())
	}
	job, err := s.assignJob(ctx, kind, &body)
	return job, s.fail(err)
}

// planRun is a plan that is made while its stream is open.
type planRun struct {
	server   *Server
	job      *planJob
	key      heldPlan
	instance string
	began    time.Time
	leave    func() // the caller's place

	mu   sync.Mutex
	far  *planner.PlanOutcome // nil: nothing is known yet
	news bool                 // since the last line
}

// send makes the plan and writes the lines.
func (r *planRun) send(hctx huma.Context) {
	defer r.leave()
	ctx, cancel := context.WithCancel(hctx.Context()) // ends when the reader leaves
	defer cancel()
	work, stop := context.WithCancel(ctx)
	defer stop()
	defer r.server.plans.begin(r.key, stop)()
	out := openLines(hctx)
	if out.write(planBegunJSON{"begun", r.key.id}) != nil {
		return
	}
	told := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(told)
		r.tell(out, done, cancel)
	}()
	made, err := r.work(work)
	close(done)
	<-told
	switch {
	case ctx.Err() != nil: // nobody reads on
	case err != nil:
		_ = out.write(r.problem(err)) // a reader that left is no error of ours
	default:
		r.server.plans.held.put(r.key, made, made.weight)
		_ = out.write(planEndJSON{"plan", r.key.id, made.wire})
	}
}

// work takes a place and makes the plan; one that was made before is given at
// once. What somebody stopped is no answer for others.
func (r *planRun) work(ctx context.Context) (*madePlan, error) {
	s := r.server
	if held, ok := s.heldPlan(r.job); ok {
		return held, nil
	}
	select {
	case s.plans.slots <- struct{}{}:
		defer func() { <-s.plans.slots }()
	case <-time.After(plansWait):
		return nil, planner.Errorf(planner.Unavailable, "other plans are being made; ask again")
	case <-ctx.Done():
		return nil, planner.Errorf(planner.Unavailable, "the plan was stopped before it was begun")
	}
	r.job.limits.Progress = r.note
	made, err := r.job.run(ctx)
	if err == nil && ctx.Err() == nil {
		s.holdPlan(r.job, made)
	}
	return made, err
}

// note keeps how far the solver is.
func (r *planRun) note(o planner.PlanOutcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.far, r.news = &o, true
}

// tell writes how far the plan is until done, at most each tick and at least
// after each silence, so that a reader who left is noticed.
func (r *planRun) tell(out *lines, done <-chan struct{}, cancel func()) {
	tick := time.NewTicker(planTick)
	defer tick.Stop()
	for last := time.Now(); ; {
		select {
		case <-done:
			return
		case now := <-tick.C:
			line, news := r.progress(now)
			if !news && now.Sub(last) < planSilence {
				continue
			}
			last = now
			if out.write(line) != nil {
				cancel()
				return
			}
		}
	}
}

func (r *planRun) progress(now time.Time) (planProgressJSON, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := planProgressJSON{Type: "progress", Seconds: now.Sub(r.began).Seconds()}
	if r.far != nil {
		line.Objective, line.Bound, line.Gap = finiteNumber(r.far.Objective), finiteNumber(r.far.Bound), finiteNumber(r.far.Gap())
	}
	news := r.news
	r.news = false
	return line, news
}

// problem is an error as the last line.
func (r *planRun) problem(err error) planProblemJSON {
	out := planProblemJSON{Type: "problem", Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError, Instance: r.instance}
	var told *huma.ErrorModel
	if errors.As(r.server.fail(err), &told) {
		out.Title, out.Status, out.Detail, out.Errors = told.Title, told.Status, told.Detail, told.Errors
	}
	return out
}

// lines writes JSON objects, one a line, each at once.
type lines struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func openLines(ctx huma.Context) *lines {
	ctx.SetHeader("Content-Type", planLineType)
	ctx.SetHeader("Cache-Control", "no-store")
	ctx.SetHeader("X-Accel-Buffering", "no") // a proxy shall not gather the lines
	ctx.SetStatus(http.StatusOK)
	w, _ := ctx.BodyWriter().(http.ResponseWriter)
	out := &lines{w, http.NewResponseController(w)}
	_ = out.control.SetReadDeadline(time.Time{}) // the request is read; its deadline would end the stream
	return out
}

func (l *lines) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("api: write line: %w", err)
	}
	_ = l.control.SetWriteDeadline(time.Now().Add(planLineTime)) // where it cannot be set, that of the server holds
	if _, err := l.w.Write(append(line, '\n')); err != nil {
		return err
	}
	return l.control.Flush()
}

// planStreams are the paths that answer line by line.
var planStreams = []string{"/api/v1/plan/decide", "/api/v1/plan/assign", "/api/v1/plan/site"}

// plainly leaves the streams of plans out of what wraps an answer: their lines
// have deadlines of their own, and are not to be gathered.
func plainly(wrap func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		wrapped := wrap(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && slices.Contains(planStreams, r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			wrapped.ServeHTTP(w, r)
		})
	}
}
