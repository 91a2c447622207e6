package api

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type villagesInput struct {
	Question
	Verdict  string `query:"verdict" enum:"connected,reached,not,unknown"`
	Water    string `query:"water" enum:"safe,basic,unsafe,unsurveyed"`
	Township string `query:"township" maxLength:"64"`
	Q        string `query:"q" maxLength:"100" doc:"part of the code or of either name"`
	Sort     string `query:"sort" maxLength:"40" doc:"code (default), name, township, verdict, water, persons, households or missing_m, with - before it for falling"`
	Page
	Format
}

// villageRowJSON is a village with what was judged of it.
type villageRowJSON struct {
	ID         planner.ID    `json:"id"`
	Code       string        `json:"code"`
	Name       string        `json:"name"`
	NameEN     string        `json:"name_en"`
	Kind       string        `json:"kind"`
	Township   string        `json:"township"`
	Verdict    string        `json:"verdict" doc:"connected, reached, not or unknown"`
	Connected  string        `json:"connected" doc:"yes, no or unknown: an all-season way from the seat"`
	Smooth     string        `json:"smooth" doc:"a hardened one"`
	Reached    string        `json:"reached" doc:"any built road"`
	Water      string        `json:"water"`
	Supply     string        `json:"supply" doc:"served, no_capacity, out_of_reach or not_surveyed, in the season asked for"`
	Persons    *int64        `json:"persons" doc:"null: not known"`
	Households *int64        `json:"households" doc:"null: not known, or masked"`
	Masked     bool          `json:"masked"`
	MissingM   exact         `json:"missing_m" doc:"what the way lacks; null: nothing, or there is no network"`
	Straight   bool          `json:"straight" doc:"no road comes near: the metres are a straight line"`
	Weakest    *weakLinkJSON `json:"weakest" doc:"where the way from the seat breaks first; null: nowhere"`
	Center     []float64     `json:"center"`
}

// weakLinkJSON is a piece of road that fails.
type weakLinkJSON struct {
	Road    *planner.ID `json:"road" doc:"null: beyond the border"`
	Segment *planner.ID `json:"segment" doc:"null: beyond the border, or of no segment"`
	Name    string      `json:"name"`
}

type villagesJSON struct {
	Revision int64            `json:"revision"`
	Total    int              `json:"total"`
	Counts   map[string]int   `json:"counts" doc:"by verdict, whatever verdict is asked for"`
	Items    []villageRowJSON `json:"items"`
}

func (s *Server) routeVillages(v1 huma.API) {
	op := huma.Operation{
		OperationID: "list-villages", Method: http.MethodGet, Path: "/api/v1/villages", Tags: []string{"figures"},
		Summary: "The villages with their verdicts, and what their ways lack", Errors: questionErrors,
	}
	huma.Register(v1, op, s.listVillages)
	describeFile(v1, op, v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[villagesJSON](), true, "Villages"))
}

func (s *Server) listVillages(ctx context.Context, in *villagesInput) (*listOutput, error) {
	if !planner.CanSortVillages(in.Sort) {
		return nil, badParam("sort", "the list has no column %.40q; write one of its members, with - before it for falling", in.Sort)
	}
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	query := planner.VillageQuery{
		Verdict: planner.RoadVerdict(in.Verdict), Water: planner.WaterVerdict(in.Water), Township: in.Township, Q: in.Q, Sort: in.Sort,
		Offset: in.Offset, Limit: in.Limit,
	}
	if in.Format.Format == "xlsx" {
		query.Offset, query.Limit = 0, 0
		out, err := asSheet("villages-"+in.Region, func(w io.Writer) error { return villageSheet(w, a, a.VillagesBy(query).Items, revision, in.lang()) })
		return out, s.fail(err)
	}
	list := a.VillagesBy(query)
	body := villagesJSON{Revision: revision, Total: list.Total, Counts: map[string]int{}, Items: make([]villageRowJSON, len(list.Items))}
	for _, verdict := range []planner.RoadVerdict{planner.RoadConnected, planner.RoadReached, planner.RoadNot, planner.RoadUnknown} {
		body.Counts[string(verdict)] = list.Counts[verdict]
	}
	for i := range list.Items {
		body.Items[i] = wireVillage(&list.Items[i])
	}
	return &listOutput{Body: body}, nil
}

func wireVillage(r *planner.VillageRow) villageRowJSON {
	v := r.Village
	out := villageRowJSON{
		ID: v.ID, Code: v.Code, Name: v.Name, NameEN: v.NameEN, Kind: v.Kind, Township: v.Township, Verdict: string(r.Road),
		Connected: string(r.Connected), Smooth: string(r.Smooth), Reached: string(r.Reached), Water: string(r.Water), Supply: string(r.Supply),
		Persons: r.Persons, Households: r.Households, Masked: r.Masked, Center: []float64{v.Point[0], v.Point[1]},
	}
	if r.Link == nil {
		return out
	}
	out.MissingM, out.Straight = exactly(r.Link.MissingMM, metres), r.Link.Straight
	if p := r.Link.First; p != nil {
		out.Weakest = &weakLinkJSON{Road: idUnless(p.Halo, p.Road), Segment: idUnless(p.Halo, p.Segment), Name: r.Weakest}
	}
	return out
}

// idUnless is an id on the wire, null where there is none or it is not ours.
func idUnless(foreign bool, id planner.ID) *planner.ID {
	if foreign || id == 0 {
		return nil
	}
	return &id
}

var villageSheetColumns = []sheetColumn{
	{"编码 code", 16}, {"村寨 name", 20}, {"类型 kind", 14}, {"乡镇 township", 14}, {"结论 verdict", 12}, {"晴雨通车 connected", 12}, {"通畅 smooth", 12},
	{"通达 reached", 12}, {"饮水 water", 14}, {"供水 supply", 14}, {"人口 persons", 12}, {"户数 households", 12}, {"缺口 missing m", 14}, {"薄弱处 weakest", 20}, {"经度 lon", 12}, {"纬度 lat", 12},
}

// villageSheet writes the list as a workbook.
func villageSheet(w io.Writer, a *planner.Assessment, rows []planner.VillageRow, revision int64, lang Lang) error {
	s, err := newSpreadsheet(aboutList(a, "村寨 villages", revision), villageSheetColumns)
	if err != nil {
		return err
	}
	townships := lang.townshipNames(a.Snapshot)
	for i := range rows {
		r := wireVillage(&rows[i])
		var households any = r.Households
		if r.Masked {
			households = lang.word("value", "masked")
		}
		weakest := ""
		if r.Weakest != nil {
			weakest = r.Weakest.Name
		}
		if err := s.write(r.Code, r.Name, lang.word("kind", r.Kind), cmp.Or(townships[r.Township], r.Township), lang.word("village", r.Verdict), lang.word("answer", r.Connected), lang.word("answer", r.Smooth),
			lang.word("answer", r.Reached), lang.word("water", r.Water), lang.word("supply", r.Supply), r.Persons, households, r.MissingM, weakest, r.Center[0], r.Center[1]); err != nil {
			return err
		}
	}
	return s.end(w)
}
