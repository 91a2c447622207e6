//go:build torture

package data_test

// sendRounds is how often many send one report at once.
const sendRounds = 200
