package api

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/mvt/mvttest"
	"github.com/qiantu/qiantu/planner"
)

// crowd is a county with a crowd of villages, some on the borders of tiles.
func crowd(code string, lon float64, first int) *county {
	s := smallCounty(code, lon)
	r := rand.New(rand.NewPCG(uint64(first), 2))
	kinds := []string{"administrative", "hamlet", "group"}
	for i := range 3000 {
		v := planner.Village{ID: planner.ID(first + i), Name: fmt.Sprint("村", first+i), Kind: kinds[r.IntN(3)], Township: code + "100",
			Point: orb.Point{lon + r.Float64()*1.2, 26.6 + r.Float64()}}
		if i%50 == 0 {
			v.Point = geo.TileAt(v.Point, 12).Bound().Min
		}
		if r.IntN(4) > 0 {
			v.Population = &planner.Population{AsOf: date("2020-01-01"), Persons: ptr(int64(r.IntN(900)))}
		}
		s.Villages = append(s.Villages, v)
	}
	return newCounty(planner.County{Region: s.Region}, s, nil)
}

// At every zoom every village is found once over all tiles: drawn, or counted in
// one total, whose sums by verdict are those of the villages. The same holds for
// what somebody may read who may not read all.
func TestNoVillageIsLost(t *testing.T) {
	w := (*world)(nil).next(1, day, map[string]*county{"520527": crowd("520527", 104.5, 1000), "520502": crowd("520502", 105.1, 9000)})
	for scope, codes := range map[string][]string{"": w.codes, "520527": {"520527"}} {
		villages, want := 0, map[string]int64{}
		var area orb.Bound
		for _, code := range codes {
			for i := range w.counties[code].layers["village"].features {
				f := &w.counties[code].layers["village"].features[i]
				if villages++; villages == 1 {
					area = f.bound
				}
				area = area.Union(f.bound)
				verdict, persons := f.attributes["verdict"].(string), int64(0)
				if n, known := f.attributes["persons"].(int64); known {
					persons = n
				} else {
					want["persons_uncounted"]++
				}
				want["villages"]++
				want["persons"] += persons
				want[verdict]++
				want["persons_"+verdict] += persons
				want[f.attributes["state"].(string)]++
			}
		}
		for zoom := range uint32(12) {
			drawn, sums := villagesAt(t, w, scope, area, zoom)
			switch {
			case zoom >= allVillagesZoom && drawn != villages:
				t.Errorf("zoom %d, %q: %d villages are drawn, want %d", zoom, scope, drawn, villages)
			case zoom < allVillagesZoom:
				for _, name := range totalFields() {
					if sums[name] != want[name] {
						t.Errorf("zoom %d, %q: the totals say %s %d, want %d", zoom, scope, name, sums[name], want[name])
					}
				}
			}
			if few := zoom >= villageZoom && zoom < allVillagesZoom; few && (drawn == 0 || drawn > villages/2) || zoom < villageZoom && drawn > 0 {
				t.Errorf("zoom %d: %d villages are drawn", zoom, drawn)
			}
		}
	}
}

// villagesAt counts what the tiles over an area draw inside themselves, and sums
// their totals.
func villagesAt(t *testing.T, w *world, scope string, area orb.Bound, zoom uint32) (drawn int, sums map[string]int64) {
	t.Helper()
	sums = map[string]int64{}
	for _, tile := range geo.Covering(area, zoom) {
		raw, _, err := encodeTile(context.Background(), w, tileAsk{tile: tile, layers: wanted(mapLayers), scope: scope})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range mvttest.Decode(t, raw).Features(villageLayer) {
			if at := f.Parts[0][0]; at.X >= 0 && at.X < tileExtent && at.Y >= 0 && at.Y < tileExtent {
				drawn++
			}
		}
		for _, f := range mvttest.Decode(t, raw).Features(totalLayer) {
			if at := f.Parts[0][0]; at.X < 0 || at.X >= tileExtent || at.Y < 0 || at.Y >= tileExtent {
				t.Errorf("%v: a total stands at %v", tile, at)
			}
			for name, v := range f.Properties {
				sums[name] += int64(v.(uint64))
			}
		}
	}
	return drawn, sums
}
