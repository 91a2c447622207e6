package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// writeErrors are what a request to write may be answered with instead.
var writeErrors = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
	http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
}

// Bounds on keeping the ledger.
const (
	worldTimeout = 3 * time.Second // how long a report waits for the map to show the one before it
	filesHeld    = 1024            // attachments whose claims are remembered
	indexesHeld  = 4               // counties whose roads are indexed
	presentsHeld = 4               // counties as of today
)

// works is what the service needs to keep the ledger.
type works struct {
	ledger   Ledger // nil: reads only
	now      func() time.Time
	pictures chan struct{} // one for each picture being made anew
	uploads  chan struct{} // one for each file coming in
	turns    turns
	presents *lru[pastKey, *planner.Assessment] // of today
	reading  flight[pastKey, *planner.Assessment]
	files    *lru[fileKey, *planner.Attachment]
	indexes  *lru[*planner.Assessment, *roadIndex]
	explain  *explainer
	findings flight[*planner.Assessment, []planner.LedgerFinding]
	schemas  huma.Registry
}

type fileKey struct{ county, hash string }

func newWorks(ledger Ledger, now func() time.Time) *works {
	if now == nil {
		now = time.Now
	}
	return &works{
		ledger: ledger, now: now, pictures: make(chan struct{}, picturesAtOnce), uploads: make(chan struct{}, uploadsAtOnce),
		files: newLRU[fileKey, *planner.Attachment](filesHeld), indexes: newLRU[*planner.Assessment, *roadIndex](indexesHeld),
		presents: newLRU[pastKey, *planner.Assessment](presentsHeld), explain: newExplainer(),
	}
}

// today is the calendar day where the service runs.
func (w *works) today() planner.Date {
	y, m, d := w.now().Date()
	return planner.DateOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// routeWorks lays out everything of docs/works.md.
func (s *Server) routeWorks(v1 huma.API) {
	s.routeProgress(v1)   // /api/v1/progress
	s.routeSubmission(v1) // /api/v1/submissions
	s.routeAttachment(v1) // /api/v1/attachments
	s.routeTrack(v1)      // /api/v1/progress/track, /api/v1/progress/locate
	s.routeSheet(v1)      // /api/v1/sheets
	s.routeDispute(v1)    // /api/v1/disputes
	s.routeInspection(v1) // /api/v1/inspections
	s.routeOperation(v1)  // /api/v1/roads/{id}/operation, /api/v1/roads/{id}/line
	s.routeWithdrawal(v1) // /api/v1/roads/{id}/operation/withdraw
	s.routeRoads(v1)      // /api/v1/roads
	s.routeStrip(v1)      // /api/v1/roads/{id}/strip
	s.routeCurve(v1)      // /api/v1/curve, /api/v1/replay
	s.routeDifference(v1) // /api/v1/difference
	s.routeFindings(v1)   // /api/v1/findings
	s.routeProgrammes(v1) // /api/v1/programmes
}

// writable says that there is a ledger to write to.
func (s *Server) writable() error {
	if s.works.ledger == nil {
		return huma.Error503ServiceUnavailable("this service reads only; nothing can be entered")
	}
	return nil
}

// may is what every deed on a county as a whole asks first: the right to it,
// then whether anything can be written.
func (s *Server) may(ctx context.Context, action planner.Action, county string) error {
	if err := s.allow(ctx, action, county, ""); err != nil {
		return err
	}
	return s.writable()
}

// mayFor is may for a deed on an interval: a right for each of its townships is
// enough. An interval of no township needs the right for the county.
func (s *Server) mayFor(ctx context.Context, action planner.Action, county string, townships []string) error {
	if err := s.allow(ctx, action, county, ""); err == nil || len(townships) == 0 {
		return err
	}
	for _, township := range townships {
		if err := s.allow(ctx, action, county, township); err != nil || township == "" {
			return s.allow(ctx, action, county, "")
		}
	}
	return nil
}

// mayAnywhere asks for a right for the county, or for any of its townships. It
// tells in which: nil is in all of them.
func (s *Server) mayAnywhere(ctx context.Context, action planner.Action, county string) (func(township string) bool, error) {
	whole := s.allow(ctx, action, county, "")
	if whole == nil {
		return nil, nil
	}
	w, p := s.world.Load(), personOf(ctx)
	if w == nil || w.county(p, county) == nil {
		return nil, whole
	}
	may := func(township string) bool { return township != "" && p.May(action, w.tree.Path(township)...) }
	for _, township := range w.counties[county].snapshot.Townships {
		if may(township.Code) {
			return may, nil
		}
	}
	return nil, whole
}

// mayAnyOf asks for one of some rights, for the county or a township of it. The
// refusal speaks of the first.
func (s *Server) mayAnyOf(ctx context.Context, county string, actions ...planner.Action) error {
	var first error
	for _, action := range actions {
		_, err := s.mayAnywhere(ctx, action, county)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// present is a county as of today, or of its data date if that is later: what
// is entered is held against everything that was reported until now.
func (s *Server) present(ctx context.Context, region string) (*planner.Assessment, error) {
	w := s.world.Load()
	if w == nil {
		return nil, s.errNotReady()
	}
	county := w.county(personOf(ctx), region)
	if county == nil {
		return nil, noCounty(region)
	}
	today := s.works.today()
	if today <= county.snapshot.AsOf {
		return county.assessment, nil
	}
	return s.presentOn(ctx, county, pastKey{planner.SnapshotQuery{Region: region, AsOf: today}, w.seq})
}

// presentOn reads a county as of a day, at most once for each world. It takes
// over from the live one what was measured there.
func (s *Server) presentOn(ctx context.Context, live *county, key pastKey) (*planner.Assessment, error) {
	if a, ok := s.works.presents.get(key); ok {
		return a, nil
	}
	return s.works.reading.do(ctx, key, func(ctx context.Context) (*planner.Assessment, error) {
		ctx, cancel := context.WithTimeout(ctx, pastTimeout)
		defer cancel()
		snapshot, err := s.store.Snapshot(ctx, key.query)
		if err != nil {
			return nil, err
		}
		a := planner.AssessAfter(live.assessment, snapshot)
		s.works.presents.put(key, a, 1)
		return a, nil
	})
}

// turns lets the reports on a county be checked and stored one after another,
// each seeing what the one before it wrote. Other processes may write beside
// this one; what they write together is found by the rules held against what is
// stored.
type turns struct {
	mu    sync.Mutex
	slots map[string]chan struct{}
	wrote map[string]int64 // the newest revision written
}

// take waits for a county's turn.
func (t *turns) take(ctx context.Context, county string) error {
	t.mu.Lock()
	if t.slots == nil {
		t.slots, t.wrote = map[string]chan struct{}{}, map[string]int64{}
	}
	slot := t.slots[county]
	if slot == nil {
		slot = make(chan struct{}, 1)
		t.slots[county] = slot
	}
	t.mu.Unlock()
	select {
	case slot <- struct{}{}:
		return nil
	case <-ctx.Done():
		return planner.Errorf(planner.Unavailable, "too much is being entered at once; send it again")
	}
}

// leave ends a turn that wrote a revision; zero: none.
func (t *turns) leave(county string, revision int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrote[county] = max(t.wrote[county], revision)
	<-t.slots[county]
}

func (t *turns) newest(county string) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wrote[county]
}

// turn takes a county's turn and waits, not for ever, until the map shows what
// the one before it wrote. done ends it.
func (s *Server) turn(ctx context.Context, county string) (done func(revision int64), err error) {
	t := &s.works.turns
	if err := t.take(ctx, county); err != nil {
		return nil, err
	}
	done = func(revision int64) { t.leave(county, revision) }
	want, end := t.newest(county), time.Now().Add(worldTimeout)
	for time.Now().Before(end) {
		if w := s.world.Load(); w != nil && w.revision >= want {
			return done, nil
		}
		select {
		case <-time.After(2 * time.Millisecond):
		case <-ctx.Done():
			done(0)
			return nil, ctx.Err()
		}
	}
	return done, nil
}

// Finding is a broken rule on the wire.
type Finding struct {
	Rule     string           `json:"rule"`
	Severity planner.Severity `json:"severity" doc:"block, hold or note"`
	Params   map[string]any   `json:"params"`
	FromMM   *int64           `json:"from_mm" doc:"null: everywhere"`
	ToMM     *int64           `json:"to_mm"`
	Override string           `json:"override" doc:"the reason given; empty: none"`
}

func wireFindings(findings []planner.RuleFinding) []Finding {
	out := make([]Finding, len(findings))
	for i, f := range findings {
		out[i] = wireFinding(f)
	}
	return out
}

func wireFinding(f planner.RuleFinding) Finding {
	out := Finding{Rule: f.Rule, Severity: f.Severity, Params: f.Params, Override: f.Override}
	if out.Params == nil {
		out.Params = map[string]any{}
	}
	if f.Span != nil {
		out.FromMM, out.ToMM = &f.Span.From, &f.Span.To
	}
	return out
}

// Span is an interval.
type Span struct {
	FromMM int64 `json:"from_mm"`
	ToMM   int64 `json:"to_mm"`
}

func wireSpans(set chainage.Set) []Span {
	out := make([]Span, len(set))
	for i, span := range set {
		out[i] = Span{span.From, span.To}
	}
	return out
}

// badMember is a refusal that names a member of the body.
func badMember(name, format string, args ...any) error {
	return huma.NewError(http.StatusUnprocessableEntity, "the request has a wrong member",
		&huma.ErrorDetail{Location: "body." + name, Message: fmt.Sprintf(format, args...)})
}

// cleanText is a text of a body as it is stored: composed, without outer
// blanks. Signs that a reader cannot see or that turn the writing round are
// refused.
func cleanText(member, s string) (string, error) {
	for _, r := range s {
		if r != '\n' && r != '\t' && r != '\r' && (unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			return "", badMember(member, "there is a control character (U+%04X) in it", r)
		}
	}
	return strings.TrimSpace(norm.NFC.String(s)), nil
}

// cleanTexts cleans several members in place, by name and text in turn.
func cleanTexts(members map[string]*string) error {
	for _, name := range sortedKeys(members) {
		text, err := cleanText(name, *members[name])
		if err != nil {
			return err
		}
		*members[name] = text
	}
	return nil
}

// needed is cleanText for what may not be empty.
func needed(member string, s *string) error {
	if err := cleanTexts(map[string]*string{member: s}); err != nil {
		return err
	}
	if *s == "" {
		return badMember(member, "say why, in words")
	}
	return nil
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// pathUUID is the id of a report in an address; what is none is not there.
func pathUUID(s string) (string, error) {
	if !uuidForm.MatchString(s) {
		return "", huma.Error404NotFound("there is no report with that id")
	}
	return s, nil
}

// pathID is the number of a thing in an address.
func pathID(s string) (planner.ID, error) {
	n, err := wholeNumber(s, 1, 1<<53)
	if err != nil {
		return 0, huma.Error404NotFound("there is nothing with that id")
	}
	return planner.ID(n), nil
}

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// dayOf reads a day of a body that has to be one, and has come.
func (s *Server) dayOf(member, text string) (planner.Date, error) {
	day, err := planner.ParseDate(text)
	if err != nil || day.IsZero() {
		return 0, badMember(member, "%.20q is not a calendar day; write it as YYYY-MM-DD", text)
	}
	return day, nil
}

// pastDay is dayOf for what cannot lie ahead.
func (s *Server) pastDay(member, text string) (planner.Date, error) {
	day, err := s.dayOf(member, text)
	if err == nil && day > s.works.today() {
		return 0, badMember(member, "%s has not come; today is %s", day, s.works.today())
	}
	return day, err
}

// roadOf finds a road of an assessment; nil: there is none.
func roadOf(a *planner.Assessment, id planner.ID) *planner.Road {
	for i := range a.Snapshot.Roads {
		if a.Snapshot.Roads[i].ID == id {
			return &a.Snapshot.Roads[i]
		}
	}
	return nil
}

// intervalOf reads a road and an interval of a body: mm of the version in force.
func intervalOf(a *planner.Assessment, road planner.ID, from, to int64) (*planner.Road, chainage.Span, error) {
	r := roadOf(a, road)
	if r == nil {
		return nil, chainage.Span{}, badMember("road", "no route has the number %d", road)
	}
	if from < 0 || from >= to || to > r.Length {
		return nil, chainage.Span{}, badMember("to_mm", "want 0 <= from_mm < to_mm <= %d, the length of the route", r.Length)
	}
	return r, chainage.Span{From: from, To: to}, nil
}

// townshipsOf lists the townships that an interval lies in; "" is none.
func townshipsOf(a *planner.Assessment, road *planner.Road, span chainage.Span) []string {
	found := map[string]bool{}
	left := chainage.NewSet(span)
	for i := range a.Snapshot.Segments {
		g := &a.Snapshot.Segments[i]
		if g.Halo || g.Road != road.ID || g.Version != road.Version || g.Span.To <= span.From || g.Span.From >= span.To {
			continue
		}
		home := g.Township
		if home == "" {
			home = road.Township
		}
		found[home] = true
		left = left.Subtract(chainage.NewSet(g.Span))
	}
	if len(left) > 0 {
		found[road.Township] = true
	}
	return sortedKeys(found)
}

// LedgerQuestion asks for what was entered. It is answered as of today, unless
// a day or an instant is given.
type LedgerQuestion struct {
	Region  string `query:"region" required:"true" maxLength:"64" doc:"code of a county that holds data"`
	AsOf    string `query:"as_of" maxLength:"10" doc:"day in the world, YYYY-MM-DD; default: today"`
	KnownAt string `query:"known_at" maxLength:"40" doc:"instant of what was known, RFC 3339; default: now"`
}

// ledgerOf is the county that a question about what was entered speaks of.
func (s *Server) ledgerOf(ctx context.Context, q LedgerQuestion) (*planner.Assessment, error) {
	if q.AsOf == "" && q.KnownAt == "" {
		return s.present(ctx, q.Region)
	}
	a, _, err := s.assessment(ctx, Question{Day: Day(q)})
	return a, err
}

func spanOf(p Interval) chainage.Span { return chainage.Span{From: p.FromMM, To: p.ToMM} }
