package ingest

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// The official list of 2016 as regions: no head, so columns go by their place.
func TestHezhangRegions(t *testing.T) {
	db := fresh(t, "")
	req := Request{Layer: "region", File: shared(t, "hezhang/adcode-520527-2016.csv"), CRS: "gcj02",
		Map: map[string]string{"code": "#1", "parent": "#2", "name": "#3", "level": "#4", "lon": "#13", "lat": "#14"}}
	res := imported(t, db, req)
	if got := res.Layers[0]; got.Read != 495 || got.Accepted != 495 {
		t.Errorf("%s", said(res))
	}
	found(t, res, "parent_absent")
	for question, want := range map[string]string{
		`select string_agg(level || n, ' ' order by level) from (select level, count(*) n from qiantu.region group by level) q`: "county1 township27 village467",
		`select name || parent || county from qiantu.region where code = '520527210'`:                                           "可乐彝族苗族乡520527520527",
		`select count(*)::text from qiantu.region where county <> '520527'`:                                                     "0",
		`select count(seat)::text from qiantu.region`:                                                                           "35",
	} {
		if got := db.one(t, question); got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
	// The source says GCJ-02, which lies 446 to 470 m off here.
	shift := db.one(t, `select ST_DistanceSphere(seat, ST_SetSRID(ST_MakePoint(104.720868, 27.115413), 4490)) from qiantu.region where code = '520527100'`)
	var metres float64
	if _, err := fmt.Sscan(shift, &metres); err != nil || metres < 440 || metres > 475 {
		t.Errorf("城关镇 was moved by %s m", shift)
	}
	refused(t, db, req, "already_there")
	req.Map = map[string]string{"code": "#1", "parent": "#2", "name": "#3", "level": "#4", "geometry": "#15"}
	if f := refused(t, fresh(t, ""), req, "geometry_unreadable"); !strings.Contains(f.Message, "gcj02") {
		t.Errorf("hex EWKB in GCJ-02: %+v", f)
	}
	req.CRS = "EPSG:4490" // as bytes they are read where nothing has to be converted
	if res := imported(t, fresh(t, ""), req); res.Layers[0].Accepted != 495 {
		t.Errorf("hex EWKB: %s", said(res))
	}
	boundary := Request{Layer: "region", File: shared(t, "hezhang/boundary-520527-gcj02.geojson"), CRS: "gcj02"}
	imported(t, db, boundary)
	if got := db.one(t, `select ST_GeometryType(geom) || ' ' || name from qiantu.region where code = '520527'`); got != "ST_MultiPolygon 赫章县" {
		t.Errorf("boundary: %s", got)
	}
	refused(t, db, boundary, "already_there")
	far := refused(t, db, Request{Layer: "village", File: file(t, "a.csv", "name,lon,lat\n坪寨,104.7,27.1\n远处,108.9,27.1\n")}, "outside_region")
	if far.Row != 3 || !strings.Contains(far.Mend, "--crs") {
		t.Errorf("finding: %+v", far)
	}
	// A wrong zone puts every town outside the county.
	refused(t, db, Request{Layer: "village", File: shared(t, "shp/gk/towns-epsg4544-gbk-noprj/towns.shp"), CRS: "EPSG:4545"}, "outside_region")
}

// The public formula is undone for lines too, at every vertex.
func TestShiftOfLines(t *testing.T) {
	db := fresh(t, "x")
	line := file(t, "a.csv", "name,wkt\n路,\"LINESTRING Z (104.7 27.1 5,104.8 27.2 6)\"\n")
	imported(t, db, Request{Layer: "road", File: line, CRS: "gcj02"})
	got := db.one(t, `select ST_AsText(geom, 4) from qiantu.road_version`)
	var lon, lat, lon2, lat2 float64
	if _, err := fmt.Sscanf(got, "LINESTRING(%f %f,%f %f)", &lon, &lat, &lon2, &lat2); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	for _, d := range []float64{lon - 104.7, lat - 27.1, lon2 - 104.8, lat2 - 27.2} {
		if math.Abs(d) < 0.001 || math.Abs(d) > 0.01 {
			t.Errorf("a vertex moved by %f degrees: %s", d, got)
		}
	}
}

const mixed = "name,lon,lat\n坪寨,104.7,27.1\n,104.7,27.1\n大坝,104.8,27.2\n"

func TestPartialAndDryRun(t *testing.T) {
	db := fresh(t, "x")
	path := file(t, "a.csv", mixed)
	before := db.rows(t)
	res := importing(t, db, Request{Layer: "village", File: file(t, "good.csv", "name,lon,lat\n坪寨,104.7,27.1\n"), DryRun: true})
	if res.Failed() || res.Stored || res.Layers[0].Accepted != 1 || db.rows(t) != before {
		t.Errorf("dry run: %s", said(res))
	}
	refused(t, db, Request{Layer: "village", File: path}, "value_missing")
	res = importing(t, db, Request{Layer: "village", File: path, Partial: true})
	if !res.Failed() || !res.Stored || res.Layers[0] != (LayerCount{"village", 3, 2, 1}) {
		t.Errorf("partial: %s", said(res))
	}
	if got := db.one(t, `select count(*)::text from qiantu.village`); got != "2" {
		t.Errorf("%s villages", got)
	}
}

func TestReportIsCappedAndCounted(t *testing.T) {
	db := fresh(t, "x")
	res := importing(t, db, Request{Layer: "village", File: file(t, "a.csv", "name,lon,lat\n"+strings.Repeat("坪寨,x,27.1\n", 1000))})
	if len(res.Findings) > maxFindings || res.Errors() < 1000 || res.Layers[0].Rejected != 1000 {
		t.Fatalf("%d findings, %d errors, %+v", len(res.Findings), res.Errors(), res.Layers)
	}
	if last := res.Findings[len(res.Findings)-1]; last.Value != fmt.Sprint(1000-maxFindingsCode) {
		t.Errorf("the rest is not counted: %+v", last)
	}
	out, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"layers":[{"layer":"village","read":1000,"accepted":0,"rejected":1000}],"findings":[{"file":"a.csv","row":2,"field":"lon","value":"x","code":"value_invalid","severity":"error","message":`, `"mend":`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("JSON lacks %s in %s", want, out[:min(len(out), 400)])
		}
	}
}

// What the other layers store, through their Chinese heads.
func TestTablesOfTheOtherLayers(t *testing.T) {
	db := hezhang(t)
	for _, step := range []struct{ layer, csv string }{
		{"village", "村名,编码,类型,乡镇,户数,人口,贫困户,贫困人口,统计日期,地灾等级,经度,纬度\n坪寨,V1,自然村,可乐乡,３０,\"1,200\",10,40,2017年12月31日,高,104.7,27.1\n大坝,V2,,罗州乡,12,50,,,2017/12/31,,104.8,27.2\n"},
		{"facility", "类型,名称,经度,纬度\n小学,可乐小学,104.71,27.11\n"},
		{"water_project", "工程名称,类型,状态,设计供水规模,受益村,lon,lat\n坪寨水窖,水窖,已建,12.5,坪寨、V2,104.7,27.1\n"},
		{"water_survey", "村名,调查日期,人均水量,水质,自来水入户,取水时间,保证率,估算投资(万元)\n坪寨,2018-03-01,30,合格,否,25,90,12.34\n大坝,2018-03-01,,,,,,\n"},
		{"relocation_site", "安置点,安置方式,乡镇,安置户数,安置人数,lon,lat\n银山社区,县城安置,城关镇,100,400,104.72,27.12\n"},
		{"move", "村名,安置点,搬迁户数,搬迁人数,贫困户,贫困人口,日期,入住户数,入住人数,旧房拆除\n坪寨,银山社区,20,80,10,40,2018-05-01,15,60,5\n"},
	} {
		imported(t, db, Request{Layer: step.layer, Region: "520527", File: file(t, step.layer+".csv", step.csv)})
	}
	for question, want := range map[string]string{
		`select string_agg(name || kind || hazard || surveyed, ' ' order by code) from qiantu.village`:                                                                      "坪寨hamlethighfalse 大坝hamletunknownfalse",
		`select string_agg(township, ' ' order by village) from qiantu.village_region`:                                                                                      "520527210 520527206",
		`select string_agg(concat_ws('/', as_of, households, persons, poor_households, poor_persons), ' ' order by village) from qiantu.population`:                         "2017-12-31/30/1200/10/40 2017-12-31/12/50",
		`select kind || name from qiantu.facility`:                                                                                                                          "school可乐小学",
		`select kind || status || capacity_m3d || (select count(*) from qiantu.supply_link) from qiantu.water_project`:                                                      "dispersedbuilt12.52",
		`select string_agg(concat_ws('/', litres_per_day, quality_ok, tap, fetch_minutes, reliability_pct, close_cost_fen), ' ' order by village) from qiantu.water_survey`: "30/t/f/25/90/12340000 ",
		`select name || mode || township || households || persons from qiantu.relocation_site s join qiantu.site_capacity c on c.site = s.id`:                               "银山社区county_town520527100100400",
		`select concat_ws('/', households, persons, registered, registered_persons) from qiantu.move`:                                                                       "20/80/10/40",
		`select string_agg(stage || households || '/' || persons || '/' || on_date, ' ' order by stage) from qiantu.move_event`:                                             "demolished5/0/2018-05-01 moved_in15/60/2018-05-01",
	} {
		if got := db.one(t, question); got != want {
			t.Errorf("%s\n got %s\nwant %s", question, got, want)
		}
	}
	for i, m := range []map[string]string{nil, {"layer": "=hazard"}} {
		imported(t, db, Request{Layer: "reference", Region: "520527", Map: m, File: file(t, "r.csv", "name,wkt\n滑坡,\"POLYGON((104.7 27.1,104.71 27.1,104.71 27.11,104.7 27.1))\"\n")})
		if got, want := db.one(t, `select layer from qiantu.reference order by id desc limit 1`), []string{"reference", "hazard"}[i]; got != want {
			t.Errorf("layer of a reference: %s, want %s", got, want)
		}
	}
	if f := refused(t, db, Request{Layer: "water_survey", Region: "520527", File: file(t, "w.csv", "村名,调查日期\n坪寨,2018-03-01\n")}, "already_there"); f.Value != "坪寨 2018-03-01" {
		t.Errorf("a survey that is stored is not named as the file names it: %+v", f)
	}
	refused(t, db, Request{Layer: "move", Region: "520527", File: file(t, "m.csv", "村名,安置点,户数,人数\n坪寨,无此点,2,8\n")}, "code_unknown")
	refused(t, db, Request{Layer: "village", Region: "520527", File: file(t, "v.csv", "村名,编码,lon,lat\n坪寨,V1,104.7,27.1\n")}, "already_there")
}

// A township that nobody wrote is found by the boundary that holds the point.
func TestTownshipByPlace(t *testing.T) {
	db := hezhang(t)
	db.exec(t, `update qiantu.region set geom = ST_Multi(ST_MakeEnvelope(104.6, 27, 104.75, 27.2, 4490)) where code = '520527210'`)
	imported(t, db, Request{Layer: "village", File: file(t, "a.csv", "name,lon,lat\n坪寨,104.7,27.1\n外寨,104.8,27.1\n")})
	if got := db.one(t, `select string_agg(v.name || r.township, ' ') from qiantu.village_region r join qiantu.village v on v.id = r.village`); got != "坪寨520527210" {
		t.Errorf("townships: %s", got)
	}
}

// The importing process is killed at any time: its rows are not there, and the
// next import cleans up and succeeds.
func TestKilledImportLeavesNothing(t *testing.T) {
	if dsn := os.Getenv("QIANTU_INGEST_CHILD"); dsn != "" {
		req := Request{Layer: "road", File: os.Getenv("QIANTU_INGEST_FILE"), Map: map[string]string{"layer": "roads"}}
		if _, err := Import(t.Context(), connect(t, dsn), req); err != nil {
			t.Fatal(err)
		}
		return
	}
	dsn := clustertest.DB(t)
	db := connect(t, dsn)
	db.exec(t, `insert into qiantu.region (code, level, name, county) values ('ad', 'county', 'Andorra', 'ad')`)
	t.Setenv("TMPDIR", t.TempDir())
	before, path := db.rows(t), shared(t, "vector/andorra-osm.gpkg")
	killed := 0
	for _, wait := range []time.Duration{150, 400, 700, 1000, 1400} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledImportLeavesNothing$")
		cmd.Env = append(os.Environ(), "QIANTU_INGEST_CHILD="+dsn, "QIANTU_INGEST_FILE="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(wait * time.Millisecond)
		_ = cmd.Process.Kill()
		if cmd.Wait() == nil { // it was quicker than the kill
			break
		}
		killed++
		db.quiet(t)
		if after := db.rows(t); after != before {
			t.Fatalf("killed after %d ms:\nbefore %s\nafter  %s", wait, before, after)
		}
	}
	if killed == 0 {
		t.Fatal("no import was killed: the test shows nothing")
	}
	if db.one(t, `select count(*) from qiantu.road`) == "0" {
		imported(t, db, Request{Layer: "road", File: path, Map: map[string]string{"layer": "roads"}})
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if got := db.one(t, `select count(*) from pg_class where relname like 'import\_%'`); got != "0" {
		t.Errorf("%s staging tables are left", got)
	}
}

// quiet waits until the server has noticed that its client is gone.
func (d database) quiet(t testing.TB) {
	t.Helper()
	for range 200 {
		if d.one(t, `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`) == "0" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the killed importer's session is still there")
}

// How many registered households moved in is what the file says, all of them
// where all moved, and otherwise a warning, for no share may be made up.
func TestRegisteredAmongMovedIn(t *testing.T) {
	for _, c := range []struct{ name, more, cells, want, code string }{
		{"said", ",入住贫困户数,入住贫困人口", "15,60,8,30", "8/30", ""},
		{"all moved", "", "20,80", "10/40", ""},
		{"all households, not all persons", "", "20,79", "10/0", ""},
		{"not said", "", "15,60", "0/0", "registered_assumed"},
		{"more than moved in", ",入住贫困户数", "5,20,8", "", "value_part"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := hezhang(t)
			imported(t, db, Request{Layer: "village", File: file(t, "v.csv", "村名,lon,lat\n坪寨,104.7,27.1\n")})
			imported(t, db, Request{Layer: "relocation_site", File: file(t, "s.csv", "安置点,lon,lat\n银山社区,104.72,27.12\n")})
			req := Request{Layer: "move", File: file(t, "m.csv",
				"村名,安置点,搬迁户数,搬迁人数,贫困户,贫困人口,日期,入住户数,入住人数"+c.more+"\n坪寨,银山社区,20,80,10,40,2018-05-01,"+c.cells+"\n")}
			if c.want == "" {
				refused(t, db, req, c.code)
				return
			}
			if res := imported(t, db, req); c.code != "" {
				found(t, res, c.code)
			} else if len(res.Findings) > 0 {
				t.Errorf("findings: %s", said(res))
			}
			if got := db.one(t, `select registered || '/' || registered_persons from qiantu.move_event where stage = 'moved_in'`); got != c.want {
				t.Errorf("registered among those moved in: %s, want %s", got, c.want)
			}
		})
	}
}

// Without a boundary the places that are stored say where the county is.
func TestFarFromTheCounty(t *testing.T) {
	db := hezhang(t)
	village := func(lon, lat string) Request {
		return Request{Layer: "village", File: file(t, "v.csv", "name,lon,lat\n坪寨,"+lon+","+lat+"\n")}
	}
	if res := imported(t, db, village("104.7", "27.1")); len(res.Findings) > 0 {
		t.Errorf("in an empty county nothing is far: %s", said(res))
	}
	imported(t, db, village("104.9", "27.3"))
	for _, near := range [][2]string{{"104.8", "27.2"}, {"105.89", "27.2"}, {"104.8", "26.21"}, {"105.5", "27.9"}} {
		req := village(near[0], near[1])
		if req.DryRun = true; len(importing(t, db, req).Findings) > 0 {
			t.Errorf("%v is nearer than 100 km", near)
		}
	}
	// One degree of a meridian is 110.8 km here, of the parallel 99.2 km.
	for _, far := range []struct{ lon, lat, km string }{{"104.8", "28.3", "111"}, {"105.92", "27.2", "101"}, {"116.1", "39.1", "1671"}} {
		req := village(far.lon, far.lat)
		req.DryRun = true
		f := found(t, importing(t, db, req), "far_from_county")
		if f.Severity != SeverityWarning || f.Row != 2 || f.Value != far.lon+" "+far.lat || !strings.Contains(f.Message, " "+far.km+" km") || !strings.Contains(f.Mend, "--crs") {
			t.Errorf("finding: %+v", f)
		}
	}
	imported(t, db, village("116.1", "39.1")) // a warning keeps nothing out
}

// A part is never more than its whole, also where the whole is not given.
func TestPartsOfAMove(t *testing.T) {
	db := hezhang(t)
	imported(t, db, Request{Layer: "village", File: file(t, "v.csv", "村名,lon,lat\n坪寨,104.7,27.1\n")})
	imported(t, db, Request{Layer: "relocation_site", File: file(t, "s.csv", "安置点,lon,lat\n银山社区,104.72,27.12\n")})
	const head = "village,site,households,persons,registered,registered_persons,on_date,"
	const cells = "坪寨,银山社区,20,80,10,40,2018-05-01,"
	for _, c := range []struct{ head, cells, field, whole string }{
		{head + "moved_in", cells + "21", "moved_in", "20 (households)"},
		{head + "moved_in,moved_in_persons", cells + "20,81", "moved_in_persons", "80 (persons)"},
		{head + "demolished", cells + "1", "demolished", "0 (moved_in)"},
		{head + "moved_in,demolished", cells + "20,21", "demolished", "20 (moved_in)"},
		{head + "moved_in,demolished,reclaimed", cells + "20,9,10", "reclaimed", "9 (demolished)"},
		{head + "moved_in,moved_in_registered", cells + "20,11", "moved_in_registered", "10 (registered)"},
		{"village,site,households,persons,on_date,moved_in,moved_in_registered", "坪寨,银山社区,20,80,2018-05-01,20,1", "moved_in_registered", "0 (registered)"},
	} {
		f := refused(t, db, Request{Layer: "move", File: file(t, "m.csv", c.head+"\n"+c.cells+"\n")}, "value_part")
		if f.Row != 2 || f.Field != c.field || !strings.Contains(f.Message, c.whole) {
			t.Errorf("%s: %+v", c.head, f)
		}
	}
}

// What the database holds only at the end of a transaction is a finding too,
// and the whole file is refused, also where the good rows were asked for. Here
// somebody's own trigger writes more than the file says.
func TestStoreRefusesAtTheEnd(t *testing.T) {
	db := hezhang(t)
	imported(t, db, Request{Layer: "village", File: file(t, "v.csv", "村名,lon,lat\n坪寨,104.7,27.1\n大坝,104.8,27.1\n")})
	imported(t, db, Request{Layer: "relocation_site", File: file(t, "s.csv", "安置点,lon,lat\n银山社区,104.72,27.12\n")})
	db.exec(t, `create function more() returns trigger language plpgsql as $$ begin new.households := new.households + 1; return new; end $$`)
	db.exec(t, `create trigger more before insert on qiantu.move_event for each row execute function more()`)
	req := Request{Layer: "move", Partial: true, File: file(t, "m.csv", "村名,安置点,搬迁户数,搬迁人数,日期,入住户数\n坪寨,银山社区,20,80,2018-05-01,5\n大坝,银山社区,20,80,2018-05-01,20\n")}
	f := refused(t, db, req, "store_refused")
	if !strings.Contains(f.Message, "大坝 to 银山社区") || !strings.Contains(f.Message, "21 households, more than the 20") || !strings.Contains(f.Mend, "revoke") {
		t.Errorf("finding: %+v", f)
	}
}

// Places are called 注溪 and 说明寨: a row is never taken for a remark because of
// its name, and a remark is still none.
func TestRemarksAndPlaces(t *testing.T) {
	db := hezhang(t)
	res := imported(t, db, Request{Layer: "village", File: file(t, "v.csv",
		"村名,经度,纬度\n注水,104.7,27.1\n说明寨,104.71,27.1\n备注坪,104.72,27.1\n注：以上为 2018 年数\n注 1,,\n填表人：张三,审核人：李四,\n")})
	if res.Layers[0].Read != 3 || db.one(t, `select count(*) from qiantu.village`) != "3" {
		t.Errorf("villages: %s", said(res))
	}
}

// A list of findings is a list in JSON also where there are none.
func TestNoFindings(t *testing.T) {
	res := imported(t, hezhang(t), Request{Layer: "village", File: file(t, "v.csv", "name,lon,lat\n坪寨,104.7,27.1\n")})
	if out, err := json.Marshal(res); err != nil || !strings.Contains(string(out), `"findings":[]`) {
		t.Errorf("%s, %v", out, err)
	}
}

// What is said of a coordinate is said once.
func TestOneWordForABadCoordinate(t *testing.T) {
	res := importing(t, hezhang(t), Request{Layer: "village", File: file(t, "v.csv", "name,lon,lat\n坪寨,NaN,27.1\n")})
	if len(res.Findings) != 1 || res.Findings[0].Code != "value_invalid" || !strings.Contains(res.Findings[0].Mend, "a number") {
		t.Errorf("findings: %s", said(res))
	}
}
