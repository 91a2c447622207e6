package main

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/sample"
	"github.com/qiantu/qiantu/geo"
)

// planned is what `qiantu plan decide --json` says, as far as it is looked at.
type planned struct {
	Status    string
	Objective float64
	Bound     float64
	Gap       float64
	Costs     struct{ Money int64 }
	County    struct{ Villages map[string]int64 }
	Villages  []struct {
		Code, Decision, Rule, Differs string
		Segments                      []int64
		At                            []float64
	}
	Roads []struct {
		M     float64
		Names []string
		Lines []orb.LineString
	}
}

// drawn is how much of the roads of a plan can be seen on a map, in metres, of how much.
func (p *planned) drawn() (seen, all float64) {
	for _, r := range p.Roads {
		for _, line := range r.Lines {
			seen += float64(geo.Length(line)) / 1000
		}
		all += r.M
	}
	return seen, all
}

func decideDemo(t *testing.T, dir string, more ...string) *planned {
	t.Helper()
	p := &planned{}
	args := append([]string{"plan", "decide", "--region", "520527", "--json"}, more...)
	if err := json.Unmarshal([]byte(must(t, dir, args...)), p); err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, n := range p.County.Villages {
		sum += n
	}
	if p.Gap > 0.01 || p.Bound > p.Objective || sum != int64(len(p.Villages)) || sum < 1000 {
		t.Fatalf("%v: %s %v, bound %v, gap %v, %d of %d villages counted", more, p.Status, p.Objective, p.Bound, p.Gap, sum, len(p.Villages))
	}
	return p
}

// rising tells whether a column of whole numbers never falls.
func rising(t *testing.T, rows [][]string, column int) bool {
	last := -1
	for _, row := range rows {
		n, err := strconv.Atoi(row[column])
		if err != nil {
			t.Fatal(err)
		}
		if n < last {
			return false
		}
		last = n
	}
	return true
}

// When a kilometre costs twice as much, exactly the three planted hamlets lose
// their roads and move; nobody else's decision or road changes.
func TestPlanDecidesTheDemo(t *testing.T) {
	d := demoService(t)
	file := filepath.Join(t.TempDir(), "decide.csv")
	cheap, dear := decideDemo(t, d.dir, "--gap", "0.001", "--out", file), decideDemo(t, d.dir, "--gap", "0.001", "--yuan-per-km", "800000")
	var turned []string
	for i, v := range cheap.Villages {
		now := dear.Villages[i]
		if v.Decision == now.Decision && slices.Equal(v.Segments, now.Segments) {
			continue
		}
		turned = append(turned, v.Code)
		if v.Decision != "road" || v.Differs != "" || len(v.Segments) != 1 || now.Decision != "relocate" || now.Differs != "" {
			t.Errorf("%s turns from %s over %v (%q) to %s (%q)", v.Code, v.Decision, v.Segments, v.Differs, now.Decision, now.Differs)
		}
	}
	if slices.Sort(turned); !slices.Equal(turned, sample.Planted[:]) {
		t.Errorf("at 800,000 yuan a km %v turn, planted are %v", turned, sample.Planted)
	}
	if seen, all := cheap.drawn(); seen < 0.95*all || seen > 1.05*all || len(cheap.Villages[0].At) != 2 {
		t.Errorf("%.0f m of %.0f are drawn; the first village is at %v", seen, all, cheap.Villages[0].At)
	}
	rows := csvRows(t, file)
	if len(rows) != len(cheap.Villages)+1 || !strings.HasPrefix(strings.Join(rows[0], ","), "village,decision,site,segments,cost_road,cost_move,rule,flip") {
		t.Errorf("%d rows of %v", len(rows), rows[0])
	}
	if p := decideDemo(t, d.dir, "--budget", "100000000,150000000"); p.Costs.Money > 250_000_000 {
		t.Errorf("%d yuan of 250,000,000 are spent", p.Costs.Money)
	}
	curve := csvRows(t, func() string {
		file := filepath.Join(t.TempDir(), "curve.csv")
		must(t, d.dir, "plan", "curve", "--region", "520527", "--steps", "2", "--out", file)
		return file
	}())
	if len(curve) != 4 || curve[1][0] != "0" || curve[3][1] != curve[3][0] || !rising(t, curve[1:], 0) || !rising(t, curve[1:], 1) {
		t.Errorf("the curve is %v", curve)
	}
	sheet := filepath.Join(t.TempDir(), "decide.xlsx")
	must(t, d.dir, "plan", "decide", "--region", "520527", "--out", sheet)
	if got := sheetRows(t, sheet); len(got) != len(cheap.Villages) || got[0]["decision"] == "" {
		t.Errorf("%d rows read back of %d", len(got), len(cheap.Villages))
	}
	if stdout := must(t, d.dir, "plan", "decide", "--region", "520527", "--budget", "1"); !strings.Contains(stdout, "status infeasible") {
		t.Errorf("with one yuan: %s", stdout)
	}
}

func csvRows(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestPlanAssignsTheDemo(t *testing.T) {
	d := demoService(t)
	for _, c := range []struct {
		args []string
		most int
	}{{[]string{"assign"}, 12}, {[]string{"assign", "--split"}, 12}, {[]string{"site", "--sites", "8", "--metric", "s"}, 8}} {
		file := filepath.Join(t.TempDir(), "assign.csv")
		stdout := must(t, d.dir, append(append([]string{"plan"}, c.args...), "--region", "520527", "--out", file)...)
		rows := csvRows(t, file)
		sites := map[string]bool{}
		for _, row := range rows[1:] {
			sites[row[1]] = true
		}
		if !strings.Contains(stdout, "\ngap ") || len(rows) < 20 || len(sites) == 0 || len(sites) > c.most ||
			!strings.HasPrefix(strings.Join(rows[0], ","), "village,site,households,persons,m,s") {
			t.Errorf("%v: %d rows of %v to %d sites\n%s", c.args, len(rows), rows[0], len(sites), stdout)
		}
	}
}

// The report of decisions is that of the joint plan at default prices, from the shell as from the service.
func TestReportOfDecisions(t *testing.T) {
	d := demoService(t)
	plan := decideDemo(t, d.dir)
	shell := reportCSV(t, d.dir, "decision", hezhang)
	served := d.reportJSON(t, "decision", url.Values{"region": {hezhang}})
	if len(shell) != len(served) || len(shell) < 20*10 {
		t.Errorf("%d figures from the shell, %d from the service", len(shell), len(served))
	}
	for name, want := range map[string]int64{
		"M30 road_villages": plan.County.Villages["road"], "M30 relocate_villages": plan.County.Villages["relocate"], "M30 review_villages": plan.County.Villages["review"], "M30 money_yuan": plan.Costs.Money,
	} {
		key := name + " " + hezhang
		if got := strconv.FormatInt(want, 10); shell[key]["numerator"] != got || served[key]["numerator"] != float64(want) {
			t.Errorf("%s is %s from the shell, %v from the service, %s in the plan", name, shell[key]["numerator"], served[key]["numerator"], got)
		}
	}
}
