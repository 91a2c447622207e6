// Package orlib reads the instance formats of J E Beasley's OR-Library (MIT
// licence) for the cores of planner/solve: p-median graphs, capacitated
// location, generalised assignment, capacitated p-median and assignment.
//
// All of them are numbers with blanks between; lines have no meaning. A reader
// takes the name that its errors shall carry, and reads the whole file: a number
// missing, out of range or left over is an [Error] with its place and the mend.
// What is allocated is bounded by what the file holds, never by what its head
// promises; [PMedian.Distances] alone takes the square of MaxNodes at the most.
package orlib
