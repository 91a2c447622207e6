package route

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The terrains of the planning standards; any other word is none, whose factor is 1.
const (
	Plain    = "plain"    // 平原
	Hill     = "hill"     // 丘陵
	Mountain = "mountain" // 山岭
)

// terrainFactors are what the running speeds are multiplied by on a terrain.
var terrainFactors = map[string]float64{Plain: 1, Hill: 0.9, Mountain: 0.75}

// Terrains lists the terrains, each with its factor on speeds. The map is a copy.
func Terrains() map[string]float64 {
	out := make(map[string]float64, len(terrainFactors))
	for terrain, factor := range terrainFactors {
		out[terrain] = factor
	}
	return out
}

// SpeedTable gives modelled running speeds by class, surface, terrain and
// season. The zero table is that of [Speed] with the factors of [Terrains].
// Tables are values: two of the same speeds are equal by ==.
type SpeedTable struct{ grid *speedGrid }

// SpeedRow overrides a part of the table. Words that are left empty mean all.
// A row has either a speed or a factor.
//
// Of the rows with a speed the one that names most decides, and of two that
// name as many the one that names the class, then the surface, the terrain; it
// takes the place of the default. A speed of a row that names its terrain is
// the speed there; any other is multiplied by the factor of the terrain, for
// which the same is true of the rows with a factor.
type SpeedRow struct {
	Class, Surface, Terrain, Season string
	KMH                             *float64 // 0: impassable
	Factor                          *float64
}

// SpeedRowError says which row of a table is wrong, counted from 0, and in what.
type SpeedRowError struct {
	Row    int
	Column string // class, surface, terrain, season, kmh or factor
	Value  string
	Mend   string
}

// Error names row, column, value and the mend.
func (e *SpeedRowError) Error() string {
	return fmt.Sprintf("row %d, %s %q: %s", e.Row+1, e.Column, e.Value, e.Mend)
}

// What a row may say.
const (
	fastestKMH    = 150
	smallestScale = 0.05
	greatestScale = 2
	speedRowsMost = 2000
)

// The words of the four columns in the order of the grid; of surfaces and terrains the first stands for any other word.
var (
	speedClasses  = classesInOrder()
	speedSurfaces = []string{SurfaceUnknown, SurfaceAsphalt, SurfaceCement, SurfacePaved, SurfaceGravel, SurfaceStone, SurfaceEarth}
	speedTerrains = []string{"", Plain, Hill, Mountain}
	speedSeasons  = []string{Dry, Wet}
)

func classesInOrder() []string {
	var out []string
	for class := range speeds {
		out = append(out, class)
	}
	slices.Sort(out)
	return out
}

// speedGrid is a table of all speeds: by class, surface, terrain and season.
type speedGrid [22][7][4][2]float64

// defaultGrid is the grid of the zero table.
var defaultGrid = fillGrid(nil)

// grids are the tables that were made, so that the same speeds are one table: 10 KB for each.
var grids sync.Map // speedGrid to *speedGrid

// NewSpeedTable lays rows over the defaults. Their order does not matter. An
// error is a *SpeedRowError: a word that is not known, a speed out of range
// (0 to 150 km/h), a factor out of range (0.05 to 2), a row twice, or more than
// 2,000 rows.
func NewSpeedTable(rows []SpeedRow) (SpeedTable, error) {
	seen := map[string]bool{}
	for i := range rows {
		if err := rows[i].check(i, seen); err != nil {
			return SpeedTable{}, err
		}
	}
	grid := fillGrid(rows)
	if grid == defaultGrid {
		return SpeedTable{}, nil
	}
	one, _ := grids.LoadOrStore(grid, &grid)
	return SpeedTable{one.(*speedGrid)}, nil
}

// Equal says whether two tables give the same speeds.
func (t SpeedTable) Equal(u SpeedTable) bool { return t == u }

// Speed is the modelled running speed in km/h; 0 means that motor vehicles
// cannot use the road. A surface that is not listed counts as unknown, a season
// other than [Wet] as dry, a terrain that is not listed as none.
func (t SpeedTable) Speed(class, surface, terrain, season string) float64 {
	c, known := slices.BinarySearch(speedClasses, class)
	if !known {
		return 0
	}
	when := 0
	if season == Wet {
		when = 1
	}
	grid := t.grid
	if grid == nil {
		grid = &defaultGrid
	}
	return grid[c][max(0, slices.Index(speedSurfaces, surface))][max(0, slices.Index(speedTerrains, terrain))][when]
}

// check refuses what would silently be the default.
func (r *SpeedRow) check(row int, seen map[string]bool) error {
	bad := func(column, value, mend string) error { return &SpeedRowError{row, column, value, mend} }
	if row >= speedRowsMost {
		return bad("class", r.Class, fmt.Sprintf("a table has at most %d rows", speedRowsMost))
	}
	for _, c := range []struct {
		column, word string
		words        []string
	}{
		{"class", r.Class, speedClasses}, {"surface", r.Surface, speedSurfaces},
		{"terrain", r.Terrain, speedTerrains[1:]}, {"season", r.Season, speedSeasons},
	} {
		if c.word != "" && !slices.Contains(c.words, c.word) {
			return bad(c.column, c.word, "write one of "+strings.Join(c.words, ", ")+", or leave it empty for all")
		}
	}
	if err := r.checkNumber(bad); err != nil {
		return err
	}
	key := fmt.Sprint(r.Class, "|", r.Surface, "|", r.Terrain, "|", r.Season, "|", r.KMH != nil)
	if seen[key] {
		return bad("class", r.Class, "the same road, surface, terrain and season stand in a row before; keep one of the two")
	}
	seen[key] = true
	return nil
}

func (r *SpeedRow) checkNumber(bad func(column, value, mend string) error) error {
	switch {
	case r.KMH == nil && r.Factor == nil:
		return bad("kmh", "", "give a speed in km/h or a factor")
	case r.KMH != nil && r.Factor != nil:
		return bad("factor", fmt.Sprint(*r.Factor), "a row has either kmh or factor; put the other in a row of its own")
	case r.KMH != nil && !(*r.KMH >= 0 && *r.KMH <= fastestKMH):
		return bad("kmh", fmt.Sprint(*r.KMH), fmt.Sprintf("write 0 (impassable) to %d km/h", fastestKMH))
	case r.Factor != nil && !(*r.Factor >= smallestScale && *r.Factor <= greatestScale):
		return bad("factor", fmt.Sprint(*r.Factor), fmt.Sprintf("write a factor from %v to %v", smallestScale, greatestScale))
	}
	return nil
}

// weight ranks rows that fit: how many words they name, then which.
func (r *SpeedRow) weight() int {
	w := 0
	for i, word := range []string{r.Class, r.Surface, r.Terrain, r.Season} {
		if word != "" {
			w += 16 + 8>>i
		}
	}
	return w
}

func (r *SpeedRow) fits(class, surface, terrain, season string) bool {
	return (r.Class == "" || r.Class == class) && (r.Surface == "" || r.Surface == surface) &&
		(r.Terrain == "" || r.Terrain == terrain) && (r.Season == "" || r.Season == season)
}

// fillGrid works out every speed.
func fillGrid(rows []SpeedRow) (grid speedGrid) {
	for c, class := range speedClasses {
		for s, surface := range speedSurfaces {
			for t, terrain := range speedTerrains {
				for w, season := range speedSeasons {
					grid[c][s][t][w] = speedOf(rows, class, surface, terrain, season)
				}
			}
		}
	}
	return grid
}

func speedOf(rows []SpeedRow, class, surface, terrain, season string) float64 {
	var speed, factor *SpeedRow
	for i := range rows {
		r := &rows[i]
		if !r.fits(class, surface, terrain, season) {
			continue
		}
		if r.KMH != nil && (speed == nil || r.weight() > speed.weight()) {
			speed = r
		}
		if r.Factor != nil && (factor == nil || r.weight() > factor.weight()) {
			factor = r
		}
	}
	kmh, scale := Speed(class, surface, season), 1.0
	if f, ok := terrainFactors[terrain]; ok {
		scale = f
	}
	if speed != nil {
		kmh = *speed.KMH
	}
	if factor != nil {
		scale = *factor.Factor
	}
	if speed != nil && speed.Terrain != "" {
		scale = 1
	}
	return kmh * scale
}
