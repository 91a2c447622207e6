// Package paper draws on sheets of paper and writes them as PDF and as PNG from the same drawing calls.
//
// Places and lengths are millimetres on the sheet, the origin is its top left corner, y goes down; only the size of type is in
// points, as printers have it. A sheet remembers what was drawn, in order; nothing is computed until it is written.
//
// The PDF is vectors and real text: every font is embedded as a subset that holds the signs used and no others, with the table
// that lets a reader search and copy them. A sign that the first font lacks (a rare one in a place name, from the extensions of
// Unicode) comes from the next font that has it. The same calls give the same bytes: there is no clock and no random name in the
// file. The PNG is drawn in strips, so that a sheet of A0 needs the memory of one strip.
package paper
