package planner

// roadStates are the lengths and numbers of stretches of all roads by class and
// state: a stretch is what has one state and one set of facts within a segment.
// Every counted metre is in one of them. They are never changed once made.
type roadStates struct {
	book    *book
	classes map[string]bool
}

// pieceStates lists the states of a stretch, what is furthest first.
var pieceStates = []PieceState{PieceDone, PieceExisting, PieceDoing, PieceNotStarted, PiecePlanned, PieceUnknown}

// newStates walks all pieces. The parts of one scope are kept apart, as newBook
// says.
func (a *Assessment) newStates(open string) *roadStates {
	s := &roadStates{book: newBook(open), classes: map[string]bool{}}
	type cellKey struct {
		class string
		state PieceState
	}
	numbers := map[cellKey]int{}
	for i := range a.Pieces {
		p := &a.Pieces[i]
		if !p.Counted || p.Halo {
			continue
		}
		key := cellKey{p.source.class(), p.State}
		at, ok := numbers[key]
		if !ok {
			at = s.book.scope(stateScope(key.class, key.state))
			numbers[key], s.classes[key.class] = at, true
		}
		st := stretch{routeKey{p.Road, p.Version}, p.source, p.Span}
		s.book.add(at, kindLength, st, p.Span.Length())
		s.book.add(at, kindStretch, st, 1)
	}
	return s
}

func stateScope(class string, state PieceState) string { return "state:" + string(state) + "/" + class }

// keptStates are made once for an assessment, and shared as [Assessment.keptSums] are.
func (a *Assessment) keptStates() *roadStates {
	if a.base != nil && !a.Question.editsRoads() {
		return a.base.keptStates()
	}
	a.memo.states.Do(func() { a.memo.statesMade = a.newStates("") })
	return a.memo.statesMade
}

// byState writes what there is of every class of road in every state.
func (c *completion) byState() {
	states := c.a.keptStates
	if c.open != nil {
		states = func() *roadStates { return c.a.newStates(c.open.scope) }
	}
	s := states()
	for _, class := range classScopes(s.classes) {
		for _, state := range pieceStates {
			c.at(stateScope(class, state), className(class)+", "+string(state))
			if s.book.has(c.scope) {
				c.length("C46 state_length", s.book, counted(kindLength))
				c.count("C47 state_stretches", s.book, counted(kindStretch))
			}
		}
	}
}
