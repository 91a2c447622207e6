package planner

import (
	"math/big"
	"regexp"
	"strings"
)

// printedTable is a sheet with its head found and its rows told apart.
type printedTable struct {
	check *PrintCheck
	heads []printedHead
	rows  []printedRow // units and totals, in order
}

// printedHead is a column: what stands over it, upper rows first.
type printedHead struct {
	text   string // all its rows, with a blank between
	group  string // its upper row; empty: it has one row only
	kind   headKind
	places int // most digits behind the point below it
}

// headKind is what a column of a printed table holds.
type headKind int

const (
	headOther     headKind = iota
	headAmount             // something that a total sums
	headRate               // per cent of one amount in another
	headElapsed            // per cent that should be done by now
	headDeviation          // rate less elapsed
	headRank
)

// printedRow is a row of figures.
type printedRow struct {
	number  int // from 1
	name    string
	cells   []string
	numbers []*printedNumber // by column; nil: none
	total   bool             // 合计
	part    bool             // 小计: neither a unit nor the whole
}

var (
	grandWords     = regexp.MustCompile(`(?i)^(?:合计|总计|全县合计|全县|县合计|共计|total|grandtotal|county)$`)
	partWords      = regexp.MustCompile(`(?i)^(?:小计|subtotal)$`)
	rateWords      = regexp.MustCompile(`(?i)率|占比|比例|比重|百分比|%|\brate\b|share|percent`)
	elapsedWords   = regexp.MustCompile(`(?i)序时|时间进度|应完成进度|elapsed|time progress`)
	deviationWords = regexp.MustCompile(`(?i)偏差|滞后|deviation|\blag\b|\bpp\b`)
	rankWords      = regexp.MustCompile(`(?i)排名|名次|排位|位次|\brank\b`)
	changeWords    = regexp.MustCompile(`(?i)同比|环比|增长|增幅|change`)
	notSummed      = regexp.MustCompile(`(?i)序号|编号|编码|代码|单价|均|每|日期|时间|时限|年|月|电话|级|\bno\b|\bid\b|code|date|phone|average|mean|price|level|\bper\b`)
	headNotes      = regexp.MustCompile(`单位名称|填报单位|填表|截至|制表|审核`)
)

// CheckTable holds a printed table against its own numbers: rates by the two
// columns they are made of, totals by their rows, lags by rate and time elapsed,
// ranks by rate; all by half-up rounding and by cutting off (domain rules 2, 3,
// 7, 8 and metrics M33, M40). Which two columns make a rate is found from its
// head and from the rows: the pair by which most rows agree. A rate without such
// a pair is told, never judged.
//
// The ledger, which may be nil, answers by metric and by the name of a township,
// the empty name being the county; lengths, start and completion rates of road
// works are held against it.
func CheckTable(s *Sheet, ledger PrintLedger) *PrintCheck {
	c := &PrintCheck{}
	t := readPrintedTable(c, s)
	if t == nil {
		c.note(0, "", "", PrintCodeUnread, "no table of figures was found", "give the sheet a head over its columns and figures below it")
		return c
	}
	for i := range t.heads {
		switch t.heads[i].kind {
		case headRate:
			t.checkRate(i)
		case headAmount:
			t.checkSum(i)
		case headDeviation:
			t.checkDeviation(i)
		case headRank:
			t.checkRank(i)
		}
	}
	t.checkRepeated()
	if ledger != nil {
		t.checkLedger(ledger)
	}
	return c
}

func readPrintedTable(c *PrintCheck, s *Sheet) *printedTable {
	first := firstFigures(s)
	if first < 0 {
		return nil
	}
	t := &printedTable{check: c}
	t.readHead(s, first)
	for n := first; n < len(s.Rows); n++ {
		t.readRow(n+1, s.Rows[n])
	}
	for i := range t.heads {
		t.heads[i].kind = t.kindOf(i)
	}
	return t
}

// firstFigures is the first row that has two figures and a name, under a row of
// words; a row that only numbers the columns is none.
func firstFigures(s *Sheet) int {
	words := false
	for n, row := range s.Rows[:min(len(s.Rows), 3*headRows)] {
		figures, texts, counting := 0, 0, 0
		for i := range min(len(row), sheetColumns) {
			text := cellAt(row, i)
			number, ok := readPrinted(text)
			switch {
			case text == "":
			case !ok:
				texts++
			default:
				figures++
				if number.value.Cmp(big.NewRat(int64(figures), 1)) == 0 {
					counting++
				}
			}
		}
		if words && figures >= 2 && (texts > 0 || counting < figures) {
			return n
		}
		words = words || texts >= 2
	}
	return -1
}

// readHead joins the rows above the figures, up to three of them. Of a merged
// cell the text goes on to the right, over columns that have a lower text.
func (t *printedTable) readHead(s *Sheet, first int) {
	from := first
	least := max(2, (figuresOf(s.Rows[first])+3)/4)
	for from > 0 && first-from < 3 && isHeadRow(s.Rows[from-1], least) {
		from--
	}
	width := 0
	for _, row := range s.Rows[from : first+1] {
		width = max(width, min(len(row), sheetColumns))
	}
	t.heads = make([]printedHead, width)
	for n := from; n < first; n++ {
		over := ""
		for i := range t.heads {
			text := strings.Join(strings.Fields(cellAt(s.Rows[n], i)), " ")
			switch {
			case text != "":
				over = text
			case n+1 < first && cellAt(s.Rows[n+1], i) != "":
				text = over
			}
			t.heads[i].add(text, n+1 < first)
		}
	}
}

func (h *printedHead) add(text string, upper bool) {
	if text == "" || text == h.text {
		return
	}
	if upper && h.group == "" {
		h.group = text
	}
	h.text = strings.TrimSpace(h.text + " " + clip(text))
}

func figuresOf(row []string) int {
	n := 0
	for i := range min(len(row), sheetColumns) {
		if _, ok := readPrinted(cellAt(row, i)); ok {
			n++
		}
	}
	return n
}

// isHeadRow tells heads from titles and from the lines of who reports and when:
// one head for four columns of figures at least.
func isHeadRow(row []string, least int) bool {
	texts := 0
	for i := range min(len(row), sheetColumns) {
		switch text := cellAt(row, i); {
		case headNotes.MatchString(text):
			return false
		case text != "":
			texts++
		}
	}
	return texts >= least
}

func (t *printedTable) readRow(number int, cells []string) {
	r := printedRow{number: number, cells: cells, numbers: make([]*printedNumber, len(t.heads))}
	figures := 0
	for i := range t.heads {
		text := cellAt(cells, i)
		if n, ok := readPrinted(text); ok {
			r.numbers[i] = &n
			t.heads[i].places = max(t.heads[i].places, n.places)
			figures++
			continue
		}
		t.checkDamage(number, i, text)
		word := narrow(text)
		r.total = r.total || i < 3 && grandWords.MatchString(word)
		r.part = r.part || i < 3 && partWords.MatchString(word)
		if r.name == "" {
			r.name = word
		}
	}
	if figures >= 2 {
		t.rows = append(t.rows, r)
	}
}

var (
	lostText   = regexp.MustCompile("\uFFFD|\\?\\?|锟斤拷")
	maskedYear = regexp.MustCompile(`20(?:\d[xX×*]|[xX×*]{2}|__)`)
)

func (t *printedTable) checkDamage(row, column int, text string) {
	switch {
	case lostText.MatchString(text):
		t.check.note(row, t.heads[column].text, text, PrintCodeDamaged, "characters were lost", "save the file again as UTF-8 or .xlsx")
	case maskedYear.MatchString(text):
		t.check.note(row, t.heads[column].text, text, PrintCodeDamaged, "the year is masked", "write the whole date")
	}
}

func (t *printedTable) kindOf(i int) headKind {
	text := t.heads[i].text
	numbers, percents := 0, 0
	for _, r := range t.rows {
		if n := r.numbers[i]; n != nil {
			numbers++
			if n.percent {
				percents++
			}
		}
	}
	switch {
	case numbers == 0, changeWords.MatchString(text):
		return headOther
	case rankWords.MatchString(text):
		return headRank
	case deviationWords.MatchString(text):
		return headDeviation
	case elapsedWords.MatchString(text):
		return headElapsed
	case rateWords.MatchString(text), 2*percents > numbers:
		return headRate
	case notSummed.MatchString(text):
		return headOther
	}
	return headAmount
}

func (t *printedTable) checkRepeated() {
	seen := map[string]int{}
	for _, r := range t.rows {
		key := ""
		for i := range t.heads {
			if !strings.Contains(t.heads[i].text, "序号") {
				key += narrow(cellAt(r.cells, i)) + "\x00"
			}
		}
		if at, twice := seen[key]; twice && r.name != "" {
			t.check.note(r.number, "", r.name, PrintCodeRepeated, "the same as row "+itoa(at), "strike one of the two")
			continue
		}
		seen[key] = r.number
	}
}
