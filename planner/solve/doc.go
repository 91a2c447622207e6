// Package solve has the optimisation cores: plain arrays go in, an exact answer
// comes out with what proves it. It knows no village and no litre.
//
// Amounts are int64 in whatever unit the caller counts in. Inside they are 128
// bits wide, so that nothing is rounded and nothing overflows within the stated
// bounds. There is no clock here, and no randomness but from a seed: the same
// arrays, seed and threads give the same answer, and what an answer promises to be unique does not
// depend on the order of the arrays either. Every core stops soon after its
// context is done.
package solve
