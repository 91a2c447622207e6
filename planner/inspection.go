package planner

import "github.com/qiantu/qiantu/geo/chainage"

// InspectionKind says how an inspection came about.
type InspectionKind string

// The kinds of inspection.
const (
	InspectionPlanned     InspectionKind = "planned"
	InspectionUnannounced InspectionKind = "unannounced"
	InspectionRandom      InspectionKind = "random" // drawn, repeatable from its seed
)

// InspectionResult is what was found; empty: still to be held.
type InspectionResult string

// The results.
const (
	InspectionPass InspectionResult = "pass"
	InspectionFail InspectionResult = "fail"
)

// Inspection is the finding on an interval. A failed one takes metres out of
// what was accepted up to its day, until they are accepted again later.
type Inspection struct {
	ID        ID
	Kind      InspectionKind
	Road      ID
	Version   int32
	Span      chainage.Span
	On        Date
	Result    InspectionResult
	PQIMilli  *int64 // pavement quality index in thousandths, 0 to 100000; nil: not measured
	Inspector string
	Note      string
	Evidence  []string
	Seed      *int64 // of the draw
	By        string // login
}
