package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// reportKinds are the reports there are.
var reportKinds = []planner.ReportKind{planner.ReportCompletion, planner.ReportCoverage, planner.ReportWater, planner.ReportRelocation}

// reportNames lists them in words.
func reportNames() string {
	names := make([]string, len(reportKinds))
	for i, kind := range reportKinds {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

// reportJSON is the wire shape of a report.
type reportJSON struct {
	Region     string             `json:"region"`
	Programme  *reportProgramme   `json:"programme" doc:"completion of a county: that the rows of the region and its townships speak of; null: none"`
	Kind       planner.ReportKind `json:"kind"`
	Revision   int64              `json:"revision"`
	AsOf       string             `json:"as_of"`
	KnownAt    *string            `json:"known_at" doc:"null: as known now"`
	Thresholds *thresholdsJSON    `json:"thresholds,omitempty" doc:"of coverage only"`
	Rows       []rowJSON          `json:"rows"`
}

// thresholdsJSON is what the verdicts of a coverage report stand on, in the
// words of a question.
type thresholdsJSON struct {
	ConnectM exact `json:"connect_m" doc:"how near to a village its path must end"`
	RAIM     exact `json:"rai_m" doc:"how near an all-season road must be for rural access"`
	WalkMin  exact `json:"walk_min" doc:"how long the walk to one may take"`
}

// reportProgramme names the programme that a report speaks of.
type reportProgramme struct {
	ID     planner.ID `json:"id"`
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	NameEN string     `json:"name_en"`
}

// rowJSON is one figure on the wire.
type rowJSON struct {
	Metric      string       `json:"metric"`
	Scope       string       `json:"scope"`
	ScopeName   string       `json:"scope_name"`
	Value       *float64     `json:"value" doc:"null: the denominator is zero, or masked"`
	Numerator   exact        `json:"numerator" doc:"in basis; null: masked"`
	Denominator exact        `json:"denominator" doc:"in basis; null: a plain amount, or masked"`
	Unknown     exact        `json:"unknown" doc:"in basis, of money how many things; null: masked"`
	Unit        planner.Unit `json:"unit"`
	Basis       planner.Unit `json:"basis"`
	AsOf        string       `json:"as_of"`
	Rule        string       `json:"rule"`
	Masked      bool         `json:"masked"`
	IDs         []string     `json:"ids,omitzero" doc:"what the figure is made of, as layer:id; not in the map stream"`
}

// wireReport is a report with all it is made of.
func wireReport(r *planner.Report) reportJSON {
	out := wireFigures(r)
	for i := range r.Figures {
		out.Rows[i] = wholeRow(&r.Figures[i])
	}
	return out
}

// wholeRow is a figure with the names of what it is made of, if it may be seen.
func wholeRow(f *planner.Figure) rowJSON {
	row := wireRow(f)
	row.IDs = []string{}
	if !f.Masked {
		row.IDs = f.IDs()
	}
	return row
}

// wireFigures is a report without the names of what it is made of: they are
// many times the rest.
func wireFigures(r *planner.Report) reportJSON {
	out := reportJSON{
		Region: r.Region, Kind: r.Kind, Revision: r.Revision, AsOf: r.AsOf.String(), Rows: make([]rowJSON, len(r.Figures)),
	}
	if r.KnownAt != "" {
		out.KnownAt = &r.KnownAt
	}
	if p := r.Programme; p != nil {
		out.Programme = &reportProgramme{p.ID, p.Code, p.Name, p.NameEN}
	}
	if t := r.Thresholds; t != nil {
		out.Thresholds = &thresholdsJSON{exactly(t.ConnectMM, metres), exactly(t.RAIMM, metres), exactly(t.WalkMS, planner.UnitMinute)}
	}
	for i := range r.Figures {
		out.Rows[i] = wireRow(&r.Figures[i])
	}
	return out
}

func wireRow(f *planner.Figure) rowJSON {
	row := rowJSON{
		Metric: f.Metric, Scope: f.Scope, ScopeName: f.ScopeName, Unit: f.Unit, Basis: f.Basis,
		AsOf: f.AsOf.String(), Rule: f.Rule, Masked: f.Masked,
	}
	if f.Masked { // a numerator beside its denominator would tell what is hidden
		return row
	}
	row.Value = f.Value
	row.Numerator = numeratorOf(f)
	row.Unknown = exactly(f.Unknown, unknownIn(f.Basis))
	if f.Denominator != nil {
		row.Denominator = exactly(*f.Denominator, f.Basis)
	}
	return row
}

// unknownIn is what the unknown of a figure is counted in: in its basis, but of
// money and water in things, for how much of it is not known cannot be said.
func unknownIn(basis planner.Unit) planner.Unit {
	if basis == planner.UnitYuan || basis == planner.UnitM3Day {
		return planner.UnitCount
	}
	return basis
}

// numeratorOf is a figure's numerator in its basis. A mean over persons has
// person-millimetres or person-milliseconds there; they are written as
// person-metres and person-minutes, so that value = numerator / denominator. A
// unit cost has money over the kilometres, or how many, of its basis.
func numeratorOf(f *planner.Figure) exact {
	switch f.Unit {
	case planner.UnitYuanPerKM, planner.UnitYuan:
		return exactly(f.Numerator, planner.UnitYuan)
	case planner.UnitM2:
		return exactly(f.Numerator, planner.UnitM2)
	}
	if f.Basis == planner.UnitPerson && strings.HasSuffix(f.Metric, "_mean") {
		switch f.Unit {
		case planner.UnitMetre:
			return exactly(f.Numerator, personMetre)
		case planner.UnitMinute:
			return exactly(f.Numerator, planner.UnitMinute)
		}
	}
	return exactly(f.Numerator, f.Basis)
}

// WriteReport writes a report as the JSON of GET /api/v1/report/{kind}.
func WriteReport(w io.Writer, r *planner.Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(wireReport(r)); err != nil {
		return fmt.Errorf("api: write report: %w", err)
	}
	return nil
}

// onceReport is a report of the live world, made when somebody first asks.
type onceReport struct {
	start  sync.Once
	done   chan struct{} // closed when it is made
	report *planner.Report
	err    error
}

// begin starts the whole report of a county, beside whoever asks, unless that
// has happened.
func (c *county) begin(kind planner.ReportKind) *onceReport {
	held, _ := c.reports.LoadOrStore(kind, &onceReport{done: make(chan struct{})})
	made := held.(*onceReport)
	made.start.Do(func() {
		go func() {
			defer close(made.done)
			made.report, made.err = c.assessment.Report(kind, planner.ReportOptions{})
		}()
	})
	return made
}

// begun says whether somebody has asked for a report already.
func (c *county) begun(kind planner.ReportKind) bool {
	_, ok := c.reports.Load(kind)
	return ok
}

// at waits for the report and gives it as of a revision at which the county is
// what it is.
func (o *onceReport) at(revision int64) (*planner.Report, error) {
	<-o.done
	if o.err != nil {
		return nil, o.err
	}
	report := *o.report
	report.Revision = revision
	return &report, nil
}

// report returns the whole report of a county.
func (c *county) report(kind planner.ReportKind, revision int64) (*planner.Report, error) {
	return c.begin(kind).at(revision)
}

type reportInput struct {
	Question
	Kind   planner.ReportKind `path:"kind" maxLength:"20" doc:"completion, coverage, water, relocation, or decision (of the joint plan at default prices)"`
	By     string             `query:"by" maxLength:"20" doc:"township (default), village, programme, class, state, contract, project or none"`
	Within string             `query:"within" maxLength:"200" doc:"coverage: straight distances in metres, as 100,500,2000"`
	Class  string             `query:"class" maxLength:"40" doc:"coverage: a road class, with + for it and better ones"`
	IDs    bool               `query:"ids" default:"true" doc:"false: without what the figures are made of, a tenth of the size"`
	Format
}

func (s *Server) routeReport(v1 huma.API) {
	op := huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/report/{kind}", Tags: []string{"figures"},
		Summary: "The figures of one question, for a county and each part of it", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getReport)
	describeFile(v1, op, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[reportJSON](), true, "Report"))
}

func (s *Server) getReport(ctx context.Context, in *reportInput) (*listOutput, error) {
	if !slices.Contains(reportKinds, in.Kind) && in.Kind != planner.ReportDecision {
		return nil, huma.Error404NotFound(fmt.Sprintf("no report %.20q; there are completion, coverage, water, relocation, decision", in.Kind))
	}
	options, err := in.options()
	if err != nil {
		return nil, err
	}
	if s.isAbove(in.Region) {
		report, err := s.provinceReport(ctx, in, options)
		if err != nil {
			return nil, s.fail(err)
		}
		return in.reportAs(report, "")
	}
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	report, err := s.reportOf(ctx, c, in.Kind, options, revision)
	if err != nil {
		return nil, s.fail(err)
	}
	out, err := in.reportAs(report, SupposedIn(c.assessment))
	return out, s.fail(err)
}

// reportAs is a report in the format that is asked for.
func (in *reportInput) reportAs(r *planner.Report, supposed string) (*listOutput, error) {
	switch {
	case in.Format.Format != "xlsx" && in.IDs:
		return &listOutput{Body: wireReport(r)}, nil
	case in.Format.Format != "xlsx":
		return &listOutput{Body: wireFigures(r)}, nil
	}
	return asSheet(fmt.Sprintf("%s-%s-%s", r.Kind, r.Region, r.AsOf), func(w io.Writer) error { return ReportSheet(w, r, supposed, in.lang()) })
}

// reportOf is a report of a county. That of decisions is of the joint plan at
// default prices, and takes long.
func (s *Server) reportOf(ctx context.Context, c *county, kind planner.ReportKind, o planner.ReportOptions, revision int64) (*planner.Report, error) {
	if kind != planner.ReportDecision {
		return c.reportBy(kind, o, revision)
	}
	made, err := workOut(ctx, s, c, "report decision "+o.By, func(r *planner.Report) int64 { return int64(256 * len(r.Figures)) }, func(ctx context.Context) (*planner.Report, error) {
		ctx, cancel := context.WithTimeout(ctx, planSeconds*time.Second)
		defer cancel()
		p, err := c.assessment.Decide(ctx, planner.DecideOptions{Limits: planner.PlanLimits{Gap: planGap}})
		if err != nil {
			return nil, err
		}
		return c.assessment.DecisionReport(p, o)
	})
	if err != nil {
		return nil, err
	}
	at := *made
	at.Revision = revision
	return &at, nil
}

// reportBy makes a report, or takes the plain one that is made once for all.
func (c *county) reportBy(kind planner.ReportKind, o planner.ReportOptions, revision int64) (*planner.Report, error) {
	if (o.By == "" || o.By == "township") && o.Class == "" && o.WithinMM == nil {
		return c.report(kind, revision)
	}
	report, err := c.assessment.Report(kind, o)
	if err != nil {
		return nil, err
	}
	at := *report
	at.Revision = revision
	return &at, nil
}

func (in *reportInput) options() (planner.ReportOptions, error) {
	o := planner.ReportOptions{By: in.By, Class: in.Class}
	if !slices.Contains([]string{"", "township", "village", "programme", "class", "state", "contract", "project", "none"}, in.By) {
		return o, badParam("by", "want township, village, programme, class, state, contract, project or none")
	}
	within, err := ParseWithin(in.Within)
	if err != nil {
		return o, badParam("within", "%v", err)
	}
	o.WithinMM = within
	return o, nil
}

// ParseWithin reads distances in metres as 100,500,2000 and gives millimetres.
// Nothing gives none.
func ParseWithin(s string) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	var out []int64
	for _, part := range strings.Split(s, ",") {
		metres, err := wholeNumber(part, 1, 1_000_000)
		if err != nil {
			return nil, planner.Errorf(planner.Invalid, "%q: want metres from 1 to 1000000, as 100,500,2000", part)
		}
		out = append(out, metres*1000)
	}
	if len(out) > 20 {
		return nil, planner.Errorf(planner.Invalid, "%d distances: want at most 20", len(out))
	}
	return out, nil
}
