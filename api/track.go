package api

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/gpx"
	"github.com/qiantu/qiantu/planner"
)

// Bounds on laying a track along roads.
const (
	trackProbes = 500  // points of it that are asked which roads are near
	trackRoads  = 8    // that it is laid along
	trackDrawn  = 2000 // points of it that are given back to be drawn
	locateRoads = 5    // nearest to a point
	locateReach = 5000 // metres, where no road is named
	locateSlack = 5000 // mm that another place of the same line may be further away
)

type trackInput struct {
	Body struct {
		Region string     `json:"region" minLength:"1" maxLength:"64"`
		Hash   string     `json:"hash" minLength:"1" maxLength:"64" doc:"of the attachment"`
		Road   planner.ID `json:"road,omitempty" minimum:"0" maximum:"9007199254740992" doc:"along this one alone"`
		FromMM *int64     `json:"from_mm,omitempty" minimum:"0" maximum:"10000000000" doc:"the interval that it shall have driven"`
		ToMM   *int64     `json:"to_mm,omitempty" minimum:"0" maximum:"10000000000"`
	}
}

type trackJSON struct {
	Points       int             `json:"points"`
	Roads        []trackRoadJSON `json:"roads" doc:"that it drove along, the best first"`
	OverlapShare *float64        `json:"overlap_share" doc:"of the interval, 0 to 1; null: none was given"`
	OffsetMedian exact           `json:"offset_median_m" doc:"from the best road; null: it drove along none"`
	OffsetMax    exact           `json:"offset_max_m"`
	First        *string         `json:"first" doc:"time of the first point along the best road; null: not known"`
	Last         *string         `json:"last"`
	Line         [][]float64     `json:"line" doc:"to be drawn: not all of a long track's points"`
}

type trackRoadJSON struct {
	Road     planner.ID    `json:"road"`
	Code     string        `json:"code"`
	Name     string        `json:"name"`
	Covered  []coveredJSON `json:"covered"`
	CoveredM exact         `json:"covered_m"`
}

type coveredJSON struct {
	Span
	From string `json:"from"`
	To   string `json:"to"`
}

type trackOutput struct{ Body trackJSON }

type locateInput struct {
	Body struct {
		Region string     `json:"region" minLength:"1" maxLength:"64"`
		Point  []float64  `json:"point" minItems:"2" maxItems:"2" nullable:"false" doc:"[longitude, latitude]"`
		Road   planner.ID `json:"road,omitempty" minimum:"0" maximum:"9007199254740992" doc:"on this one alone"`
	}
}

// locatedJSON is a place of a route near a point.
type locatedJSON struct {
	Road    planner.ID `json:"road"`
	Code    string     `json:"code"`
	Name    string     `json:"name"`
	Version int32      `json:"version"`
	AtMM    int64      `json:"at_mm"`
	Label   string     `json:"label"`
	OffsetM exact      `json:"offset_m"`
	Side    string     `json:"side" doc:"left, right, or on the line"`
	Point   []float64  `json:"point" doc:"the place itself"`
}

type locateOutput struct {
	Body struct {
		Places []locatedJSON `json:"places"`
	}
}

func (s *Server) routeTrack(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "match-track", Method: http.MethodPost, Path: "/api/v1/progress/track", Tags: []string{"works"},
		Summary: "What roads a track drove along, and how much of an interval", Errors: writeErrors,
	}, s.matchTrack)
	huma.Register(v1, huma.Operation{
		OperationID: "locate", Method: http.MethodPost, Path: "/api/v1/progress/locate", Tags: []string{"works"},
		Summary: "The places of routes nearest to a point, with their labels", Errors: writeErrors,
	}, s.locate)
}

// roadIndex finds the drawn lines of a county by where they are.
type roadIndex struct {
	lines []roadLine
	near  *geo.Index
}

// roadLine is a line of a road and what of its measure it draws.
type roadLine struct {
	road *planner.Road
	span chainage.Span
	line orb.LineString
}

// indexOf indexes the roads of an assessment: by their own line, else by those
// of their segments.
func (s *Server) indexOf(a *planner.Assessment) *roadIndex {
	if x, ok := s.works.indexes.get(a); ok {
		return x
	}
	x := &roadIndex{lines: linesOf(a)}
	lines := make([]orb.LineString, len(x.lines))
	for i := range x.lines {
		lines[i] = x.lines[i].line
	}
	x.near = geo.NewLineIndex(lines)
	s.works.indexes.put(a, x, 1)
	return x
}

func linesOf(a *planner.Assessment) []roadLine {
	segments := map[planner.ID][]*planner.Segment{}
	for i := range a.Snapshot.Segments {
		if g := &a.Snapshot.Segments[i]; !g.Halo && len(g.Line) > 1 {
			segments[g.Road] = append(segments[g.Road], g)
		}
	}
	var out []roadLine
	for i := range a.Snapshot.Roads {
		r := &a.Snapshot.Roads[i]
		out = append(out, linesOfRoad(r, segments[r.ID])...)
	}
	return out
}

// linesOfRoad is what is drawn of a road: its own line, else those of its
// segments.
func linesOfRoad(r *planner.Road, segments []*planner.Segment) []roadLine {
	if len(r.Line) > 1 {
		return []roadLine{{r, chainage.Span{To: r.Length}, r.Line}}
	}
	var out []roadLine
	for _, g := range segments {
		if g.Version == r.Version {
			out = append(out, roadLine{r, g.Span, g.Line})
		}
	}
	return out
}

// measure turns a place of the line into one of the route's measure.
func (l *roadLine) measure(at geo.Millimetre) int64 {
	drawn := geo.Length(l.line)
	if drawn <= 0 {
		return l.span.From
	}
	return l.span.From + int64(float64(at)/float64(drawn)*float64(l.span.Length())+0.5)
}

// point is where a place of the route's measure lies on the line.
func (l *roadLine) point(at int64) orb.Point {
	m := geo.NewMeasured(l.line)
	return m.Interpolate(geo.Millimetre(float64(at-l.span.From) / float64(max(1, l.span.Length())) * float64(m.Length())))
}

func (s *Server) locate(ctx context.Context, in *locateInput) (*locateOutput, error) {
	b := &in.Body
	if err := s.allow(ctx, planner.ActionRead, b.Region, ""); err != nil {
		return nil, err
	}
	point := orb.Point{b.Point[0], b.Point[1]}
	if err := geo.Check(point); err != nil {
		return nil, badMember("point", "%v", err)
	}
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	if b.Road != 0 && roadOf(a, b.Road) == nil {
		return nil, badMember("road", "no route has the number %d", b.Road)
	}
	out := &locateOutput{}
	out.Body.Places = s.indexOf(a).locate(point, b.Road)
	return out, nil
}

// locate gives the places of the nearest roads, nearest first; of one road
// more than one where its line comes near itself.
func (x *roadIndex) locate(p orb.Point, road planner.ID) []locatedJSON {
	out, seen, reach := []locatedJSON{}, map[planner.ID]bool{}, float64(locateReach)
	var keep func(int) bool
	if road != 0 {
		reach, keep = 1e8, func(id int) bool { return x.lines[id].road.ID == road }
	}
	x.near.Search(p, reach, keep, func(h geo.Hit) bool {
		l := &x.lines[h.ID]
		if seen[l.road.ID] {
			return true
		}
		seen[l.road.ID] = true
		for _, at := range geo.NewMeasured(l.line).Locate(p, locateSlack) {
			out = append(out, l.wire(at))
		}
		return len(seen) < locateRoads
	})
	slices.SortStableFunc(out, func(a, b locatedJSON) int { return cmp.Compare(a.OffsetM.n, b.OffsetM.n) })
	return out
}

var sideNames = map[geo.Side]string{geo.Left: "left", geo.Right: "right", geo.OnLine: "on"}

func (l *roadLine) wire(at geo.Location) locatedJSON {
	mm := l.measure(at.At)
	return locatedJSON{
		Road: l.road.ID, Code: l.road.Code, Name: l.road.Name, Version: l.road.Version, AtMM: mm, Label: l.road.Calibration.String(mm),
		OffsetM: exactly(int64(at.Offset), metres), Side: sideNames[at.Side], Point: []float64{at.Point[0], at.Point[1]},
	}
}

// driven is a track laid along a road.
type driven struct {
	road  *planner.Road
	match chainage.TrackMatch
}

func (s *Server) matchTrack(ctx context.Context, in *trackInput) (*trackOutput, error) {
	b := &in.Body
	if _, err := s.mayAnywhere(ctx, planner.ActionReport, b.Region); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	if (b.FromMM == nil) != (b.ToMM == nil) || b.FromMM != nil && b.Road == 0 {
		return nil, badMember("from_mm", "an interval has road, from_mm and to_mm")
	}
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	track, err := s.readTrack(ctx, b.Region, b.Hash)
	if err != nil {
		return nil, s.fail(err)
	}
	found, err := s.drive(ctx, a, track.Points, b.Road)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &trackOutput{Body: wireTrack(track, found)}
	if b.FromMM != nil {
		_, span, err := intervalOf(a, b.Road, *b.FromMM, *b.ToMM)
		if err != nil {
			return nil, err
		}
		share := 0.0
		if len(found) > 0 {
			share = found[0].match.Share(span)
		}
		out.Body.OverlapShare = &share
	}
	return out, nil
}

// readTrack reads an attachment as a track.
func (s *Server) readTrack(ctx context.Context, county, hash string) (gpx.Track, error) {
	if !hashForm.MatchString(hash) {
		return gpx.Track{}, badMember("hash", "want 64 hexadecimal digits")
	}
	file, body, err := s.works.ledger.Attachment(ctx, county, hash)
	if planner.CodeOf(err) == planner.NotFound {
		return gpx.Track{}, badMember("hash", "no file with that hash has come yet")
	}
	if err != nil {
		return gpx.Track{}, err
	}
	if !isTrack(file) {
		return gpx.Track{}, badMember("hash", "the file is %s; a track is GPX or GeoJSON", file.Media)
	}
	track, err := gpx.Read(bytes.NewReader(body))
	if err != nil {
		return gpx.Track{}, badMember("hash", "%v", err)
	}
	return track, nil
}

func isTrack(f *planner.Attachment) bool { return f.Media == mediaGPX || f.Media == mediaGeoJSON }

// drive lays a track along the roads that it comes near, or along one; the one
// with most metres first. It waits for its turn as pictures do.
func (s *Server) drive(ctx context.Context, a *planner.Assessment, track []geo.TrackPoint, road planner.ID) ([]driven, error) {
	select {
	case s.works.pictures <- struct{}{}:
		defer func() { <-s.works.pictures }()
	case <-ctx.Done():
		return nil, planner.Errorf(planner.Unavailable, "too many files are being read; send it again")
	}
	var out []driven
	for _, r := range s.roadsAlong(a, track, road) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		route := chainage.Route{Key: chainage.Key{Road: int64(r.ID), Version: r.Version}, Line: r.Line, Length: r.Length}
		match, err := chainage.MatchTrack(route, track, trackLimit(a))
		if err == nil && match.Covered.Length() > 0 {
			out = append(out, driven{r, match})
		}
	}
	slices.SortStableFunc(out, func(a, b driven) int { return cmp.Compare(b.match.Covered.Length(), a.match.Covered.Length()) })
	return out, nil
}

// trackLimit is how far a track may be from a line that it drove along.
func trackLimit(a *planner.Assessment) int64 {
	return min(max(a.Snapshot.Rules.TrackOffMM, chainage.MinTrackLimit), chainage.MaxTrackLimit)
}

// roadsAlong are the drawn roads that most points of a track are near.
func (s *Server) roadsAlong(a *planner.Assessment, track []geo.TrackPoint, road planner.ID) []*planner.Road {
	if road != 0 {
		if r := roadOf(a, road); r != nil && len(r.Line) > 1 {
			return []*planner.Road{r}
		}
		return nil
	}
	x, near := s.indexOf(a), map[*planner.Road]int{}
	for i := 0; i < len(track); i += 1 + len(track)/trackProbes {
		seen := map[*planner.Road]bool{}
		for _, h := range x.near.Within(track[i].Point, float64(trackLimit(a))/1000) {
			if r := x.lines[h.ID].road; !seen[r] && len(r.Line) > 1 {
				seen[r] = true
				near[r]++
			}
		}
	}
	var out []*planner.Road
	for r := range near {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *planner.Road) int { return cmp.Or(cmp.Compare(near[b], near[a]), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), trackRoads)]
}

func wireTrack(t gpx.Track, found []driven) trackJSON {
	out := trackJSON{Points: len(t.Points), Roads: make([]trackRoadJSON, len(found)), Line: [][]float64{}}
	for i, d := range found {
		out.Roads[i] = trackRoadJSON{d.road.ID, d.road.Code, d.road.Name, wireCovered(d), exactly(d.match.Covered.Length(), metres)}
	}
	if len(found) > 0 {
		best := found[0].match
		out.OffsetMedian, out.OffsetMax = exactly(best.Median, metres), exactly(best.Max, metres)
		out.First, out.Last = instantOf(best.First), instantOf(best.Last)
	}
	for i := 0; i < len(t.Points); i += 1 + len(t.Points)/trackDrawn {
		out.Line = append(out.Line, []float64{t.Points[i].Point[0], t.Points[i].Point[1]})
	}
	return out
}

func wireCovered(d driven) []coveredJSON {
	out := make([]coveredJSON, len(d.match.Covered))
	for i, span := range d.match.Covered {
		out[i] = coveredJSON{Span{span.From, span.To}, d.road.Calibration.String(span.From), d.road.Calibration.String(span.To)}
	}
	return out
}

// instantOf is a time in milliseconds on the wire; 0 is none.
func instantOf(ms int64) *string {
	if ms == 0 {
		return nil
	}
	text := clock(time.UnixMilli(ms))
	return &text
}

// addTrack tells an entry how much of its interval the tracks among its
// evidence drove; false: there is none, or the interval is not clear.
func (s *Server) addTrack(ctx context.Context, a *planner.Assessment, county string, e *planner.Entry, c *planner.CheckedEntry) (bool, error) {
	if c.Road == 0 || c.Span == nil || s.works.ledger == nil {
		return false, nil
	}
	var covered chainage.Set
	any := false
	for _, hash := range tracksAmong(a, e) {
		track, err := s.readTrack(ctx, county, hash)
		if err != nil {
			if planner.CodeOf(err) == planner.Unavailable {
				return false, err
			}
			continue // GeoJSON that is no track
		}
		any = true
		found, err := s.drive(ctx, a, track.Points, c.Road)
		if err != nil {
			return false, err
		}
		for _, d := range found {
			covered = covered.Union(d.match.Covered)
		}
	}
	if any {
		share := chainage.TrackMatch{Covered: covered}.Share(*c.Span)
		e.Track = &share
	}
	return any, nil
}

// tracksAmong are the hashes of an entry's evidence that may be tracks.
func tracksAmong(a *planner.Assessment, e *planner.Entry) []string {
	media := map[string]*planner.Attachment{}
	for i := range a.Snapshot.Attachments {
		media[a.Snapshot.Attachments[i].Hash] = &a.Snapshot.Attachments[i]
	}
	for i := range e.Files {
		media[e.Files[i].Hash] = &e.Files[i]
	}
	var out []string
	for _, hash := range e.Evidence {
		if f := media[hash]; f != nil && isTrack(f) {
			out = append(out, hash)
		}
	}
	return out
}
