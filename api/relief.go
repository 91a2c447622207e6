package api

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
)

// Shaded relief of the stored terrain models, as pictures to be laid under the
// map: black where a slope is turned away from the light, white where it faces
// it, clear where it is level or nothing is known.
const (
	reliefSide   = 256 // pixels
	reliefZooms  = 13  // deepest; the map stretches these
	reliefFirst  = 6
	reliefShades = 12 // either way
	reliefSpan   = 60 // metres at least either way to the heights that make a slope
)

// Light comes from the north-west, halfway up, as maps have it.
var reliefLight = [3]float64{-0.5, 0.5, math.Sqrt2 / 2}

// reliefPalette is clear, then shades of black, then of white.
var reliefPalette = func() color.Palette {
	p := color.Palette{color.NRGBA{}}
	for _, tone := range []uint8{0, 255} {
		for i := 1; i <= reliefShades; i++ {
			p = append(p, color.NRGBA{tone, tone, tone, uint8(i * 255 / reliefShades)})
		}
	}
	return p
}()

// heights are the terrain models of the counties that may be read.
func (w *world) heights(readable scope) []geo.Heights {
	var out []geo.Heights
	for _, code := range readable.codes {
		if h := w.counties[code].snapshot.Heights; h != nil {
			out = append(out, h)
		}
	}
	return out
}

// reliefAddress changes with the terrain models, so that pictures may be kept.
func (w *world) reliefAddress(readable scope) string {
	digests := []string{}
	for _, code := range readable.codes {
		if s := w.counties[code].snapshot; s.Heights != nil {
			digests = append(digests, s.Terrain.Digest)
		}
	}
	if len(digests) == 0 {
		return ""
	}
	return fmt.Sprintf("/tiles/relief/{z}/{x}/{y}.png?v=%x", maphash.String(seed, strings.Join(digests, " ")))
}

// getRelief serves shaded relief; 204 where no height is known.
func (s *Server) getRelief(w http.ResponseWriter, r *http.Request) {
	tile, err := parseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y"))
	if err != nil || tile.Z < reliefFirst || tile.Z > reliefZooms {
		s.problem(w, r, http.StatusNotFound, fmt.Sprintf("want a tile of zoom %d to %d", reliefFirst, reliefZooms))
		return
	}
	now := s.world.Load()
	if now == nil {
		s.notReady(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", backdropInBrowse)
	picture := relief(tile, now.heights(now.scopeOf(personOf(r.Context()))))
	if picture == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	var body bytes.Buffer
	if err := png.Encode(&body, picture); err != nil {
		s.tileProblem(w, r, err)
		return
	}
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", fmt.Sprint(body.Len()))
	_, _ = w.Write(body.Bytes()) // a reader that left is no error of ours
}

// relief shades a tile; nil where all is level or unknown.
func relief(tile geo.Tile, models []geo.Heights) *image.Paletted {
	if len(models) == 0 {
		return nil
	}
	out, any := image.NewPaletted(image.Rect(0, 0, reliefSide, reliefSide), reliefPalette), false
	for y := range reliefSide {
		lat := latitudeOf(tile, (float64(y)+0.5)/reliefSide)
		up := degreesOf(tile) * math.Cos(lat*math.Pi/180) // of a pixel, to the north
		for x := range reliefSide {
			at := orb.Point{(float64(tile.X)+(float64(x)+0.5)/reliefSide)*360/math.Exp2(float64(tile.Z)) - 180, lat}
			if shade := shadeAt(models, at, degreesOf(tile), up); shade != 0 {
				out.Pix[y*out.Stride+x], any = shade, true
			}
		}
	}
	if !any {
		return nil
	}
	return out
}

// degreesOf is how wide a pixel is.
func degreesOf(tile geo.Tile) float64 { return 360 / math.Exp2(float64(tile.Z)) / reliefSide }

// latitudeOf is the latitude of a share of a tile's height, from its top.
func latitudeOf(tile geo.Tile, share float64) float64 {
	n := math.Pi * (1 - 2*(float64(tile.Y)+share)/math.Exp2(float64(tile.Z)))
	return math.Atan(math.Sinh(n)) * 180 / math.Pi
}

// shadeAt is the entry of the palette for a place; east and north are the
// degrees over which its slope is taken.
func shadeAt(models []geo.Heights, at orb.Point, east, north float64) uint8 {
	const metresPerDegree = 111_320.0
	wide := math.Cos(at[1] * math.Pi / 180)
	least := reliefSpan / metresPerDegree
	east, north = math.Max(east, least/wide), math.Max(north, least)
	for _, h := range models {
		w, ok1 := h.Height(orb.Point{at[0] - east, at[1]})
		e, ok2 := h.Height(orb.Point{at[0] + east, at[1]})
		s, ok3 := h.Height(orb.Point{at[0], at[1] - north})
		n, ok4 := h.Height(orb.Point{at[0], at[1] + north})
		if ok1 && ok2 && ok3 && ok4 {
			return shade((e-w)/(2*east*metresPerDegree*wide), (n-s)/(2*north*metresPerDegree))
		}
	}
	return 0
}

// shade of a slope, rising to the east and to the north by so much in a metre:
// how much lighter or darker it is than level ground.
func shade(east, north float64) uint8 {
	length := math.Sqrt(1 + east*east + north*north)
	lit := (-east*reliefLight[0] - north*reliefLight[1] + reliefLight[2]) / length
	apart := math.Round((lit - reliefLight[2]) / reliefLight[2] * reliefShades)
	switch {
	case apart <= -1:
		return uint8(math.Min(-apart, reliefShades))
	case apart >= 1:
		return uint8(reliefShades + math.Min(apart, reliefShades))
	}
	return 0
}
