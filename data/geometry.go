package data

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	pgxgeom "github.com/twpayne/pgx-geom"
)

// srid is the one reference system of stored geometry: CGCS2000, lon/lat.
const srid = 4490

// registerGeometry teaches a connection the geometry type. PostGIS must be
// installed in the database before.
var registerGeometry = pgxgeom.Register

// toGeom turns g into what the database takes.
func toGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, g[:]).SetSRID(srid), nil
	case orb.MultiPoint:
		return geom.NewMultiPointFlat(geom.XY, flatten(nil, g)).SetSRID(srid), nil
	case orb.LineString:
		return geom.NewLineStringFlat(geom.XY, flatten(nil, g)).SetSRID(srid), nil
	case orb.MultiLineString:
		flat, ends := flattenAll(nil, g)
		return geom.NewMultiLineStringFlat(geom.XY, flat, ends).SetSRID(srid), nil
	case orb.Polygon:
		flat, ends := flattenAll(nil, g)
		return geom.NewPolygonFlat(geom.XY, flat, ends).SetSRID(srid), nil
	case orb.MultiPolygon:
		var flat []float64
		endss := make([][]int, len(g))
		for i, polygon := range g {
			flat, endss[i] = flattenAll(flat, polygon)
		}
		return geom.NewMultiPolygonFlat(geom.XY, flat, endss).SetSRID(srid), nil
	default:
		return nil, fmt.Errorf("data: a geometry of type %T cannot be stored", g)
	}
}

// fromGeom is the way back. It refuses any layout but XY: dropping a Z or an M
// without a word would store one road and return another.
func fromGeom(g geom.T) (orb.Geometry, error) {
	if g == nil {
		return nil, nil
	}
	if g.Layout() != geom.XY {
		return nil, fmt.Errorf("data: the database gave a geometry with layout %v; only XY is stored, so strip Z and M with ST_Force2D", g.Layout())
	}
	if g.SRID() != srid && g.SRID() != 0 {
		return nil, fmt.Errorf("data: the database gave a geometry in SRID %d; only %d is stored, so use ST_Transform", g.SRID(), srid)
	}
	switch g := g.(type) {
	case *geom.Point:
		if g.Empty() {
			return nil, fmt.Errorf("data: the database gave an empty point")
		}
		return orb.Point{g.X(), g.Y()}, nil
	case *geom.MultiPoint:
		return orb.MultiPoint(points(g.FlatCoords())), nil
	case *geom.LineString:
		return orb.LineString(points(g.FlatCoords())), nil
	case *geom.MultiLineString:
		return orb.MultiLineString(parts[orb.LineString](g.FlatCoords(), 0, g.Ends())), nil
	case *geom.Polygon:
		return orb.Polygon(parts[orb.Ring](g.FlatCoords(), 0, g.Ends())), nil
	case *geom.MultiPolygon:
		return multiPolygon(g), nil
	default:
		return nil, fmt.Errorf("data: the database gave a %T, which the map cannot draw", g)
	}
}

func multiPolygon(g *geom.MultiPolygon) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(g.Endss()))
	from := 0
	for i, ends := range g.Endss() {
		out[i] = parts[orb.Ring](g.FlatCoords(), from, ends)
		if len(ends) > 0 {
			from = ends[len(ends)-1]
		}
	}
	return out
}

func flatten[L ~[]orb.Point](flat []float64, line L) []float64 {
	for _, p := range line {
		flat = append(flat, p[0], p[1])
	}
	return flat
}

func flattenAll[L ~[]orb.Point](flat []float64, lines []L) ([]float64, []int) {
	ends := make([]int, len(lines))
	for i, line := range lines {
		flat = flatten(flat, line)
		ends[i] = len(flat)
	}
	return flat, ends
}

func points(flat []float64) []orb.Point {
	out := make([]orb.Point, len(flat)/2)
	for i := range out {
		out[i] = orb.Point{flat[2*i], flat[2*i+1]}
	}
	return out
}

// parts cuts flat from an index on at the given ends.
func parts[L ~[]orb.Point](flat []float64, from int, ends []int) []L {
	out := make([]L, len(ends))
	for i, end := range ends {
		out[i] = L(points(flat[from:end]))
		from = end
	}
	return out
}

// stored is a geometry on its way into the database.
type stored struct{ orb.Geometry }

// GeomValue implements pgxgeom.GeomValuer.
func (s stored) GeomValue() (geom.T, error) { return toGeom(s.Geometry) }

// put gives the column value of g; nil and empty geometry is null.
func put(g orb.Geometry) any {
	switch g := g.(type) {
	case nil:
		return nil
	case orb.LineString:
		if len(g) == 0 {
			return nil
		}
	case orb.MultiPolygon:
		if len(g) == 0 {
			return nil
		}
	}
	return stored{g}
}

// into scans a geometry column into a variable of one orb type. Null leaves
// the variable at its zero value.
type into[G orb.Geometry] struct{ to *G }

// ScanGeom implements pgxgeom.GeomScanner.
func (s into[G]) ScanGeom(v geom.T) error {
	var zero G
	*s.to = zero
	g, err := fromGeom(v)
	if err != nil || g == nil {
		return err
	}
	typed, ok := g.(G)
	if !ok {
		return fmt.Errorf("data: the database gave a %s where a %T belongs", g.GeoJSONType(), zero)
	}
	*s.to = typed
	return nil
}

// intoPoint scans a nullable point column.
type intoPoint struct{ to **orb.Point }

// ScanGeom implements pgxgeom.GeomScanner.
func (s intoPoint) ScanGeom(v geom.T) error {
	*s.to = nil
	if v == nil {
		return nil
	}
	var p orb.Point
	if err := (into[orb.Point]{&p}).ScanGeom(v); err != nil {
		return err
	}
	*s.to = &p
	return nil
}
