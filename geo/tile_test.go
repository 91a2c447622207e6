package geo

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestParseTile(t *testing.T) {
	if got, err := ParseTile("12", "3239", "1726"); err != nil || got != (Tile{12, 3239, 1726}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range [][3]string{
		{"-1", "0", "0"}, {"31", "0", "0"}, {"23", "0", "0"}, {"9999", "0", "0"}, {"1", "2", "0"}, {"1", "0", "2"},
		{"0", "0", "-1"}, {"1e3", "0", "0"}, {"٣", "0", "0"}, {"3", "٣", "0"}, {"", "", ""}, {"1", "+1", "0"}, {"1", "01", "0"},
		{"1", " 1", "0"}, {strings.Repeat("1", 200), "0", "0"}, {"0", "0", "0.mvt/../x"}, {"0x1", "0", "0"}, {"1", "0", "1.0"},
	} {
		if got, err := ParseTile(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%q is %v, want an error", bad, got)
		} else if got != (Tile{}) {
			t.Errorf("%q gives %v beside its error", bad, got)
		}
	}
}

func FuzzParseTile(f *testing.F) {
	f.Add("12", "3239", "1726")
	f.Add("0", "0", "0")
	f.Add("22", "4194303", "4194303")
	f.Add("٣", "-1", "1e3")
	f.Fuzz(func(t *testing.T, z, x, y string) {
		tile, err := ParseTile(z, x, y)
		if err != nil {
			return
		}
		if !tile.Exists() || tile.String() != z+"/"+x+"/"+y {
			t.Fatalf("%q %q %q became %v", z, x, y, tile)
		}
	})
}

func TestTileHoldsItsPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoint(t, "p")
		zoom := uint32(rapid.IntRange(0, MaxZoom).Draw(t, "zoom"))
		tile := TileAt(p, zoom)
		if !tile.Exists() {
			t.Fatalf("%v does not exist", tile)
		}
		lat := math.Max(-MaxLatitude, math.Min(MaxLatitude, p[1]))
		if b := tile.Bound().Pad(1e-9); !b.Contains(orb.Point{p[0], lat}) {
			t.Fatalf("%v holds %v, not %v", tile, b, p)
		}
		if parent := tile.Parent(); zoom > 0 && (parent != TileAt(p, zoom-1) || !parent.Contains(tile)) {
			t.Fatalf("parent %v of %v", parent, tile)
		}
	})
}

func TestCovering(t *testing.T) {
	b := orb.Bound{Min: orb.Point{104.1, 26.75}, Max: orb.Point{105.1, 27.5}}
	inside := 0
	for _, tile := range Covering(b, 10) {
		if !tile.Bound().Intersects(b) {
			t.Errorf("%v does not touch the bound", tile)
		}
		inside++
	}
	if inside != 3*3 { // a tile is 360/1024 of a degree wide: columns 808 to 810, and three rows
		t.Errorf("%d tiles, want 9", inside)
	}
	over := Covering(orb.Bound{Min: orb.Point{179, 0.1}, Max: orb.Point{-179, 0.2}}, 8)
	if len(over) != 2 || over[0].X != 255 || over[1].X != 0 {
		t.Errorf("over the antimeridian: %v", over)
	}
	if all := Covering(orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, 3); len(all) != 64 {
		t.Errorf("the world has %d tiles at zoom 3, want 64", len(all))
	}
	if none := Covering(orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{0, 0}}, 3); len(none) != 0 {
		t.Errorf("an empty bound is covered by %v", none)
	}
	if none := Covering(orb.Bound{Min: orb.Point{math.NaN(), 1}, Max: orb.Point{0, 2}}, 3); none != nil {
		t.Errorf("a bound of NaN is covered by %v", none)
	}
	if cells := Cells(orb.Bound{Min: orb.Point{104.72, 27.11}, Max: orb.Point{104.72, 27.11}}); len(cells) != 1 || cells[0].Z != CellZoom {
		t.Errorf("a point has the cells %v", cells)
	}
}
