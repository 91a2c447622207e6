package osm_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/geo/osm"
	"github.com/qiantu/qiantu/geo/route"
)

// The tables of docs/osm.md are the tables of the code: each line that the
// code gives stands in the page, and the page has no other.

func speedColumns(class string) string {
	columns := []string{}
	for _, surface := range []string{route.SurfaceAsphalt, route.SurfaceGravel, route.SurfaceStone, route.SurfaceEarth, route.SurfaceUnknown} {
		columns = append(columns, fmt.Sprintf("%v / %v", route.Speed(class, surface, route.Dry), route.Speed(class, surface, route.Wet)))
	}
	return strings.Join(columns, " | ")
}

func classRows() []string {
	var rows []string
	for _, c := range osm.Classes() {
		if c.Routable {
			rows = append(rows, fmt.Sprintf("| `%s` | yes | %s |", c.Name, speedColumns(c.Name)))
		} else {
			rows = append(rows, fmt.Sprintf("| `%s` | no | | | | | |", c.Name))
		}
	}
	return rows
}

func chineseRows() []string {
	var rows []string
	for _, c := range [][2]string{{route.ClassExpressway, "高速"}, {route.Class1, "一级"}, {route.Class2, "二级"},
		{route.Class3, "三级"}, {route.Class4, "四级"}, {route.ClassSubstandard, "等外"}} {
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", c[0], c[1], speedColumns(c[0])))
	}
	return rows
}

func terrainRows() []string {
	var rows []string
	for _, c := range [][2]string{{route.Plain, "平原"}, {route.Hill, "丘陵"}, {route.Mountain, "山岭"}} {
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %v |", c[0], c[1], route.Terrains()[c[0]]))
	}
	return rows
}

func surfaceRows() []string {
	var rows []string
	for _, word := range []string{osm.Asphalt, osm.Cement, osm.Paved, osm.Gravel, osm.Stone, osm.Earth} {
		var values []string
		for value, w := range osm.Surfaces() {
			if w == word {
				values = append(values, "`"+value+"`")
			}
		}
		slices.Sort(values)
		rows = append(rows, fmt.Sprintf("| %s | %s |", word, strings.Join(values, ", ")))
	}
	return rows
}

func TestDocs(t *testing.T) {
	const file = "../../docs/osm.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	want := slices.Concat(classRows(), chineseRows(), terrainRows(), surfaceRows())
	var got []string
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| highway") && !strings.HasPrefix(line, "| class") && !strings.HasPrefix(line, "| terrain") && !strings.HasPrefix(line, "| our word") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	for i := range max(len(got), len(want)) {
		g, w := at(got, i), at(want, i)
		if g != w {
			t.Fatalf("row %d of the tables is\n%s\nthe code says\n%s", i+1, g, w)
		}
	}
}

// The example of the page is a table that can be read.
func TestDocsExample(t *testing.T) {
	text, err := os.ReadFile("../../docs/osm.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```csv\n")
	example, _, closed := strings.Cut(rest, "```")
	table, err := route.ParseSpeeds(strings.NewReader(example))
	if !found || !closed || err != nil {
		t.Fatalf("the example of speeds: %v", err)
	}
	if kmh := table.Speed(route.Class4, route.SurfaceGravel, "", route.Wet); kmh != 12 {
		t.Errorf("gravel of class 4 is %v km/h when wet", kmh)
	}
}

func at(rows []string, i int) string {
	if i < len(rows) {
		return rows[i]
	}
	return "(none)"
}

// Both packages have the same words.
func TestWords(t *testing.T) {
	for a, b := range map[string]string{
		osm.Asphalt: route.SurfaceAsphalt, osm.Cement: route.SurfaceCement, osm.Paved: route.SurfacePaved, osm.Gravel: route.SurfaceGravel,
		osm.Stone: route.SurfaceStone, osm.Earth: route.SurfaceEarth, osm.UnknownSurface: route.SurfaceUnknown,
	} {
		if a != b {
			t.Errorf("%s here is %s there", a, b)
		}
	}
	speeds := route.Classes()
	for _, c := range osm.Classes() {
		if _, has := speeds[c.Name]; has != c.Routable {
			t.Errorf("%s is routable: %v, has a speed: %v", c.Name, c.Routable, has)
		}
	}
}
