package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// metres writes millimetres as metres.
const metres planner.Unit = "metres of mm"

// distanceJSON is the way from a village to a site. m and s are null where no
// way is known.
type distanceJSON struct {
	From       planner.ID `json:"from"`
	FromName   string     `json:"from_name"`
	To         planner.ID `json:"to"`
	ToName     string     `json:"to_name"`
	Persons    *int64     `json:"persons" doc:"of the village; null: unknown"`
	Straight   exact      `json:"straight_m"`
	Metres     exact      `json:"m" doc:"null: unreachable"`
	Seconds    exact      `json:"s" doc:"null: unreachable"`
	AccessFrom exact      `json:"access_from_m"`
	AccessTo   exact      `json:"access_to_m"`
	WalkOut    *float64   `json:"walk_out_min" doc:"on foot over both access legs, off the path; null: unreachable"`
	WalkBack   *float64   `json:"walk_back_min" doc:"the same from the site to the village"`
	Walk       string     `json:"walk,omitempty" enum:"terrain,level,partly" doc:"whether heights of the land were known on the way"`
}

type distanceInput struct {
	Question
	From    string `query:"from" default:"village" enum:"village"`
	To      string `query:"to" default:"relocation_site" enum:"relocation_site"`
	Metric  string `query:"metric" default:"m" enum:"m,s" doc:"what the way minimises: metres or seconds"`
	Nearest int    `query:"nearest" default:"0" minimum:"0" maximum:"1000" doc:"sites per village; 0: all"`
	Page
	Format
}

// Page is a part of a long list.
type Page struct {
	Offset int `query:"offset" default:"0" minimum:"0" maximum:"100000000"`
	Limit  int `query:"limit" default:"100" minimum:"1" maximum:"1000"`
}

// of cuts the page out of n rows.
func (p Page) of(n int) (from, to int) {
	from = min(p.Offset, n)
	return from, min(from+p.Limit, n)
}

type distancesJSON struct {
	Total int            `json:"total"`
	Rows  []distanceJSON `json:"rows"`
}

func (s *Server) routeDistance(v1 huma.API) {
	op := huma.Operation{
		OperationID: "list-distances", Method: http.MethodGet, Path: "/api/v1/distances", Tags: []string{"figures"},
		Summary: "The ways from villages to resettlement sites", Errors: questionErrors,
	}
	huma.Register(v1, op, s.listDistances)
	describeFile(v1, op, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[distancesJSON](), true, "Distances"))
}

func (s *Server) listDistances(ctx context.Context, in *distanceInput) (*listOutput, error) {
	season := in.Season
	in.Season = "" // no verdict is asked for, and the ways of both seasons are those of one county
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	o := planner.DistanceOptions{Metric: in.Metric, Season: cmp.Or(season, route.Dry), Nearest: in.Nearest}
	rows, err := c.distances(o)
	if err != nil {
		return nil, s.fail(err)
	}
	if in.Format.Format == "xlsx" {
		if len(rows) > distanceSheetRows {
			return nil, s.fail(planner.Errorf(planner.TooLarge, "%d distances; a spreadsheet has at most %d here: ask for the nearest of each, for pages of JSON, or use the command", len(rows), distanceSheetRows))
		}
		what := fmt.Sprintf("distance sheet %s %s %d %s", o.Metric, o.Season, o.Nearest, in.lang())
		out, err := workOut(ctx, s, c, what, weighFile, func(context.Context) (*listOutput, error) {
			return asSheet("distances-"+in.Region, func(w io.Writer) error { return DistanceSheet(w, c.assessment, revision, rows, o, in.lang()) })
		})
		return out, s.fail(err)
	}
	from, to := in.of(len(rows))
	return &listOutput{Body: distancesJSON{len(rows), wireDistances(rows[from:to])}}, nil
}

// weighFile is how many bytes a file as an answer takes.
func weighFile(out *listOutput) int64 {
	body, _ := out.Body.([]byte)
	return int64(len(body))
}

func wireDistances(rows []planner.DistanceRow) []distanceJSON {
	out := make([]distanceJSON, len(rows))
	for i := range rows {
		out[i] = wireDistance(&rows[i])
	}
	return out
}

// WriteDistances writes distances as the JSON of GET /api/v1/distances, all rows
// of them.
func WriteDistances(w io.Writer, rows []planner.DistanceRow) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(distancesJSON{len(rows), wireDistances(rows)}); err != nil {
		return fmt.Errorf("api: write distances: %w", err)
	}
	return nil
}

var distanceSheetColumns = []sheetColumn{
	{"起点编号 from", 12}, {"起点 from name", 20}, {"终点编号 to", 12}, {"终点 to name", 20}, {"人口 persons", 12}, {"直线 straight m", 14}, {"路程 m", 14}, {"用时 s", 14},
	{"起点步行 access from m", 14}, {"终点步行 access to m", 14}, {"步行去程 walk out min", 14}, {"步行回程 walk back min", 14}, {"步行地面 walk", 14},
}

// distanceSheetRows is the most that a workbook of distances has over HTTP.
const distanceSheetRows = 200_000

// DistanceSheet writes distances as a workbook with the figures of [WriteDistances],
// and above them what the distances are.
func DistanceSheet(w io.Writer, a *planner.Assessment, revision int64, rows []planner.DistanceRow, o planner.DistanceOptions, lang Lang) error {
	about := aboutList(a, "路程 distances", revision)
	about = append(about, [2]string{"季节 season", lang.word("season", cmp.Or(o.Season, route.Dry))}, [2]string{"最短的是 shortest in", lang.word("metric", cmp.Or(o.Metric, "m"))})
	if o.Nearest > 0 {
		about = append(about, [2]string{"每村最近 nearest of each", strconv.Itoa(o.Nearest)})
	}
	if len(rows)+len(about)+2 > sheetRows {
		return planner.Errorf(planner.TooLarge, "%d distances do not fit in a spreadsheet of %d rows; ask for the nearest of each, or for JSON", len(rows), sheetRows)
	}
	s, err := newSpreadsheet(about, distanceSheetColumns)
	if err != nil {
		return err
	}
	for i := range rows {
		r := wireDistance(&rows[i])
		from, to := int64(r.From), int64(r.To)
		out, back := amount{r.WalkOut, planner.UnitMinute}, amount{r.WalkBack, planner.UnitMinute}
		if err := s.write(&from, r.FromName, &to, r.ToName, r.Persons, r.Straight, r.Metres, r.Seconds, r.AccessFrom, r.AccessTo, out, back, lang.word("walk", r.Walk)); err != nil {
			return err
		}
	}
	return s.end(w)
}

// onceWays is a table of distances of a county, made when somebody first asks and paged through afterwards.
type onceWays struct {
	once sync.Once
	rows []planner.DistanceRow
	err  error
}

// maxWays bounds the tables a county holds: two metrics, two seasons, so many
// values of nearest.
const maxWays = 16

func (c *county) distances(o planner.DistanceOptions) ([]planner.DistanceRow, error) {
	if o.Nearest >= maxWays/4 {
		return c.assessment.Distances(o)
	}
	held, _ := c.ways.LoadOrStore(o, &onceWays{})
	made := held.(*onceWays)
	made.once.Do(func() { made.rows, made.err = c.assessment.Distances(o) })
	return made.rows, made.err
}

func wireDistance(r *planner.DistanceRow) distanceJSON {
	out := distanceJSON{
		From: r.From, FromName: r.FromName, To: r.To, ToName: r.ToName, Persons: r.Persons,
		Straight: exactly(r.StraightMM, metres), AccessFrom: exactly(r.AccessFromMM, metres), AccessTo: exactly(r.AccessToMM, metres),
	}
	if r.MM != nil && r.MS != nil {
		out.Metres, out.Seconds = exactly(*r.MM, metres), exactly(*r.MS, metres)
	}
	out.WalkOut, out.WalkBack, out.Walk = minutes(r.WalkOutMS), minutes(r.WalkBackMS), string(r.Walk)
	return out
}

// minutes rounds milliseconds to hundredths of a minute.
func minutes(ms *int64) *float64 {
	if ms == nil {
		return nil
	}
	out := math.Round(float64(*ms)/600) / 100
	return &out
}
