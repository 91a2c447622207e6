package route_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/route"
)

func table(t testing.TB, csv string) route.SpeedTable {
	t.Helper()
	out, err := route.ParseSpeeds(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	allSurfaces = []string{
		route.SurfaceAsphalt, route.SurfaceCement, route.SurfacePaved, route.SurfaceGravel, route.SurfaceStone, route.SurfaceEarth, route.SurfaceUnknown, "",
	}
	allTerrains = []string{"", route.Plain, route.Hill, route.Mountain}
)

// The zero table is Speed times the factor of the terrain, in every cell.
func TestSpeedTableDefaults(t *testing.T) {
	var zero route.SpeedTable
	factor := map[string]float64{"": 1, route.Plain: 1, route.Hill: 0.9, route.Mountain: 0.75}
	classes := route.Classes()
	classes[route.ClassPath], classes["no such class"] = 0, 0
	for class := range classes {
		for _, surface := range allSurfaces {
			for _, terrain := range allTerrains {
				for _, season := range []string{route.Dry, route.Wet} {
					want := route.Speed(class, surface, season) * factor[terrain]
					if got := zero.Speed(class, surface, terrain, season); got != want {
						t.Errorf("%s, %s, %s, %s: %v km/h, want %v", class, surface, terrain, season, got, want)
					}
				}
			}
		}
	}
}

func TestSpeedTableRows(t *testing.T) {
	own := table(t, `class,surface,terrain,season,kmh,factor
class4,,,,25,
class4,gravel,*,wet,8,
,earth,,wet,3,
class4,,mountain,,15,
,,mountain,,,0.5
substandard,,mountain,,,0.6
`)
	for _, c := range []struct {
		class, surface, terrain, season string
		want                            float64
	}{
		{route.Class4, route.SurfaceCement, "", route.Dry, 25},
		{route.Class4, route.SurfaceGravel, "", route.Dry, 25},
		{route.Class4, route.SurfaceGravel, "", route.Wet, 8},
		{route.Class4, route.SurfaceEarth, "", route.Wet, 3},
		{route.Class4, route.SurfaceEarth, route.Hill, route.Dry, 22.5},
		{route.Class4, route.SurfaceCement, route.Mountain, route.Dry, 15},
		{route.Class4, route.SurfaceGravel, route.Mountain, route.Wet, 4}, // its speed names no terrain
		{route.Class2, route.SurfaceAsphalt, route.Mountain, route.Dry, 25},
		{route.ClassSubstandard, route.SurfaceCement, route.Mountain, route.Dry, 9},
		{route.ClassPrimary, route.SurfaceEarth, "", route.Wet, 3},
		{route.ClassPrimary, route.SurfaceAsphalt, "", route.Wet, 60},
	} {
		if got := own.Speed(c.class, c.surface, c.terrain, c.season); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s, %s, %s, %s: %v km/h, want %v", c.class, c.surface, c.terrain, c.season, got, c.want)
		}
	}
}

// Tables of the same speeds are the same table.
func TestSpeedTableIsAValue(t *testing.T) {
	a, b := table(t, "class,kmh\nclass4,25\nclass3,30\n"), table(t, "kmh,class\n30,class3\n25,class4\n")
	if a != b || !a.Equal(b) {
		t.Error("the same speeds make two tables")
	}
	if c := table(t, "class,kmh\nclass4,26\nclass3,30\n"); a == c {
		t.Error("other speeds make the same table")
	}
	if d := table(t, "terrain,factor\nmountain,0.75\n"); d != (route.SpeedTable{}) {
		t.Error("what says the defaults again is not the table of defaults")
	}
}

func TestParseSpeedsRefuses(t *testing.T) {
	for _, c := range []struct{ csv, want string }{
		{"", "neither kmh nor factor"},
		{"class,speed\n", `row 1, column 2, "speed"`},
		{"class,class,kmh\n", `row 1, column 2, "class": the column is there twice`},
		{"class\nclass4\n", "row 1, column kmh"},
		{"class,kmh\nclass4,20\nclass5,20\n", `row 3, column class, "class5": write one of class1,`},
		{"class,kmh\n\n\nclass4,fast\n", `row 4, column kmh, "fast"`},
		{"class,kmh\nclass4,-1\n", `row 2, column kmh, "-1"`},
		{"class,kmh\nclass4,NaN\n", `column kmh, "NaN"`},
		{"class,kmh\nclass4,1e3\n", `column kmh, "1e3"`},
		{"class,kmh\nclass4,151\n", `row 2, column kmh, "151": write 0`},
		{"class,factor\nclass4,0\n", `row 2, column factor, "0": write a factor`},
		{"class,kmh\nclass4,\n", `row 2, column kmh, "": give a speed`},
		{"class,kmh,factor\nclass4,20,0.5\n", `row 2, column factor, "0.5": a row has either`},
		{"class,kmh\nclass4,20,30\n", "row 2, column 3"},
		{"class,kmh\nclass4\n", "row 2, column 2"},
		{"class,kmh\nclass4,20\nclass4,30\n", "row 3, column class"},
		{"surface,kmh\nmud,20\n", `column surface, "mud"`},
		{"terrain,kmh\nhilly,20\n", `column terrain, "hilly"`},
		{"season,kmh\nautumn,20\n", `column season, "autumn"`},
		{"class,kmh\n\"class4,20\n", "is no CSV"},
		{"class,kmh\n" + strings.Repeat("class4,20\n", 120_000), "more than 1 MB"},
	} {
		if _, err := route.ParseSpeeds(strings.NewReader(c.csv)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %s", c.csv, err, c.want)
		}
	}
	many := make([]route.SpeedRow, 2001)
	kmh := 20.0
	for i := range many {
		many[i] = route.SpeedRow{Class: route.Class4, KMH: &kmh}
	}
	var wrong *route.SpeedRowError
	if _, err := route.NewSpeedTable(many); !errors.As(err, &wrong) || wrong.Row != 1 {
		t.Errorf("the second of equal rows: %v", err)
	}
}

// No order of rows gives other speeds, and none is out of range.
func TestSpeedTableOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []route.SpeedRow
		for range rapid.IntRange(0, 12).Draw(t, "rows") {
			r := route.SpeedRow{
				Class:   rapid.SampledFrom([]string{"", route.Class4, route.ClassTrack}).Draw(t, "class"),
				Surface: rapid.SampledFrom([]string{"", route.SurfaceGravel, route.SurfaceEarth}).Draw(t, "surface"),
				Terrain: rapid.SampledFrom(allTerrains).Draw(t, "terrain"),
				Season:  rapid.SampledFrom([]string{"", route.Dry, route.Wet}).Draw(t, "season"),
			}
			v := rapid.Float64Range(0.1, 2).Draw(t, "number")
			if rapid.Bool().Draw(t, "speed") {
				r.KMH = &v
			} else {
				r.Factor = &v
			}
			rows = append(rows, r)
		}
		one, err := route.NewSpeedTable(rows)
		two, turned := route.NewSpeedTable(rapid.Permutation(rows).Draw(t, "turned"))
		if (err == nil) != (turned == nil) || one != two {
			t.Fatalf("%v, %v: another order, other speeds", err, turned)
		}
	})
}

func FuzzParseSpeeds(f *testing.F) {
	for _, seed := range []string{
		"class,surface,terrain,season,kmh,factor\nclass4,gravel,hill,wet,12.5,\n,,mountain,,,0.7\n", "\ufeffclass,kmh\n*,20\n", "kmh\n", "\"", "class,kmh\nclass4,\x00\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, csv string) {
		out, err := route.ParseSpeeds(strings.NewReader(csv))
		if err != nil {
			if out != (route.SpeedTable{}) {
				t.Fatal("an error and a table")
			}
			return
		}
		for class := range route.Classes() {
			for _, terrain := range allTerrains {
				if kmh := out.Speed(class, route.SurfaceGravel, terrain, route.Wet); !(kmh >= 0 && kmh <= 300) {
					t.Fatalf("%s: %v km/h", class, kmh)
				}
			}
		}
	})
}
