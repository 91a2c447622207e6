package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// differsPPM is the difference between a line and its declared length from
// which it is a finding: five per cent.
const differsPPM = 50_000

// drawing is what a row says of a route beside its line.
type drawing struct {
	declared int64  // mm; 0: not said
	road     int64  // stored route it belongs to; 0: a new one
	label    string // code or name, for messages
}

// storedRoute finds the route that a row speaks of: by code, or by name and
// township. undrawn: by name it looks among routes that still wait for their
// line, and among drawn ones only where name and township are all there is.
func (r *run) storedRoute(out *row, undrawn bool) int64 {
	code, _ := out.doc["code"].(string)
	if key, held := r.refs["road"].codes[code]; held && code != "" {
		return key.(int64)
	}
	name, _ := out.doc["name"].(string)
	township, _ := out.doc["township"].(string)
	var fit []int64
	for _, t := range r.refs["road"].names[fold(name)] {
		id := t.key.(int64)
		sure := township != "" && t.scope == township
		if v := r.routes[id]; v != nil && (sure && code == "" || !(undrawn && v.drawn) && (sure || township == "" || t.scope == "")) {
			fit = append(fit, id)
		}
	}
	switch {
	case name == "" || len(fit) == 0:
		return 0
	case len(fit) > 1:
		r.fs.add("name_ambiguous", out.n, "name", name, len(fit))
	}
	return fit[0]
}

// examineRoad finds the route a line belongs to, or makes a new one.
func examineRoad(r *run, out *row) {
	d := &drawing{label: roadLabel(out)}
	d.declared, _ = out.doc["length"].(int64)
	if out.shape == "" && d.declared == 0 {
		r.fs.add("geometry_missing", out.n, "length", "")
	}
	if code, _ := out.doc["code"].(string); code != "" {
		r.firstOf(out, "code", code)
	}
	if id := r.storedRoute(out, true); id != 0 {
		d.road = id
		switch v := r.routes[id]; {
		case v == nil || out.shape == "":
			r.fs.add("already_there", out.n, "road", d.label)
		case v.drawn:
			r.fs.add("already_drawn", out.n, "road", d.label)
		default:
			out.doc["road"], out.doc["road_version"] = id, v.number
		}
		r.firstOf(out, "road", fmt.Sprint(id))
	}
	if r.lines == nil {
		r.lines = map[int]*drawing{}
	}
	r.lines[out.n] = d
}

func roadLabel(out *row) string {
	if code, _ := out.doc["code"].(string); code != "" {
		return code
	}
	name, _ := out.doc["name"].(string)
	return name
}

// prepareRoads measures the lines and settles the measure of every route: the
// declared length where there is one, since programmes count by it, else the
// length of the line on the ellipsoid.
func prepareRoads(r *run) error {
	lengths, err := r.measureLines()
	if err != nil {
		return err
	}
	attached := []int64{}
	for n, d := range r.lines {
		if r.rejects[n] {
			delete(lengths, n)
			continue
		}
		measured := lengths[n]
		if measured == 0 {
			lengths[n] = d.declared
			continue
		}
		declared := d.declared
		if d.road != 0 {
			declared = r.routes[d.road].length
			attached = append(attached, d.road)
			r.fs.add("line_attached", n, "road", d.label)
		}
		if declared == 0 {
			continue
		}
		lengths[n] = declared
		if ppm := differs(measured, declared); ppm > differsPPM {
			r.fs.add("length_differs", n, "length", d.label, km(measured), km(declared), fmt.Sprintf("%.1f", float64(ppm)/1e4))
		}
	}
	if len(attached) > 0 {
		r.finish = append(r.finish, func() error { return r.cutPieces(attached) })
	}
	return r.setLengths(lengths)
}

// differs is how far two lengths are apart, in parts per million of the second.
func differs(a, b int64) int64 {
	d := a - b
	if d < 0 {
		d = -d
	}
	return int64(float64(d) / float64(b) * 1e6)
}

// km writes millimetres as kilometres, exactly.
func km(mm int64) string {
	text := fmt.Sprintf("%d.%06d", mm/1_000_000, mm%1_000_000)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// measureLines gives the ellipsoidal length of every checked line, in mm.
func (r *run) measureLines() (map[int]int64, error) {
	rows, err := r.tx.Query(r.ctx, statement("row_lines"))
	if err != nil {
		return nil, fmt.Errorf("reading the lines: %w", err)
	}
	defer rows.Close()
	lengths := map[int]int64{}
	for rows.Next() {
		var n int
		var bytes []byte
		if err := rows.Scan(&n, &bytes); err != nil {
			return nil, err
		}
		line, err := lineOf(bytes)
		if err != nil {
			return nil, err
		}
		lengths[n] = int64(geo.Length(line))
		r.flaws(n, line)
	}
	return lengths, rows.Err()
}

// flaws says where a line meets itself. One that runs along itself again is
// refused: its metres would count twice.
func (r *run) flaws(n int, line orb.LineString) {
	met := false
	for _, flaw := range geo.Flaws(line) {
		at := fmt.Sprintf("%.6f, %.6f", flaw.Point[0], flaw.Point[1])
		switch flaw.Kind {
		case geo.FlawMeets:
			if !met {
				r.fs.add("line_meets_itself", n, "geometry", at, flaw.At.String(), flaw.Again.String())
			}
			met = true
		case geo.FlawSpike, geo.FlawOverlaps, geo.FlawTangled:
			r.fs.add("line_runs_back", n, "geometry", at, flaw.At.String())
			r.reject(n)
			return
		}
	}
}

// lineOf reads a line that the database itself wrote.
func lineOf(bytes []byte) (orb.LineString, error) {
	g, err := wkb.Unmarshal(bytes)
	if err != nil {
		return nil, fmt.Errorf("reading a checked line: %w", err)
	}
	line, ok := g.(orb.LineString)
	if !ok {
		return nil, fmt.Errorf("reading a checked line: the database gave a %s", g.GeoJSONType())
	}
	return line, nil
}

func (r *run) setLengths(lengths map[int]int64) error {
	var rows []int32
	var mm []int64
	for n, length := range lengths {
		if length <= 0 { // a line of less than half a millimetre
			r.fs.add("geometry_invalid", n, "geometry", "", "it has no length")
			r.reject(n)
			continue
		}
		rows, mm = append(rows, int32(n)), append(mm, length)
	}
	if _, err := r.tx.Exec(r.ctx, statement("row_measure"), args{"rows": rows, "lengths": mm}); err != nil {
		return fmt.Errorf("taking the lengths: %w", err)
	}
	return nil
}

// cutPieces gives the pieces of drawn routes their part of the line. The
// measure of the route and the length of its line differ; a piece takes its
// share of both.
func (r *run) cutPieces(roads []int64) error {
	rows, err := r.tx.Query(r.ctx, statement("segment_spans"), args{"county": r.county, "roads": roads})
	if err != nil {
		return fmt.Errorf("reading pieces to draw: %w", err)
	}
	type span struct {
		ID, From, To, Length int64
		Line                 []byte
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[span])
	if err != nil {
		return fmt.Errorf("reading pieces to draw: %w", err)
	}
	batch := &pgx.Batch{}
	for _, s := range found {
		line, err := lineOf(s.Line)
		if err != nil {
			return err
		}
		cut := geo.Cut(line, shareOf(s.From, s.Length, line), shareOf(s.To, s.Length, line))
		if len(cut) < 2 {
			continue
		}
		batch.Queue(statement("segment_draw"), r.county, s.ID, wkb.MustMarshal(cut))
	}
	return r.tx.SendBatch(r.ctx, batch).Close()
}

func shareOf(at, length int64, line orb.LineString) geo.Millimetre {
	return geo.Millimetre(float64(at) / float64(length) * float64(geo.Length(line)))
}

// piece is an interval of a route in the file.
type piece struct {
	span chainage.Span
	row  int
}

// examineSpan finds the places of a piece along its route. A progress report
// without places is of the whole route.
func examineSpan(r *run, out *row) {
	id, _ := out.doc["road"].(int64)
	v := r.routes[id]
	if v == nil {
		r.fs.add("code_unknown", out.n, "road", fmt.Sprint(out.doc["road"]))
		return
	}
	from, to, ok := r.between(out, v)
	if !ok {
		return
	}
	if from > to {
		from, to = to, from
	}
	if to > v.length && to-v.length <= 1_000 { // labels are written to the metre
		to = v.length
	}
	if from < 0 || to > v.length || from == to {
		r.fs.add("span_invalid", out.n, "from", fmt.Sprint(out.doc["from"]), out.doc["from"], out.doc["to"], v.length/1000)
		return
	}
	out.doc["from"], out.doc["to"], out.doc["road_version"] = from, to, v.number
	if r.pieces == nil {
		r.pieces = map[int64][]piece{}
	}
	r.pieces[id] = append(r.pieces[id], piece{chainage.Span{From: from, To: to}, out.n})
}

// between reads both ends of a piece. Where a label is several places, and the
// other end does not tell which, the finding names them.
func (r *run) between(out *row, v *route) (from, to int64, ok bool) {
	calibration, err := v.calibration()
	if err != nil {
		r.fs.add("value_invalid", out.n, "road", out.saying("road"), "a route that is calibrated in order: "+err.Error())
		return 0, 0, false
	}
	starts, fromLabel, ok1 := r.along(out, calibration, "from", 0)
	ends, toLabel, ok2 := r.along(out, calibration, "to", v.length)
	if !ok1 || !ok2 {
		return 0, 0, false
	}
	if len(starts) == 1 && len(ends) == 1 {
		return starts[0], ends[0], true
	}
	text := fmt.Sprint(out.doc["from"], " - ", out.doc["to"])
	if fromLabel == nil || toLabel == nil { // only one end is a label
		r.fs.add("span_ambiguous", out.n, "from", text, metresOf(append(starts, ends...)))
		return 0, 0, false
	}
	choices, err := calibration.Places(*fromLabel, *toLabel, v.length)
	switch {
	case err != nil:
		r.fs.add("value_invalid", out.n, "from", text, "a piece of the route: "+err.Error())
	case len(choices) == 1:
		return choices[0].Span.From, choices[0].Span.To, true
	default:
		r.fs.add("span_ambiguous", out.n, "from", text, choicesOf(choices))
	}
	return 0, 0, false
}

// calibration gives the labels of a route.
func (v *route) calibration() (chainage.Calibration, error) {
	marks := make([]chainage.Mark, len(v.at))
	for i := range v.at {
		marks[i] = chainage.Mark{At: v.at[i], K: v.k[i]}
	}
	return chainage.NewCalibration(marks...)
}

// metresOf lists places along a route.
func metresOf(places []int64) string {
	var out []string
	for _, at := range places {
		out = append(out, fmt.Sprintf("%.3f m", float64(at)/1000))
	}
	return strings.Join(out, ", ")
}

// choicesOf lists the pieces that two labels can mean.
func choicesOf(choices []chainage.Choice) string {
	var out []string
	for _, c := range choices {
		out = append(out, fmt.Sprintf("from_m %.3f to_m %.3f", float64(c.Span.From)/1000, float64(c.Span.To)/1000))
	}
	return strings.Join(out, "; ")
}

// along reads a place, or the several that it can be: a label like K12+345, or
// a length with its unit, which is one place and no label.
func (r *run) along(out *row, calibration chainage.Calibration, name string, missing int64) (places []int64, label *int64, ok bool) {
	text, _ := out.doc[name].(string)
	unit, _ := out.doc[name+"_unit"].(string)
	delete(out.doc, name+"_unit")
	if text == "" {
		return []int64{missing}, nil, true
	}
	k, err := chainage.ParseLabel(text)
	if err != nil {
		if mm, ok := millimetres(text, unit); ok {
			return []int64{mm}, nil, true
		}
		r.fs.add("value_invalid", out.n, name, text, "a chainage (K12+345) or a length with its unit (12.345 km)")
		return nil, nil, false
	}
	at, err := calibration.At(k)
	if err != nil {
		r.fs.add("value_invalid", out.n, name, text, "a place of the route: "+err.Error())
		return nil, nil, false
	}
	return at, &k, true
}

// prepareSpans holds the pieces of each route against each other: segments
// replace what is stored, so they must cover the route and not overlap.
func prepareSpans(r *run) error {
	if r.layer.name != "road_segment" {
		return nil
	}
	roads := make([]int64, 0, len(r.pieces))
	for id, pieces := range r.pieces {
		roads = append(roads, id)
		slices.SortFunc(pieces, func(a, b piece) int { return int(max(min(a.span.From-b.span.From, 1), -1)) })
		var spans []chainage.Span
		for i, p := range pieces {
			if i > 0 && p.span.From < pieces[i-1].span.To {
				r.fs.add("span_overlap", p.row, "from", fmt.Sprint(p.span.From/1000), pieces[i-1].row)
				r.reject(p.row)
			}
			spans = append(spans, p.span)
		}
		if gap := r.routes[id].length - chainage.NewSet(spans...).Length(); gap > 0 {
			r.fs.add("span_gap", pieces[0].row, "to", fmt.Sprint(id), float64(gap)/1000)
			for _, p := range pieces {
				r.reject(p.row)
			}
		}
	}
	slices.Sort(roads)
	r.args["roads"] = roads
	r.finish = append(r.finish, func() error { return r.cutPieces(roads) })
	return nil
}
