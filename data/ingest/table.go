package ingest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	headWithin = 30     // rows from the top in which the head must stand
	maxBlank   = 10_000 // blank rows in a row, after which a sheet is sparse
)

// sheet is a table of cells as people make them: a title, a head over one or
// several rows with merged cells, rows, sums and notes.
type sheet struct {
	merges []merge
	rows   func(ctx context.Context, yield func(row int, cells []string) error) error
}

// merge is a block of merged cells; rows and columns from 1, both ends in.
type merge struct {
	row, column, lastRow, lastColumn int
	value                            string
}

// source finds the head of the sheet and makes its rows records.
func (s *sheet) source(ctx context.Context, l *layer, req Request, fs *findings) (*source, error) {
	top, err := s.top(ctx)
	if err != nil {
		return nil, refuse(fs, "file_unreadable", err)
	}
	if len(top) == 0 {
		fs.add("file_empty", 0, "", "")
		return nil, errRefused
	}
	at, score := headRow(l, top, req.Map)
	out := &source{table: true}
	last := 0 // row number of the last row that is not data
	if score == 0 && byPlace(req.Map) {
		out.heads = places(widest(top))
	} else {
		depth := s.headDepth(top, at, l)
		out.heads = s.heads(top[at:at+depth], l)
		last = top[at+depth-1].row
		for _, r := range top[:at] {
			out.title += strings.Join(slices.DeleteFunc(slices.Clone(r.cells), func(c string) bool { return strings.TrimSpace(c) == "" }), " ") + "\n"
		}
	}
	out.each = func(ctx context.Context, yield func(record) error) error {
		return s.rows(ctx, func(row int, cells []string) error {
			if row <= last || blank(cells) {
				return nil
			}
			return yield(record{row: row, cells: cells, above: s.above(row, len(out.heads)), sum: sumRow(cells)})
		})
	}
	return out, nil
}

type numbered struct {
	row   int
	cells []string
}

// top reads the rows among which the head must be; blank ones are left out.
func (s *sheet) top(ctx context.Context) ([]numbered, error) {
	var out []numbered
	err := s.rows(ctx, func(row int, cells []string) error {
		if !blank(cells) {
			out = append(out, numbered{row, slices.Clone(cells)})
		}
		if len(out) >= headWithin {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return out, err
}

var errEnough = errors.New("enough")

// headRow is the row most of whose cells are known heads.
func headRow(l *layer, top []numbered, want map[string]string) (at, score int) {
	for i, r := range top {
		hits := map[string]bool{}
		for _, cell := range r.cells {
			h := readHeading(cell)
			for _, f := range l.fields {
				if h.matches(f, false) || want[f.name] != "" && clean(cell) == clean(want[f.name]) {
					hits[f.name] = true
					break
				}
			}
		}
		if len(hits) > score {
			at, score = i, len(hits)
		}
	}
	return at, score
}

// headDepth is the number of rows the head covers: as many as its tallest
// merged cell, or two where the next row continues it.
func (s *sheet) headDepth(top []numbered, at int, l *layer) int {
	depth := 1
	for _, m := range s.merges {
		if m.row == top[at].row {
			depth = max(depth, m.lastRow-m.row+1)
		}
	}
	if depth == 1 && at+1 < len(top) && s.continues(top[at].cells, top[at+1].cells, l) {
		depth = 2
	}
	last := top[at].row + depth - 1
	for n := depth; n > 0; n-- { // blank rows are not among top
		if at+n-1 < len(top) && top[at+n-1].row <= last {
			return n
		}
	}
	return 1
}

// continues reports whether a row is the second half of the head: no figures,
// and nothing under the columns that are already known.
func (s *sheet) continues(head, next []string, l *layer) bool {
	any := false
	for i, cell := range next {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		if i < len(head) && strings.TrimSpace(head[i]) != "" && knownHead(l, head[i]) && !knownHead(l, cell) && !totalWord(cell) && !unitOnly(cell) {
			return false
		}
		if n, _ := splitUnit(cell); n != "" {
			return false
		}
		any = true
	}
	return any && sumRow(next) == notSum
}

func knownHead(l *layer, cell string) bool {
	h := readHeading(cell)
	return slices.ContainsFunc(l.fields, func(f field) bool { return h.matches(f, false) })
}

func unitOnly(cell string) bool {
	return knownUnit(strings.Trim(strings.ToLower(plain(cell)), "()[] "))
}

func totalWord(cell string) bool { return sumWord(cell) != notSum }

// heads joins the rows of the head: a lower cell that is a head by itself wins,
// one that says "total" stands for the upper one, others are put behind it.
func (s *sheet) heads(rows []numbered, l *layer) []string {
	out := make([]string, widest(rows))
	for i := range out {
		for _, r := range rows {
			lower := ""
			if i < len(r.cells) {
				lower = clean(r.cells[i])
			}
			if lower == "" {
				lower = s.covering(r.row, i+1)
			}
			out[i] = joinHead(out[i], lower, l)
		}
	}
	return out
}

func joinHead(upper, lower string, l *layer) string {
	switch {
	case upper == "" || lower == "" || upper == lower:
		return upper + strings.TrimPrefix(lower, upper)
	case unitOnly(lower):
		return upper + "(" + strings.Trim(plain(lower), "()[] ") + ")"
	case totalWord(lower):
		return upper
	case knownHead(l, lower):
		return lower
	}
	return upper + " " + lower
}

// covering is the value of the merged cell that covers a place, else nothing.
func (s *sheet) covering(row, column int) string {
	for _, m := range s.merges {
		if row >= m.row && row <= m.lastRow && column >= m.column && column <= m.lastColumn {
			return clean(m.value)
		}
	}
	return ""
}

// above gives what merged cells that began in an earlier row say in this one.
func (s *sheet) above(row, width int) []string {
	var out []string
	for _, m := range s.merges {
		if row > m.row && row <= m.lastRow && m.column <= width {
			if out == nil {
				out = make([]string, width)
			}
			out[m.column-1] = m.value
		}
	}
	return out
}

var (
	sumPattern = regexp.MustCompile(`^(全县|全市|全乡|全镇|总|合|共|累)?(合|总|共|累)?计[::]?$|^(grand)?totals?:?$|^sum$`)
	subPattern = regexp.MustCompile(`^.{0,12}小计[::]?$|^sub-?total:?$`)
)

func sumWord(cell string) sumKind {
	text := strings.ToLower(strings.Join(strings.Fields(plain(cell)), ""))
	switch {
	case text == "":
		return notSum
	case subPattern.MatchString(text):
		return subtotal
	case sumPattern.MatchString(text):
		return grandTotal
	}
	return notSum
}

// sumRow looks at the first three cells that say something.
func sumRow(cells []string) sumKind {
	seen := 0
	for _, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		if k := sumWord(cell); k != notSum {
			return k
		}
		if seen++; seen == 3 {
			break
		}
	}
	return notSum
}

// notePattern is how a remark begins. Places are called 注溪 and 说明寨, so those
// words must stand by themselves.
var notePattern = regexp.MustCompile(`^(注|备注|说明|note)([^\pL]|$)|^(填表|制表|审核|单位负责人|填报)`)

// noteRow reports a remark under the table: its first cell says so.
func noteRow(cells []string) bool {
	var said []string
	for _, c := range cells {
		if c := strings.TrimSpace(c); c != "" {
			said = append(said, c)
		}
	}
	return len(said) > 0 && notePattern.MatchString(strings.ToLower(plain(said[0])))
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

func widest(rows []numbered) int {
	n := 0
	for _, r := range rows {
		n = max(n, len(r.cells))
	}
	return n
}

// byPlace reports whether --map names columns by their place, as a file
// without a head needs.
func byPlace(want map[string]string) bool {
	for _, v := range want {
		if strings.HasPrefix(v, "#") {
			return true
		}
	}
	return false
}

func places(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("#%d", i+1)
	}
	return out
}
