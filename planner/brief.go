package planner

import "cmp"

// Brief is the page that is read before the meeting: what is red, why, who, and
// what to decide.
type Brief struct {
	*Wall
	Red       []WallTownship // at the highest levels, the worst first
	Decisions []BriefItem
}

// BriefItem is one thing to decide or to do, as a code that has words, and what
// they speak of.
type BriefItem struct {
	Code   string // act_red, act_orange, act_yellow, act_blue, dispute, deadline, nobody, gap_road, gap_water
	Who    string // the person; empty: nobody is named
	Phone  string
	Places []string // names of townships or routes
	Count  int64    // of things; villages, disputes
	Length int64    // millimetres, of disputes and of what is left
	Days   int64    // to the deadline, or since
}

// briefRed is how many townships are asked about one by one; the others stand in the table.
const briefRed = 8

// Brief picks out of a wall what has to be spoken about: the townships at
// yellow and above, of which the worst by name, else those at blue; and what is
// to be decided, in the order of how much hangs on it.
func (a *Assessment) Brief(w *Wall) *Brief {
	b := &Brief{Wall: w}
	least := WarningYellow
	if w.Levels[WarningYellow]+w.Levels[WarningOrange]+w.Levels[WarningRed] == 0 {
		least = WarningBlue
	}
	for _, t := range w.Townships {
		if t.Level >= least && len(b.Red) < briefRed {
			b.Red = append(b.Red, t)
		}
	}
	b.late()
	b.actions()
	b.disputes(a)
	b.gaps(a.Snapshot)
	b.nobody()
	return b
}

// More counts the townships with a warning that Red does not name.
func (b *Brief) More() int {
	n := -len(b.Red)
	for level := WarningBlue; level <= WarningRed; level++ {
		n += b.Levels[level]
	}
	return n
}

// late speaks of a programme whose day has passed, or comes within a month.
func (b *Brief) late() {
	days := b.DaysLeft()
	if days == nil || *days > 30 {
		return
	}
	item := BriefItem{Code: "deadline", Days: *days}
	for i := range b.Townships {
		if left := b.Townships[i].Left(); left > 0 {
			item.Count++
			item.Length += left
		}
	}
	if item.Count > 0 {
		item.name(b.Holder)
		b.Decisions = append(b.Decisions, item)
	}
}

// actions are what the rules ask for at each level (domain 2.8).
func (b *Brief) actions() {
	codes := map[WarningLevel]string{WarningRed: "act_red", WarningOrange: "act_orange", WarningYellow: "act_yellow", WarningBlue: "act_blue"}
	for level := WarningRed; level >= WarningBlue; level-- {
		item := BriefItem{Code: codes[level]}
		for i := range b.Townships {
			if t := &b.Townships[i]; t.Level == level {
				item.Places = append(item.Places, t.Name)
				item.Length += t.Left()
			}
		}
		if item.Count = int64(len(item.Places)); item.Count > 0 {
			item.name(b.Holder)
			b.Decisions = append(b.Decisions, item)
		}
	}
}

// disputes are the metres held out of the rate until somebody decides.
func (b *Brief) disputes(a *Assessment) {
	item := BriefItem{Code: "dispute"}
	for i := range a.Snapshot.Disputes {
		d := &a.Snapshot.Disputes[i]
		if !d.isOpen() || d.Withdrawn {
			continue
		}
		item.Count++
		item.Length += d.Span.Length()
		item.Who = cmp.Or(item.Who, d.Decider)
		if road := a.roads[d.Road]; road != nil {
			item.Places = append(item.Places, cmp.Or(road.Name, road.Code))
		}
	}
	if item.Count > 0 {
		b.Decisions = append(b.Decisions, item)
	}
}

// gaps are the villages that wait for a road or for safe water.
func (b *Brief) gaps(s *Snapshot) {
	for _, g := range []struct {
		code, name string
		matter     Matter
	}{{"gap_road", "not_connected", MatterRoad}, {"gap_water", "unsafe_water", MatterWater}} {
		for _, f := range b.Gaps {
			if f.Name != g.name || f.Figure == nil || f.Figure.Masked || f.Figure.Numerator == 0 {
				continue
			}
			item := BriefItem{Code: g.code, Count: f.Figure.Numerator}
			item.name(s.DutyOf("", g.matter))
			b.Decisions = append(b.Decisions, item)
		}
	}
}

// nobody lists the townships with a task that nobody is responsible for.
func (b *Brief) nobody() {
	item := BriefItem{Code: "nobody"}
	for i := range b.Townships {
		if t := &b.Townships[i]; t.Holder == nil && t.Name != "unassigned" {
			item.Places = append(item.Places, t.Name)
		}
	}
	if item.Count = int64(len(item.Places)); item.Count > 0 {
		b.Decisions = append(b.Decisions, item)
	}
}

func (i *BriefItem) name(d *Duty) {
	if d != nil {
		i.Who, i.Phone = d.Person, d.Phone
	}
}
