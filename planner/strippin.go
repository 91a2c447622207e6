package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo"
)

// pins puts the photos and files of the reports at the places of the line that
// are nearest to where they say they were made. Those that do not say, and all
// of a route that is not drawn, have no pin.
func (s *stripper) pins() {
	line := s.Road.Line
	if len(line) < 2 || geo.Check(line) != nil {
		return
	}
	drawn, files := geo.NewMeasured(line), s.attachments()
	seen := map[[2]string]bool{}
	for i := range s.Events {
		e := s.Events[i].Progress
		for _, hash := range e.Evidence {
			at := files[hash]
			if at == nil || at.Place == nil || seen[[2]string{hash, e.ID}] {
				continue
			}
			seen[[2]string{hash, e.ID}] = true
			s.pin(drawn, at, e.ID)
		}
	}
	slices.SortStableFunc(s.Pins, func(a, b StripPin) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Hash, b.Hash), cmp.Compare(a.Progress, b.Progress))
	})
}

// attachments are those that the reports name, by hash.
func (s *stripper) attachments() map[string]*Attachment {
	out := map[string]*Attachment{}
	for i := range s.Events {
		for _, hash := range s.Events[i].Progress.Evidence {
			out[hash] = nil
		}
	}
	for i := range s.a.Snapshot.Attachments {
		at := &s.a.Snapshot.Attachments[i]
		if _, ok := out[at.Hash]; ok {
			out[at.Hash] = at
		}
	}
	return out
}

func (s *stripper) pin(drawn geo.Measured, at *Attachment, progress string) {
	metres, foot := geo.DistanceToLine(*at.Place, drawn.Line())
	if metres != metres { // a place that cannot be measured
		return
	}
	mm := scale(int64(foot.At), s.Road.Length, int64(drawn.Length()))
	s.Pins = append(s.Pins, StripPin{
		Hash: at.Hash, At: mm, Label: s.Road.Calibration.String(mm), OffsetM: metres, Taken: at.Taken, Media: at.Media, Progress: progress,
	})
}
