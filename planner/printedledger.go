package planner

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
)

// ledgerHeads are the columns of a bulletin on roads that the ledger has, by what
// stands over them (domain page 2.9, table 1). The first that fits counts.
var ledgerHeads = []struct {
	words  *regexp.Regexp
	metric string
	rate   bool
}{
	{regexp.MustCompile(`(?i)开工.*(?:率|%)|start.*rate`), "M01 start_rate", true},
	{regexp.MustCompile(`(?i)(?:路面|完工|完成|竣工).*(?:率|%)|completion`), "M02 completion_rate", true},
	{regexp.MustCompile(`(?i)(?:计划|任务).*(?:km|公里|千米)|planned.*km`), "C01 planned_length", false},
	{regexp.MustCompile(`(?i)开工.*(?:km|公里|千米)|started.*km`), "C02 started_length", false},
	{regexp.MustCompile(`(?i)(?:路面|完工|累计)完成.*(?:km|公里|千米)|completed.*km`), "C03 completed_length", false},
}

// checkLedger holds the table against what is stored. Investment and other
// columns whose base the table does not name are left alone.
func (t *printedTable) checkLedger(ledger PrintLedger) {
	for i := range t.heads {
		metric := t.ledgerMetric(i)
		if metric == "" {
			continue
		}
		for _, r := range t.rows {
			if printed := r.numbers[i]; printed != nil && !r.part {
				t.holdAgainst(r, i, *printed, ledger(metric, r.ledgerName()))
			}
		}
	}
}

func (t *printedTable) ledgerMetric(i int) string {
	h := t.heads[i]
	if h.kind != headAmount && h.kind != headRate || newWords.MatchString(h.text) {
		return ""
	}
	for _, l := range ledgerHeads {
		if l.rate == (h.kind == headRate) && l.words.MatchString(h.text) {
			return l.metric
		}
	}
	return ""
}

// newWords are over columns that speak of a week, of money, or of one layer only.
var newWords = regexp.MustCompile(`(?i)本周|本月|新增|投资|资金|万元|路基|基层|week|month|invest`)

func (r printedRow) ledgerName() string {
	if r.total {
		return ""
	}
	for _, text := range r.cells {
		if _, number := readPrinted(text); !number && narrow(text) != "" {
			return narrow(text)
		}
	}
	return r.name
}

func (t *printedTable) holdAgainst(r printedRow, column int, printed printedNumber, f *Figure) {
	if f == nil || f.Value == nil {
		return
	}
	t.check.Ledger++
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(*f.Value, 'f', -1, 64))
	if !ok || printed.against(exact) != PrintWrong {
		return
	}
	t.check.fail(r.number, t.heads[column].text, printed.text, PrintCodeLedger,
		fmt.Sprintf("the ledger has %s as of %s", printed.decimals(exact), f.AsOf), "find out what is missing in the ledger, or what the report has too much")
}
