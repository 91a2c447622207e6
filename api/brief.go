package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/planner"
)

// Media types of a brief.
const (
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	pdfType  = "application/pdf"
)

// Brief is the page before the meeting, of one county: as data, as a document
// of Word, and as a sheet of A4.
type Brief struct {
	planner.Brief
	at    *wallOf
	other *wallOf // what the changes are told from; nil: none are
}

// NewBrief makes the brief of a county; earlier is the assessment of it that
// changes are told from, or nil.
func NewBrief(a, earlier *planner.Assessment) (*Brief, error) {
	at, err := loneWall(a)
	if err != nil {
		return nil, err
	}
	out := &Brief{Brief: *a.Brief(at.Wall), at: at}
	if earlier != nil {
		out.other, err = loneWall(earlier)
	}
	return out, err
}

// loneWall is the wall of an assessment that no world holds.
func loneWall(a *planner.Assessment) (*wallOf, error) {
	reports := make([]*planner.Report, len(planner.WallReports))
	for i, kind := range planner.WallReports {
		var err error
		if reports[i], err = a.Report(kind, planner.ReportOptions{}); err != nil {
			return nil, err
		}
	}
	return &wallOf{Wall: a.Wall(reports), revision: a.Snapshot.Revision}, nil
}

// briefJSON is a brief as data.
type briefJSON struct {
	Region    string           `json:"region"`
	Name      string           `json:"name"`
	Revision  int64            `json:"revision"`
	AsOf      string           `json:"as_of"`
	KnownAt   *string          `json:"known_at" doc:"null: as known now"`
	Deadline  string           `json:"deadline"`
	DaysLeft  *int64           `json:"days_left"`
	Figures   []wallFigureJSON `json:"figures"`
	Red       []wallRowJSON    `json:"red" doc:"the townships to speak about, the worst first, at most eight"`
	More      int              `json:"more" doc:"townships with a warning beside them"`
	Decisions []decideItemJSON `json:"decisions"`
}

// decideItemJSON is one thing to decide.
type decideItemJSON struct {
	Code   string   `json:"code" doc:"act_red, act_orange, act_yellow, act_blue, deadline, dispute, gap_road, gap_water, nobody"`
	Text   string   `json:"text" doc:"in the words of lang"`
	Who    string   `json:"who" doc:"empty: nobody is named"`
	Phone  string   `json:"phone"`
	Places []string `json:"places"`
	Count  int64    `json:"count"`
	Length exact    `json:"length" doc:"km"`
	Days   *int64   `json:"days" doc:"to the deadline; null: it is not about one"`
}

type briefInput struct {
	WallQuestion
	Format string `query:"format" default:"json" enum:"json,docx,pdf"`
	Lang   string `query:"lang" enum:"zh-CN,en" doc:"default: by Accept-Language, else zh-CN"`
	Accept string `header:"Accept-Language"`
}

func (s *Server) routeBrief(v1 huma.API) {
	op := huma.Operation{
		OperationID: "get-brief", Method: http.MethodGet, Path: "/api/v1/wall/brief", Tags: []string{"wall"},
		Summary: "The page before the meeting: what is red, why, who, what to decide", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getBrief)
	file := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	v1.OpenAPI().Paths[op.Path].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[briefJSON](), true, "Brief")}, wordType: file, pdfType: file,
	}
}

// getBrief needs the right to read: a link to the wall does not open it.
func (s *Server) getBrief(ctx context.Context, in *briefInput) (*listOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	if in.Bulletin != "" {
		return nil, s.fail(badParam("bulletin", "the page before the meeting is of a moment; give as_of and known_at of the bulletin"))
	}
	w := s.world.Load()
	at, err := s.wallAt(ctx, w, in.Region, in.Day)
	if err != nil {
		return nil, s.fail(err)
	}
	other, err := s.wallSince(ctx, w, &in.WallQuestion, at)
	if err != nil {
		return nil, s.fail(err)
	}
	b := &Brief{*at.county.assessment.Brief(at.Wall), at, other}
	out, err := b.answer(in.Format, langOf(in.Lang, in.Accept))
	return out, s.fail(err)
}

// answer is a brief in the format asked for.
func (b *Brief) answer(format string, lang Lang) (*listOutput, error) {
	if format == "json" || format == "" {
		return &listOutput{Body: b.wire(lang)}, nil
	}
	var body bytes.Buffer
	if err := b.Write(&body, format, lang); err != nil {
		return nil, err
	}
	kind := map[string]string{"docx": wordType, "pdf": pdfType}[format]
	name := safeName(fmt.Sprintf("brief-%s-%s", b.Snapshot.Region.Code, b.Snapshot.AsOf))
	return &listOutput{kind, fmt.Sprintf(`attachment; filename="%s.%s"`, name, format), body.Bytes()}, nil
}

// Write writes a brief as json, docx or pdf.
func (b *Brief) Write(w io.Writer, format string, lang Lang) error {
	switch format {
	case "docx":
		return b.page(lang).word().Write(w)
	case "pdf":
		fonts, err := paper.FindFonts()
		if err != nil {
			return planner.Errorf(planner.Unavailable, "%v", err)
		}
		return b.page(lang).paper(fonts).WritePDF(w)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(b.wire(lang))
}

func (b *Brief) wire(lang Lang) briefJSON {
	all := b.at.rows(b.other)
	earlier, later := b.ends()
	out := briefJSON{
		Region: b.Snapshot.Region.Code, Name: b.Snapshot.Region.Name, Revision: b.at.revision, AsOf: b.Snapshot.AsOf.String(), KnownAt: knownAt(b.at),
		DaysLeft: b.DaysLeft(), Figures: b.at.figures(b.Figures, earlier, later), Red: all[:len(b.Red)], More: b.More(), Decisions: []decideItemJSON{},
	}
	if b.Programme != nil {
		out.Deadline = b.Programme.Deadline.String()
	}
	for i := range b.Decisions {
		d := &b.Decisions[i]
		item := decideItemJSON{
			Code: d.Code, Text: b.sentence(d, lang), Who: d.Who, Phone: d.Phone, Places: orEmpty(d.Places), Count: d.Count, Length: exactly(d.Length, planner.UnitKM),
		}
		if d.Code == "deadline" {
			item.Days = &d.Days
		}
		out.Decisions = append(out.Decisions, item)
	}
	return out
}

// ends are the two walls that changes lie between, in the order of time.
func (b *Brief) ends() (earlier, later *wallOf) {
	if b.at.pinned {
		return b.at, b.other
	}
	return b.other, b.at
}
