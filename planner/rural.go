package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo"
)

// Why a village counts as urban.
const (
	UrbanStreet    = "sub_district"         // its township's code is one of a sub-district 街道, 001 to 099
	UrbanResidents = "residents_committee"  // its own code is one of a residents' committee 居委会, 001 to 199
	UrbanTown      = "town"                 // it is drawn as a town
	UrbanSeat      = "near_the_county_seat" // within Rules.UrbanSeatMM of the seat
)

// RuralMask says which villages are urban, and so stand outside every rural
// access index. It is made of codes, kinds and a distance; a village of which
// none of them says anything is rural.
type RuralMask struct {
	SeatMM int64          // Rules.UrbanSeatMM; 0: the seat makes nobody urban
	Urban  []UrbanVillage // by id
}

// UrbanVillage is one that the mask takes out, with the reason.
type UrbanVillage struct {
	Village *Village
	Why     string
}

// RuralMask finds the urban villages.
func (a *Assessment) RuralMask() RuralMask {
	m := RuralMask{SeatMM: a.Snapshot.Rules.UrbanSeatMM}
	for i := range a.Snapshot.Villages {
		if why := a.urban(i); why != "" {
			m.Urban = append(m.Urban, UrbanVillage{&a.Snapshot.Villages[i], why})
		}
	}
	return m
}

// urban is why a village is urban; empty: it is rural.
func (a *Assessment) urban(village int) string {
	v := &a.Snapshot.Villages[village]
	switch {
	case codePart(v.Township, 6, 1, 99):
		return UrbanStreet
	case codePart(v.Code, 9, 1, 199):
		return UrbanResidents
	case v.Kind == "town":
		return UrbanTown
	case a.nearSeat(v):
		return UrbanSeat
	}
	return ""
}

func (a *Assessment) nearSeat(v *Village) bool {
	seat, limit := a.seat(), a.Snapshot.Rules.UrbanSeatMM
	return seat != nil && limit > 0 && int64(geo.Round(geo.Distance(*seat, v.Point))) <= limit
}

// codePart says whether three digits of an official code lie between two
// numbers. What is no official code, of digits only and long enough, never does.
func codePart(code string, from, least, most int) bool {
	if len(code) < from+3 || slices.ContainsFunc([]byte(code), func(b byte) bool { return b < '0' || b > '9' }) {
		return false
	}
	n := int(code[from]-'0')*100 + int(code[from+1]-'0')*10 + int(code[from+2]-'0')
	return least <= n && n <= most
}

// PopulationSource is where the persons come from, as the ledgers say it, with
// how many villages and persons each source gives.
type PopulationSource struct {
	Source   string // empty: nobody said
	AsOf     Date   // of the latest count
	Villages int64
	Persons  int64
}

// PopulationSources lists the sources of the persons, by name, and counts the
// villages of which nobody knows how many live there.
func (a *Assessment) PopulationSources() (sources []PopulationSource, unknown int64) {
	at := map[string]int{}
	for i := range a.Snapshot.Villages {
		v := &a.Snapshot.Villages[i]
		n, ok := v.Persons()
		if !ok {
			unknown++
			continue
		}
		k, known := at[v.Population.Source]
		if !known {
			k = len(sources)
			at[v.Population.Source] = k
			sources = append(sources, PopulationSource{Source: v.Population.Source})
		}
		s := &sources[k]
		s.Villages, s.Persons, s.AsOf = s.Villages+1, s.Persons+n, max(s.AsOf, v.Population.AsOf)
	}
	slices.SortFunc(sources, func(x, y PopulationSource) int { return cmp.Compare(x.Source, y.Source) })
	return sources, unknown
}
