package api

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// Bounds on a matrix: its places, its request, how many are made at a time, how
// many of one caller's are made or wait for it, how long one waits, and how long a
// reader may take for each piece of it. However many one caller asks for, there is
// a place left for another.
const (
	matrixFrom     = 100_000
	matrixTo       = 10_000
	matrixBody     = 8 << 20 // bytes
	matrixAtOnce   = 3
	matrixEach     = 2
	matrixPatience = 10 * time.Second
	matrixPiece    = 256 << 10 // bytes
	matrixTime     = 10 * time.Minute
	pieceTime      = 30 * time.Second
)

// matrixBodyJSON asks for the measures from every place to every other one.
type matrixBodyJSON struct {
	Region   string      `json:"region" maxLength:"64" doc:"code of a county that holds data"`
	AsOf     string      `json:"as_of,omitempty" maxLength:"10" doc:"day in the world; default: the region's data date"`
	KnownAt  string      `json:"known_at,omitempty" maxLength:"40" doc:"instant of what was known; default: now"`
	Metric   string      `json:"metric,omitempty" enum:"m,s" doc:"what the way minimises, and the values are: metres (default) in mm, or seconds in ms"`
	Season   string      `json:"season,omitempty" enum:"dry,wet" doc:"default: dry"`
	Edits    string      `json:"edits,omitempty" maxLength:"16000" doc:"as in questions"`
	Scenario int64       `json:"scenario,omitempty" minimum:"0" maximum:"9007199254740992" doc:"as in questions"`
	From     [][]float64 `json:"from" maxItems:"100000" doc:"the rows, as [lon,lat]"`
	To       [][]float64 `json:"to" maxItems:"10000" doc:"the columns"`
}

type matrixInput struct {
	RawBody []byte `contentType:"application/json"`
}

func (s *Server) routeMatrix(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "make-matrix", Method: http.MethodPost, Path: "/api/v1/matrix", Tags: []string{"figures"},
		Summary: "The measures by road from many places to many, as rows of numbers", Errors: append([]int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests}, questionErrors...),
		Description: "Answers with the rows one after the other, each value an unsigned whole number of 32 bits, low byte first: millimetres or milliseconds " +
			"with both access legs, 4294967295 where there is no way or a place lies off all roads, 4294967294 for 4,294 km or 49 days and more.",
		MaxBodyBytes: matrixBody, BodyReadTimeout: uploadTime, SkipValidateBody: true, // decodeStrict reads it
		Responses: map[string]*huma.Response{"200": {
			Description: "The values, row by row",
			Headers: map[string]*huma.Param{
				"X-Rows": numberHeader("of the values"), "X-Columns": numberHeader("values in a row"), "X-Revision": numberHeader("at which the network is true"),
				"X-Unit": {Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"mm", "ms"}}},
			},
			Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}},
	}, s.makeMatrix)
	v1.OpenAPI().Paths["/api/v1/matrix"].Post.RequestBody.Content["application/json"].Schema =
		v1.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[matrixBodyJSON](), true, "Matrix")
}

func numberHeader(what string) *huma.Param {
	return &huma.Param{Description: what, Schema: &huma.Schema{Type: huma.TypeInteger}}
}

func (s *Server) makeMatrix(ctx context.Context, in *matrixInput) (*huma.StreamResponse, error) {
	body, err := decodeStrict[matrixBodyJSON](in.RawBody)
	if err != nil {
		return nil, huma.Error400BadRequest(err.Error())
	}
	m, err := s.readMatrix(ctx, &body)
	if err != nil {
		return nil, s.fail(err)
	}
	if m.leave = s.matrices.join(callerOf(ctx).name()); m.leave == nil {
		return nil, huma.ErrorWithHeaders(huma.NewError(http.StatusTooManyRequests,
			fmt.Sprintf("%d of your matrices are being made, as many as one may ask for at a time; wait until one of them is read", matrixEach)),
			http.Header{"Retry-After": {"1"}})
	}
	select {
	case s.matrices.slots <- struct{}{}: // until it is sent
		return &huma.StreamResponse{Body: m.send}, nil
	case <-time.After(matrixPatience):
		err = huma.Error503ServiceUnavailable("too many matrices are being made; ask again")
	case <-ctx.Done():
		err = ctx.Err()
	}
	m.leave()
	return nil, err
}

// matrices are the places where matrices are made, and who has asked for some.
type matrices struct {
	slots chan struct{}
	quota
}

func newMatrices() *matrices {
	return &matrices{slots: make(chan struct{}, matrixAtOnce), quota: newQuota(matrixEach)}
}

// matrixRun is a table of measures that is about to be sent.
type matrixRun struct {
	server   *Server
	drive    *planner.Drive
	from, to []orb.Point
	metric   route.Metric
	revision int64
	leave    func() // the caller's place
}

func (s *Server) readMatrix(ctx context.Context, in *matrixBodyJSON) (*matrixRun, error) {
	m := &matrixRun{server: s}
	q := Question{Day: Day{in.Region, in.AsOf, in.KnownAt}, What: What{Edits: in.Edits}, Branch: Branch{in.Scenario}}
	c, revision, err := s.county(ctx, q)
	if err != nil {
		return nil, err
	}
	switch in.Metric {
	case "", "m":
	case "s":
		m.metric = route.ByTime
	default:
		return nil, badMember("metric", "%.10q is no metric; write m or s", in.Metric)
	}
	if m.from, err = placesOf("from", in.From, matrixFrom); err != nil {
		return nil, err
	}
	if m.to, err = placesOf("to", in.To, matrixTo); err != nil {
		return nil, err
	}
	if in.Season != "" && in.Season != route.Dry && in.Season != route.Wet { // nothing is kept of a word that is none
		return nil, badMember("season", "%.10q is no season; write dry or wet", in.Season)
	}
	if m.drive, err = c.drive(in.Season); err != nil {
		return nil, badMember("season", "%v", err)
	}
	m.revision = revision
	return m, nil
}

// placesOf reads places of a body.
func placesOf(member string, list [][]float64, most int) ([]orb.Point, error) {
	if len(list) > most {
		return nil, badMember(member, "%d places; at most %d are taken", len(list), most)
	}
	out := make([]orb.Point, len(list))
	for i, p := range list {
		if len(p) != 2 || !(math.Abs(p[0]) <= 180) || !(math.Abs(p[1]) <= 90) {
			return nil, badMember(fmt.Sprintf("%s[%d]", member, i), "a place is [lon,lat] in degrees")
		}
		out[i] = orb.Point{p[0], p[1]}
	}
	return out, nil
}

// onceDrive is the network of a season, readied when somebody first asks.
type onceDrive struct {
	once  sync.Once
	drive *planner.Drive
	err   error
}

func (c *county) drive(season string) (*planner.Drive, error) {
	held, _ := c.drives.LoadOrStore(cmp.Or(season, route.Dry), &onceDrive{})
	made := held.(*onceDrive)
	made.once.Do(func() { made.drive, made.err = c.assessment.Drive(season) })
	return made.drive, made.err
}

// send writes the rows as they are made. The length is said before, so that a
// reader knows when they broke off.
func (m *matrixRun) send(ctx huma.Context) {
	defer m.leave()
	defer func() { <-m.server.matrices.slots }()
	ctx.SetHeader("Content-Type", "application/octet-stream")
	ctx.SetHeader("Cache-Control", "no-store")
	ctx.SetHeader("X-Rows", strconv.Itoa(len(m.from)))
	ctx.SetHeader("X-Columns", strconv.Itoa(len(m.to)))
	ctx.SetHeader("X-Unit", [...]string{"mm", "ms"}[m.metric])
	ctx.SetHeader("X-Revision", strconv.FormatInt(m.revision, 10))
	ctx.SetHeader("Content-Length", strconv.Itoa(4*len(m.from)*len(m.to)))
	ctx.SetStatus(http.StatusOK)
	w, _ := ctx.BodyWriter().(http.ResponseWriter)
	out := &pieces{w: w, control: http.NewResponseController(w), piece: make([]byte, 0, matrixPiece+4*len(m.to))}
	whole, cancel := context.WithTimeout(ctx.Context(), matrixTime) // who reads too slowly gives the place up
	defer cancel()
	err := m.drive.Matrix(whole, m.from, m.to, route.MatrixOptions{Metric: m.metric, Keeper: m.server.keeper}, func(_ int, values []uint32) error {
		return out.row(values)
	})
	if err = errors.Join(err, out.flush()); err != nil && ctx.Context().Err() == nil {
		m.server.log.Debug("a matrix broke off", "error", err)
	}
}

// pieces gathers rows and writes them in pieces, each in its own time.
type pieces struct {
	w       http.ResponseWriter
	control *http.ResponseController
	piece   []byte
}

func (p *pieces) row(values []uint32) error {
	for _, v := range values {
		p.piece = binary.LittleEndian.AppendUint32(p.piece, v)
	}
	if len(p.piece) < matrixPiece {
		return nil
	}
	return p.flush()
}

func (p *pieces) flush() error {
	_ = p.control.SetWriteDeadline(time.Now().Add(pieceTime)) // where it cannot be set, that of the server holds
	_, err := p.w.Write(p.piece)
	p.piece = p.piece[:0]
	return err
}
