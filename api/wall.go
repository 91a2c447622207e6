package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// wallJSON is a county at a glance.
type wallJSON struct {
	Region      string            `json:"region"`
	Name        string            `json:"name"`
	NameEN      string            `json:"name_en"`
	Notice      string            `json:"notice" doc:"what a reader must be told"`
	NoticeEN    string            `json:"notice_en"`
	Attribution string            `json:"attribution"`
	Bounds      []float64         `json:"bounds" doc:"null: nothing is drawn"`
	Revision    int64             `json:"revision"`
	Time        string            `json:"time" doc:"of the revision"`
	AsOf        string            `json:"as_of"`
	KnownAt     *string           `json:"known_at" doc:"null: as known now"`
	Pinned      bool              `json:"pinned" doc:"it says what a moment said, not what is so now"`
	Moment      string            `json:"moment" doc:"what draws this wall again: DAY@INSTANT"`
	Programme   *reportProgramme  `json:"programme" doc:"null: none"`
	Deadline    string            `json:"deadline"`
	DaysLeft    *int64            `json:"days_left" doc:"to the deadline; negative: it has passed; null: no programme"`
	Holder      *holderJSON       `json:"holder" doc:"who is responsible for the county's roads; null: nobody is named"`
	Figures     []wallFigureJSON  `json:"figures"`
	Gaps        []wallFigureJSON  `json:"gaps"`
	Levels      map[string]int    `json:"levels" doc:"townships by warning level"`
	Townships   []wallRowJSON     `json:"townships" doc:"of those with a task, the worst first"`
	Bulletin    *wallBulletinJSON `json:"bulletin" doc:"the wall says what this bulletin on roads says, with its levels; null: none was asked for"`
	Change      *wallChangeJSON   `json:"change" doc:"between which moments the changes lie; null: none was asked"`
}

// wallChangeJSON says what the changes on a wall are between: of a live wall an
// earlier day and its own, of a pinned one its own and how it is now.
type wallChangeJSON struct {
	From momentJSON `json:"from"`
	To   momentJSON `json:"to"`
}

type momentJSON struct {
	AsOf    string  `json:"as_of"`
	KnownAt *string `json:"known_at"`
}

type holderJSON struct {
	Person string `json:"person"`
	Unit   string `json:"unit"`
	Post   string `json:"post"`
	Phone  string `json:"phone"`
}

type wallFigureJSON struct {
	Name   string             `json:"name" doc:"road, reach, water, moved; not_connected, unsafe_water, unsurveyed_water, gap_cost"`
	Kind   planner.ReportKind `json:"kind"`
	Row    *rowJSON           `json:"row" doc:"null: the county has none"`
	Change *float64           `json:"change" doc:"of the value, later less earlier; null: not asked, or one of the two is not known"`
}

type wallRowJSON struct {
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	NameEN     string      `json:"name_en"`
	Level      string      `json:"level"`
	Rate       float64     `json:"rate" doc:"per cent of the task completed"`
	Completed  exact       `json:"completed" doc:"km"`
	Planned    exact       `json:"planned" doc:"km"`
	Left       exact       `json:"left" doc:"km"`
	PlannedNow exact       `json:"time_progress" doc:"per cent of the task planned by the day"`
	LagPP      float64     `json:"lag_pp" doc:"points behind the plan; negative: ahead"`
	Rank       int         `json:"rank"`
	Reasons    []string    `json:"reasons" doc:"of warnings made by hand"`
	Villages   *rowJSON    `json:"villages" doc:"connected of all; null: there are none"`
	Holder     *holderJSON `json:"holder" doc:"null: nobody is named"`
	Changed    *wallMoved  `json:"changed" doc:"null: not asked"`
}

// wallMoved is how a township stood at the other moment.
type wallMoved struct {
	Level     string `json:"level" doc:"empty: it had no task"`
	Completed exact  `json:"completed" doc:"km"`
}

// WallQuestion is what may be asked of a wall.
type WallQuestion struct {
	Day
	Bulletin string `query:"bulletin" maxLength:"10" doc:"number of a bulletin on roads, or last: the wall is pinned to its moment and says its levels; as_of and known_at are left out then"`
	Since    string `query:"since" maxLength:"60" doc:"a live wall: what to tell the change from, a day or DAY@INSTANT; default: seven days before; none: tell no change. A pinned wall tells what has changed since, unless it is none"`
}

type wallOutput struct{ Body wallJSON }

func (s *Server) routeWall(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-wall", Method: http.MethodGet, Path: "/api/v1/wall", Tags: []string{"wall"},
		Summary: "A county at a glance, live or as it was said at a moment", Errors: questionErrors,
	}, s.getWall)
	s.routeBrief(v1)
	s.routeWallLinks(v1)
	s.routeDuty(v1)
}

func (s *Server) getWall(ctx context.Context, in *WallQuestion) (*wallOutput, error) {
	if err := s.allowWall(ctx, in.Region); err != nil {
		return nil, err
	}
	w := s.world.Load()
	bulletin, err := s.pinTo(ctx, in)
	if err != nil {
		return nil, s.fail(err)
	}
	at, err := s.wallAt(ctx, w, in.Region, in.Day)
	if err != nil {
		return nil, s.fail(err)
	}
	other, err := s.wallSince(ctx, w, in, at)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &wallOutput{at.wire(other)}
	if bulletin != nil {
		bulletin.say(&out.Body)
	}
	return out, nil
}

// pinTo sets the moment of the bulletin that is asked for; nil: none is.
func (s *Server) pinTo(ctx context.Context, in *WallQuestion) (*wallBulletinJSON, error) {
	if in.Bulletin == "" {
		return nil, nil
	}
	number, err := strconv.Atoi(in.Bulletin)
	switch {
	case in.Bulletin == "last":
		number = 0
	case err != nil || number < 1:
		return nil, badParam("bulletin", "%.20q is no number of a bulletin; write its number, or last", in.Bulletin)
	}
	if in.AsOf+in.KnownAt != "" {
		return nil, badParam("bulletin", "a bulletin has its own moment; leave out as_of and known_at")
	}
	out, b, err := s.wallBulletin(ctx, in.Region, number)
	if err == nil {
		in.AsOf, in.KnownAt = b.AsOf, clock(b.KnownAt)
	}
	return out, err
}

// wallOf is a wall and what it is of.
type wallOf struct {
	*planner.Wall
	county   *county
	pinned   bool
	revision int64
	at       time.Time // of the world
}

// wallAt is the wall of a county as of a day. Whoever asks has been allowed to.
func (s *Server) wallAt(ctx context.Context, w *world, region string, day Day) (*wallOf, error) {
	query, err := day.parse()
	if err != nil {
		return nil, err
	}
	query.Region = region
	live := w.counties[region]
	c, err := s.asks.get(ctx, w, live, asking{day: query})
	if err != nil {
		return nil, err
	}
	made, err := c.wall()
	if err != nil {
		return nil, err
	}
	out := &wallOf{made, c, c != live, w.revision, w.at}
	if out.pinned {
		out.revision = c.snapshot.Revision
	}
	return out, nil
}

// wall puts a county's wall together; its reports are made once for all.
func (c *county) wall() (*planner.Wall, error) {
	reports := make([]*planner.Report, len(planner.WallReports))
	for _, kind := range planner.WallReports {
		c.begin(kind)
	}
	for i, kind := range planner.WallReports {
		var err error
		if reports[i], err = c.report(kind, 0); err != nil {
			return nil, err
		}
	}
	return c.assessment.Wall(reports), nil
}

// wallSince is the wall at the other end of the changes; nil: none is told.
func (s *Server) wallSince(ctx context.Context, w *world, in *WallQuestion, at *wallOf) (*wallOf, error) {
	if in.Since == "none" {
		return nil, nil
	}
	if at.pinned {
		if in.Since != "" {
			return nil, badParam("since", "a pinned wall tells what has changed since its own moment; write none, or leave it out")
		}
		return s.wallAt(ctx, w, in.Region, Day{Region: in.Region})
	}
	from := planner.Moment{AsOf: at.Snapshot.AsOf - defaultWeek}
	if in.Since != "" {
		var err error
		if from, err = planner.ParseMoment(in.Since); err != nil {
			return nil, badParam("since", "%v", err)
		}
	}
	if from.AsOf > at.Snapshot.AsOf {
		return nil, badParam("since", "%s is after %s; the earlier day comes first", from.AsOf, at.Snapshot.AsOf)
	}
	return s.wallAt(ctx, w, in.Region, dayOf(in.Region, from))
}

// dayOf is a moment as parameters.
func dayOf(region string, m planner.Moment) Day {
	d := Day{Region: region, AsOf: dayOrNone(m.AsOf)}
	if !m.KnownAt.IsZero() {
		d.KnownAt = clock(m.KnownAt)
	}
	return d
}

// moment draws a wall again as it is: of the live world what was known when its
// revision was made.
func (w *wallOf) moment() planner.Moment {
	m := planner.Moment{AsOf: w.Snapshot.AsOf, KnownAt: w.Snapshot.KnownAt}
	if m.KnownAt.IsZero() {
		m.KnownAt = w.at
	}
	return m
}

func (w *wallOf) wire(other *wallOf) wallJSON {
	r, m := &w.Snapshot.Region, w.moment()
	out := wallJSON{
		Region: r.Code, Name: r.Name, NameEN: r.NameEN, Notice: r.Notice, NoticeEN: r.NoticeEN, Attribution: r.Source, Bounds: wireBounds(w.county.info.Bounds),
		Revision: w.revision, Time: clock(w.at), AsOf: w.Snapshot.AsOf.String(), KnownAt: knownAt(w), Pinned: w.pinned, Moment: m.String(),
		DaysLeft: w.DaysLeft(), Holder: wireHolder(w.Holder), Levels: map[string]int{},
	}
	if p := w.Programme; p != nil {
		out.Programme, out.Deadline = &reportProgramme{p.ID, p.Code, p.Name, p.NameEN}, p.Deadline.String()
	}
	for level, n := range w.Levels {
		out.Levels[levelNames[planner.WarningLevel(level)]] = n
	}
	earlier, later := other, w
	if w.pinned {
		earlier, later = w, other
	}
	if other != nil {
		out.Change = &wallChangeJSON{momentJSON{earlier.Snapshot.AsOf.String(), knownAt(earlier)}, momentJSON{later.Snapshot.AsOf.String(), knownAt(later)}}
	}
	out.Figures, out.Gaps = w.figures(w.Figures, earlier, later), w.figures(w.Gaps, earlier, later)
	out.Townships = w.rows(other)
	return out
}

func knownAt(w *wallOf) *string {
	if w.Snapshot.KnownAt.IsZero() {
		return nil
	}
	at := clock(w.Snapshot.KnownAt)
	return &at
}

func (w *wallOf) figures(list []planner.WallFigure, earlier, later *wallOf) []wallFigureJSON {
	out := make([]wallFigureJSON, len(list))
	for i, f := range list {
		out[i] = wallFigureJSON{Name: f.Name, Kind: f.Kind}
		if f.Figure == nil {
			continue
		}
		row := wireRow(f.Figure)
		out[i].Row = &row
		if earlier != nil && later != nil {
			out[i].Change = changeOf(earlier.named(f.Name), later.named(f.Name))
		}
	}
	return out
}

// named is the figure of a wall by its name; nil: it has none.
func (w *wallOf) named(name string) *planner.Figure {
	for _, list := range [][]planner.WallFigure{w.Figures, w.Gaps} {
		for _, f := range list {
			if f.Name == name {
				return f.Figure
			}
		}
	}
	return nil
}

// changeOf is by how much a figure moved; nil: one of the two is not known, or
// they are not of the same metric.
func changeOf(from, to *planner.Figure) *float64 {
	if from == nil || to == nil || from.Metric != to.Metric || from.Masked || to.Masked || from.Value == nil || to.Value == nil {
		return nil
	}
	moved := *to.Value - *from.Value
	return &moved
}

func (w *wallOf) rows(other *wallOf) []wallRowJSON {
	names := map[string]string{}
	for _, t := range w.Snapshot.Townships {
		names[t.Code] = t.NameEN
	}
	var before map[string]*planner.WallTownship
	if other != nil {
		before = map[string]*planner.WallTownship{}
		for i := range other.Townships {
			before[other.Townships[i].Code] = &other.Townships[i]
		}
	}
	out := make([]wallRowJSON, len(w.Townships))
	for i := range w.Townships {
		out[i] = wireWallRow(&w.Townships[i])
		out[i].NameEN = names[out[i].Code]
		if before != nil {
			out[i].Changed = &wallMoved{Completed: exactly(0, planner.UnitKM)}
			if b := before[out[i].Code]; b != nil {
				out[i].Changed.Level, out[i].Changed.Completed = levelNames[b.Level], exactly(b.Completed, planner.UnitKM)
			}
		}
	}
	return out
}

func wireWallRow(t *planner.WallTownship) wallRowJSON {
	out := wallRowJSON{
		Code: t.Code, Name: t.Name, Level: levelNames[t.Level], Rate: 100 * float64(t.Completed) / float64(t.Planned), Completed: exactly(t.Completed, planner.UnitKM),
		Planned: exactly(t.Planned, planner.UnitKM), Left: exactly(t.Left(), planner.UnitKM), PlannedNow: exactly(t.PlanPPM, percentOfPPM),
		LagPP: float64(t.LagPPM()) / 10_000, Rank: t.Rank, Reasons: orEmpty(t.Reasons), Holder: wireHolder(t.Holder),
	}
	if t.Gap != nil {
		row := wireRow(t.Gap)
		out.Villages = &row
	}
	return out
}

func wireHolder(d *planner.Duty) *holderJSON {
	if d == nil {
		return nil
	}
	return &holderJSON{d.Person, d.Unit, d.Post, d.Phone}
}
