package main

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
)

func runDistances(ctx context.Context, env environment, args []string) (err error) {
	set := flags(env, "distances")
	c := storeFlags(set, env)
	from := set.String("from", "village", "village")
	to := set.String("to", "relocation_site", "relocation_site")
	region := set.String("region", "", "code of the county")
	metric := set.String("metric", "m", "what is minimised: m or s")
	season := set.String("season", "dry", "dry or wet")
	edits := set.String("edits", "", "what if: close:segment:17,build:road:5,improve:segment:9,place:site:3:104.7:27.1,capacity:site:3:1200,close:site:3,add:site:900001:104.7:27.1:800,people:village:12:35:160")
	scenario := scenarioFlag(set)
	nearest := set.Int("nearest", 0, "only the K nearest sites of each village; 0: all")
	format := set.String("format", "csv", "csv, json or xlsx")
	lang := set.String("lang", string(api.Chinese), "zh-CN or en: of the words of a spreadsheet")
	asJSON := set.Bool("json", false, "the same as --format json")
	out := set.String("out", "", "file to write")
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	if err := errors.Join(oneOf("from", *from, "village"), oneOf("to", *to, "relocation_site"),
		oneOf("metric", *metric, "m", "s"), oneOf("season", *season, "dry", "wet"), oneOf("format", *format, "csv", "json", "xlsx"), oneOf("lang", *lang, string(api.Chinese), string(api.English))); err != nil {
		return usagef("%v", err)
	}
	if *region == "" || *nearest < 0 {
		return usagef("give --region, and --nearest 0 or more")
	}
	if err := jsonFormat(set, *asJSON, format); err != nil {
		return err
	}
	what, err := planner.ParseEdits(*edits)
	if err != nil {
		return usagef("--edits: %v", err)
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	day, question, _, err := o.under(ctx, *scenario, planner.SnapshotQuery{Region: *region}, planner.Question{Edits: what})
	if err != nil {
		return err
	}
	snapshot, err := o.Snapshot(ctx, day)
	if err != nil {
		return err
	}
	a, err := ask(ctx, snapshot, question)
	if err != nil {
		return err
	}
	options := planner.DistanceOptions{Metric: *metric, Season: *season, Nearest: *nearest}
	rows, err := a.Distances(options)
	if err != nil {
		return err
	}
	return writeTo(env, *out, func(w io.Writer) error {
		switch *format {
		case "json":
			return api.WriteDistances(w, rows)
		case "xlsx":
			return api.DistanceSheet(w, a, snapshot.Revision, rows, options, api.Lang(*lang))
		default:
			return writeDistances(w, rows)
		}
	})
}

// writeDistances prints one row a pair: metres to the millimetre, seconds to the millisecond, minutes on foot to the hundredth,
// empty where there is no way.
func writeDistances(w io.Writer, rows []planner.DistanceRow) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"from", "to", "straight_m", "m", "s", "from_name", "to_name", "walk_out_min", "walk_back_min", "walk"}); err != nil {
		return err
	}
	for _, r := range rows {
		record := []string{strconv.FormatInt(int64(r.From), 10), strconv.FormatInt(int64(r.To), 10),
			thousandths(&r.StraightMM), thousandths(r.MM), thousandths(r.MS), r.FromName, r.ToName,
			minutes(r.WalkOutMS), minutes(r.WalkBackMS), string(r.Walk)}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func thousandths(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(float64(*n)/1000, 'f', 3, 64)
}

func minutes(ms *int64) string {
	if ms == nil {
		return ""
	}
	return strconv.FormatFloat(float64(*ms)/60_000, 'f', 2, 64)
}
