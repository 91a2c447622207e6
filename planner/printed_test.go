package planner

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPrintedNumbersAgainstTheirBase(t *testing.T) {
	for _, c := range []struct {
		printed, formula string
		want             PrintVerdict
	}{
		{"45.75%", "366/800*100", PrintAgrees},
		{"45.75%", "366/800", PrintAgrees},
		{"101%", "1.95/1.92*100", PrintTruncated},
		{"102%", "1.95/1.92*100", PrintAgrees},
		{"35%", "5200/12000*100", PrintWrong},
		{"93.62%", "44/47*100", PrintAgrees},
		{"63.82%", "30/47*100", PrintTruncated},
		{"63.84%", "30/47*100", PrintWrong},
		{"73.398亿元", "1.79+8.5+5.4+0.2+57.508", PrintAgrees},
		{"1.95万", "19500", PrintAgrees},
		{"8,408人", "9897+11241+527-7374-5883", PrintAgrees},
		{"30万余人", "312000", PrintAgrees},
		{"30万余人", "290000", PrintWrong},
		{"不足5%", "4.2", PrintAgrees},
		{"约100", "104", PrintAgrees},
		{"约100", "140", PrintWrong},
		{"-20.92个百分点", "45.75-66.67", PrintAgrees},
		{"0.5", "1/2", PrintAgrees},
		{"1", "1/2", PrintAgrees},
		{"0", "1/2", PrintTruncated},
		{"-1", "-1/2", PrintAgrees},
		{"４５．７５％", "366÷800×100", PrintAgrees},
	} {
		printed, ok := readPrinted(c.printed)
		if !ok {
			t.Errorf("%q is no number", c.printed)
			continue
		}
		exact, err := evaluate(c.formula)
		if err != nil {
			t.Errorf("%s: %v", c.formula, err)
			continue
		}
		if got := printed.against(exact); got != c.want {
			t.Errorf("%s by %s %s, want %s", c.printed, c.formula, got, c.want)
		}
	}
}

func TestFormulasThatAreNone(t *testing.T) {
	for _, text := range []string{"", "1/0", "1+", "(1", "1)", "1..2", "1e9", "a", "2**3", strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100),
		strings.Repeat("-", 100) + "1", strings.Repeat("1+", 3000) + "1", strings.Repeat("9", 50)} {
		if v, err := evaluate(text); err == nil || CodeOf(err) != Invalid {
			t.Errorf("%.40q gives %v, %v", text, v, err)
		}
	}
}

func FuzzEvaluate(f *testing.F) {
	for _, s := range []string{"366/800*100", "-(1.5+2)*3", "((((1))))", "1/(1-1)", "１÷２"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := evaluate(s); (v == nil) == (err == nil) {
			t.Errorf("%q gives %v, %v", s, v, err)
		}
		if n, ok := readPrinted(s); ok && n.against(n.value) == PrintWrong {
			t.Errorf("%q does not agree with itself", s)
		}
	})
}

// A figure printed by rounding agrees, by cutting off agrees or is truncated,
// and one that is two of the last digit off is wrong.
func TestPrintedFiguresRoundAsSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part, whole := rapid.Int64Range(0, 1e9).Draw(t, "part"), rapid.Int64Range(1, 1e9).Draw(t, "whole")
		places := rapid.IntRange(0, 6).Draw(t, "places")
		exact := new(big.Rat).Mul(big.NewRat(part, whole), big.NewRat(100, 1))
		verdict := func(r *big.Rat) PrintVerdict {
			n, ok := readPrinted(r.FloatString(places) + "%")
			if !ok {
				t.Fatalf("%s is no number", r.FloatString(places))
			}
			return n.against(exact)
		}
		if got := verdict(roundHalfUp(exact, places)); got != PrintAgrees {
			t.Fatalf("rounded %s", got)
		}
		if got := verdict(cutOff(exact, places)); got == PrintWrong {
			t.Fatalf("cut off %s", got)
		}
		off := new(big.Rat).Add(roundHalfUp(exact, places), big.NewRat(2, 1).Quo(big.NewRat(2, 1), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))))
		// a share read as a part of one could agree by chance: 0.00 of 0.00
		if part > 0 && exact.Cmp(big.NewRat(1, 1)) > 0 && verdict(off) != PrintWrong {
			t.Fatalf("%s of %s is not wrong", off.FloatString(places), exact.FloatString(9))
		}
	})
}

// weekly is a bulletin as a county prints it: two rows of heads, the total first.
func weekly(rows [][4]int) *Sheet {
	s := &Sheet{Name: "周报.xlsx", Rows: [][]string{
		{"赫章县组组通公路周报"},
		{"填报单位：赫章县交通运输局", "", "", "", "截至日期：2020-06-30", "", "单位：公里"},
		{"序号", "乡镇", "计划", "", "开工", "", "路面完成", "", "序时%", "偏差", "排名"},
		{"", "", "条", "km", "km", "%", "km", "完工率%", "", "", ""},
		nil,
	}}
	var roads, planned, started, done int
	for i, r := range rows {
		roads, planned, started, done = roads+r[0], planned+r[1], started+r[2], done+r[3]
		rank := 1
		for _, other := range rows {
			if other[3]*r[1] > r[3]*other[1] {
				rank++
			}
		}
		s.Rows = append(s.Rows, weeklyRow(fmt.Sprint(i+1), fmt.Sprintf("第%c乡", '甲'+rune(i)), r, fmt.Sprint(rank)))
	}
	s.Rows[4] = weeklyRow("", "合计", [4]int{roads, planned, started, done}, "")
	return s
}

func weeklyRow(number, name string, r [4]int, rank string) []string {
	rate := func(part int) string { return roundHalfUp(big.NewRat(int64(part)*100, int64(r[1])), 2).FloatString(2) }
	lag := new(big.Rat).Sub(roundHalfUp(big.NewRat(int64(r[3])*100, int64(r[1])), 2), big.NewRat(6667, 100))
	return []string{number, name, fmt.Sprint(r[0]), printKM(r[1]), printKM(r[2]), rate(r[2]), printKM(r[3]), rate(r[3]), "66.67", lag.FloatString(2), rank}
}

func printKM(m int) string { return big.NewRat(int64(m), 1000).FloatString(3) }

func drawnWeek(r *rand.Rand, n int) [][4]int {
	var out [][4]int
	for range n {
		planned := 1000 + r.IntN(80_000)
		started := 1 + r.IntN(planned)
		out = append(out, [4]int{1 + r.IntN(9), planned, started, r.IntN(started)})
	}
	return out
}

func TestAWeeklyTableAgreesWithItself(t *testing.T) {
	for seed := range uint64(30) {
		s := weekly(drawnWeek(rand.New(rand.NewPCG(seed, 1)), 3+int(seed)))
		c := CheckTable(s, nil)
		if c.Wrong+c.Truncated > 0 || len(c.Findings) > 0 {
			t.Fatalf("seed %d: %+v", seed, c.Findings)
		}
		units := 3 + int(seed)
		// two rates and a lag for each row and the total, four sums, a rank for each row
		if want := 3*(units+1) + 4 + units; c.Checked != want || c.Agree != want {
			t.Fatalf("seed %d: checked %d, agree %d, want %d", seed, c.Checked, c.Agree, want)
		}
	}
}

// One cell of a sound table is changed; the check names it or the figures made of it.
func TestOneWrongCellIsFound(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := weekly(drawnWeek(r, 8))
		row, column := 4+r.IntN(9), []int{3, 4, 5, 6, 7, 9, 10}[r.IntN(7)]
		if row == 4 && column == 10 {
			continue // the total has no rank
		}
		was, _ := readPrinted(s.Rows[row][column])
		s.Rows[row][column] = new(big.Rat).Add(was.value, big.NewRat(3, 1)).FloatString(was.places)
		if c := CheckTable(s, nil); c.Wrong == 0 {
			t.Errorf("seed %d: %s for %s in row %d, column %d is not found: %+v", seed, s.Rows[row][column], was.text, row+1, column+1, c)
		}
	}
}

func TestTablesOfPeople(t *testing.T) {
	for name, c := range map[string]struct {
		rows                  [][]string
		checked, wrong, notes int
		code                  string
	}{
		"a truncated rate is a note": {[][]string{{"乡镇", "目标", "退出", "退出率"}, {"甲", "192", "195", "101%"}, {"乙", "81", "81", "100%"}, {"丙", "200", "50", "25%"}}, 3, 0, 1, PrintCodeTruncated},
		"a cell that is formatted as per cent": {[][]string{{"乡镇", "任务(户)", "完成(户)", "完成率"}, {"甲", "3", "1", "0.33333333333333331"}, {"乙", "7", "5", "0.7142857142857143"}, {"丙", "9", "9", "1"}},
			3, 0, 0, ""},
		"a rate without its base":           {[][]string{{"乡镇", "人口", "通达率"}, {"甲", "300", "41.2%"}, {"乙", "500", "77.1%"}}, 0, 0, 1, PrintCodeLoose},
		"units and subtotals":               {[][]string{{"乡镇", "km"}, {"合计", "10"}, {"甲", "3"}, {"乙", "3"}, {"小计", "6"}, {"丙", "4"}, {"小计", "4"}}, 0, 0, 1, PrintCodeUnread},
		"a sum that is wrong":               {[][]string{{"乡镇", "条", "km"}, {"合计", "3", "11.0"}, {"甲", "1", "3.0"}, {"乙", "2", "7.0"}}, 2, 1, 0, PrintCodeSum},
		"the same row twice":                {[][]string{{"乡镇", "条", "km"}, {"甲", "1", "3.0"}, {"甲", "1", "3.0"}}, 0, 0, 1, PrintCodeRepeated},
		"lost characters":                   {[][]string{{"乡镇", "条", "km"}, {"甲", "1", "3.0"}, {"??", "1", "4.0"}}, 0, 0, 1, PrintCodeDamaged},
		"a table of nothing":                {[][]string{{"a"}, {}, {"b"}}, 0, 0, 1, PrintCodeUnread},
		"a row that numbers the columns":    {[][]string{{"乡镇", "计划", "完成", "完成率"}, {"1", "2", "3", "4"}, {"甲", "10", "5", "50%"}, {"乙", "20", "5", "25%"}, {"丙", "20", "5", "30%"}}, 3, 1, 0, PrintCodeWrong},
		"one row is judged by what it says": {[][]string{{"单位", "计划", "完成", "完成率"}, {"甲", "10", "5", "60%"}}, 1, 1, 0, PrintCodeWrong},
	} {
		got := CheckTable(&Sheet{Rows: c.rows}, nil)
		notes := len(got.Findings) - got.Wrong
		if got.Checked != c.checked || got.Wrong != c.wrong || notes != c.notes {
			t.Errorf("%s: checked %d, wrong %d, notes %d: %+v", name, got.Checked, got.Wrong, notes, got.Findings)
		}
		if c.code != "" && (len(got.Findings) == 0 || got.Findings[0].Code != c.code) {
			t.Errorf("%s: %+v", name, got.Findings)
		}
	}
}

func TestRowsOfAReportAgainstTheirBaseAndTheLedger(t *testing.T) {
	day, err := ParseDate("2020-06-30")
	if err != nil {
		t.Fatal(err)
	}
	value := 2200.0 / 47
	ledger := func(_, scope string) *Figure {
		if scope == "520527" {
			return &Figure{Value: &value, AsOf: day}
		}
		return nil
	}
	row := func(scope, value string) PrintedRow {
		return PrintedRow{Row: 2, Metric: "M34", Scope: scope, Value: value, Numerator: "22", Denominator: "47", Unit: "%", AsOf: "2020-06-30"}
	}
	for _, c := range []struct {
		row    PrintedRow
		ledger int
		codes  string
	}{
		{row("520527", "46.80851063829787"), 1, ""},
		{row("520527", "46.81"), 1, ""},
		{row("520527", "46.80"), 1, PrintCodeTruncated},
		{row("520527", "46.9"), 1, PrintCodeWrong + " " + PrintCodeLedger},
		{row("elsewhere", "46.81"), 0, ""},
		{row("520527", "n/a"), 0, PrintCodeUnread},
		{PrintedRow{Metric: "C01", Scope: "520527", Value: "46.81", Numerator: "1", Denominator: "", Unit: "km", AsOf: "2020-06-30"}, 1, ""},
		{PrintedRow{Metric: "C01", Scope: "520527", Value: "40", Unit: "km", AsOf: "2020-07-30"}, 0, ""},
	} {
		got := CheckRows([]PrintedRow{c.row}, ledger)
		var codes []string
		for _, f := range got.Findings {
			codes = append(codes, f.Code)
		}
		if got.Ledger != c.ledger || strings.Join(codes, " ") != c.codes {
			t.Errorf("%+v: ledger %d, %v", c.row, got.Ledger, got.Findings)
		}
	}
}

func TestATableAgainstTheLedger(t *testing.T) {
	week := drawnWeek(rand.New(rand.NewPCG(7, 7)), 4)
	s := weekly(week)
	ledger := func(metric, name string) *Figure {
		planned, done := 0, 0
		for i, r := range week {
			if name == "" || name == fmt.Sprintf("第%c乡", '甲'+rune(i)) {
				planned, done = planned+r[1], done+r[3]
			}
		}
		value := 100 * float64(done) / float64(planned)
		if metric == "C03 completed_length" {
			value = float64(done) / 1000
		}
		if planned == 0 || metric != "C03 completed_length" && metric != "M02 completion_rate" {
			return nil
		}
		return &Figure{Value: &value}
	}
	if c := CheckTable(s, ledger); c.Wrong != 0 || c.Ledger != 10 {
		t.Errorf("held %d figures, %+v; want 10 and nothing wrong", c.Ledger, c.Findings)
	}
	week[2][3]++ // a metre more in the ledger
	c := CheckTable(s, ledger)
	var at []string
	for _, f := range c.Findings {
		at = append(at, fmt.Sprintf("%d %s", f.Row, f.Code))
	}
	if got := strings.Join(at, " "); !strings.Contains(got, "5 ledger_differs") || !strings.Contains(got, "8 ledger_differs") || strings.Contains(got, "6 ") {
		t.Errorf("found at %s", got)
	}
}
