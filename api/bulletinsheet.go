package api

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/qiantu/qiantu/planner"
)

// levelFills are the colours of the warning levels, as on the screen.
var levelFills = map[planner.WarningLevel]string{
	planner.WarningBlue: "#6FA8DC", planner.WarningYellow: "#E8C547", planner.WarningOrange: "#E08E45", planner.WarningRed: "#C0392B",
}

// BulletinSheet writes a bulletin as a workbook in the form that counties pass
// round: title, who and until when, two rows of heads with merged groups, the
// total first. The same bulletin gives the same bytes.
func BulletinSheet(w io.Writer, kept *planner.KeptBulletin, lang Lang) error {
	var b planner.Bulletin
	if err := json.Unmarshal([]byte(kept.Body), &b); err != nil {
		return err
	}
	p := layBulletin(&b, lang)
	s := &pageSheet{book: excelize.NewFile(), p: p}
	s.write(kept)
	if s.err == nil {
		_, s.err = s.book.WriteTo(w)
	}
	if err := s.book.Close(); s.err == nil {
		s.err = err
	}
	if s.err != nil {
		return fmt.Errorf("api: write bulletin: %w", s.err)
	}
	return nil
}

// pageSheet writes a page into a workbook; the first error stays.
type pageSheet struct {
	book *excelize.File
	p    *page
	row  int
	err  error
}

const bulletinSheet = "Sheet1"

func (s *pageSheet) write(kept *planner.KeptBulletin) {
	last := len(s.p.columns)
	s.row = 1
	s.set(1, s.p.title, s.style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}}))
	s.merge(1, 1, last, 1)
	for _, pair := range s.p.above {
		s.row++
		s.set(1, pair[0], s.style(&excelize.Style{Font: &excelize.Font{Bold: true}}))
		s.set(3, pair[1], 0)
		s.merge(1, s.row, 2, s.row)
		s.merge(3, s.row, last, s.row)
	}
	s.heads()
	for i, cells := range s.p.rows {
		s.row++
		for k, c := range cells {
			s.cell(k+1, c, i == 0)
		}
	}
	for _, note := range append(s.p.notes, "SHA-256 "+kept.Hash) {
		s.row++
		s.set(1, note, s.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}))
		s.merge(1, s.row, last, s.row)
	}
	s.layout(last)
}

// heads writes the two rows: a group is merged over its columns, a head without
// one over both rows.
func (s *pageSheet) heads() {
	upper, lower := s.row+1, s.row+2
	style := s.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: thinBorder, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"#EFE9DA"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	for i := 0; i < len(s.p.columns); i++ {
		c := s.p.columns[i]
		s.row = lower
		s.set(i+1, c.head, style)
		s.row = upper
		s.set(i+1, c.group, style)
		if c.group == "" {
			s.set(i+1, c.head, style)
			s.merge(i+1, upper, i+1, lower)
			continue
		}
		end := i
		for end+1 < len(s.p.columns) && s.p.columns[end+1].group == c.group {
			end++
			s.row = lower
			s.set(end+1, s.p.columns[end].head, style)
			s.row = upper
			s.set(end+1, "", style)
		}
		s.merge(i+1, upper, end+1, upper)
		i = end
	}
	s.row = lower
}

var thinBorder = []excelize.Border{{Type: "left", Color: "#9AA0A6", Style: 1}, {Type: "right", Color: "#9AA0A6", Style: 1},
	{Type: "top", Color: "#9AA0A6", Style: 1}, {Type: "bottom", Color: "#9AA0A6", Style: 1}}

// cell writes a number as the number that is printed, so that what a reader
// computes with is what he reads.
func (s *pageSheet) cell(column int, c pageCell, bold bool) {
	style := &excelize.Style{Border: thinBorder, Font: &excelize.Font{Bold: bold}}
	if fill := levelFills[c.level]; fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
	}
	if c.number == nil {
		s.set(column, c.text, s.style(style))
		return
	}
	format := "0"
	if c.decimals > 0 {
		format += "." + fmt.Sprintf("%0*d", c.decimals, 0)
	}
	style.CustomNumFmt = &format
	s.set(column, json.Number(c.String()), s.style(style))
}

func (s *pageSheet) style(style *excelize.Style) int {
	if s.err != nil {
		return 0
	}
	id, err := s.book.NewStyle(style)
	s.err = err
	return id
}

func (s *pageSheet) set(column int, value any, style int) {
	if s.err != nil {
		return
	}
	var at string
	if at, s.err = excelize.CoordinatesToCellName(column, s.row); s.err != nil {
		return
	}
	switch v := value.(type) {
	case json.Number:
		var f float64
		if f, s.err = v.Float64(); s.err == nil {
			s.err = s.book.SetCellValue(bulletinSheet, at, f)
		}
	case string:
		s.err = s.book.SetCellStr(bulletinSheet, at, v)
	}
	if s.err == nil && style != 0 {
		s.err = s.book.SetCellStyle(bulletinSheet, at, at, style)
	}
}

func (s *pageSheet) merge(fromColumn, fromRow, toColumn, toRow int) {
	if s.err != nil || fromColumn == toColumn && fromRow == toRow {
		return
	}
	from, err := excelize.CoordinatesToCellName(fromColumn, fromRow)
	to, also := excelize.CoordinatesToCellName(toColumn, toRow)
	if s.err = err; s.err == nil {
		s.err = also
	}
	if s.err == nil {
		s.err = s.book.MergeCell(bulletinSheet, from, to)
	}
}

// layout sets widths and the printed page: A3 across, one page wide.
func (s *pageSheet) layout(last int) {
	for i, c := range s.p.columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if s.err == nil {
			s.err = err
		}
		if s.err == nil {
			s.err = s.book.SetColWidth(bulletinSheet, name, name, c.width)
		}
	}
	if s.err != nil {
		return
	}
	size, fit, tall, across := 8, 1, 0, "landscape" // 8 is A3
	s.err = s.book.SetPageLayout(bulletinSheet, &excelize.PageLayoutOptions{Size: &size, Orientation: &across, FitToWidth: &fit, FitToHeight: &tall})
	yes := true
	if s.err == nil {
		s.err = s.book.SetSheetProps(bulletinSheet, &excelize.SheetPropsOptions{FitToPage: &yes})
	}
	if s.err == nil {
		s.err = s.book.SetDocProps(&excelize.DocProperties{Creator: "Qiantu", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"})
	}
}
