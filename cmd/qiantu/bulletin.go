package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
)

// bulletinCommand is one command line of `qiantu bulletin`.
type bulletinCommand struct {
	verb, region, subject, kind string
	from, to, cutOff, township  string
	period                      int64
	number                      int
	asJSON                      bool
	format, lang, out           string
}

// bulletinVerbs are what can be done with periods and bulletins.
var bulletinVerbs = map[string]func(context.Context, environment, *opened, *bulletinCommand) error{
	"open": openPeriod, "nil": addNilReport, "close": closeBulletin, "list": listPeriods, "show": showBulletin, "verify": verifyBulletin,
}

func runBulletin(ctx context.Context, env environment, args []string) error {
	b := &bulletinCommand{}
	set := flags(env, "bulletin")
	c := storeFlags(set, env)
	set.StringVar(&b.region, "region", "", "code of the county")
	set.StringVar(&b.subject, "subject", "road", "road, water or relocation")
	set.StringVar(&b.kind, "kind", "week", "open: week, month, quarter or year")
	set.StringVar(&b.from, "from", "", "open: first day, YYYY-MM-DD")
	set.StringVar(&b.to, "to", "", "open: last day, YYYY-MM-DD")
	set.StringVar(&b.cutOff, "cut-off", "", "open: instant after which a report counts in the next period, RFC 3339")
	set.StringVar(&b.township, "township", "", "nil: code of the township")
	set.Int64Var(&b.period, "period", 0, "nil, close: number of the period")
	set.IntVar(&b.number, "number", 0, "show, verify: number of the bulletin; 0: the last")
	set.BoolVar(&b.asJSON, "json", false, "list: for machines")
	set.StringVar(&b.format, "format", "json", "show: json, the bytes as they are kept, or xlsx")
	set.StringVar(&b.lang, "lang", "zh-CN", "show: zh-CN or en")
	set.StringVar(&b.out, "out", "", "show: file to write")
	words, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(words) != 1 || bulletinVerbs[words[0]] == nil {
		return usagef("say what to do: open, nil, close, list, show or verify")
	}
	b.verb = words[0]
	if err := b.check(); err != nil {
		return err
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	if err := bulletinVerbs[b.verb](ctx, env, o, b); err != nil {
		return withClose(o, err)
	}
	return o.close()
}

func (b *bulletinCommand) check() error {
	if b.region == "" {
		return usagef("--region is missing")
	}
	if err := oneOf("subject", b.subject, "road", "water", "relocation"); err != nil {
		return err
	}
	if err := oneOf("format", b.format, "json", "xlsx"); err != nil {
		return err
	}
	if err := oneOf("lang", b.lang, "zh-CN", "en"); err != nil {
		return err
	}
	switch {
	case b.verb == "open":
		return b.checkOpen()
	case (b.verb == "nil" || b.verb == "close") && b.period <= 0:
		return usagef("--period is missing; qiantu bulletin list says which there are")
	case b.verb == "nil" && b.township == "":
		return usagef("--township is missing")
	case b.number < 0:
		return usagef("--number %d is no number of a bulletin", b.number)
	}
	return nil
}

func (b *bulletinCommand) checkOpen() error {
	if err := oneOf("kind", b.kind, "week", "month", "quarter", "year"); err != nil {
		return err
	}
	from, err := planner.ParseDate(b.from)
	if err != nil {
		return usagef("--from: %v", err)
	}
	to, err := planner.ParseDate(b.to)
	if err != nil || to < from {
		return usagef("--to %q is no day from %s on", b.to, b.from)
	}
	if _, err := time.Parse(time.RFC3339, b.cutOff); err != nil {
		return usagef("--cut-off %q is not an instant; write it as 2020-07-01T12:00:00+08:00", b.cutOff)
	}
	return nil
}

func openPeriod(ctx context.Context, env environment, o *opened, b *bulletinCommand) error {
	cutOff, err := time.Parse(time.RFC3339, b.cutOff)
	if err != nil {
		return err
	}
	id, _, err := o.OpenPeriod(ctx, b.region, &planner.Period{Kind: b.kind, From: b.from, To: b.to, CutOff: cutOff}, console)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "period %d\n", id)
	return err
}

func addNilReport(ctx context.Context, env environment, o *opened, b *bulletinCommand) error {
	_, err := o.AddNilReport(ctx, b.region, planner.ID(b.period), planner.BulletinSubject(b.subject), b.township, console)
	if err == nil {
		fmt.Fprintf(env.stderr, "%s has nothing to report on %s in period %d\n", b.township, b.subject, b.period)
	}
	return err
}

func closeBulletin(ctx context.Context, env environment, o *opened, b *bulletinCommand) error {
	kept, err := api.CloseBulletin(ctx, o, b.region, planner.BulletinSubject(b.subject), planner.ID(b.period), time.Now(), console)
	if err != nil {
		return err
	}
	if err := sayReporting(env.stderr, kept); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "bulletin %d %s\n", kept.Number, kept.Hash)
	return err
}

// sayReporting tells who has not reported, and what came late.
func sayReporting(w io.Writer, kept *planner.KeptBulletin) error {
	var b planner.Bulletin
	if err := json.Unmarshal([]byte(kept.Body), &b); err != nil {
		return err
	}
	count := map[planner.ReportingState]int{}
	var missing []string
	for _, r := range b.Reporting {
		if count[r.State]++; r.State == planner.NotReported {
			missing = append(missing, r.Name)
		}
	}
	if len(b.Reporting) > 0 {
		fmt.Fprintf(w, "%d townships reported, %d have nothing to report, %d have not reported", count[planner.Reported], count[planner.ReportedNil], count[planner.NotReported])
		if len(missing) > 0 {
			fmt.Fprintf(w, ": %s", strings.Join(missing, ", "))
		}
		fmt.Fprintln(w)
	}
	for _, l := range b.Late {
		fmt.Fprintf(w, "late: %s of %s on %s, received %s\n", l.Name, l.Township, l.On, l.Recorded.Format(time.RFC3339))
	}
	return nil
}

func listPeriods(ctx context.Context, env environment, o *opened, b *bulletinCommand) error {
	periods, err := o.Periods(ctx, b.region)
	if err != nil {
		return err
	}
	if b.asJSON {
		out := json.NewEncoder(env.stdout)
		out.SetIndent("", "  ")
		return out.Encode(append([]planner.PeriodState{}, periods...))
	}
	for _, p := range periods {
		closed := "open"
		for _, subject := range planner.BulletinSubjects {
			if n := p.Closed[subject]; n > 0 {
				closed = strings.TrimPrefix(fmt.Sprintf("%s, %s by bulletin %d", closed, subject, n), "open, ")
			}
		}
		if _, err := fmt.Fprintf(env.stdout, "%d\t%s\t%s to %s\tcut-off %s\t%s\n", p.ID, p.Kind, p.From, p.To, p.CutOff.Format(time.RFC3339), closed); err != nil {
			return err
		}
	}
	return nil
}

func (b *bulletinCommand) kept(ctx context.Context, o *opened) (*planner.KeptBulletin, error) {
	kept, err := o.KeptBulletin(ctx, b.region, planner.BulletinSubject(b.subject), b.number)
	if err == nil && kept == nil {
		err = planner.Errorf(planner.NotFound, "there is no bulletin on %s of %s with that number; close a period first", b.subject, b.region)
	}
	return kept, err
}

func showBulletin(ctx context.Context, env environment, o *opened, b *bulletinCommand) error {
	kept, err := b.kept(ctx, o)
	if err != nil {
		return err
	}
	return writeTo(env, b.out, func(w io.Writer) error {
		if b.format == "xlsx" {
			return api.BulletinSheet(w, kept, api.Lang(b.lang))
		}
		_, err := io.WriteString(w, kept.Body)
		return err
	})
}

func verifyBulletin(ctx context.Context, env environment, o *opened, b *bulletinCommand) error {
	kept, err := b.kept(ctx, o)
	if err != nil {
		return err
	}
	same, err := api.RedrawBulletin(ctx, o, b.region, planner.BulletinSubject(b.subject), kept)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("bulletin %d, %s, is not what the ledger as known then gives; somebody changed the past, or the rules of this program did", kept.Number, kept.Hash)
	}
	_, err = fmt.Fprintf(env.stdout, "bulletin %d %s: the ledger gives the same bytes again\n", kept.Number, kept.Hash)
	return err
}
