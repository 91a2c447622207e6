package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
)

func runReport(ctx context.Context, env environment, args []string) (err error) {
	set := flags(env, "report")
	c := storeFlags(set, env)
	region := set.String("region", "", "code of the county, or of a prefecture or province for the completion of its counties")
	by := set.String("by", "township", "township, village, programme, class, state, contract or project")
	asOf := set.String("as-of", "", "day, YYYY-MM-DD; default: the region's data date")
	knownAt := set.String("known-at", "", "instant, RFC 3339; default: now")
	within := set.String("within", "", "metres, comma separated")
	class := set.String("class", "", "road class, \"tertiary+\" for that or better")
	scenario := scenarioFlag(set)
	questions := addQuestion(set, set.String("season", "", "wet: roads when it rains; dry: water in the dry season; default: roads dry, water of the year"))
	format := set.String("format", "text", "text, json, csv or xlsx; of the brief json, docx or pdf")
	lang := set.String("lang", string(api.Chinese), "zh-CN or en: of the words of a spreadsheet, or of the brief")
	asJSON := set.Bool("json", false, "the same as --format json")
	out := set.String("out", "", "file to write")
	words, err := parse(set, args)
	if err != nil {
		return err
	}
	if err := jsonFormat(set, *asJSON, format); err != nil {
		return err
	}
	if len(words) != 1 {
		return usagef("name one report: completion, coverage, water, relocation, decision or brief")
	}
	if words[0] == "brief" {
		return runBrief(ctx, env, c, set, briefOptions{*region, *asOf, *knownAt, *format, *lang, *out})
	}
	kind := planner.ReportKind(words[0])
	if !slices.Contains([]planner.ReportKind{planner.ReportCompletion, planner.ReportCoverage, planner.ReportWater, planner.ReportRelocation, planner.ReportDecision}, kind) {
		return usagef("there is no report %q; there are completion, coverage, water, relocation, decision and brief", kind)
	}
	if err := errors.Join(oneOf("format", *format, "text", "json", "csv", "xlsx"), oneOf("lang", *lang, string(api.Chinese), string(api.English))); err != nil {
		return err
	}
	if *region == "" {
		return usagef("--region is missing")
	}
	query, err := snapshotQuery(*region, *asOf, *knownAt)
	if err != nil {
		return err
	}
	options := planner.ReportOptions{By: *by, Class: *class}
	if *within != "" {
		if options.WithinMM, err = api.ParseWithin(*within); err != nil {
			return usagef("--within: %v", err)
		}
	}
	question, err := questions.question()
	if err != nil {
		return err
	}
	if kind == planner.ReportCompletion && (asked(question) || *scenario != 0) {
		return usagef("--season, --connect, --rai, --walk, --edits and --scenario change nothing of completion; ask for coverage")
	}
	report, supposed, err := c.report(ctx, env, query, kind, supposition{question, *scenario}, options)
	if err != nil {
		return err
	}
	return writeTo(env, *out, func(w io.Writer) error { return writeReport(w, *format, report, supposed, api.Lang(*lang)) })
}

// report reads one snapshot and judges it; supposed says in words what a question asked.
func (c *config) report(ctx context.Context, env environment, query planner.SnapshotQuery, kind planner.ReportKind,
	what supposition, options planner.ReportOptions) (report *planner.Report, supposed string, err error) {
	o, err := c.open(ctx, env)
	if err != nil {
		return nil, "", err
	}
	report, supposed, err = o.report(ctx, query, kind, what, options)
	if planner.CodeOf(err) == planner.Invalid { // a word of the command line that the judge does not know
		err = usagef("%v", err)
	}
	if err != nil {
		return nil, "", withClose(o, err)
	}
	return report, supposed, o.close()
}

// supposition is what a report supposes: a question, over a scenario or none.
type supposition struct {
	question planner.Question
	scenario int64
}

// report speaks of a county, or of a province or prefecture, whose counties it adds up.
func (o *opened) report(ctx context.Context, query planner.SnapshotQuery, kind planner.ReportKind, what supposition,
	options planner.ReportOptions) (report *planner.Report, supposed string, err error) {
	above, err := o.IsAbove(ctx, query.Region)
	if err != nil {
		return nil, "", err
	}
	question := what.question
	if !above {
		query, question, _, err := o.under(ctx, what.scenario, query, question)
		if err != nil {
			return nil, "", err
		}
		snapshot, err := o.Snapshot(ctx, query)
		if err != nil {
			return nil, "", err
		}
		a, err := ask(ctx, snapshot, question)
		if err != nil {
			return nil, "", err
		}
		report, err := reportOf(ctx, a, kind, options)
		return report, api.SupposedIn(a), err
	}
	if kind != planner.ReportCompletion {
		return nil, "", usagef("of a province or prefecture there is the completion report; ask for %s county by county", kind)
	}
	if !slices.Contains([]string{"", "township", "none"}, options.By) {
		return nil, "", usagef("of a province or prefecture there is the report by township or none; ask --by %s county by county", options.By)
	}
	if what.scenario != 0 || question.Season != "" || question.ConnectMM+question.RAIMM+question.WalkMS != 0 || len(question.Edits) > 0 {
		return nil, "", usagef("of a province or prefecture nothing can be supposed; ask county by county")
	}
	unit, revision, counties, err := o.Tally(ctx, query)
	if err != nil {
		return nil, "", err
	}
	return planner.TallyReport(unit, revision, counties, options.By), "", nil
}

// reportOf makes a report; that of decisions is of the joint plan at default prices, the best within a minute.
func reportOf(ctx context.Context, a *planner.Assessment, kind planner.ReportKind, options planner.ReportOptions) (*planner.Report, error) {
	if kind != planner.ReportDecision {
		return a.Report(kind, options)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	p, err := a.Decide(ctx, planner.DecideOptions{Limits: planner.PlanLimits{Gap: 0.01}})
	if err != nil {
		return nil, err
	}
	return a.DecisionReport(p, options)
}

func writeReport(w io.Writer, format string, report *planner.Report, supposed string, lang api.Lang) error {
	switch format {
	case "json":
		return api.WriteReport(w, report)
	case "csv":
		return api.ReportCSV(w, report)
	case "xlsx":
		return api.ReportSheet(w, report, supposed, lang)
	default:
		return api.ReportText(w, report)
	}
}

func snapshotQuery(region, asOf, knownAt string) (planner.SnapshotQuery, error) {
	q := planner.SnapshotQuery{Region: region}
	if asOf != "" {
		day, err := planner.ParseDate(asOf)
		if err != nil {
			return q, usagef("--as-of: %v", err)
		}
		q.AsOf = day
	}
	if knownAt != "" {
		at, err := time.Parse(time.RFC3339, knownAt)
		if err != nil {
			return q, usagef("--known-at %q is not an instant; write it as 2020-06-30T08:00:00Z", knownAt)
		}
		q.KnownAt = at
	}
	return q, nil
}

// writeTo gives write the file that --out names, or standard output. A file appears whole or not at all.
func writeTo(env environment, path string, write func(io.Writer) error) error {
	if path == "" {
		return write(env.stdout)
	}
	temporary := path + ".part"
	f, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer os.Remove(temporary)
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
