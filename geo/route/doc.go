// Package route finds shortest paths on a frozen road network.
//
// A [Builder] takes ways: lines with a number of the caller's own and a speed
// each way. It joins them where they share a vertex and gives a [Graph], which
// never changes afterwards and is safe for any number of goroutines. A [Query]
// holds the scratch memory of a search; it belongs to one goroutine at a time
// and is meant to be used again and again.
//
// Lengths are whole millimetres, times whole milliseconds, so that equal input
// gives equal output on every machine. A search minimises one of the two and
// carries the other along: both always describe the same path.
//
// Searches begin and end on the line of a road, not at its nodes. A [Snap] is
// such a place, with the straight access leg that leads to it, walked at
// 5.04 km/h.
//
// What-if questions do not build a new graph: a [Filter] closes edges for one
// query, [Graph.WithSpeeds] shares everything but the times, an [Overlay] opens,
// closes and improves edges, and [Query.Update] repairs what was found instead
// of searching again.
package route
