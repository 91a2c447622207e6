// Package geo measures the earth. It knows no village and no road.
//
// Points are orb points: longitude first, degrees, EPSG:4490. Everything is
// measured on the ellipsoid of CGCS2000 (a = 6378137 m, 1/f = 298.257222101),
// which is what PostGIS takes for a geography of SRID 4490. The ellipsoid of
// WGS 84 differs from it by 0.1 mm in the polar radius, which changes no
// distance on earth by as much as 0.2 mm. The spherical measures of orb/geo
// are not used anywhere: they are half a per cent long from north to south.
//
// The line between two vertices is the geodesic, the shortest way on the
// ellipsoid, as in PostGIS geography. So a line may cross the antimeridian or
// pass a pole: the way that is meant is always the shorter one. Between
// exactly antipodal points there are many; one of them is taken, always the
// same.
//
// Lengths that are summed are whole millimetres ([Millimetre]), so that a
// total depends neither on the order of its parts nor on the machine. The
// length of a line is the sum of the lengths of its pieces between vertices,
// each rounded to the millimetre; a line cut in two is as long as its parts.
//
// Coordinates are expected to be finite, with latitudes within ±90 ([Check]
// says what is wrong with one that is not). Nothing panics on others: a
// distance from or to them is NaN, and NaN counts as zero in a sum.
package geo
