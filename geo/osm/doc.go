// Package osm reads roads and places out of an OpenStreetMap file, without a
// database.
//
// The file comes from outside, so no code of ours takes it apart: osmium does,
// in a child process with limits on memory, processor and wall-clock time, in
// an empty directory, as another user and without a network where the system
// permits that. The child writes OPL, one object in one line of text, and
// that is parsed strictly here. A file is read twice, first its ways and then
// the nodes that those need, so that memory goes by the roads in it and not by
// its size.
//
// What a highway, a surface or a season is in our words stands in table.go,
// and for readers in docs/osm.md; a test holds the two together.
//
// OpenStreetMap's data is under the ODbL: whoever shows it shows
// "© OpenStreetMap contributors" ([Attribution]).
package osm

// Attribution must be shown wherever the data is.
const Attribution = "© OpenStreetMap contributors"
