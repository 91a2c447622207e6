package ingest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/crs"
)

// reference is what the coordinates of a file are in.
type reference struct {
	name    string
	srid    int
	shift   func(orb.Point) orb.Point // gcj02, bd09; nil: none
	assumed bool                      // nobody said so
}

// chooseReference settles what the coordinates are in: what was said, else what
// the file says. Nothing is guessed but plain degrees in lon and lat columns.
func (r *run) chooseReference() (reference, error) {
	asked, said := strings.ToLower(strings.TrimSpace(r.req.CRS)), r.src.crs
	switch asked {
	case "gcj02", "gcj-02":
		return r.shifted("gcj02", crs.FromGCJ02)
	case "bd09", "bd-09":
		return r.shifted("bd09", crs.FromBD09)
	case "":
		return r.saidReference(said)
	}
	ref, err := r.epsg(r.req.CRS)
	if err != nil {
		return ref, err
	}
	if said != "" && !r.src.degrees && !strings.EqualFold(said, ref.name) && !(geographic(ref.srid) && said == "EPSG:4326") {
		r.fs.add("crs_contradiction", 0, "", r.req.CRS, "the file itself says "+said)
		return ref, errRefused
	}
	return ref, nil
}

func (r *run) shifted(name string, from func(orb.Point) orb.Point) (reference, error) {
	if said := r.src.crs; said != "" && said != "EPSG:4326" && said != "EPSG:4490" {
		r.fs.add("crs_contradiction", 0, "", name, "the file itself says "+said)
		return reference{}, errRefused
	}
	r.fs.add("crs_shifted", 0, "", name)
	return reference{name: name, srid: 4490, shift: from}, nil
}

// saidReference takes what the file says; degrees in plain columns are assumed.
func (r *run) saidReference(said string) (reference, error) {
	if said != "" {
		return r.epsg(said)
	}
	_, lon := r.columns["lon"]
	_, lat := r.columns["lat"]
	if _, shape := r.columns["geometry"]; shape || lon && lat {
		return reference{name: "EPSG:4326", srid: 4326, assumed: true}, nil
	}
	if r.src.shapes {
		r.fs.add("crs_missing", 0, "", "")
		return reference{}, errRefused
	}
	return reference{name: "EPSG:4490", srid: 4490}, nil
}

// epsg checks a reference by its number.
func (r *run) epsg(name string) (reference, error) {
	number, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(name)), "EPSG:")
	srid, err := strconv.Atoi(number)
	known := false
	if ok && err == nil && srid > 0 {
		if err := r.tx.QueryRow(r.ctx, statement("srid_known"), args{"srid": srid}).Scan(&known); err != nil {
			return reference{}, fmt.Errorf("looking up EPSG:%d: %w", srid, err)
		}
	}
	if !known {
		r.fs.add("crs_unknown", 0, "", name)
		return reference{}, errRefused
	}
	if oldDatum(srid) {
		r.fs.add("crs_old_datum", 0, "", name)
	}
	return reference{name: "EPSG:" + number, srid: srid}, nil
}

// oldDatum tells the systems on Xi'an 1980 and Beijing 1954, whose shift to
// CGCS2000 is not public.
func oldDatum(srid int) bool {
	return srid >= 2327 && srid <= 2442 || srid == 4610 || srid == 4214 || srid >= 21413 && srid <= 21483 || srid >= 4568 && srid <= 4589
}

// geographic tells the references in degrees that are met here.
func geographic(srid int) bool {
	switch srid {
	case 4326, 4490, 4610, 4214, 4258, 4979, 4480:
		return true
	}
	return false
}

// eastings bounds the first coordinate of a projected reference, so that a zone
// number in front of it, or the lack of one, is noticed. In degrees: nil.
func eastings(srid int) (low, high any) {
	const from, to = 100_000, 900_000 // 4 degrees on either side of the meridian
	zone := func(first, number int) (any, any) {
		at := float64(number+srid-first) * 1e6
		return at + from, at + to
	}
	switch {
	case geographic(srid):
		return nil, nil
	case srid >= 4513 && srid <= 4533: // CGCS2000, 3 degrees, zones 25 to 45
		return zone(4513, 25)
	case srid >= 4491 && srid <= 4501: // CGCS2000, 6 degrees, zones 13 to 23
		return zone(4491, 13)
	case srid >= 4502 && srid <= 4512, srid >= 4534 && srid <= 4554: // by central meridian
		return float64(from), float64(to)
	}
	return -1e9, 1e9
}

// shiftShape applies f to every position of a WKT. Heights and measures are
// passed on; text without coordinates comes back as it is.
func shiftShape(wkt string, f func(orb.Point) orb.Point) string {
	var out strings.Builder
	for i := 0; i < len(wkt); {
		if !coordinateStart(wkt, i) {
			out.WriteByte(wkt[i])
			i++
			continue
		}
		end := i + strings.IndexAny(wkt[i:]+")", ",)")
		out.WriteString(shiftPosition(wkt[i:end], f))
		i = end
	}
	return out.String()
}

// coordinateStart reports whether a position begins at i: a number after an
// opening bracket, a comma or a blank that follows one.
func coordinateStart(wkt string, i int) bool {
	if c := wkt[i]; c != '-' && c != '.' && c != '+' && (c < '0' || c > '9') {
		return false
	}
	before := strings.TrimRight(wkt[:i], " ")
	return before != "" && (before[len(before)-1] == '(' || before[len(before)-1] == ',')
}

func shiftPosition(text string, f func(orb.Point) orb.Point) string {
	parts := strings.Fields(text)
	if len(parts) < 2 {
		return text
	}
	lon, err1 := strconv.ParseFloat(parts[0], 64)
	lat, err2 := strconv.ParseFloat(parts[1], 64)
	if err1 != nil || err2 != nil {
		return text
	}
	p := f(orb.Point{lon, lat})
	parts[0], parts[1] = strconv.FormatFloat(p[0], 'f', -1, 64), strconv.FormatFloat(p[1], 'f', -1, 64)
	return strings.Join(parts, " ")
}
