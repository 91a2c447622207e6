package planner

// LegendCount is how much of one entry of the map's legend is drawn.
type LegendCount struct {
	Entry string // layer:value, as the legend of the map names it
	Count int64  // things; of roads the pieces
	MM    int64  // of roads, their length
}

// LegendCounts tells how much the map draws of each entry of its legend, in the
// order of the layers. What has none is left out.
func (a *Assessment) LegendCounts() []LegendCount {
	t := legendTally{at: map[string]int{}}
	for i := range a.Snapshot.References {
		if r := &a.Snapshot.References[i]; r.Geometry != nil {
			t.add("reference:"+r.Layer, 0)
		}
	}
	for i := range a.Townships {
		t.add("region:"+a.Townships[i].Level.LevelName(), 0)
	}
	for i := range a.Pieces {
		if p := &a.Pieces[i]; p.isShown() {
			t.add("road:"+string(p.State), int64(p.Span.Length()))
		}
	}
	for i := range a.Villages {
		a.countVillage(&t, &a.Villages[i])
	}
	for i := range a.Snapshot.Water {
		t.add("water_project:"+a.Snapshot.Water[i].Status, 0)
	}
	for i := range a.Snapshot.Facilities {
		t.add("facility:"+a.Snapshot.Facilities[i].Kind, 0)
	}
	return t.rows
}

func (a *Assessment) countVillage(t *legendTally, d *VillageVerdict) {
	t.add("village:"+string(d.Road), 0)
	t.add("water:"+string(d.Water), 0)
	t.add("supply:"+string(a.supplyAsked().of(a, d).Verdict), 0)
	if said := a.Snapshot.Plan.of(d.Village.ID); said != nil {
		t.add("approved:"+string(said.Decision), 0)
	}
}

// legendTally counts entries, in the order in which they are first seen.
type legendTally struct {
	at   map[string]int
	rows []LegendCount
}

func (t *legendTally) add(entry string, mm int64) {
	i, known := t.at[entry]
	if !known {
		i = len(t.rows)
		t.at[entry] = i
		t.rows = append(t.rows, LegendCount{Entry: entry})
	}
	t.rows[i].Count++
	t.rows[i].MM += mm
}
