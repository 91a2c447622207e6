// Command qiantu plans rural roads, water and relocation over PostGIS: one binary, one file per command.
//
// This package wires the others together and is the only one that reads flags and the environment. Results go to
// standard output or --out, messages to standard error. The exit status is 0 when all went well, 1 when the work failed,
// 2 when the command line was wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// environment is what a command may touch of the world; tests give their own.
type environment struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
}

// command is one word after "qiantu".
type command struct {
	name     string
	synopsis string
	does     string
	run      func(ctx context.Context, env environment, args []string) error
}

// commands lists all commands in the order of the help text.
func commands() []command {
	return []command{
		{"demo", "[--listen HOST:PORT] [--data-dir DIR]", "serve the demo county", runDemo},
		{"serve", "[--listen HOST:PORT] [--host NAME] [--tls-cert FILE --tls-key FILE | --behind-tls] [--streams 256] [--streams-per-session 20] [--backdrops FILE] [--data-dir DIR]", "serve what is stored", runServe},
		{"user", "add LOGIN [--name N] [--unit U] [--no-password] | password LOGIN | disable LOGIN | enable LOGIN | grant LOGIN|guest ROLE --region CODE|* |" +
			" revoke LOGIN|guest ROLE --region CODE|* | list [--json] | sessions LOGIN | end LOGIN",
			"who may do what; a password is read from the terminal or standard input", runUser},
		{"migrate", "[--data-dir DIR]", "bring the database to this program's schema", runMigrate},
		{"doctor", "[--json] [--data-dir DIR]", "say what is wrong with the set-up, and the mend", runDoctor},
		{"generate", "--villages N --seed S [--data-dir DIR]", "store an invented county", runGenerate},
		{"import", "LAYER FILE [--region CODE] [--crs EPSG:n|gcj02|bd09] [--encoding E] [--map field=column,...] [--partial] [--dry-run]",
			"store the rows of a file, all or none", runImport},
		{"import osm", "FILE [--region CODE]", "store the roads and places of an OpenStreetMap file", nil},
		{"import dem", "FILE.tif [--region CODE] [--dry-run]", "store the heights of a county's land, by which walks are timed", nil},
		{"report", "completion|coverage|water|relocation|decision --region CODE [--by township|village|programme|class|state|contract|project] [--as-of DATE] [--known-at TIME]" +
			" [--within 100,500] [--class tertiary+] [--season dry|wet] [--connect METRES] [--rai METRES] [--walk MINUTES] [--edits close:segment:17,...] [--scenario ID] [--format text|json|csv|xlsx] [--lang zh-CN|en] [--out F]", "print figures", runReport},
		{"report brief", "--region CODE [--as-of DATE] [--known-at TIME] [--lang zh-CN|en] [--format json|docx|pdf] [--out F]", "the page before the meeting: what is behind, why, who, what to decide", nil},
		{"bulletin", "open --region CODE --kind week|month|quarter|year --from DATE --to DATE --cut-off TIME | nil --region CODE --period N --township CODE [--subject S] |" +
			" close --region CODE --period N [--subject road|water|relocation] | list --region CODE [--json] | show|verify --region CODE [--subject S] [--number N] [--format json|xlsx] [--lang zh-CN|en] [--out F]",
			"open a reporting period, close it by a bulletin that nobody can change, and draw that again", runBulletin},
		{"check", "FILE.csv|xlsx|json [--region CODE [--as-of DATE] [--known-at TIME]] [--json] [--out F]",
			"hold the figures of a printed report against what their own numbers give, and against the ledger", runCheck},
		{"watch", "[URL] --region CODE [--layers road,village] [--figures completion,coverage] [--cookie-file F] [--json]",
			"print every revision of a running service: what changed on the map, and which figures from what to what", runWatch},
		{"distances", "--from village --to relocation_site --region CODE [--metric m|s] [--season dry|wet] [--nearest K] [--edits close:segment:17,...] [--scenario ID] [--format csv|json|xlsx] [--lang zh-CN|en] [--out F]",
			"print distances", runDistances},
		{"plan", "assign|site|decide|curve --region CODE [--to 1,2] [--split] [--sites P] [--steps N] [--metric m|s] [--budget YUAN[,YUAN...]] [--yuan-per-km N] [--yuan-per-person N] [--interim YUAN]" +
			" [--objective cost|unserved] [--edits close:segment:17,...] [--scenario ID] [--time-limit 60s] [--gap 0.01] [--seed S] [--threads N] [--json] [--out F.csv|F.xlsx]",
			"say who moves where, which sites to open, or whether to build or to move, with a proven gap; what more budget buys", runPlan},
		{"export", "LAYER --region CODE [--format geojson|gpkg|shp|csv|xlsx] [--encoding utf-8|gbk] [--as-of DATE] [--known-at TIME] [--out F] | report KIND, as report",
			"write the rows of a layer as import reads them, or a report", runExport},
		{"export map", "--region CODE [--township CODE] [--paper a3|a4|a0] [--orientation landscape|portrait] [--format pdf|png] [--dpi N] [--strips N] [--theme colour|grey]" +
			" [--lens road|water] [--supply] [--layers road,...] [--hide road:planned,...] [--bbox W,S,E,N] [--as-of DATE] [--known-at TIME] [--scenario ID] [--lang zh-CN|en]" +
			" [--title T] [--maker M] [--review-number N] --out F", "write the map on a sheet of paper", nil},
		{"access", "--network FILE.osm.pbf --population FILE.csv|tif [--planned FILE] [--dem FILE.tif] [--budget MONEY] [--season dry|wet] [--connect METRES] [--rai METRES] [--walk MINUTES]" +
			" [--edits close:road:5,...] [--speeds F.csv] [--terrain plain|hill|mountain] [--encoding E] [--crs EPSG:n|gcj02|bd09] [--json] [--out DIR]",
			"say who is reached by all-season roads, what each planned road would do and what a budget buys, without a database", runAccess},
		{"route", "matrix|nearest --network FILE.osm.pbf --from A.csv --to B.csv [--nearest K] [--metric m|s] [--season dry|wet] [--speeds F.csv] [--terrain plain|hill|mountain]" +
			" [--snap-max 2000] [--encoding E] [--crs EPSG:n|gcj02|bd09] [--json] [--out F]", "print distances between points over the roads of a file, without a database", runRoute},
		{"solve", "pmedian|pcenter|cflp|gap|assign|cpmedian|transport --orlib FILE [--problem N] [--single-source] [--maximise] [--time-limit T] [--gap G]" +
			" [--seed S] [--threads N] [--json] [--out F]", "solve an instance of the OR-Library, with a bound that proves how good it is, without a database", runSolve},
	}
}

// usageError is a command line that cannot be understood; the status is 2.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return usageError{fmt.Sprintf(format, args...)}
}

// errReported ends a command that has already said on its own what is wrong.
var errReported = errors.New("failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	env := environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
	status := run(ctx, env, os.Args[1:])
	stop()
	os.Exit(status)
}

// run is the whole program but for the process around it.
func run(ctx context.Context, env environment, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		help(env.stdout)
		if len(args) == 0 {
			return exitUsage
		}
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] && c.run != nil {
			return finish(env, c, c.run(ctx, env, args[1:]))
		}
	}
	fmt.Fprintf(env.stderr, "qiantu: there is no command %q; `qiantu help` lists them\n", args[0])
	return exitUsage
}

// finish turns the error of a command into words and a status.
func finish(env environment, c command, err error) int {
	var usage usageError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(env.stderr, "qiantu %s: %s\nusage: qiantu %s %s\n", c.name, usage.message, c.name, c.synopsis)
		return exitUsage
	default:
		fmt.Fprintf(env.stderr, "qiantu %s: %v\n", c.name, err)
		return exitFailed
	}
}

func help(w io.Writer) {
	fmt.Fprint(w, "Qiantu 迁途: how much is built, who is not reached, who moves where.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  qiantu %s %s\n        %s\n", c.name, c.synopsis, c.does)
	}
	fmt.Fprint(w, "\nData are kept in --data-dir (default $QIANTU_DATA_DIR, else a folder in the user's data home, for root\n"+
		"/var/lib/qiantu), or on the server that $DATABASE_URL names.\n")
}

// flags starts a flag set that reports its faults as usage errors.
func flags(env environment, name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {
		for _, c := range commands() {
			if c.name == name {
				fmt.Fprintf(env.stderr, "usage: qiantu %s %s\n        %s\n", c.name, c.synopsis, c.does)
			}
		}
	}
	return set
}

// parse reads flags that may stand before, between and after the plain words, and returns the words.
func parse(set *flag.FlagSet, args []string) ([]string, error) {
	var words []string
	for {
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				set.Usage()
				return nil, err
			}
			return nil, usageError{err.Error()}
		}
		args = set.Args()
		if len(args) == 0 {
			return words, nil
		}
		words = append(words, args[0])
		args = args[1:]
	}
}

// oneOf checks a flag's value against the words it may be.
func oneOf(flag, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return usagef("--%s %q is none of %s", flag, value, strings.Join(allowed, ", "))
}
