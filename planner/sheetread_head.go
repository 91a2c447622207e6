package planner

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"
)

const (
	headRows     = 40  // the head stands among the first rows
	sheetColumns = 500 // columns beyond are not read
)

// Fingerprint is what a head is known by again: its texts without widths,
// blanks and capitals, in order.
func Fingerprint(cells []string) string {
	h := sha256.New()
	last := len(cells)
	for last > 0 && narrow(cells[last-1]) == "" {
		last--
	}
	for _, cell := range cells[:min(last, sheetColumns)] {
		h.Write([]byte(strings.ToLower(narrow(clip(cell)))))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// ReadHead finds the head of a sheet and matches its columns. A head that a
// person has matched before, known by its fingerprint, wins over any guess.
// The result is never nil; its Row is 0 where no head was found.
func ReadHead(s *Sheet, known []SheetHead) *HeadGuess {
	if g := rememberedHead(s, known); g != nil {
		return g
	}
	best, score := &HeadGuess{}, 0
	for row := 1; row <= min(headRows, len(s.Rows)); row++ {
		for rows := 1; rows <= min(2, row); rows++ {
			if rows == 2 && !isSubHead(s.Rows[row-2], s.Rows[row-1]) {
				continue
			}
			g := headAt(s, row, rows)
			if n := g.score(); n > score {
				best, score = g, n
			}
		}
	}
	best.readBlock(s)
	return best
}

// HeadOf takes the head from a person: its row, and which column has which
// field, both from 1.
func HeadOf(s *Sheet, row int, columns map[SheetField]int) (*HeadGuess, error) {
	if row < 1 || row > len(s.Rows) {
		return nil, Errorf(Invalid, "the sheet has %d rows, and none %d that could be its head", len(s.Rows), row)
	}
	rows := 1
	if row > 1 && isSubHead(s.Rows[row-2], s.Rows[row-1]) && headAt(s, row, 2).score() > headAt(s, row, 1).score() {
		rows = 2
	}
	g := headAt(s, row, rows)
	if err := g.setColumns(columns); err != nil {
		return nil, err
	}
	g.readBlock(s)
	return g, nil
}

// Remember is what is kept of a head for the next sheet like it.
func (g *HeadGuess) Remember(township, by string) SheetHead {
	h := SheetHead{Township: township, Fingerprint: g.Fingerprint, Row: g.Row, Columns: map[string]int{}, By: by}
	for _, c := range g.Columns {
		if c.Field != "" {
			h.Columns[string(c.Field)] = c.Column
		}
	}
	return h
}

// Column is the column of a field, from 1; 0: there is none.
func (g *HeadGuess) Column(f SheetField) int {
	for _, c := range g.Columns {
		if c.Field == f {
			return c.Column
		}
	}
	return 0
}

func rememberedHead(s *Sheet, known []SheetHead) *HeadGuess {
	if len(known) == 0 {
		return nil
	}
	byPrint := map[string]SheetHead{}
	for _, h := range known {
		if old, twice := byPrint[h.Fingerprint]; !twice || old.Township == "" {
			byPrint[h.Fingerprint] = h
		}
	}
	for row := 1; row <= min(headRows, len(s.Rows)); row++ {
		for rows := min(2, row); rows >= 1; rows-- {
			g := headAt(s, row, rows)
			h, ok := byPrint[g.Fingerprint]
			if !ok || g.setRemembered(h) != nil {
				continue
			}
			g.readBlock(s)
			return g
		}
	}
	return nil
}

func (g *HeadGuess) setRemembered(h SheetHead) error {
	columns := map[SheetField]int{}
	for field, column := range h.Columns {
		columns[SheetField(field)] = column
	}
	if err := g.setColumns(columns); err != nil {
		return err
	}
	g.Remembered = true
	for i := range g.Columns {
		g.Columns[i].Remembered = g.Columns[i].Field != ""
	}
	return nil
}

// setColumns puts a person's fields in the place of the guessed ones.
func (g *HeadGuess) setColumns(columns map[SheetField]int) error {
	for i := range g.Columns {
		g.Columns[i].Field = ""
	}
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		column := columns[field]
		if !slices.Contains(SheetFields(), field) {
			return Errorf(Invalid, "%.40q is no field of a sheet; the fields are %v", field, SheetFields())
		}
		if column == 0 {
			continue
		}
		if column < 1 || column > len(g.Columns) {
			return Errorf(Invalid, "field %s is said to be column %d, but the sheet has columns 1 to %d", field, column, len(g.Columns))
		}
		if had := g.Columns[column-1].Field; had != "" {
			return Errorf(Invalid, "column %d is said to be both %s and %s; give it one field", column, had, field)
		}
		g.Columns[column-1].Field = field
	}
	return nil
}

// headAt takes a row, or two, for the head.
func headAt(s *Sheet, row, rows int) *HeadGuess {
	texts := headTexts(s, row, rows)
	g := &HeadGuess{Row: row, Rows: rows, Fingerprint: Fingerprint(texts), Columns: make([]SheetColumn, len(texts))}
	type candidate struct{ column, rank int }
	sure := map[SheetField]candidate{}
	for i, text := range texts {
		field, rank, unit := fieldOf(text)
		g.Columns[i] = SheetColumn{Column: i + 1, Text: clip(text), Unit: unit}
		if had, ok := sure[field]; field != "" && (!ok || rank < had.rank) {
			sure[field] = candidate{i, rank}
		}
	}
	for field, c := range sure {
		g.Columns[c.column].Field = field
	}
	g.settleLength()
	return g
}

// settleLength takes a bare 里程 for the length of the task where what is done
// has columns of its own.
func (g *HeadGuess) settleLength() {
	length, own := g.Column(FieldLength), false
	for _, c := range g.Columns {
		_, stage := c.Field.stageOf()
		own = own || stage
	}
	if length == 0 || !own || strings.Contains(g.Columns[length-1].Text, "完成") {
		return
	}
	g.Columns[length-1].Field = ""
	if g.Column(FieldPlanned) == 0 {
		g.Columns[length-1].Field = FieldPlanned
	}
}

// headTexts are the texts of a head by column. Of two rows the upper one's text
// goes on over the columns that are merged with it.
func headTexts(s *Sheet, row, rows int) []string {
	lower := s.Rows[row-1]
	width := len(lower)
	if rows == 2 {
		width = max(width, len(s.Rows[row-2]))
	}
	out := make([]string, min(width, sheetColumns))
	above := ""
	for i := range out {
		out[i] = cellAt(lower, i)
		if rows == 1 {
			continue
		}
		upper := cellAt(s.Rows[row-2], i)
		switch {
		case out[i] == "": // merged downwards: its text goes no further
			above = ""
			out[i] = upper
			continue
		case upper != "":
			above = upper
		}
		out[i] = strings.TrimSpace(above + " " + out[i])
	}
	return out
}

// isSubHead says whether a row can be the second of a head under another one:
// it has texts, none of them data, and stands under cells that are merged over
// several columns, or has nothing but units.
func isSubHead(upper, lower []string) bool {
	texts, filled, merged, units := 0, 0, false, true
	for i := range min(max(len(lower), len(upper)), sheetColumns) {
		above, text := cellAt(upper, i), cellAt(lower, i)
		if above != "" {
			filled++
		}
		if text == "" {
			continue
		}
		if isData(text) {
			return false
		}
		texts++
		merged = merged || above == ""
		units = units && unitAlone.MatchString(narrow(text))
	}
	return texts > 0 && filled > 1 && (merged || units)
}

// unitAlone is a unit in a cell by itself.
var unitAlone = regexp.MustCompile(`^[(\[【]?(?:公里|千米|[kK][mM]|米|[mM]|里|条|个|%|万元|年月日|年/月/日|日期)[)\]】]?$`)

// isData says whether a text can stand in no head: a number, a day, a label, or
// what is too long.
func isData(text string) bool {
	_, number := parseQuantity(text)
	return number || len(text) > 4*maxHeadText || matchDay(text) != nil || looksLikeLabel(text)
}

var labelLike = regexp.MustCompile(`(?i)k?\d+\+\d`)

func looksLikeLabel(s string) bool { return labelLike.MatchString(narrow(clip(s))) }

// score is how much of a sheet a head explains; 0: it is none, for it names no
// road or nothing that was done on it.
func (g *HeadGuess) score() int {
	road, done, n := false, false, 0
	for _, c := range g.Columns {
		_, stage := c.Field.stageOf()
		switch c.Field {
		case "":
			continue
		case FieldCode, FieldName:
			road = true
		case FieldInterval, FieldFrom, FieldTo, FieldLength:
			done = true
		}
		done = done || stage
		n += 10
		if c.Unit != "" { // a row of units belongs to the head
			n += 2
		}
	}
	if !road || !done || n < 20 {
		return 0
	}
	return n - g.Rows // of two that explain as much, the one of fewer rows
}

// cellAt is a cell without the blanks around it; a cell that is not there is
// empty.
func cellAt(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// said are the words above and under a table and what stands behind them.
var said = []struct {
	words *regexp.Regexp
	set   func(*HeadGuess, string)
}{
	{regexp.MustCompile(`(?:填报单位|单位名称|报送单位|编制单位|上报单位|填报乡镇|乡镇名称)\s*(?:\([^)]*\))?\s*:?\s*([^\s:,;]*)`), (*HeadGuess).setOffice},
	{regexp.MustCompile(`(?:截至|截止|统计|填报|上报)(?:日期|时间)?\s*:?\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?)`), func(g *HeadGuess, v string) { g.On = cmp.Or(g.On, v) }},
	{regexp.MustCompile(`(?:^|[\s(,;])(?:计量|长度|里程)?单\s*位\s*(?::\s*([^\s,;、)]*)|\s*(公里|千米|[kK][mM]|米|[mM]|华里|市里|里)(?:$|[\s),;、]))`), func(g *HeadGuess, v string) { g.Unit = cmp.Or(g.Unit, headUnit(strings.ToLower(v))) }},
	{regexp.MustCompile(`(?:填表人|填报人|制表人|上报人)\s*:?\s*([^\s:,;]*)`), func(g *HeadGuess, v string) { g.Reporter = cmp.Or(g.Reporter, v) }},
}

// setOffice takes who sends the sheet: a township, or an office above it.
func (g *HeadGuess) setOffice(v string) {
	if strings.ContainsAny(v, "乡镇") || strings.Contains(v, "街道") {
		g.Township = cmp.Or(g.Township, v)
	} else {
		g.office = cmp.Or(g.office, v)
	}
}

// readBlock reads what stands above the head, and in the rows under the table,
// of the whole sheet: who says it, for which day, in which unit.
func (g *HeadGuess) readBlock(s *Sheet) {
	first := g.Row - g.Rows
	for i := range s.Rows {
		if g.Row == 0 || i >= first && i < g.Row || i >= g.Row && i < len(s.Rows)-8 {
			continue
		}
		text := blockText(s.Rows[i])
		for _, word := range said {
			if m := word.words.FindStringSubmatch(text); m != nil && (i < first || len(rowTexts(s.Rows[i])) <= 4) {
				word.set(g, strings.TrimSpace(strings.Join(m[1:], "")))
			}
		}
		if m := titleDay.FindString(text); m != "" && i < first {
			g.On = cmp.Or(g.On, m)
		}
	}
	g.Reporter = cmp.Or(g.Reporter, g.office)
}

// titleDay is a whole day in a title.
var titleDay = regexp.MustCompile(`\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日`)

// blockText is a row as one text with widths made one.
func blockText(row []string) string {
	texts := rowTexts(row)
	for i := range texts {
		texts[i] = foldWidths(clip(texts[i]))
	}
	return strings.Join(texts[:min(len(texts), 30)], " ")
}

// rowTexts are the cells of a row that have something.
func rowTexts(row []string) []string {
	var out []string
	for i := range min(len(row), sheetColumns) {
		if text := cellAt(row, i); text != "" {
			out = append(out, text)
		}
	}
	return out
}
