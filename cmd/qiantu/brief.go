package main

import (
	"context"
	"flag"
	"io"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
)

// briefOptions are what may be asked of the page before the meeting.
type briefOptions struct{ region, asOf, knownAt, format, lang, out string }

// ofReports are the flags of the other reports that say nothing of a brief.
var ofReports = map[string]bool{"by": true, "within": true, "class": true, "scenario": true, "season": true, "connect": true, "rai": true, "walk": true, "edits": true}

// runBrief writes the page before the meeting: what is red, why, who, what to decide, and what moved in a week.
func runBrief(ctx context.Context, env environment, c *config, set *flag.FlagSet, o briefOptions) error {
	var wrong string
	set.Visit(func(f *flag.Flag) {
		if ofReports[f.Name] {
			wrong = f.Name
		}
	})
	if wrong != "" {
		return usagef("--%s says nothing of the brief; leave it out", wrong)
	}
	if o.format == "text" {
		o.format = "json"
	}
	if err := oneOf("format", o.format, "json", "docx", "pdf"); err != nil {
		return err
	}
	if o.lang == "" {
		o.lang = string(api.Chinese)
	}
	if err := oneOf("lang", o.lang, string(api.Chinese), string(api.English)); err != nil {
		return err
	}
	if o.region == "" {
		return usagef("--region is missing")
	}
	query, err := snapshotQuery(o.region, o.asOf, o.knownAt)
	if err != nil {
		return err
	}
	b, err := c.brief(ctx, env, query)
	if err != nil {
		return err
	}
	return writeTo(env, o.out, func(w io.Writer) error { return b.Write(w, o.format, api.Lang(o.lang)) })
}

// brief reads the county as of the day and as of a week before it.
func (c *config) brief(ctx context.Context, env environment, query planner.SnapshotQuery) (*api.Brief, error) {
	o, err := c.open(ctx, env)
	if err != nil {
		return nil, err
	}
	now, err := o.Snapshot(ctx, query)
	if err != nil {
		return nil, withClose(o, err)
	}
	query.AsOf = now.AsOf - 7
	before, err := o.Snapshot(ctx, query)
	if err != nil {
		return nil, withClose(o, err)
	}
	a := planner.Assess(now)
	b, err := api.NewBrief(a, planner.AssessAfter(a, before))
	if err != nil {
		return nil, withClose(o, err)
	}
	return b, o.close()
}
