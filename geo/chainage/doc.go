// Package chainage is linear referencing: places and intervals along a route.
//
// Inside, a place is its measure in whole millimetres from the start of a
// route version. A [Set] is a set of such places, and the length of what was
// done is the measure of the union of what was reported, so that each
// millimetre counts once whatever was reported twice, in whatever order.
//
// Outside, a place is called K12+345. That name is a label given by a
// [Calibration], never a key: where a road was relocated the labels jump, and
// then one label can be two places, or none.
package chainage
