package clustertest

import "testing"

// BenchmarkDB is what a test pays for a database of its own; its dropping comes later.
func BenchmarkDB(b *testing.B) {
	DB(b) // the template
	for b.Loop() {
		DB(b)
	}
}
