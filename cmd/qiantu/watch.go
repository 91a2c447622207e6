package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/api/follow"
	"github.com/qiantu/qiantu/planner"
)

// watchCommand is a command line of `qiantu watch`.
type watchCommand struct {
	url, region     string
	layers, figures []string
	cookie          string // file that holds it
	asJSON          bool
}

// watchReports are the reports that the map stream tells.
var watchReports = []string{"completion", "coverage", "water", "relocation"}

// runWatch prints every revision of a running service until it is interrupted.
func runWatch(ctx context.Context, env environment, args []string) error {
	w, err := readWatch(env, args)
	if err != nil {
		return err
	}
	header := http.Header{}
	if w.cookie != "" {
		text, err := os.ReadFile(w.cookie)
		if err != nil {
			return fmt.Errorf("--cookie-file: %w", err)
		}
		header.Set("Cookie", strings.TrimSpace(string(text)))
	}
	var print watchPrinter = &watchText{out: env.stdout}
	if w.asJSON {
		print = &watchJSON{json.NewEncoder(env.stdout)}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var unread error // Run's, until it has ended
	c, err := follow.New(follow.Options{
		URL: w.url, Header: header, Layers: w.layers, Region: w.region, Reports: w.figures, MaxBytes: -1, On: w.handler(func(e watchEvent) {
			if err := print.print(e); err != nil && unread == nil { // nobody reads any more
				unread = fmt.Errorf("standard output: %w", err)
				stop()
			}
		}),
	})
	if err != nil {
		return usageError{strings.TrimPrefix(err.Error(), "follow: ")}
	}
	if err := c.Run(ctx); err != nil {
		return fmt.Errorf("%s: %s", w.url, strings.TrimPrefix(err.Error(), "follow: "))
	}
	return unread
}

func readWatch(env environment, args []string) (*watchCommand, error) {
	w := &watchCommand{url: "http://" + defaultListen}
	var layers, figures string
	set := flags(env, "watch")
	set.StringVar(&w.region, "region", "", "code of the county")
	set.StringVar(&layers, "layers", "", "only changes of these, with commas between")
	set.StringVar(&figures, "figures", "", "reports whose figures are watched, with commas between")
	set.StringVar(&w.cookie, "cookie-file", "", "file with the cookie of a session: NAME=VALUE")
	set.BoolVar(&w.asJSON, "json", false, "one JSON object a line")
	words, err := parse(set, args)
	switch {
	case err != nil:
		return nil, err
	case len(words) > 1:
		return nil, usagef("unexpected %q", words[1])
	case len(words) == 1:
		w.url = words[0]
	}
	w.layers, w.figures = listed(layers), listed(figures)
	for _, name := range w.layers {
		if err := oneOf("layers", name, planner.LayerNames...); err != nil {
			return nil, err
		}
	}
	for _, name := range w.figures {
		if err := oneOf("figures", name, watchReports...); err != nil {
			return nil, err
		}
	}
	if w.region == "" {
		return nil, usagef("--region is missing")
	}
	return w, nil
}

// listed takes words apart that stand between commas.
func listed(words string) []string {
	if words == "" {
		return nil
	}
	return strings.Split(words, ",")
}

// handler makes lines of what is told.
func (w *watchCommand) handler(say func(watchEvent)) follow.Handler {
	var last follow.Stale
	return follow.Handler{
		Hello: func(h follow.Hello) {
			what := "connected"
			if h.Again {
				what = "reconnected"
			}
			say(watchEvent{Event: what, Revision: h.Revision, Time: clockText(h.Time)})
		},
		Stale: func(s follow.Stale) { last = s },
		Revision: func(r follow.Revision) {
			say(watchEvent{
				Event: "revision", Revision: r.Revision, Since: last.Since, Time: clockText(r.Time), All: last.All, Cells: len(last.Cells),
				Layers: w.ofInterest(last.Layers), Regions: last.Regions,
			})
		},
		Figures: func(f follow.Figures) {
			for _, c := range f.Changed {
				say(figureEvent(&f, c))
			}
		},
		Refusal: func(r follow.Refusal) { say(watchEvent{Event: "refused", Reason: r.Code + ": " + r.Message}) },
		Loss: func(l follow.Loss) {
			say(watchEvent{Event: "lost", Reason: strings.TrimPrefix(l.Err.Error(), "follow: "), Tries: l.Tries, WaitMS: l.Wait.Milliseconds()})
		},
	}
}

// ofInterest are the layers that were asked for.
func (w *watchCommand) ofInterest(layers []string) []string {
	if len(w.layers) == 0 {
		return layers
	}
	var out []string
	for _, name := range layers {
		if oneOf("", name, w.layers...) == nil {
			out = append(out, name)
		}
	}
	return out
}

func clockText(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// watchEvent is one line of the watch.
type watchEvent struct {
	Event    string         `json:"event"` // connected, reconnected, revision, figure, refused, lost
	Revision int64          `json:"revision,omitempty"`
	Since    int64          `json:"since,omitempty"`
	Time     string         `json:"time,omitempty"`
	All      bool           `json:"all,omitempty"`   // everything may have changed
	Cells    int            `json:"cells,omitempty"` // tiles of zoom 12 whose pixels differ
	Layers   []string       `json:"layers,omitempty"`
	Regions  []string       `json:"regions,omitempty"`
	Report   string         `json:"report,omitempty"`
	Metric   string         `json:"metric,omitempty"`
	Scope    string         `json:"scope,omitempty"`
	Name     string         `json:"scope_name,omitempty"`
	Old      *follow.Figure `json:"old,omitempty"`
	New      *follow.Figure `json:"new,omitempty"`
	Reason   string         `json:"reason,omitempty"`
	Tries    int            `json:"tries,omitempty"`
	WaitMS   int64          `json:"wait_ms,omitempty"`
}

func figureEvent(f *follow.Figures, c follow.Change) watchEvent {
	row := c.New
	if row == nil {
		row = c.Old
	}
	return watchEvent{Event: "figure", Revision: f.Revision, Report: f.Kind, Metric: row.Metric, Scope: row.Scope, Name: row.ScopeName, Old: c.Old, New: c.New}
}

type watchPrinter interface{ print(watchEvent) error }

type watchJSON struct{ *json.Encoder }

func (w *watchJSON) print(e watchEvent) error { return w.Encode(e) }

type watchText struct{ out io.Writer }

func (w *watchText) print(e watchEvent) error {
	_, err := fmt.Fprintln(w.out, e.text())
	return err
}

// text is an event in words.
func (e *watchEvent) text() string {
	switch e.Event {
	case "revision":
		cells := fmt.Sprintf("%d cells", e.Cells)
		if e.All {
			cells = "everything"
		}
		return fmt.Sprintf("%s  revision %d  %s changed  %s  %s", e.Time, e.Revision, cells, orDash(strings.Join(e.Layers, ",")), orDash(strings.Join(e.Regions, ",")))
	case "figure":
		return fmt.Sprintf("    %s %s %s: %s -> %s", e.Metric, e.Scope, e.Name, figureText(e.Old), figureText(e.New))
	case "lost":
		return fmt.Sprintf("lost: %s; again in %d ms", e.Reason, e.WaitMS)
	case "refused":
		return "refused: " + e.Reason
	}
	return fmt.Sprintf("%s  %s at revision %d", e.Time, e.Event, e.Revision)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// figureText is a figure with its base: 45.75 % (366 of 800 km).
func figureText(f *follow.Figure) string {
	switch {
	case f == nil:
		return "none"
	case f.Masked:
		return "masked"
	}
	value := orDash(f.Value.String())
	if share, err := f.Value.Float64(); err == nil && f.Unit == "%" {
		value = strconv.FormatFloat(share, 'f', 2, 64)
	}
	text := value + " " + f.Unit
	if f.Denominator != "" {
		text += fmt.Sprintf(" (%s of %s %s)", f.Numerator, f.Denominator, f.Basis)
	}
	if f.Unknown != "" && f.Unknown != "0" {
		text += fmt.Sprintf(", %s unknown", f.Unknown)
	}
	return text
}
