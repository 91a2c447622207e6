package planner

import (
	"cmp"
	"slices"
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// BulletinSubject is which of the three programmes a bulletin speaks of. They are never
// added to each other.
type BulletinSubject string

// The subjects.
const (
	BulletinRoad       BulletinSubject = "road"
	BulletinWater      BulletinSubject = "water"
	BulletinRelocation BulletinSubject = "relocation"
)

// BulletinSubjects lists the subjects in the order they are shown.
var BulletinSubjects = []BulletinSubject{BulletinRoad, BulletinWater, BulletinRelocation}

// report is the report that a bulletin on a subject freezes.
func (s BulletinSubject) report() (ReportKind, bool) {
	kind, ok := map[BulletinSubject]ReportKind{BulletinRoad: ReportCompletion, BulletinWater: ReportWater, BulletinRelocation: ReportRelocation}[s]
	return kind, ok
}

// Period is a span of days that is reported on. What is recorded after CutOff
// counts in the next one.
type Period struct {
	ID     ID        `json:"id"`
	Kind   string    `json:"kind"` // week, month, quarter, year
	From   string    `json:"from"` // first day
	To     string    `json:"to"`   // last day
	CutOff time.Time `json:"cut_off"`
}

// PeriodState is a period with the numbers of the bulletins that closed it, by subject.
type PeriodState struct {
	Period
	Closed map[BulletinSubject]int `json:"closed"`
}

// KeptBulletin is a bulletin as it is kept: Body is the JSON of a [Bulletin] and
// Hash the SHA-256 of that in hexadecimal.
type KeptBulletin struct {
	Number   int
	Body     string
	Hash     string
	By       string // login of who closed the period
	Recorded time.Time
}

// Bulletin is a period closed for one subject: what was known at its cut-off of
// its last day. Its JSON is what is kept and hashed, so its members are in a
// fixed order, exact, and never changed afterwards.
type Bulletin struct {
	County     string              `json:"county"`
	CountyName string              `json:"county_name"`
	Subject    BulletinSubject     `json:"subject"`
	Number     int                 `json:"number"` // counts from 1 in county and subject
	Period     Period              `json:"period"`
	AsOf       string              `json:"as_of"`
	KnownAt    time.Time           `json:"known_at"`
	Rules      string              `json:"rules"` // version
	Programme  string              `json:"programme"`
	Before     string              `json:"before"` // hash of the bulletin before; empty: this is the first
	Rows       []BulletinRow       `json:"rows"`
	Roads      []BulletinRoads     `json:"roads,omitempty"`
	Levels     []PublishedLevel    `json:"levels,omitempty"`
	Reporting  []TownshipReporting `json:"reporting,omitempty"`
	Late       []LateReport        `json:"late,omitempty"`
}

// BulletinRow is a figure as it was published; see [Figure].
type BulletinRow struct {
	Metric      string   `json:"metric"`
	Scope       string   `json:"scope"`
	ScopeName   string   `json:"scope_name"`
	Value       *float64 `json:"value"`
	Numerator   *int64   `json:"numerator"` // in the base unit of basis; null: masked
	Denominator *int64   `json:"denominator"`
	Unknown     int64    `json:"unknown"`
	Unit        Unit     `json:"unit"`
	Basis       Unit     `json:"basis"`
	AsOf        string   `json:"as_of"`
	Rule        string   `json:"rule"`
	Masked      bool     `json:"masked,omitempty"`
}

// BulletinRoads is what a bulletin on roads has of a township beside its figures.
// A road counts where most of its task lies. Lengths are mm; a later stage
// implies those before it, and what an earlier programme completed is out.
type BulletinRoads struct {
	Code      string `json:"code"` // of the county, or the township
	Name      string `json:"name"`
	Planned   int    `json:"planned"` // roads
	Started   int    `json:"started"`
	Completed int    `json:"completed"`
	RoadbedMM int64  `json:"roadbed_mm"`
	BaseMM    int64  `json:"base_mm"`
	DoneMM    int64  `json:"done_mm"`
	NewMM     *int64 `json:"new_mm"` // done less what the bulletin before printed; null: there was none
}

// ReportingState is whether a township reported in a period.
type ReportingState string

// The states. A nil report is a report.
const (
	Reported    ReportingState = "reported"
	ReportedNil ReportingState = "nil"
	NotReported ReportingState = "missing"
)

// TownshipReporting says whether a township has reported.
type TownshipReporting struct {
	Code    string         `json:"code"`
	Name    string         `json:"name"`
	State   ReportingState `json:"state"`
	Reports int            `json:"reports"`
	By      string         `json:"by,omitempty"` // who said that there is nothing
}

// LateReport is a report on a day of an earlier period that came after its
// cut-off: it counts in this one, and is named.
type LateReport struct {
	ID       string    `json:"id"`
	Road     ID        `json:"road"`
	Name     string    `json:"name"` // of the road
	Township string    `json:"township"`
	On       string    `json:"on"`
	Recorded time.Time `json:"recorded"`
	Stage    Stage     `json:"stage"`
}

// NilReport is a township's word that a period had nothing to report.
type NilReport struct {
	Township string
	By       string
}

// BulletinOptions are what a bulletin needs beside the judged county. Before is
// the bulletin before, of which Hash is the hash; nil: there was none.
type BulletinOptions struct {
	Subject BulletinSubject
	Period  Period
	Number  int
	Before  *Bulletin
	Hash    string
	Nil     []NilReport
}

// Bulletin closes a period: the assessment must be of its last day, as known at
// its cut-off.
func (a *Assessment) Bulletin(o BulletinOptions) (*Bulletin, error) {
	kind, ok := o.Subject.report()
	if !ok {
		return nil, Errorf(Invalid, "%q is no subject of a bulletin; there are road, water and relocation", o.Subject)
	}
	s := a.Snapshot
	if s.AsOf.String() != o.Period.To {
		return nil, Errorf(Invalid, "the period ends on %s, but the county was judged as of %s", o.Period.To, s.AsOf)
	}
	b := &Bulletin{County: s.Region.Code, CountyName: s.Region.Name, Subject: o.Subject, Number: o.Number, Period: o.Period,
		AsOf: s.AsOf.String(), KnownAt: s.KnownAt.UTC(), Rules: s.Rules.Version, Before: o.Hash}
	r, err := a.Report(kind, ReportOptions{})
	if err != nil {
		return nil, err
	}
	for i := range r.Figures {
		b.Rows = append(b.Rows, bulletinRow(&r.Figures[i]))
	}
	if o.Subject == BulletinRoad {
		a.addRoads(b, o)
	}
	return b, nil
}

func bulletinRow(f *Figure) BulletinRow {
	row := BulletinRow{Metric: f.Metric, Scope: f.Scope, ScopeName: f.ScopeName, Unit: f.Unit, Basis: f.Basis, AsOf: f.AsOf.String(), Rule: f.Rule, Masked: f.Masked}
	if !f.Masked {
		row.Value, row.Denominator, row.Unknown = f.Value, f.Denominator, f.Unknown
		row.Numerator = &f.Numerator
	}
	return row
}

func (a *Assessment) addRoads(b *Bulletin, o BulletinOptions) {
	if a.Current >= 0 {
		b.Programme = a.Programmes[a.Current].Programme.Name
	}
	b.Roads = a.bulletinRoads(o.Before)
	for _, unit := range append([]Standing{a.County}, a.Townships...) {
		if unit.HasTask() {
			next := NextLevel(o.Before.level(unit.Code), unit.Level, a.Snapshot.AsOf)
			next.Code, next.Name = unit.Code, unit.Name
			b.Levels = append(b.Levels, next)
		}
	}
	b.Reporting = a.reporting(o)
	b.Late = a.lateReports(o.Before)
}

func (b *Bulletin) level(code string) *PublishedLevel {
	if b != nil {
		for i := range b.Levels {
			if b.Levels[i].Code == code {
				return &b.Levels[i]
			}
		}
	}
	return nil
}

func (b *Bulletin) roads(code string) *BulletinRoads {
	if b != nil {
		for i := range b.Roads {
			if b.Roads[i].Code == code {
				return &b.Roads[i]
			}
		}
	}
	return nil
}

// bulletinRoads are the county's and the townships' lines.
func (a *Assessment) bulletinRoads(before *Bulletin) []BulletinRoads {
	out := []BulletinRoads{{Code: a.County.Code, Name: a.County.Name}}
	at := map[string]int{}
	for _, t := range a.Townships {
		at[t.Code] = len(out)
		out = append(out, BulletinRoads{Code: t.Code, Name: t.Name})
	}
	if a.Current >= 0 {
		works := a.Programmes[a.Current].Works
		for i := range works {
			a.addWork(out, at, &works[i])
		}
	}
	for i := range out {
		if was := before.roads(out[i].Code); was != nil {
			more := out[i].DoneMM - was.DoneMM
			out[i].NewMM = &more
		}
	}
	return out
}

func (a *Assessment) addWork(lines []BulletinRoads, at map[string]int, w *Work) {
	key := routeKey{w.Road, w.Version}
	task := a.byScope(key, w.Scope)
	home := "" // where most of the task lies; of equals the first code
	for _, code := range sortedKeys(task) {
		if home == "" || task[code] > task[home] {
			home = code
		}
	}
	for _, i := range []int{0, at[home]} {
		lines[i].Planned++
		if len(w.Started) > 0 {
			lines[i].Started++
		}
		if len(w.Scope.Subtract(w.Completed).Subtract(w.CarryOver)) == 0 {
			lines[i].Completed++
		}
	}
	add := func(set chainage.Set, field func(*BulletinRoads) *int64) {
		for code, mm := range a.byScope(key, set) {
			*field(&lines[0]) += mm
			*field(&lines[at[code]]) += mm
		}
	}
	reached := func(stage Stage) chainage.Set {
		return chainage.Union(w.weighing[stageIndex(stage):]...).Intersect(w.Scope).Subtract(w.CarryOver)
	}
	add(reached(StageRoadbed), func(r *BulletinRoads) *int64 { return &r.RoadbedMM })
	add(reached(StageBase), func(r *BulletinRoads) *int64 { return &r.BaseMM })
	add(w.Completed, func(r *BulletinRoads) *int64 { return &r.DoneMM })
}

// byScope splits a set of a route among the townships, in mm.
func (a *Assessment) byScope(key routeKey, set chainage.Set) map[string]int64 {
	out := map[string]int64{}
	for _, st := range a.stretches(key, set) {
		for _, o := range st.owners(hundred) {
			out[a.scopeOf(o.township)] += o.amount
		}
	}
	return out
}

func sortedKeys(m map[string]int64) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// since is the cut-off of the bulletin before; zero: everything is new.
func (b *Bulletin) since() time.Time {
	if b == nil {
		return time.Time{}
	}
	return b.KnownAt
}

// reporting says of every township with a task whether it reported since the
// last cut-off: where most of what a report is on lies, it is of.
func (a *Assessment) reporting(o BulletinOptions) []TownshipReporting {
	count := map[string]int{}
	for i := range a.Snapshot.Progress {
		if p := &a.Snapshot.Progress[i]; p.Recorded.After(o.Before.since()) && p.On.String() >= o.Period.From {
			count[a.reportTownship(p)]++
		}
	}
	var out []TownshipReporting
	for _, t := range a.Townships {
		if !t.HasTask() || t.Code == a.unassigned() {
			continue
		}
		r := TownshipReporting{Code: t.Code, Name: t.Name, State: NotReported, Reports: count[t.Code]}
		if i := slices.IndexFunc(o.Nil, func(n NilReport) bool { return n.Township == t.Code }); i >= 0 {
			r.State, r.By = ReportedNil, o.Nil[i].By
		}
		if r.Reports > 0 {
			r.State, r.By = Reported, ""
		}
		out = append(out, r)
	}
	return out
}

// reportTownship is where most of what a report is on lies, on the version it was
// made on; unassigned where nothing is known of that.
func (a *Assessment) reportTownship(p *Progress) string {
	share := a.byScope(routeKey{p.Road, p.Version}, chainage.Set{p.Span})
	best := a.unassigned()
	for _, code := range sortedKeys(share) {
		if share[code] > share[best] {
			best = code
		}
	}
	return best
}

// lateReports are those on days up to the last bulletin's that came after its
// cut-off, by day and id.
func (a *Assessment) lateReports(before *Bulletin) []LateReport {
	if before == nil {
		return nil
	}
	names := map[ID]string{}
	for i := range a.Snapshot.Roads {
		names[a.Snapshot.Roads[i].ID] = a.Snapshot.Roads[i].Name
	}
	var out []LateReport
	for i := range a.Snapshot.Progress {
		p := &a.Snapshot.Progress[i]
		if p.On.String() <= before.Period.To && p.Recorded.After(before.since()) {
			out = append(out, LateReport{p.ID, p.Road, names[p.Road], a.reportTownship(p), p.On.String(), p.Recorded.UTC(), p.Stage})
		}
	}
	slices.SortFunc(out, func(a, b LateReport) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID)) })
	return out
}
