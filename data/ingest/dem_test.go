package ingest

import (
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// demCountyDB is a county with one village in the middle of the drawn raster.
func demCountyDB(t *testing.T) database {
	db := fresh(t, "520527")
	db.exec(t, `insert into qiantu.village (county, id, name, geom) values ('520527', 1, 'v', ST_SetSRID(ST_MakePoint(104.505, 27.005), 4490))`)
	return db
}

func heightOf(t *testing.T, db database, p orb.Point) (float64, bool) {
	t.Helper()
	s, err := db.store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "520527"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Heights == nil {
		return 0, false
	}
	return s.Heights.Height(p)
}

// A terrain model is stored, read with every snapshot, replaced by the next,
// and everybody who looks at the county is told.
func TestImportDEM(t *testing.T) {
	db := demCountyDB(t)
	village := orb.Point{104.505, 27.005}
	if h, ok := heightOf(t, db, village); ok {
		t.Fatalf("height %v before any import", h)
	}
	revision, _, err := db.store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes, err := db.store.Listen(t.Context(), revision)
	if err != nil {
		t.Fatal(err)
	}
	before := db.rows(t)
	res, err := ImportDEM(t.Context(), db.store, Request{Region: "520527", File: tif(t, drawnRaster), DryRun: true})
	if err != nil || res.Stored || res.Failed() || res.Layers[0] != (LayerCount{"dem", 12, 11, 1}) {
		t.Fatalf("dry run: %+v, %v", res, err)
	}
	if after := db.rows(t); after != before {
		t.Errorf("a dry run stored something: %s, before %s", after, before)
	}
	if res, err = ImportDEM(t.Context(), db.store, Request{File: tif(t, drawnRaster)}); err != nil || !res.Stored || res.Region != "520527" {
		t.Fatalf("%+v, %v", res, err)
	}
	if h, ok := heightOf(t, db, village); !ok || h != 1800 {
		t.Errorf("the village lies at %v, %v; want 1800", h, ok)
	}
	select {
	case c := <-changes:
		if !c.All && (len(c.Counties) != 1 || c.Counties[0] != "520527") {
			t.Errorf("the notice says %+v", c)
		}
	case <-time.After(20 * time.Second):
		t.Error("nobody was told")
	}
	higher := strings.ReplaceAll(drawnRaster, "1800", "1855.5")
	if _, err = ImportDEM(t.Context(), db.store, Request{Region: "520527", File: tif(t, higher)}); err != nil {
		t.Fatal(err)
	}
	s, err := db.store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "520527"})
	if err != nil || s.Terrain.Source != "grid.tif" || len(s.Terrain.Digest) != 64 {
		t.Errorf("the snapshot names the terrain model %+v, %v", s.Terrain, err)
	}
	if h, ok := heightOf(t, db, village); !ok || h != 1855.5 {
		t.Errorf("after another import the village lies at %v, %v", h, ok)
	}
	if n := db.one(t, `select count(*) from qiantu.audit where action = 'import' and object = 'terrain'`); n != "2" {
		t.Errorf("%s entries in the audit", n)
	}
}

func TestImportDEMRefuses(t *testing.T) {
	db := demCountyDB(t)
	before := db.rows(t)
	feet := strings.NewReplacer("1000", "31000", "1100", "32000").Replace(drawnRaster)
	elsewhere := strings.ReplaceAll(drawnRaster, "104.5", "99.5")
	empty := strings.NewReplacer("1000 1100 1200 1300", "-9999 -9999 -9999 -9999", "1400 1500 -9999 1700", "-9999 -9999 -9999 -9999", "1800 1900 2000 2100", "-9999 -9999 -9999 -9999").Replace(drawnRaster)
	for name, c := range map[string]struct{ file, code string }{
		"no land":   {tif(t, feet), "dem_heights"},
		"elsewhere": {tif(t, elsewhere), "file_unreadable"},
		"nothing":   {tif(t, empty), "dem_empty"},
		"no raster": {file(t, "a.tif", "nothing"), "file_unreadable"},
	} {
		res, err := ImportDEM(t.Context(), db.store, Request{Region: "520527", File: c.file})
		if err != nil || res.Stored || !res.Failed() || res.Findings[0].Code != c.code {
			t.Errorf("%s: %+v, %v; want %s", name, res, err, c.code)
		}
	}
	if _, err := ImportDEM(t.Context(), db.store, Request{Region: "110101", File: tif(t, drawnRaster)}); planner.CodeOf(err) != planner.NotFound {
		t.Errorf("an unknown county: %v", err)
	}
	if after := db.rows(t); after != before {
		t.Errorf("something was stored: %s, before %s", after, before)
	}
	db.exec(t, `insert into qiantu.terrain (county, west, north, dx, dy, columns, rows, body) values ('520527', 104, 28, 0.01, 0.01, 5, 5, 'nonsense')`)
	if _, err := db.store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "520527"}); planner.CodeOf(err) != planner.Invalid || !strings.Contains(err.Error(), "import dem") {
		t.Errorf("a body that is none: %v", err)
	}
}
