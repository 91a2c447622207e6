package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// Bounds on explaining why a figure moved: how many answers are held, how many
// are worked out at a time, and how long one may take.
const (
	explainHeld    = 16
	explainAtOnce  = 2
	explainWaiting = 8 // of one caller
	explainTimeout = 60 * time.Second
	defaultWeek    = 7 // days back to the earlier report
)

type differenceInput struct {
	Day
	Metric      string `query:"metric" required:"true" minLength:"1" maxLength:"80" doc:"as in the report"`
	Scope       string `query:"scope" maxLength:"80" doc:"as in the report; default: the region"`
	FromAsOf    string `query:"from_as_of" maxLength:"10" doc:"day of the earlier report; default: seven days before the later one, or with from_known_at the same day"`
	FromKnownAt string `query:"from_known_at" maxLength:"40" doc:"instant of what was known; default: as of the later one"`
}

// differenceJSON says why a figure moved.
type differenceJSON struct {
	Metric  string        `json:"metric"`
	Scope   string        `json:"scope"`
	Unit    planner.Unit  `json:"unit"`
	Basis   planner.Unit  `json:"basis"`
	Before  figureAtJSON  `json:"before"`
	After   figureAtJSON  `json:"after"`
	TotalPP *float64      `json:"total_pp" doc:"percentage points; null: the figure is no percentage"`
	Steps   []movedByJSON `json:"steps"`
}

type figureAtJSON struct {
	AsOf        string   `json:"as_of"`
	KnownAt     *string  `json:"known_at" doc:"null: as known now"`
	Value       *float64 `json:"value"`
	Numerator   exact    `json:"numerator"`
	Denominator exact    `json:"denominator"`
	Unknown     exact    `json:"unknown"`
}

// movedByJSON is what one cause moved.
type movedByJSON struct {
	Cause       planner.Cause   `json:"cause"`
	Numerator   exact           `json:"numerator"`
	Denominator exact           `json:"denominator"`
	Unknown     exact           `json:"unknown"`
	ValuePP     *float64        `json:"value_pp"`
	Items       []movedItemJSON `json:"items"`
}

type movedItemJSON struct {
	Layer     string       `json:"layer"`
	Road      planner.ID   `json:"road"`
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	FromMM    int64        `json:"from_mm"`
	ToMM      int64        `json:"to_mm"`
	LabelFrom string       `json:"label_from"`
	LabelTo   string       `json:"label_to"`
	From      planner.Side `json:"from" doc:"where its metres counted; empty: nowhere"`
	To        planner.Side `json:"to" doc:"where they count"`
	Amount    exact        `json:"amount"`
	Why       string       `json:"why"`
	Events    []string     `json:"events"`
	Center    []float64    `json:"center" doc:"null: not drawn"`
	Bounds    []float64    `json:"bounds" doc:"null: not drawn"`
}

type differenceOutput struct{ Body differenceJSON }

func (s *Server) routeDifference(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-difference", Method: http.MethodGet, Path: "/api/v1/difference", Tags: []string{"figures", "works"},
		Summary: "Why a figure moved between two reports, exactly adding up", Errors: questionErrors,
	}, s.getDifference)
}

// explainer works out differences, one at a time for each caller, few at a time
// in all, and keeps the last ones.
type explainer struct {
	held   *lru[explainKey, *planner.Difference]
	slots  chan struct{}
	mu     sync.Mutex
	queues map[string]*queue // of those who ask
}

// queue is where a caller's questions wait for each other.
type queue struct {
	waiting int // with the one that is worked on
	turn    chan struct{}
}

type explainKey struct {
	from, to      pastKey
	metric, scope string
}

func newExplainer() *explainer {
	return &explainer{held: newLRU[explainKey, *planner.Difference](explainHeld), slots: make(chan struct{}, explainAtOnce), queues: map[string]*queue{}}
}

// get gives what is held for a key, or makes it in the caller's turn.
func (e *explainer) get(ctx context.Context, who string, key explainKey, make func(context.Context) (*planner.Difference, error)) (*planner.Difference, error) {
	if d, ok := e.held.get(key); ok {
		return d, nil
	}
	q := e.join(who)
	if q == nil {
		return nil, planner.Errorf(planner.Unavailable, "too many differences are asked for at once; ask again")
	}
	defer e.leave(who, q)
	ctx, cancel := context.WithTimeout(ctx, explainTimeout)
	defer cancel()
	for _, slot := range []chan struct{}{q.turn, e.slots} {
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-ctx.Done():
			return nil, planner.Errorf(planner.Unavailable, "too many differences are being worked out; ask again")
		}
	}
	if d, ok := e.held.get(key); ok { // made while this one waited
		return d, nil
	}
	d, err := make(ctx)
	if err == nil {
		e.held.put(key, d, 1)
	}
	return d, err
}

// join enters a caller's queue; nil: it is full.
func (e *explainer) join(who string) *queue {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := e.queues[who]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1)}
		e.queues[who] = q
	}
	if q.waiting == explainWaiting {
		return nil
	}
	q.waiting++
	return q
}

func (e *explainer) leave(who string, q *queue) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if q.waiting--; q.waiting == 0 {
		delete(e.queues, who)
	}
}

func (s *Server) getDifference(ctx context.Context, in *differenceInput) (*differenceOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	w := s.world.Load()
	county := w.counties[in.Region]
	if county == nil {
		return nil, s.fail(noCounty(in.Region))
	}
	key, err := differenceKey(w, county, in)
	if err != nil {
		return nil, s.fail(err)
	}
	d, err := s.works.explain.get(ctx, callerOf(ctx).name(), key, func(ctx context.Context) (*planner.Difference, error) {
		before, err := s.assessmentIn(ctx, w, county, key.from.query)
		if err != nil {
			return nil, err
		}
		after, err := s.assessmentIn(ctx, w, county, key.to.query)
		if err != nil {
			return nil, err
		}
		return planner.ExplainBetween(before, after, key.metric, key.scope)
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return &differenceOutput{Body: wireDifference(d)}, nil
}

// differenceKey says which two snapshots are compared, and of which world.
func differenceKey(w *world, county *county, in *differenceInput) (explainKey, error) {
	to, err := in.parse()
	if err != nil {
		return explainKey{}, err
	}
	if to.AsOf.IsZero() {
		to.AsOf = county.snapshot.AsOf
	}
	from := planner.SnapshotQuery{Region: in.Region, AsOf: to.AsOf - defaultWeek}
	if in.FromAsOf != "" {
		if from.AsOf, err = planner.ParseDate(in.FromAsOf); err != nil || from.AsOf.IsZero() {
			return explainKey{}, badParam("from_as_of", "%.10q is not a calendar day; write it as YYYY-MM-DD", in.FromAsOf)
		}
	}
	if from.KnownAt, err = parseInstant("from_known_at", in.FromKnownAt); err != nil {
		return explainKey{}, err
	}
	switch {
	case from.KnownAt.IsZero():
		from.KnownAt = to.KnownAt
	case !to.KnownAt.IsZero() && from.KnownAt.After(to.KnownAt):
		return explainKey{}, badParam("from_known_at", "%s is after %s; the earlier report knew less", clock(from.KnownAt), clock(to.KnownAt))
	case in.FromAsOf == "": // what an edit changed, not what was built since
		from.AsOf = to.AsOf
	}
	if from.AsOf > to.AsOf {
		return explainKey{}, badParam("from_as_of", "%s is after %s; the earlier report comes first", from.AsOf, to.AsOf)
	}
	scope := in.Scope
	if scope == "" {
		scope = in.Region
	}
	return explainKey{pastKey{from, w.seq}, pastKey{to, w.seq}, in.Metric, scope}, nil
}

func wireDifference(d *planner.Difference) differenceJSON {
	out := differenceJSON{
		Metric: d.Metric, Scope: d.Scope, Unit: d.Unit, Basis: d.Basis, Before: wireFigureAt(d, d.Before, d.From), After: wireFigureAt(d, d.After, d.To),
		TotalPP: d.TotalPP, Steps: make([]movedByJSON, len(d.Steps)),
	}
	for i := range d.Steps {
		out.Steps[i] = wireStep(d, &d.Steps[i])
	}
	return out
}

func wireFigureAt(d *planner.Difference, at *planner.Snapshot, m planner.Moved) figureAtJSON {
	out := figureAtJSON{
		AsOf: at.AsOf.String(), Value: m.Value, Numerator: exactly(m.Numerator, d.Basis), Denominator: exactly(m.Denominator, d.Basis),
		Unknown: exactly(m.Unknown, unknownIn(d.Basis)),
	}
	if !at.KnownAt.IsZero() {
		known := clock(at.KnownAt)
		out.KnownAt = &known
	}
	return out
}

func wireStep(d *planner.Difference, step *planner.DifferenceStep) movedByJSON {
	out := movedByJSON{
		Cause: step.Cause, Numerator: exactly(step.Numerator, d.Basis), Denominator: exactly(step.Denominator, d.Basis),
		Unknown: exactly(step.Unknown, unknownIn(d.Basis)), ValuePP: step.ValuePP, Items: make([]movedItemJSON, len(step.Items)),
	}
	for i, x := range step.Items {
		basis := d.Basis
		if x.Numerator == 0 && x.Denominator == 0 { // it moved what is unknown alone
			basis = unknownIn(basis)
		}
		out.Items[i] = movedItemJSON{
			Layer: x.Layer, Road: x.Road, Code: x.Code, Name: x.Name, FromMM: x.Span.From, ToMM: x.Span.To, LabelFrom: x.LabelFrom, LabelTo: x.LabelTo,
			From: x.From, To: x.To, Amount: exactly(x.Amount, basis), Why: x.Why, Events: orEmpty(x.Events), Bounds: wireBounds(x.Bounds),
		}
		if x.Center != nil {
			out.Items[i].Center = []float64{x.Center[0], x.Center[1]}
		}
	}
	return out
}
