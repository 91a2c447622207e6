package gpx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/geo"
)

// reader is the state of reading a GPX file.
type reader struct {
	dec       *xml.Decoder
	stack     []string
	text      strings.Builder // of the innermost element
	name      string
	point     *geo.TrackPoint // the one being read
	fresh     bool            // the next point is the first of a segment
	track     []geo.TrackPoint
	route     []geo.TrackPoint
	waypoints int
}

func readGPX(data []byte) (Track, error) {
	r := reader{dec: xml.NewDecoder(bytes.NewReader(data))}
	r.dec.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the file is in %.20q; save it as UTF-8", charset)
	}
	for {
		token, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.take(token)
		}
		if err != nil {
			return Track{}, r.failed(err)
		}
	}
	points := r.track
	if len(points) == 0 {
		points = r.route
	}
	if len(points) == 0 {
		return Track{}, fmt.Errorf("gpx: the file has no track and no route (%d waypoints); export the track itself", r.waypoints)
	}
	return Track{r.name, points}, nil
}

// failed names the line.
func (r *reader) failed(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("gpx: line %d: %s; the file is damaged, export it again", syntax.Line, syntax.Msg)
	}
	line, _ := r.dec.InputPos()
	return fmt.Errorf("gpx: line %d: %w", line, err)
}

func (r *reader) take(token xml.Token) error {
	switch token := token.(type) {
	case xml.Directive:
		return errors.New("the file has a document type or entities of its own, which are refused; export it again as plain GPX")
	case xml.StartElement:
		return r.start(token)
	case xml.CharData:
		r.text.Write(token)
	case xml.EndElement:
		return r.end(token.Name.Local)
	}
	return nil
}

func (r *reader) start(e xml.StartElement) error {
	name := e.Name.Local
	if len(r.stack) == 0 && name != "gpx" {
		return fmt.Errorf("the outermost element is %.30q, not gpx; export the track as GPX", name)
	}
	if len(r.stack) >= maxDepth {
		return fmt.Errorf("elements stand more than %d deep; export the track again", maxDepth)
	}
	r.stack = append(r.stack, name)
	r.text.Reset()
	switch name {
	case "trk", "trkseg", "rte":
		r.fresh = true
	case "wpt":
		r.waypoints++
	case "trkpt", "rtept":
		return r.begin(e)
	}
	return nil
}

// begin reads where a point is.
func (r *reader) begin(e xml.StartElement) error {
	if len(r.track)+len(r.route) >= MaxPoints {
		return fmt.Errorf("more than %d points; split the file, one a day", MaxPoints)
	}
	var at [2]*float64
	for _, a := range e.Attr {
		i := 0
		switch a.Name.Local {
		case "lat":
			i = 1
		case "lon":
		default:
			continue
		}
		v, err := coordinate(a.Name.Local, a.Value)
		if err != nil {
			return err
		}
		at[i] = &v
	}
	if at[0] == nil || at[1] == nil {
		return fmt.Errorf("a point has no lat or no lon; export the track again")
	}
	point, err := checked(*at[0], *at[1])
	if err != nil {
		return err
	}
	r.point = &geo.TrackPoint{Point: point, Break: r.fresh}
	r.fresh = false
	return nil
}

func (r *reader) end(name string) error {
	text := strings.TrimSpace(r.text.String())
	r.text.Reset()
	r.stack = r.stack[:len(r.stack)-1]
	parent := ""
	if n := len(r.stack); n > 0 {
		parent = r.stack[n-1]
	}
	switch {
	case name == "name" && (parent == "trk" || parent == "rte") && r.name == "":
		r.name = text
	case (name == "trkpt" || name == "rtept") && r.point != nil:
		r.finish(name)
	case (parent == "trkpt" || parent == "rtept") && r.point != nil:
		return r.detail(name, text)
	}
	return nil
}

func (r *reader) finish(name string) {
	if name == "trkpt" {
		r.track = append(r.track, *r.point)
		r.track[0].Break = true
	} else {
		r.route = append(r.route, *r.point)
		r.route[0].Break = true
	}
	r.point = nil
}

// detail takes the time and the dilution of a point.
func (r *reader) detail(name, text string) (err error) {
	switch {
	case text == "":
	case name == "time":
		r.point.Time, err = clock(text)
	case name == "hdop":
		v, bad := strconv.ParseFloat(text, 64)
		if bad != nil || !(v >= 0 && v <= 1e6) {
			return fmt.Errorf("hdop %.30q is not a number from 0 up; correct it or leave it out", text)
		}
		r.point.HDOP = v
	}
	return err
}
