package planner

// JMPClass is a rung of the drinking water ladder of the Joint Monitoring
// Programme, on which SDG 6.1 is counted.
type JMPClass string

// The classes, the best first. Whether a source that is not piped is protected,
// is not observed in a survey, so that unimproved sources and surface water
// cannot be told apart from what is not known.
const (
	JMPSafelyManaged JMPClass = "safely_managed" // improved, on premises, available when needed, free of contamination
	JMPBasic         JMPClass = "basic"          // improved, at most 30 minutes there and back
	JMPLimited       JMPClass = "limited"        // improved, more than 30 minutes
	JMPUnknown       JMPClass = "unknown"        // unimproved, surface water, or not observed
)

// JMPClasses lists the classes, the best first.
var JMPClasses = []JMPClass{JMPSafelyManaged, JMPBasic, JMPLimited, JMPUnknown}

// jmpMinutes is the limit of a basic service, there and back, queueing included.
const jmpMinutes = 30

// JMP gives the class that is proven of a village. A tap is an improved source
// on the premises; so is piped supply improved ([VillageSupply.Piped]). Water
// that is at least basically reliable by the standard is available when needed.
func JMP(d *VillageVerdict, piped Ternary) JMPClass {
	s := d.Survey
	if s == nil {
		return JMPUnknown
	}
	onPremises := s.Tap != nil && *s.Tap
	switch {
	case onPremises && d.Grades.Quality >= GradeBasic && d.Grades.Reliability >= GradeBasic:
		return JMPSafelyManaged
	case onPremises:
		return JMPBasic
	case piped != Yes || s.FetchMinutes == nil || !(*s.FetchMinutes >= 0):
		return JMPUnknown
	case *s.FetchMinutes <= jmpMinutes:
		return JMPBasic
	}
	return JMPLimited
}

// ladder writes the persons on each rung.
func (w *waterReport) ladder(members []int) {
	for _, class := range JMPClasses {
		w.amount("C62 jmp_"+string(class), UnitPerson, w.persons(members, only(func(v *VillageVerdict) bool {
			return JMP(v, w.of(v).Piped) == class
		})))
	}
}
