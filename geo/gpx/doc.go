// Package gpx reads a track out of what a receiver or a telephone wrote: a GPX
// file (1.0 or 1.1), or the same as GeoJSON lines.
//
// What comes in is not trusted: sizes, points and nesting are bounded, a
// document type (and so every entity of its own) is refused, and no input
// panics. Errors name the line of the file and what to do.
package gpx
