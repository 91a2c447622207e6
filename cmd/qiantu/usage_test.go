package main

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
)

// inside runs a command in this process, without any store.
func inside(t testing.TB, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	env := environment{stdout: &out, stderr: &errs, getenv: func(name string) string {
		return map[string]string{"QIANTU_DATA_DIR": t.TempDir()}[name]
	}}
	status = run(context.Background(), env, args)
	return out.String(), errs.String(), status
}

// A command line that cannot be understood ends with 2 and says the usage; nothing is opened for it.
func TestUsage(t *testing.T) {
	for _, line := range []string{
		"", "bogus", "report", "report completion", "report completion --region", "report completion --region 520527 more",
		"check", "check a b", "bulletin", "bulletin bogus --region x", "bulletin list", "bulletin open --region x", "bulletin close --region x", "bulletin nil --region x --period 1", "bulletin show --region x --number -1", "bulletin list --region x --subject y", "check a.csv --as-of 2020-06-30", "report completion --region 520527 --format pdf", "report completion --region 520527 --as-of 2020-13-01",
		"report completion --region 520527 --known-at yesterday", "report coverage --region 520527 --within 5,x",
		"report completion --region 520527 --season wet", "report coverage --region 520527 --season mud", "report coverage --region 520527 --connect -1",
		"report coverage --region 520527 --walk NaN", "report coverage --region 520527 --edits close:segment:x",
		"distances --from village --to relocation_site --region x --edits bogus", "route", "route matrix", "route nearest --network a --from b", "import", "import village", "import bogus a.csv", "import village a.csv --nonsense", "distances more",
		"distances --from village --to relocation_site", "distances --from village --to relocation_site --region x --metric miles", "distances --region x --json --format xlsx", "report water --region x --format csv --json",
		"serve --listen nowhere", "serve --listen 0.0.0.0:8080", "serve --listen 0.0.0.0:8080 --host roads.example.org",
		"serve --listen 0.0.0.0:8080 --behind-tls", "serve --host http://roads.example.org", "serve --tls-cert a.pem", "serve --tls-cert a.pem --tls-key a.pem --behind-tls",
		"demo --host roads.example.org", "demo --behind-tls", "user", "user bogus", "user add", "user add somebody secret", "user grant somebody", "user grant somebody king --region *",
		"user grant somebody editor", "user add somebody", "demo --listen [::]:1", "solve", "solve pmedian", "solve bogus --orlib a", "solve pmedian pcenter --orlib a",
		"solve pmedian --orlib a --gap NaN", "solve pmedian --orlib a --gap -1", "solve pmedian --orlib a --threads 0", "solve pmedian --orlib a --time-limit -1s", "solve pmedian --orlib a --time-limit 5",
		"solve pmedian --orlib a --problem 2", "solve pmedian --orlib a --single-source", "solve cflp --orlib a --maximise", "solve gap --orlib a --problem 0", "plan", "plan bogus --region x", "plan decide", "plan site --region x", "plan decide --region x --budget -1", "plan decide --region x --split", "plan decide --region x --steps 3", "plan curve --region x --steps 21", "plan curve --region x --budget 5", "plan curve --region x --json", "plan curve --region x --out a.xlsx", "plan assign --region x --budget 5",
		"plan assign --region x --to a", "plan site --region x --sites 0", "plan decide --region x --gap NaN", "plan decide --region x --objective fun", "plan decide --region x --out a.pdf",
		"plan decide --region x --scenario x", "report completion --region x --scenario 1", "plan decide --region x --time-limit -1s", "plan decide --region x --edits bogus", "serve more", "serve --streams 0", "serve --streams-per-session -1", "serve --streams 100001", "serve --streams many", "generate --villages -1", "migrate more",
		"export", "export moon --region x", "export map", "export map more --region x", "export map --region x --paper a9", "export map --region x --bbox 1,2,3", "export map --region x --format gif",
		"export map --region x --dpi 5", "export map --region x --layers moon", "export village", "export village --region x --format dwg", "export village --region x --encoding ebcdic",
		"export village --region x --format shp --out a.shp", "export village road --region x", "export report",
		"watch", "watch http://127.0.0.1:1 more --region x", "watch --region x --layers bogus", "watch --region x --figures decision", "watch nowhere --region x",
	} {
		stdout, stderr, status := inside(t, strings.Fields(line)...)
		if status != exitUsage {
			t.Errorf("qiantu %s: status %d, want %d\n%s", line, status, exitUsage, stderr)
		}
		if !strings.Contains(stdout+stderr, "qiantu") || strings.Contains(stderr, "goroutine") {
			t.Errorf("qiantu %s says %q %q", line, stdout, stderr)
		}
	}
	if stdout, _, status := inside(t, "help"); status != exitOK || !strings.Contains(stdout, "import LAYER FILE") {
		t.Errorf("help: status %d\n%s", status, stdout)
	}
}

// A word that only the judge can refuse is a matter of the command line too; a county that is not there is not.
func TestUsageOfReports(t *testing.T) {
	d := demoService(t)
	for line, want := range map[string]int{
		"report happiness --region 520527":                                                              exitUsage,
		"report completion --region 520527 --by nonsense":                                               exitUsage,
		"report coverage --region 520527 --class nothing":                                               exitUsage,
		"report coverage --region 520527 --season mud":                                                  exitUsage,
		"report coverage --region 520527 --edits close:segment:999999999":                               exitUsage,
		"distances --from village --to relocation_site --region 520527 --edits close:segment:999999999": exitUsage,
		"report coverage --region 520527 --season wet --format xlsx":                                    exitOK,
		"report coverage --region 520527 --season wet --connect 500 --rai 1000 --walk 20":               exitOK,
		"report completion --region 520000 --by state":                                                  exitUsage,
		"report completion --region 520000 --edits close:segment:1":                                     exitUsage,
		"report completion --region 520000":                                                             exitOK,
		"report completion --region 999999":                                                             exitFailed,
		"import village /nowhere/a.csv --region 520527":                                                 exitFailed,
		"report completion --region 520527":                                                             exitOK,
	} {
		if _, stderr, status := program(t, d.dir, strings.Fields(line)...); status != want {
			t.Errorf("qiantu %s: status %d, want %d\n%s", line, status, want, stderr)
		}
	}
}

// Every flag that the help names is one that the command knows.
func TestHelpNamesFlagsThatExist(t *testing.T) {
	named := regexp.MustCompile(`--[a-z-]+`)
	switches := map[string]bool{"--json": true, "--behind-tls": true, "--no-password": true, "--partial": true, "--dry-run": true, "--single-source": true, "--maximise": true, "--split": true, "--supply": true}
	for _, c := range commands() {
		for _, flag := range named.FindAllString(c.synopsis, -1) {
			args := append(strings.Fields(c.name), flag) // without its value: refused for that, if it is known
			if switches[flag] {
				args = append(args, "--nonsense")
			}
			_, stderr, status := inside(t, args...)
			if status != exitUsage || strings.Contains(stderr, "not defined: "+flag[1:]+"\n") {
				t.Errorf("qiantu %s: status %d, %s", strings.Join(args, " "), status, stderr)
			}
		}
	}
}
