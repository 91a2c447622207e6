// Package sample invents a county that behaves like a real one.
//
// The codes and names of the townships are facts; every line, point, village,
// name of a village, code of a village and date is invented, and the county
// says so in its notice. Nothing in a load is a judgement: it holds segments,
// dated reports, surveys, moves and plan curves, and whoever wants a rate or a
// level has to compute it.
//
// How a county comes to be, one file each:
//
//  1. terrain.go raises land out of noise and lets rivers cut it (erosion).
//  2. partition.go lets townships grow over it; borders settle on ridges.
//  3. river.go collects the water, path.go and network.go lay the roads:
//     each one the cheapest way over the ground to a road already there, so
//     that roads follow valleys and contours and share exact vertices.
//  4. place.go puts villages along them; some stay out of reach.
//  5. programme.go, progress.go, funding.go, ledger.go, realign.go, photo.go,
//     water.go, relocation.go write what was planned, let, reported,
//     inspected and surveyed; the published county figures are what
//     these facts add up to, never a number stored anywhere.
//
// The same Options give the same bytes on one kind of machine. The published
// totals hold for every seed.
//
// Out of scope: real boundaries, real roads, heights in the load.
package sample
