package ingest

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

func openStore(t testing.TB) (*data.Store, database) {
	t.Helper()
	db := connect(t, clustertest.DB(t))
	return db.store, db
}

func TestImportOSMAndorra(t *testing.T) {
	if _, err := exec.LookPath("osmium"); err != nil && os.Getenv("QIANTU_SHARED") == "" {
		t.Skip("osmium is not installed")
	}
	store, db := openStore(t)
	req := Request{File: shared(t, "osm/andorra-2025-01-19.osm.pbf"), DryRun: true}
	res, err := ImportOSM(t.Context(), store, req)
	if err != nil || res.Failed() || res.Stored {
		t.Fatalf("dry run: %v %s", err, said(res))
	}
	if n := db.one(t, `select count(*) from qiantu.region`); n != "0" {
		t.Errorf("a dry run stored %s regions", n)
	}
	req.DryRun = false
	res, err = ImportOSM(t.Context(), store, req)
	if err != nil || res.Failed() || !res.Stored {
		t.Fatalf("import: %v %s", err, said(res))
	}
	if res.Region != "osm:andorra-2025-01-19" || res.Layers[0].Read != 7763 || res.Layers[1].Accepted != 68 {
		t.Errorf("report: %s", said(res))
	}
	for question, want := range map[string]string{
		`select code || '|' || name || '|' || data_date || '|' || attribution from qiantu.region`:                                                                            "osm:andorra-2025-01-19|Andorra|2025-01-19|© OpenStreetMap contributors (ODbL)",
		`select (count(*) = 0)::text from qiantu.road_segment where surface = ''`:                                                                                            "true",
		`select bool_and(s.span = int8range(0, v.length_mm) and ST_Equals(s.geom, v.geom))::text from qiantu.road_segment s join qiantu.road_version v using (county, road)`: "true",
		`select count(*)::text from qiantu.programme`:                                                                                                                        "0",
		`select count(*)::text from qiantu.village where surveyed`:                                                                                                           "0",
		`select count(distinct revision)::text from qiantu.change`:                                                                                                           "1",
		`select (count(*) = (select count(*) from qiantu.road))::text from qiantu.road_segment`:                                                                              "true",
	} {
		if got := db.one(t, question); got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
	before := db.rows(t)
	res, err = ImportOSM(t.Context(), store, req)
	if err != nil || !res.Failed() {
		t.Fatalf("a second import: %v %s", err, said(res))
	}
	if f := found(t, res, "region_taken"); !strings.Contains(f.Mend, "--region") {
		t.Errorf("mend: %s", f.Mend)
	}
	if after := db.rows(t); after != before {
		t.Error("a refused import changed rows")
	}
}

func TestImportOSMOfNoOSM(t *testing.T) {
	store, db := openStore(t)
	before := db.rows(t)
	res, err := ImportOSM(t.Context(), store, Request{File: file(t, "a.osm.pbf", "this is no pbf")})
	if err != nil || !res.Failed() {
		t.Fatalf("%v %+v", err, res)
	}
	found(t, res, "file_unreadable")
	if db.rows(t) != before {
		t.Error("rows changed")
	}
}

func TestOSMCodes(t *testing.T) {
	for file, want := range map[string][2]string{
		"x/andorra-2025-01-19.osm.pbf":    {"osm:andorra-2025-01-19", "Andorra"},
		"shenzhen-henggang-2019.osm":      {"osm:shenzhen-henggang-2019", "Shenzhen-henggang"},
		"赫章 latest.osm.pbf":               {"osm:latest", "赫章 latest"},
		"guizhou-latest.osm.pbf":          {"osm:guizhou-latest", "Guizhou"},
		strings.Repeat("a", 200) + ".pbf": {"osm:" + strings.Repeat("a", 76), "A" + strings.Repeat("a", 199)},
	} {
		if got := [2]string{osmCode(file), osmName(file)}; got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

// A helper program that is not installed is no fault of the file.
func TestImportOSMWithoutOsmium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := ImportOSM(t.Context(), nil, Request{File: file(t, "a.osm", "<osm/>")})
	if err == nil || !strings.Contains(err.Error(), "is not installed: apt-get install") {
		t.Errorf("the error is %v", err)
	}
}
