package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/qiantu/qiantu/planner"
)

// county is a generated county that a running service holds.
func generatedCounty(t *testing.T) (dir, code string, db *pgx.Conn) {
	t.Helper()
	dir = dataDir(t)
	must(t, dir, "generate", "--villages", "40", "--seed", "5")
	start(t, dir, "serve")
	var doctor struct{ DSN string }
	if err := json.Unmarshal([]byte(must(t, dir, "doctor", "--json")), &doctor); err != nil {
		t.Fatal(err)
	}
	db, err := pgx.Connect(context.Background(), doctor.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	if err := db.QueryRow(context.Background(), `select distinct county from qiantu.programme`).Scan(&code); err != nil {
		t.Fatal(err)
	}
	return dir, code, db
}

func bulletinOf(t *testing.T, dir, county string, number int) (body string, b planner.Bulletin) {
	t.Helper()
	body = must(t, dir, "bulletin", "show", "--region", county, "--number", fmt.Sprint(number))
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		t.Fatal(err)
	}
	return body, b
}

// Two weeks of a county: the first is closed, a report on it comes late, and the
// second names it. Both stay what they are, byte for byte, and the ledger gives them again.
func TestTwoWeeksAreClosed(t *testing.T) {
	dir, county, db := generatedCounty(t)
	ctx := context.Background()
	run := func(status int, args ...string) string {
		t.Helper()
		stdout, stderr, got := program(t, dir, append([]string{"bulletin"}, args...)...)
		if got != status {
			t.Fatalf("bulletin %v: status %d, want %d: %s%s", args, got, status, stdout, stderr)
		}
		return stdout + stderr
	}
	week := func(from, to string) string {
		return strings.Fields(run(exitOK, "open", "--region", county, "--from", from, "--to", to, "--cut-off", time.Now().Add(time.Hour).Format(time.RFC3339)))[1]
	}
	var road int64
	var version int32
	var end int64
	// the last metre of a scope of the current task that nobody has surfaced
	err := db.QueryRow(ctx, `select s.road, s.road_version, upper(s.span) from qiantu.programme_scope s
		where s.county = $1 and s.programme = (select id from qiantu.programme where county = $1 and starts <= '2020-06-28' order by starts desc, id desc limit 1)
		and upper(s.span) - lower(s.span) > 1000
		and not exists (select from qiantu.progress p where p.county = s.county and p.road = s.road and p.stage in ('surface', 'acceptance') and p.span && int8range(upper(s.span) - 1000, upper(s.span)))
		order by s.id limit 1`, county).Scan(&road, &version, &end)
	if err != nil {
		t.Fatal(err)
	}
	report := func(on string) {
		t.Helper()
		_, err := db.Exec(ctx, `insert into qiantu.progress (county, id, road, road_version, span, stage, on_date, reporter) values ($1, gen_random_uuid(), $2, $3, int8range($5 - 1000, $5), 'surface', $4, 'Li')`,
			county, road, version, on, end)
		if err != nil {
			t.Fatal(err)
		}
	}

	first := week("2020-06-29", "2020-07-05")
	run(exitFailed, "open", "--region", county, "--from", "2020-07-05", "--to", "2020-07-11", "--cut-off", "2020-07-12T00:00:00Z") // two weeks over one day
	run(exitOK, "close", "--region", county, "--period", first)
	if out := run(exitFailed, "close", "--region", county, "--period", first); !strings.Contains(out, "closed already, by bulletin 1") {
		t.Errorf("closed twice: %s", out)
	}
	body, one := bulletinOf(t, dir, county, 1)
	township := one.Reporting[0].Code
	if out := run(exitFailed, "nil", "--region", county, "--period", first, "--township", township); !strings.Contains(out, "the period is closed") {
		t.Errorf("a nil report on a closed period: %s", out)
	}

	second := week("2020-07-06", "2020-07-12")
	run(exitOK, "nil", "--region", county, "--period", second, "--township", township)
	report("2020-07-01") // of the first week, but now
	report("2020-07-08")
	out := run(exitOK, "close", "--region", county, "--period", second)
	if strings.Count(out, "late: ") != 1 || !strings.Contains(out, "on 2020-07-01") {
		t.Errorf("what came late is not named: %s", out)
	}
	again, _ := bulletinOf(t, dir, county, 1)
	if again != body {
		t.Error("the first bulletin is another one after the second")
	}
	_, two := bulletinOf(t, dir, county, 2)
	if two.Roads[0].NewMM == nil || *two.Roads[0].NewMM != 1000 || two.Roads[0].DoneMM != one.Roads[0].DoneMM+1000 {
		t.Errorf("a metre was done: %+v after %+v", two.Roads[0], one.Roads[0])
	}
	states := map[planner.ReportingState]int{}
	for _, r := range two.Reporting {
		states[r.State]++
		if r.Code == township && r.State == planner.NotReported || r.State == planner.Reported && r.Reports != 1 {
			t.Errorf("%+v", r)
		}
	}
	if states[planner.Reported] != 1 || states[planner.ReportedNil] > 1 || states[planner.NotReported] == 0 {
		t.Errorf("one township reported, one had nothing: %v", states)
	}
	w := &weeks{t, dir, county}
	w.agree()
	for _, subject := range []string{"water", "relocation"} {
		run(exitOK, "close", "--region", county, "--period", second, "--subject", subject)
	}
	w.sheetsAgree()
	refusesMeddling(t, db)
	if _, err := db.Exec(ctx, `alter table qiantu.progress disable trigger user; update qiantu.progress set span = int8range(lower(span), lower(span) + 1) where reporter = 'Li'`); err != nil {
		t.Fatal(err)
	}
	if out := run(exitFailed, "verify", "--region", county, "--number", "2"); !strings.Contains(out, "somebody changed the past") {
		t.Errorf("a past that was changed by hand is not noticed: %s", out)
	}
	run(exitOK, "verify", "--region", county, "--number", "1")
}

// weeks are closed ones of a county.
type weeks struct {
	t           *testing.T
	dir, county string
}

func (w *weeks) run(args ...string) string {
	w.t.Helper()
	return must(w.t, w.dir, append([]string{"bulletin"}, args...)...)
}

// agree holds the bulletins against the ledger and against their own numbers.
func (w *weeks) agree() {
	w.t.Helper()
	for number := 1; number <= 2; number++ {
		w.run("verify", "--region", w.county, "--number", fmt.Sprint(number))
		file := filepath.Join(w.t.TempDir(), "bulletin.json")
		if err := os.WriteFile(file, []byte(must(w.t, w.dir, "bulletin", "show", "--region", w.county, "--number", fmt.Sprint(number))), 0o600); err != nil {
			w.t.Fatal(err)
		}
		if stdout, _, status := program(w.t, w.dir, "check", file); status != exitOK || strings.Contains(stdout, " 0 figures checked") {
			w.t.Errorf("bulletin %d does not agree with itself: %s", number, stdout)
		}
	}
}

// sheetsAgree holds the spreadsheets against their own numbers; the same twice are the same bytes.
func (w *weeks) sheetsAgree() {
	w.t.Helper()
	sheets := map[string]string{}
	for _, subject := range []string{"road", "water", "relocation"} {
		for _, lang := range []string{"zh-CN", "en"} {
			file := filepath.Join(w.t.TempDir(), subject+lang+".xlsx")
			for range 2 {
				w.run("show", "--region", w.county, "--subject", subject, "--format", "xlsx", "--lang", lang, "--out", file)
				raw, err := os.ReadFile(file)
				if err != nil {
					w.t.Fatal(err)
				}
				if before := sheets[subject+lang]; before != "" && before != string(raw) {
					w.t.Errorf("the %s sheet in %s is another one the second time", subject, lang)
				}
				sheets[subject+lang] = string(raw)
			}
			stdout, _, status := program(w.t, w.dir, "check", file)
			if status != exitOK || strings.Contains(stdout, " 0 figures checked") || strings.Contains(stdout, "error") {
				w.t.Errorf("the %s sheet in %s does not agree with itself: %s", subject, lang, stdout)
			}
		}
	}
}

// refusesMeddling tries what the database must not take.
func refusesMeddling(t *testing.T, db *pgx.Conn) {
	t.Helper()
	for _, statement := range []string{
		`update qiantu.bulletin set body = body`, `delete from qiantu.bulletin`, `update qiantu.nil_report set township = township`,
		`insert into qiantu.bulletin (county, period, subject, number, as_of, known_at, body, hash, before) select county, period, 'water', 2, as_of, known_at, body || ' ', hash, '' from qiantu.bulletin where number = 1`,
		`insert into qiantu.bulletin (county, period, subject, number, as_of, known_at, body, hash, before) select county, period, 'water', 2, as_of, known_at, body, hash, '' from qiantu.bulletin where number = 1`,
		`insert into qiantu.bulletin (county, period, subject, number, as_of, known_at, body, hash, before) select county, period, 'water', 1, as_of - 1, known_at, body, hash, '' from qiantu.bulletin where number = 1`,
	} {
		if _, err := db.Exec(context.Background(), statement); err == nil {
			t.Errorf("the database takes: %s", statement)
		}
	}
}
