package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/ingest"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// allPairs writes a row for every pair, in the order of the files, row by row as they are found.
func allPairs(ctx context.Context, net *network, from, to *placed, rows *routeRows, progress func(done, total int)) error {
	costs := make([]route.Cost, len(to.points))
	next := 0
	until := func(point int) error { // those before it that stand on no road
		for ; next < point; next++ {
			for j := range to.points {
				if err := rows.write(next, j, route.Unreachable); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	}
	err := net.Matrix(ctx, from.snaps, to.snaps, net.matrixOptions(), func(source int, found []route.Cost) error {
		if err := until(from.at[source]); err != nil {
			return err
		}
		for j := range costs {
			costs[j] = route.Unreachable
		}
		for k, c := range found {
			costs[to.at[k]] = c
		}
		for j, c := range costs {
			if err := rows.write(next, j, c); err != nil {
				return err
			}
		}
		next++
		progress(next, len(from.points))
		return nil
	})
	if err != nil {
		return err
	}
	return until(len(from.points))
}

// choice is one of the nearest of a point.
type choice struct {
	to   int // place in the file
	cost route.Cost
}

// nearestPairs writes for every point the nearest others, the nearest first; where fewer are reached, those nearest in a
// straight line follow as unreachable, as in `qiantu distances`.
func (t *trip) nearestPairs(ctx context.Context, net *network, from, to *placed, rows *routeRows, progress func(done, total int)) error {
	reached, err := t.nearestOf(ctx, net, from, to, progress)
	if err != nil {
		return err
	}
	positions := make([]orb.Point, len(to.points))
	for i := range positions {
		positions[i] = to.points[i].At
	}
	index := geo.NewPointIndex(positions)
	want := min(t.nearest, len(to.points))
	for i := range from.points {
		list := reached[i]
		if len(list) < want {
			list = fill(list, index.Nearest(from.points[i].At, want+len(list)), want)
		}
		for _, c := range list {
			if err := rows.write(i, c.to, c.cost); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// fill adds the nearest in a straight line that are not in the list yet.
func fill(list []choice, near []geo.Hit, want int) []choice {
	for _, h := range near {
		if len(list) < want && !slices.ContainsFunc(list, func(c choice) bool { return c.to == h.ID }) {
			list = append(list, choice{h.ID, route.Unreachable})
		}
	}
	return list
}

// nearestOf finds the reachable ones among the nearest of every point.
func (t *trip) nearestOf(ctx context.Context, net *network, from, to *placed, progress func(done, total int)) ([][]choice, error) {
	out := make([][]choice, len(from.points))
	if k := min(t.nearest, len(to.snaps)); k > 0 && k*net.Nodes() <= mostLabels {
		return out, net.nearestInOneSweep(k, from, to, out)
	}
	err := net.Matrix(ctx, from.snaps, to.snaps, net.matrixOptions(), func(source int, costs []route.Cost) error {
		var list []choice
		for k, c := range costs {
			if c.Reachable() {
				list = append(list, choice{to.at[k], c})
			}
		}
		slices.SortFunc(list, t.compare)
		out[from.at[source]] = slices.Clone(list[:min(len(list), t.nearest)])
		progress(source, len(from.snaps))
		return nil
	})
	return out, err
}

// mostLabels bounds what one sweep for the nearest of every place may hold, 16 bytes each; for more, a row of the matrix is
// made for every point in turn.
const mostLabels = 64 << 20

// nearestInOneSweep finds the nearest of all points together.
func (n *network) nearestInOneSweep(k int, from, to *placed, out [][]choice) error {
	q := n.NewQuery()
	q.Metric, q.Filter = n.metric, n.open
	nearest, err := q.NearestK(k, true, to.snaps...)
	if err != nil {
		return err
	}
	var found []route.Reach
	for i, s := range from.snaps {
		found = nearest.Of(s, found)
		for _, r := range found {
			out[from.at[i]] = append(out[from.at[i]], choice{to.at[r.Root], r.Cost})
		}
	}
	return nil
}

// compare orders by the metric, then the other measure, then the place in the file.
func (t *trip) compare(a, b choice) int {
	x, y := a.cost.MM, b.cost.MM
	if t.metric == route.ByTime {
		x, y = a.cost.MS, b.cost.MS
	}
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.cost.MM+a.cost.MS, b.cost.MM+b.cost.MS), cmp.Compare(a.to, b.to))
}

// routeRows writes from, to, straight_m, m and s, as CSV or JSON.
type routeRows struct {
	w           *bufio.Writer
	line        []byte
	from, to    []ingest.Point
	fromID      []string // as they stand in the output
	toID        []string
	json, begun bool
}

func newRouteRows(w io.Writer, from, to []ingest.Point, asJSON bool) *routeRows {
	r := &routeRows{w: bufio.NewWriterSize(w, 1<<16), from: from, to: to, json: asJSON, fromID: idTexts(from, asJSON), toID: idTexts(to, asJSON)}
	if asJSON {
		fmt.Fprint(r.w, `{"rows":[`)
	} else {
		fmt.Fprint(r.w, "from,to,straight_m,m,s\n")
	}
	return r
}

func idTexts(points []ingest.Point, asJSON bool) []string {
	out := make([]string, len(points))
	for i := range points {
		out[i] = idText(points[i].ID, asJSON)
	}
	return out
}

// idText quotes an id where the format wants that.
func idText(id string, asJSON bool) string {
	if asJSON {
		text, _ := json.Marshal(id)
		return string(text)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{id}) // into memory
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// write gives one pair; a cost without a way leaves m and s empty, or null.
func (r *routeRows) write(from, to int, c route.Cost) error {
	straight := int64(geo.Round(geo.Distance(r.from[from].At, r.to[to].At)))
	if r.json {
		r.line = r.jsonLine(r.fromID[from], r.toID[to], straight, c)
	} else {
		r.line = append(append(append(r.line[:0], r.fromID[from]...), ','), r.toID[to]...)
		r.line = appendThousandths(append(r.line, ','), straight)
		r.line = append(r.line, ',')
		if c.Reachable() {
			r.line = append(appendThousandths(r.line, c.MM), ',')
			r.line = appendThousandths(r.line, c.MS)
		} else {
			r.line = append(r.line, ',')
		}
		r.line = append(r.line, '\n')
	}
	r.begun = true
	_, err := r.w.Write(r.line)
	return err
}

func (r *routeRows) jsonLine(from, to string, straight int64, c route.Cost) []byte {
	line := r.line[:0]
	if r.begun {
		line = append(line, ',')
	}
	line = append(append(append(append(line, "\n{\"from\":"...), from...), ",\"to\":"...), to...)
	line = appendThousandths(append(line, ",\"straight_m\":"...), straight)
	if !c.Reachable() {
		return append(line, ",\"m\":null,\"s\":null}"...)
	}
	line = appendThousandths(append(line, ",\"m\":"...), c.MM)
	line = appendThousandths(append(line, ",\"s\":"...), c.MS)
	return append(line, '}')
}

// end closes the document.
func (r *routeRows) end() error {
	if r.json {
		fmt.Fprint(r.w, "\n]}\n")
	}
	return r.w.Flush()
}

// appendThousandths writes n/1000 with three decimals, exactly; n is not negative.
func appendThousandths(b []byte, n int64) []byte {
	b = strconv.AppendInt(b, n/1000, 10)
	rest := n % 1000
	return append(b, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
}
