// Package planner holds the nouns of the domain and the judgements about them.
//
// A judgement is a pure function of a Snapshot: one county with a halo of its
// neighbours' roads, at one revision, as of one day, as known at one instant.
// There is no clock, no I/O and no randomness here, so the same snapshot gives
// the same bytes on every machine.
//
// The story of a figure in five steps:
//
//  1. data reads a Snapshot in one repeatable-read transaction.
//  2. Assess judges every road, village, work and site once.
//  3. Report rolls the judgements up into Figures: value, numerator,
//     denominator, unknown, unit, basis, as-of day, rule, ids.
//  4. Evidence opens one figure down to the intervals it is the measure of.
//  5. Layers turns the same judgements into the features of the map.
//
// Household counts that are small, or would give a small one away, are masked
// once for reports, evidence and map alike (mask.go). Warning levels have no
// hysteresis here: that needs the bulletins published before.
//
// The scenarios in testdata say in maps and plain words what is judged how.
//
// Positions are lon, lat in degrees (EPSG:4490). Lengths are integer
// millimetres, money integer fen, so that totals do not depend on order.
//
// Out of scope: names of households, accounting, turn-by-turn navigation.
package planner
