package api

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/xuri/excelize/v2"

	"github.com/qiantu/qiantu/planner"
)

// sheetType is the media type of a workbook; sheetRows how many rows one may
// have, its head included.
const (
	sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	sheetRows = excelize.TotalRows
)

// sheetColumn is a column of a spreadsheet: its head in Chinese and English, its
// width in characters.
type sheetColumn struct {
	head  string
	width float64
}

// spreadsheet writes one table as a workbook: what it is of and as of when, as
// the tables of a county begin, then heads and rows. Numbers are numbers; a text
// is a text whatever it begins with, so that none is ever a formula.
type spreadsheet struct {
	book   *excelize.File
	out    *excelize.StreamWriter
	styles map[int]int // of decimals
	bold   int
	row    int
}

// aboutSheet is the block before the table: pairs of a name and what it says.
type aboutSheet [][2]string

// aboutList says what a list of a county is of.
func aboutList(a *planner.Assessment, title string, revision int64) aboutSheet {
	s := a.Snapshot
	known := ""
	if !s.KnownAt.IsZero() {
		known = clock(s.KnownAt)
	}
	return about(title, s.Region.Name+" "+s.Region.Code, s.AsOf.String(), known, SupposedIn(a), revision)
}

// SupposedIn is what an assessment was asked to suppose, in the words of the
// parameters; nothing for a plain one.
func SupposedIn(a *planner.Assessment) string { return wordsOfQuestion(&a.Question) }

func about(title, region, asOf, knownAt, supposed string, revision int64) aboutSheet {
	out := aboutSheet{
		{"表名 table", strings.TrimSpace(title)}, {"单位 unit", strings.TrimSpace(region)}, {"截至日期 as of", asOf},
		{"版本 revision", strconv.FormatInt(revision, 10)},
	}
	if knownAt != "" {
		out = append(out, [2]string{"已知截至 known at", knownAt})
	}
	if supposed != "" {
		out = append(out, [2]string{"假设 supposed", supposed})
	}
	return out
}

// newSpreadsheet begins a workbook with its block and heads.
func newSpreadsheet(about aboutSheet, columns []sheetColumn) (*spreadsheet, error) {
	s := &spreadsheet{book: excelize.NewFile(), styles: map[int]int{}}
	var err error
	if s.bold, err = s.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, s.failed(err)
	}
	if s.out, err = s.book.NewStreamWriter("Sheet1"); err != nil {
		return nil, s.failed(err)
	}
	for i, c := range columns {
		if err := s.out.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, s.failed(err)
		}
	}
	head := len(about) + 2
	corner := fmt.Sprintf("A%d", head+1)
	if err := s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: corner, ActivePane: "bottomLeft"}); err != nil {
		return nil, s.failed(err)
	}
	for _, pair := range about {
		if err := s.write(excelize.Cell{StyleID: s.bold, Value: pair[0]}, pair[1]); err != nil {
			return nil, err
		}
	}
	s.row++ // an empty one
	heads := make([]any, len(columns))
	for i, c := range columns {
		heads[i] = excelize.Cell{StyleID: s.bold, Value: c.head}
	}
	return s, s.write(heads...)
}

func (s *spreadsheet) failed(err error) error {
	_ = s.book.Close() // the first error is the one to tell
	return fmt.Errorf("api: write spreadsheet: %w", err)
}

// write adds a row: texts, whole numbers, values with their unit, exact numbers;
// nil is an empty cell.
func (s *spreadsheet) write(cells ...any) error {
	s.row++
	for i, c := range cells {
		cell, err := s.cell(c)
		if err != nil {
			return s.failed(err)
		}
		cells[i] = cell
	}
	if err := s.out.SetRow("A"+strconv.Itoa(s.row), cells); err != nil {
		return s.failed(err)
	}
	return nil
}

// amount is a number that is read in a unit.
type amount struct {
	value *float64
	unit  planner.Unit
}

func (s *spreadsheet) cell(c any) (any, error) {
	switch c := c.(type) {
	case exact:
		if !c.known {
			return nil, nil
		}
		value := float64(c.n) / math.Pow10(decimalsOf(c.basis))
		if c.basis == planner.UnitMinute {
			value = float64(c.n) / 60_000
		}
		return s.number(value, min(decimalsOf(c.basis), 3))
	case amount:
		if c.value == nil {
			return nil, nil
		}
		return s.number(*c.value, textDecimals[c.unit])
	case *int64:
		if c == nil {
			return nil, nil
		}
		return s.number(float64(*c), 0)
	}
	return c, nil
}

// number is a cell that shows so many decimals.
func (s *spreadsheet) number(v float64, decimals int) (any, error) {
	style, known := s.styles[decimals]
	if !known {
		format := "#,##0"
		if decimals > 0 {
			format += "." + strings.Repeat("0", decimals)
		}
		var err error
		if style, err = s.book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
		s.styles[decimals] = style
	}
	return excelize.Cell{StyleID: style, Value: v}, nil
}

// end writes the workbook.
func (s *spreadsheet) end(w io.Writer) error {
	if err := s.out.Flush(); err != nil {
		return s.failed(err)
	}
	if _, err := s.book.WriteTo(w); err != nil {
		return s.failed(err)
	}
	if err := s.book.Close(); err != nil {
		return fmt.Errorf("api: write spreadsheet: %w", err)
	}
	return nil
}

// reportSheetColumns are the columns of a report as a spreadsheet.
var reportSheetColumns = []sheetColumn{
	{"指标 metric", 30}, {"范围 scope", 16}, {"名称 name", 18}, {"数值 value", 14}, {"单位 unit", 10}, {"分子 numerator", 16},
	{"分母 denominator", 16}, {"未知 unknown", 12}, {"口径 basis", 10}, {"截至 as of", 12}, {"依据 rule", 14}, {"代码 code", 26},
}

// ReportSheet writes a report as a workbook with the same figures as
// [WriteReport], metrics, units and states in words of a language. What was
// supposed ([SupposedIn]) stands above them.
func ReportSheet(w io.Writer, r *planner.Report, supposed string, lang Lang) error {
	region := r.Region
	if i := slices.IndexFunc(r.Figures, func(f planner.Figure) bool { return f.Scope == r.Region }); i >= 0 && r.Figures[i].ScopeName != r.Region {
		region = r.Figures[i].ScopeName + " " + r.Region
	}
	about := about(lang.word("report", string(r.Kind))+" "+programmeHead(r), region, r.AsOf.String(), r.KnownAt, supposed, r.Revision)
	if len(r.Figures)+len(about)+2 > sheetRows {
		return planner.Errorf(planner.TooLarge, "%d figures do not fit in a spreadsheet of %d rows; ask for a coarser breakdown, or for JSON", len(r.Figures), sheetRows)
	}
	s, err := newSpreadsheet(about, reportSheetColumns)
	if err != nil {
		return err
	}
	for i := range r.Figures {
		row := wireRow(&r.Figures[i])
		var value any = amount{row.Value, row.Unit}
		if row.Masked {
			value = lang.word("value", "masked")
		}
		if err := s.write(lang.metric(row.Metric), row.Scope, lang.scopeName(row.Scope, row.ScopeName), value, lang.unit(row.Unit), row.Numerator, row.Denominator, row.Unknown,
			lang.unit(row.Basis), row.AsOf, row.Rule, row.Metric); err != nil {
			return err
		}
	}
	return s.end(w)
}

// Format says how a list is wanted.
type Format struct {
	Format string `query:"format" default:"json" enum:"json,xlsx" doc:"xlsx: all of it as a spreadsheet"`
	Lang   string `query:"lang" enum:"zh-CN,en" doc:"of the words of a spreadsheet; default: by Accept-Language, else zh-CN"`
	Accept string `header:"Accept-Language" doc:"for spreadsheets"`
}

func (f *Format) lang() Lang { return langOf(f.Lang, f.Accept) }

// listOutput is an answer that is JSON, or a file.
type listOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        any
}

// asSheet is a workbook as an answer; the name is that of the file without ending.
func asSheet(name string, write func(io.Writer) error) (*listOutput, error) {
	var body bytes.Buffer
	if err := write(&body); err != nil {
		return nil, err
	}
	return &listOutput{sheetType, fmt.Sprintf(`attachment; filename="%s.xlsx"`, safeName(name)), body.Bytes()}, nil
}

// csvType is the media type of rows as text.
const csvType = "text/csv"

// asText is rows with commas as an answer.
func asText(name string, write func(io.Writer) error) (*listOutput, error) {
	var body bytes.Buffer
	if err := write(&body); err != nil {
		return nil, err
	}
	return &listOutput{csvType + "; charset=utf-8", fmt.Sprintf(`attachment; filename="%s.csv"`, safeName(name)), body.Bytes()}, nil
}

// safeName keeps of a name what a header and every file system takes.
func safeName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '_'
	}, name)
}

// describeFile says that an operation answers with JSON of a type, or with a
// workbook.
func describeFile(v1 huma.API, op huma.Operation, body *huma.Schema) {
	v1.OpenAPI().Paths[op.Path].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: body},
		sheetType:          {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
}
