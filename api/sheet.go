package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// maxSheetRows is how many reports of a sheet are looked at in one request.
const maxSheetRows = 5_000

type sheetWrite struct {
	Region   string `query:"region" required:"true" maxLength:"64"`
	Township string `query:"township" maxLength:"64" doc:"that the sheet is of; empty: of the county"`
	Name     string `query:"name" maxLength:"200" doc:"of the file"`
	RawBody  []byte `contentType:"application/octet-stream"`
}

// sheetJSON is a sheet as it was understood; nothing but the file is stored.
type sheetJSON struct {
	Sheet   string          `json:"sheet" doc:"SHA-256 of the file"`
	HeadRow int             `json:"head_row" doc:"from 1; 0: no head was found"`
	Heads   []sheetHeadJSON `json:"heads"`
	Fields  []string        `json:"fields" doc:"that a column may have"`
	Rows    []sheetRowJSON  `json:"rows"`
	Sums    []Finding       `json:"sums" doc:"printed totals that are not what the rows give"`
	Total   int             `json:"total" doc:"reports in it"`
	Ready   int             `json:"ready" doc:"that would count"`
	Held    int             `json:"held" doc:"that would need attention"`
}

type sheetHeadJSON struct {
	Column     int                `json:"column" doc:"from 1"`
	Text       string             `json:"text"`
	Field      planner.SheetField `json:"field" doc:"empty: none"`
	Unit       string             `json:"unit"`
	Remembered bool               `json:"remembered"`
}

// sheetRowJSON is one report of a row; a row that has several stands several
// times, and one that is none has a reason.
type sheetRowJSON struct {
	Row   int               `json:"row" doc:"from 1"`
	Part  int               `json:"part" doc:"of the reports of the row, from 1; 0: none"`
	Cells []string          `json:"cells"`
	Skip  planner.SheetSkip `json:"skip" doc:"why it is no report: blank, total, note, head, none (a road without anything done), no_head (of a sheet whose head was not found); empty: it is one"`
	Entry *reportBody       `json:"entry" doc:"null: no report"`
	Check *checkedJSON      `json:"check" doc:"null: no report"`
}

type sheetOutput struct{ Body sheetJSON }

// SheetMatch is how a person says that a sheet is to be read. Its name is
// exported because the schema leaves out what embeds an unexported type.
type SheetMatch struct {
	Region   string         `json:"region" minLength:"1" maxLength:"64"`
	Township string         `json:"township,omitempty" maxLength:"64"`
	HeadRow  int            `json:"head_row" minimum:"1" maximum:"100000"`
	Columns  map[string]int `json:"columns" doc:"field to column, from 1"`
	Stage    string         `json:"stage,omitempty" maxLength:"40" doc:"of rows that say none"`
	On       string         `json:"on,omitempty" maxLength:"40" doc:"day of rows that say none"`
}

type sheetCheckInput struct {
	Hash string `path:"hash" maxLength:"100"`
	Body SheetMatch
}

type sheetApplyInput struct {
	Hash string `path:"hash" maxLength:"100"`
	Body struct {
		SheetMatch
		Remember bool `json:"remember,omitempty" doc:"match sheets with this head so from now on"`
	}
}

type sheetApplied struct {
	Applied  int                `json:"applied"`
	Held     int                `json:"held"`
	Repeated int                `json:"repeated" doc:"that had come before"`
	Refused  int                `json:"refused" doc:"that had come before with another content"`
	Items    []sheetAppliedItem `json:"items"`
	Revision int64              `json:"revision"`
}

type sheetAppliedItem struct {
	Row      int       `json:"row"`
	ID       string    `json:"id"`
	Status   string    `json:"status" doc:"applied, held, or conflict: the row was applied before with another content"`
	Findings []Finding `json:"findings"`
}

type sheetApplyOutput struct{ Body sheetApplied }

func (s *Server) routeSheet(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "read-sheet", Method: http.MethodPost, Path: "/api/v1/sheets", Tags: []string{"works"},
		Summary: "What a spreadsheet of progress says; nothing is entered yet", Errors: append([]int{http.StatusRequestTimeout}, writeErrors...),
		MaxBodyBytes: maxAttachment, BodyReadTimeout: uploadTime, Middlewares: huma.Middlewares{s.admitUpload(v1)},
	}, s.readSheet)
	content := v1.OpenAPI().Paths["/api/v1/sheets"].Post.RequestBody.Content
	for _, media := range []string{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"} {
		content[media] = content["application/octet-stream"]
	}
	huma.Register(v1, huma.Operation{
		OperationID: "check-sheet", Method: http.MethodPost, Path: "/api/v1/sheets/{hash}/check", Tags: []string{"works"},
		Summary: "What a sheet says as a person matched it; nothing is stored", Errors: writeErrors,
	}, s.checkSheet)
	huma.Register(v1, huma.Operation{
		OperationID: "apply-sheet", Method: http.MethodPost, Path: "/api/v1/sheets/{hash}/apply", Tags: []string{"works"},
		Summary: "Enter the reports of a sheet; the same again is the same", Errors: writeErrors,
	}, s.applySheet)
}

// mayEnterSheet asks for the right to report in the township that a sheet is
// of, or in the county.
func (s *Server) mayEnterSheet(ctx context.Context, county, township string) (func(string) bool, error) {
	may, err := s.mayAnywhere(ctx, planner.ActionReport, county)
	if err == nil && township != "" {
		err = s.allow(ctx, planner.ActionReport, county, township)
	}
	if err == nil {
		err = s.writable()
	}
	return may, err
}

func (s *Server) readSheet(ctx context.Context, in *sheetWrite) (*sheetOutput, error) {
	may, err := s.mayEnterSheet(ctx, in.Region, in.Township)
	if err != nil {
		return nil, err
	}
	name, err := cleanText("name", in.Name)
	if err != nil {
		return nil, badParam("name", "want a name without control characters")
	}
	if len(in.RawBody) == 0 {
		return nil, huma.Error400BadRequest("the file is empty")
	}
	if err := namedAsItIs(name, in.RawBody); err != nil {
		return nil, err
	}
	a, err := s.present(ctx, in.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	sheet, err := s.works.ledger.ReadSheet(ctx, name, slices.Clone(in.RawBody))
	if err != nil {
		return nil, s.fail(err)
	}
	known, err := s.works.ledger.SheetHeads(ctx, in.Region, in.Township)
	if err != nil {
		return nil, s.fail(err)
	}
	if err := s.works.ledger.KeepSheet(ctx, in.Region, sheet, personOf(ctx).Login); err != nil {
		return nil, s.fail(err)
	}
	head := planner.ReadHead(sheet, known)
	rows := planner.Entries(sheet, head, planner.SheetDefaults{Township: in.Township, Reporter: personOf(ctx).Name})
	out, err := s.wireSheet(ctx, a, in.Region, &matchedSheet{sheet, head, rows}, may)
	if err != nil {
		return nil, s.fail(err)
	}
	return &sheetOutput{Body: *out}, nil
}

// namedAsItIs refuses a workbook that is named as something else, which the
// reader would take for damaged.
func namedAsItIs(name string, body []byte) error {
	end := strings.ToLower(path.Ext(name))
	switch {
	case end != ".xlsx" && bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return badParam("name", "the file is a workbook (.xlsx), though its name ends in %.10q; name it .xlsx, or save it as CSV", end)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return badParam("name", "the file is an old workbook (.xls) or locked with a password; save it as .xlsx without one, or as CSV")
	}
	return nil
}

// checkSheet is what applySheet would do with a sheet; nothing is stored.
func (s *Server) checkSheet(ctx context.Context, in *sheetCheckInput) (*sheetOutput, error) {
	may, err := s.mayEnterSheet(ctx, in.Body.Region, in.Body.Township)
	if err != nil {
		return nil, err
	}
	matched, err := s.matchedSheet(ctx, in.Hash, &in.Body)
	if err != nil {
		return nil, err
	}
	a, err := s.present(ctx, in.Body.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	out, err := s.wireSheet(ctx, a, in.Body.Region, matched, may)
	if err != nil {
		return nil, s.fail(err)
	}
	return &sheetOutput{Body: *out}, nil
}

// matchedSheet is a sheet, what its head is taken for, and its rows read so.
type matchedSheet struct {
	sheet *planner.Sheet
	head  *planner.HeadGuess
	rows  []planner.SheetRow
}

// matchedSheet reads a sheet that came before as a person matched it. Its error
// is the answer.
func (s *Server) matchedSheet(ctx context.Context, hash string, m *SheetMatch) (*matchedSheet, error) {
	if !hashForm.MatchString(hash) {
		return nil, huma.Error404NotFound("there is no sheet with that hash")
	}
	if err := cleanTexts(map[string]*string{"stage": &m.Stage, "on": &m.On}); err != nil {
		return nil, err
	}
	sheet, err := s.works.ledger.Sheet(ctx, m.Region, hash)
	if err != nil {
		return nil, s.fail(err)
	}
	head, err := headOf(sheet, m)
	if err != nil {
		return nil, err
	}
	defaults := planner.SheetDefaults{Township: m.Township, Stage: planner.Stage(m.Stage), On: m.On, Reporter: personOf(ctx).Name}
	rows := planner.Entries(sheet, head, defaults)
	if err := fewEnough(rows); err != nil {
		return nil, s.fail(err)
	}
	return &matchedSheet{sheet, head, rows}, nil
}

// wireSheet checks the reports of a sheet one after another, as they would be
// entered.
func (s *Server) wireSheet(ctx context.Context, a *planner.Assessment, county string, m *matchedSheet, may func(string) bool) (*sheetJSON, error) {
	rows := m.rows
	if err := fewEnough(rows); err != nil {
		return nil, err
	}
	out := &sheetJSON{
		Sheet: m.sheet.Hash, HeadRow: m.head.Row, Heads: []sheetHeadJSON{}, Fields: []string{},
		Rows: make([]sheetRowJSON, len(rows)), Sums: wireFindings(planner.SheetSums(m.sheet, m.head, rows)),
	}
	for _, c := range m.head.Columns {
		out.Heads = append(out.Heads, sheetHeadJSON{c.Column, c.Text, c.Field, c.Unit, c.Remembered})
	}
	for _, f := range planner.SheetFields() {
		out.Fields = append(out.Fields, string(f))
	}
	checker := planner.NewChecker(a)
	for i := range rows {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r := &rows[i]
		out.Rows[i] = sheetRowJSON{Row: r.Row, Part: r.Part, Cells: orEmpty(r.Cells), Skip: r.Skip}
		if r.Entry == nil {
			continue
		}
		checked := checker.Check(r.Entry, s.works.today(), may)
		if out.Total++; checked.Status == planner.SubmissionApplied {
			checker.Take(checked.Progress)
			out.Ready++
		} else {
			out.Held++
		}
		body, check := bodyOf(county, r.Entry), wireCheck(a, r.Entry.Road, checked)
		out.Rows[i].Entry, out.Rows[i].Check = &body, &check
	}
	return out, nil
}

func fewEnough(rows []planner.SheetRow) error {
	if len(rows) > maxSheetRows {
		return planner.Errorf(planner.TooLarge, "the sheet has %d reports and other rows; at most %d are read at a time: send it in parts", len(rows), maxSheetRows)
	}
	return nil
}

// bodyOf is an entry of a sheet as it would have been sent one by one.
func bodyOf(county string, e *planner.Entry) reportBody {
	b := reportBody{
		Region: county, ID: e.ID, Road: e.Road, RoadText: e.RoadText, RoadName: e.RoadName, Township: e.Township, Text: e.Text, From: e.From, To: e.To,
		LengthMM: e.Length, Choice: e.Choice, Stage: string(e.Stage), On: e.On, Programme: e.Programme, Contract: e.Contract,
		ContractText: e.ContractText, Reporter: e.Reporter, Evidence: e.Evidence, Note: e.Note, Entered: e.Entered,
		SheetTownship: e.SheetTownship, LengthAssumed: e.Assumed,
	}
	if e.Span != nil {
		b.FromMM, b.ToMM = &e.Span.From, &e.Span.To
	}
	return b
}

func (s *Server) applySheet(ctx context.Context, in *sheetApplyInput) (*sheetApplyOutput, error) {
	b := &in.Body
	may, err := s.mayEnterSheet(ctx, b.Region, b.Township)
	if err != nil {
		return nil, err
	}
	matched, err := s.matchedSheet(ctx, in.Hash, &b.SheetMatch)
	if err != nil {
		return nil, err
	}
	if b.Remember {
		kept := matched.head.Remember(b.Township, personOf(ctx).Login)
		if err := s.works.ledger.RememberHead(ctx, b.Region, &kept); err != nil {
			return nil, s.fail(err)
		}
	}
	done, err := s.turn(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	out := sheetApplied{Items: []sheetAppliedItem{}}
	defer func() { done(out.Revision) }()
	if err := s.enterRows(ctx, b.Region, matched.rows, may, &out); err != nil {
		return nil, s.fail(err)
	}
	return &sheetApplyOutput{Body: out}, nil
}

// headOf takes the head as a person matched it. Its error is the answer.
func headOf(sheet *planner.Sheet, m *SheetMatch) (*planner.HeadGuess, error) {
	columns := map[planner.SheetField]int{}
	for _, name := range sortedKeys(m.Columns) {
		if !slices.Contains(planner.SheetFields(), planner.SheetField(name)) {
			return nil, badMember("columns."+strconv.QuoteToASCII(name), "there is no such field")
		}
		columns[planner.SheetField(name)] = m.Columns[name]
	}
	head, err := planner.HeadOf(sheet, m.HeadRow, columns)
	if err != nil {
		return nil, badMember("columns", "%v", err)
	}
	return head, nil
}

// enterRows enters the reports of a sheet, each seeing those above it. What has
// been entered stays when it breaks off; the same again goes on.
func (s *Server) enterRows(ctx context.Context, county string, rows []planner.SheetRow, may func(string) bool, out *sheetApplied) error {
	a, err := s.present(ctx, county)
	if err != nil {
		return err
	}
	checker := planner.NewChecker(a)
	for i := range rows {
		if rows[i].Entry == nil {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.enterRow(ctx, checker, county, &rows[i], may, out); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) enterRow(ctx context.Context, checker *planner.Checker, county string, row *planner.SheetRow, may func(string) bool, out *sheetApplied) error {
	body, err := json.Marshal(bodyOf(county, row.Entry))
	if err != nil {
		return err
	}
	digest, err := digestOf(body)
	if err != nil {
		return err
	}
	who := personOf(ctx).Login
	sub := &planner.Submission{County: county, ID: row.Entry.ID, Body: body, Digest: digest, By: who, Received: s.works.now().UTC()}
	settle(sub, checker.Check(row.Entry, s.works.today(), may), who)
	stored, again, revision, err := s.works.ledger.Submit(ctx, sub)
	item := sheetAppliedItem{Row: row.Row, ID: row.Entry.ID, Findings: []Finding{}}
	switch {
	case planner.CodeOf(err) == planner.Conflict:
		item.Status = "conflict"
		out.Refused++
	case err != nil:
		return err
	default:
		item.Status, item.Findings = string(stored.Status), wireFindings(stored.Findings)
		out.Revision = max(out.Revision, revision)
		out.count(stored, again)
		if !again {
			checker.Take(stored.Progress)
		}
	}
	out.Items = append(out.Items, item)
	return nil
}

func (out *sheetApplied) count(stored *planner.Submission, again bool) {
	switch {
	case again:
		out.Repeated++
	case stored.Status == planner.SubmissionApplied:
		out.Applied++
	default:
		out.Held++
	}
}
