package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// photos is how many reports have one.
const photos = 8

// writePhotos gives some reports of surfacing a photo, taken on their interval.
func (m *maker) writePhotos() {
	r := m.random("photos")
	held := map[planner.ID]bool{}
	for _, d := range m.load.Disputes {
		held[d.Road] = true
	}
	for _, i := range r.shuffled(len(m.load.Progress)) {
		p := &m.load.Progress[i]
		line := m.load.Roads[p.Road-1].Line
		if len(m.load.Files) == photos {
			return
		}
		if p.Stage != planner.StageSurface || p.Programme != hamletProgramme || line == nil || held[p.Road] || p.On > day(DataDate) {
			continue
		}
		at := geo.Interpolate(line, geo.Millimetre(p.Span.From+p.Span.Length()/2))
		at = orb.Point{at[0] + float64(r.whole(-400, 400))*1e-7, at[1] + float64(r.whole(-400, 400))*1e-7}
		f := m.photo(r, p, at)
		p.Evidence = append(p.Evidence, f.Hash)
		m.load.Files = append(m.load.Files, f)
	}
}

func (m *maker) photo(r *random, p *planner.Progress, at orb.Point) data.File {
	body := drawPhoto(r)
	sum := sha256.Sum256(body)
	return data.File{Body: body, Attachment: planner.Attachment{
		Hash: hex.EncodeToString(sum[:]), Name: fmt.Sprintf("%s-%d.jpg", p.On, len(m.load.Files)+1), Media: "image/jpeg",
		Taken: p.On.Time().Add(time.Duration(r.whole(1*3600, 9*3600)) * time.Second), Place: &at,
	}}
}

// drawPhoto paints a road that runs up to a ridge.
func drawPhoto(r *random) []byte {
	const width, height = 240, 180
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	ridge := newNoise(r.next(), "ridge")
	green, horizon := uint8(r.whole(90, 150)), int(r.whole(60, 90))
	for x := range width {
		top := horizon + int(14*ridge.octaves(float64(x)/60, 3, 3))
		for y := range height {
			c := color.RGBA{uint8(150 + y/3), uint8(180 + y/4), 225, 255}
			if y >= top {
				c = color.RGBA{green / 2, green - uint8((y-top)/3), green / 3, 255}
			}
			if half := (y - horizon) * 2 / 5; y > horizon && x > width/2-half && x < width/2+half {
				c = color.RGBA{178, 176, 170, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 75}); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

// writeHeld sends two reports that need attention: one whose labels are two
// places of a road, one of a surface without its base.
func (m *maker) writeHeld(task int, at int64) {
	r := m.random("held")
	if task >= 0 {
		road := m.load.Roads[m.tasks[task].id(m, task)-1]
		from, to := chainage.FormatLabel(at-200_000), chainage.FormatLabel(at-100_000)
		var parts string
		for i, p := range road.Calibration.Parts(road.Length) {
			if i > 0 {
				parts += "; "
			}
			parts += chainage.FormatLabel(p.First) + " – " + chainage.FormatLabel(p.Last)
		}
		m.hold(r, road.ID, from, to, planner.RuleFinding{Rule: "R12", Severity: planner.SeverityBlock, Params: map[string]any{"choices": 2.0, "of": parts}})
	}
	for i := range m.tasks {
		t := &m.tasks[i]
		span := chainage.Span{From: t.length - 300_000, To: t.length}
		if road := t.id(m, i); t.route >= 0 && i != task && span.From > t.done && m.load.Roads[road-1].Line != nil && !m.based(road, span) {
			m.hold(r, road, chainage.FormatLabel(span.From/1000*1000), chainage.FormatLabel(span.To/1000*1000), planner.RuleFinding{
				Rule: "R04", Severity: planner.SeverityHold, Params: map[string]any{"missing_m": 300.0, "needs": string(planner.StageBase)}, Span: &span,
			})
			return
		}
	}
}

// based reports whether a base is reported on some metres.
func (m *maker) based(road planner.ID, span chainage.Span) bool {
	for i := range m.load.Progress {
		p := &m.load.Progress[i]
		if p.Road == road && p.Stage == planner.StageBase && p.Span.To > span.From {
			return true
		}
	}
	return false
}

// hold sends a report that needs attention.
func (m *maker) hold(r *random, road planner.ID, from, to string, f planner.RuleFinding) {
	id := r.uuid()
	body, err := json.Marshal(map[string]any{
		"region": m.unit.code, "id": id, "road": road, "from": from, "to": to, "stage": "surface", "on": "2020-06-29", "reporter": pick(r, reporters),
		"entered": "typed",
	})
	if err != nil {
		panic(err) // texts and numbers
	}
	digest := sha256.Sum256(body)
	m.load.Submissions = append(m.load.Submissions, planner.Submission{
		County: m.unit.code, ID: id, Body: body, Digest: digest[:], Status: planner.SubmissionHeld, Findings: []planner.RuleFinding{f}, By: "bureau",
		Received: time.Date(2020, 6, 29, 9, int(r.whole(0, 59)), 0, 0, time.UTC),
	})
}
