package planner

// roadSums are what a completion report reads: the lengths of a county by region
// and class of road, those of the current programme and, by what is known of
// their state, those of all roads. They are made of every piece of road and of
// every work, and never changed afterwards.
type roadSums struct {
	a       *Assessment
	current *book           // of the current programme, by county, township and class
	network *book           // of all roads, by the same
	classes map[string]bool // met in either
	placed  placed
}

// newSums walks all pieces and works. The parts of one scope are kept apart, as
// newBook says.
func (a *Assessment) newSums(open string) *roadSums {
	s := &roadSums{a: a, current: newBook(open), network: newBook(open), classes: map[string]bool{}}
	if a.Current >= 0 {
		s.spreadRegions(&a.Programmes[a.Current])
	}
	s.spreadNetwork()
	return s
}

// keptSums are made once for an assessment. A question without edits changes
// nothing that lies on a road, and shares those of what it was put to.
func (a *Assessment) keptSums() *roadSums {
	if a.base != nil && !a.Question.editsRoads() {
		return a.base.keptSums()
	}
	a.memo.sums.Do(func() { a.memo.sumsMade = a.newSums("") })
	return a.memo.sumsMade
}
