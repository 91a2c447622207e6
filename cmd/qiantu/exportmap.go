package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/api/paper"
	"github.com/qiantu/qiantu/planner"
)

// mapFlags are what a printed map is asked for.
type mapFlags struct {
	api.MapOptions
	api.MapFile
	layers, hide, bbox, lang *string
}

func addMapFlags(set *flag.FlagSet) *mapFlags {
	f := &mapFlags{}
	set.StringVar(&f.Township, "township", "", "code of a township; default: the county")
	set.StringVar(&f.Paper, "paper", "a3", "a4, a3 or a0")
	set.StringVar(&f.Orientation, "orientation", "landscape", "landscape or portrait")
	set.StringVar(&f.Format, "format", "pdf", "pdf or png")
	set.IntVar(&f.DPI, "dpi", 0, "dots to the inch of a png; default: 300, of a0 150")
	set.IntVar(&f.Strips, "strips", 1, "into how many the sheet is cut")
	set.StringVar(&f.Theme, "theme", "colour", "colour or grey")
	set.StringVar(&f.Lens, "lens", "road", "road or water: what the villages show")
	set.BoolVar(&f.Supply, "supply", false, "with --lens water: how well the works supply them")
	set.StringVar(&f.Title, "title", "", "of the sheet; default: made of the county's name")
	set.StringVar(&f.Maker, "maker", "", "whom the imprint names")
	set.StringVar(&f.Review, "review-number", "", "number under which the map was reviewed")
	f.layers = set.String("layers", "", "of the map, comma separated; default: all")
	f.hide = set.String("hide", "", "legend entries left off, comma separated, as road:planned")
	f.bbox = set.String("bbox", "", "west,south,east,north in degrees; default: the county")
	f.lang = set.String("lang", string(api.Chinese), "zh-CN or en")
	return f
}

func (f *mapFlags) parse() error {
	if err := oneOf("lang", *f.lang, string(api.Chinese), string(api.English)); err != nil {
		return err
	}
	f.Lang = api.Lang(*f.lang)
	if *f.layers != "" {
		f.Layers = strings.Split(*f.layers, ",")
	}
	f.Hide = strings.FieldsFunc(*f.hide, func(r rune) bool { return r == ',' || r == ' ' })
	var err error
	if f.Bounds, err = api.ParseBounds(*f.bbox); err != nil {
		return usagef("--%v", err)
	}
	if err := api.CheckMap(&f.MapOptions, &f.MapFile); err != nil {
		return usagef("--%v", err)
	}
	return nil
}

// exportMap prints the map of a county.
func exportMap(ctx context.Context, env environment, args []string) (err error) {
	set := flags(env, "export")
	c := storeFlags(set, env)
	f := addMapFlags(set)
	region := set.String("region", "", "code of the county")
	asOf := set.String("as-of", "", "day, YYYY-MM-DD; default: the region's data date")
	knownAt := set.String("known-at", "", "instant, RFC 3339; default: now")
	scenario := scenarioFlag(set)
	questions := addQuestion(set, set.String("season", "", "wet or dry; default: as the report of coverage"))
	out := set.String("out", "", "file to write")
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	if *region == "" {
		return usagef("--region is missing")
	}
	query, err := snapshotQuery(*region, *asOf, *knownAt)
	if err != nil {
		return err
	}
	question, err := questions.question()
	if err != nil {
		return err
	}
	formatOf(set, *out, &f.Format, "pdf", "png")
	if err := f.parse(); err != nil {
		return err
	}
	fonts, err := paper.FindFonts()
	if err != nil {
		return err
	}
	a, err := c.assess(ctx, env, query, supposition{question, *scenario})
	if err != nil {
		return err
	}
	f.Revision = a.Snapshot.Revision
	err = writeTo(env, *out, func(w io.Writer) error { return api.WriteMap(ctx, w, fonts, a, a.Layers(), f.MapOptions, f.MapFile) })
	if planner.CodeOf(err) == planner.Invalid {
		return usagef("%v", err)
	}
	return err
}

// formatOf takes the format from the end of the file's name where none was said.
func formatOf(set *flag.FlagSet, out string, format *string, formats ...string) {
	said := false
	set.Visit(func(f *flag.Flag) { said = said || f.Name == "format" })
	if end := strings.TrimPrefix(strings.ToLower(filepath.Ext(out)), "."); !said && slices.Contains(formats, end) {
		*format = end
	}
}

// assess reads a county as of a day and judges it as a question or a scenario has it.
func (c *config) assess(ctx context.Context, env environment, day planner.SnapshotQuery, what supposition) (a *planner.Assessment, err error) {
	o, err := c.open(ctx, env)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	day, question, _, err := o.under(ctx, what.scenario, day, what.question)
	if err != nil {
		return nil, err
	}
	snapshot, err := o.Snapshot(ctx, day)
	if err != nil {
		return nil, err
	}
	return ask(ctx, snapshot, question)
}
