//go:build !torture

package data_test

// sendRounds is how often many send one report at once; make torture makes it 200.
const sendRounds = 6
