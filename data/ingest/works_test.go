package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// works gives a store with a programme of two routes, the second with a chain
// break: K2+000 to K2+200 stand twice.
func works(t testing.TB) database {
	t.Helper()
	db := hezhang(t)
	db.exec(t, `insert into qiantu.village (county, id, name, geom) values ('520527', 1, '坪寨', ST_SetSRID(ST_MakePoint(104.7, 27.1), 4490))`)
	db.exec(t, `select setval(pg_get_serial_sequence('qiantu.village', 'id'), 10)`)
	list := "项目名称,路线编码,乡镇,里程(公里),受益村,责任单位,联系电话,标段\n甲路,C001,可乐乡,3,坪寨,可乐乡政府,0857-5550101,HT-01\n乙路,C002,罗州乡,4.2,无名寨,罗州乡政府,,HT-02\n丙路,C003,罗州乡,1,,,,HT-02\n合计,,,8.2,,,,\n"
	res := imported(t, db, Request{Layer: "programme", Region: "520527", File: file(t, "2018.csv", list), Map: map[string]string{"programme": "=组组通", "programme_code": "=ZZT"}})
	found(t, res, "village_unknown")
	db.exec(t, `update qiantu.road_version set calibration_at = '{0,2200000,2200000,4200000}', calibration_k = '{0,2200000,2000000,4000000}' where length_mm = 4200000`)
	return db
}

// take imports a small file.
func (d database) take(t testing.TB, layer, rows string) *Result {
	t.Helper()
	return imported(t, d, Request{Layer: layer, Region: "520527", File: file(t, layer+".csv", rows)})
}

// deny imports a small file that is refused.
func (d database) deny(t testing.TB, layer, rows, code string) Finding {
	t.Helper()
	return refused(t, d, Request{Layer: layer, Region: "520527", File: file(t, layer+".csv", rows)}, code)
}

func (d database) holds(t testing.TB, wants map[string]string) {
	t.Helper()
	for question, want := range wants {
		if got := d.one(t, question); got != want {
			t.Errorf("%s\n got %s\nwant %s", question, got, want)
		}
	}
}

func TestAProgrammeSaysForWhomAndByWhom(t *testing.T) {
	works(t).holds(t, map[string]string{
		`select string_agg(said, ',' order by said collate "C") from (select coalesce(village, 0) || responsible || phone as said from qiantu.programme_scope) s`: "0,0罗州乡政府,1可乐乡政府0857-5550101",
		`select string_agg(code, ',' order by code) from qiantu.contract`:                                                                                         "HT-01,HT-02",
		`select sum(upper(span) - lower(span))::text from qiantu.contract_scope`:                                                                                  "8200000",
	})
}

// A contract of the programme's list takes what its own list says of it, and
// keeps what it has.
func TestContracts(t *testing.T) {
	db := works(t)
	const head = "计划编码,合同编号,合同名称,施工单位,责任人,电话,合同价(万元),签订日期,完工日期,路线编码,起点桩号,止点桩号\n"
	res := db.take(t, "contract", head+
		"ZZT,HT-01,一标,路桥一公司,王,0857-5550102,\"1,234.5\",2018-03-01,2018-11-30,,,\n"+
		"组组通,HT-03,三标,建工,,,80万元,,,C001,K0+000,K1+000\nZZT,HT-03,,,李,,,,,C003,,\n")
	if f := found(t, res, "contract_overlap"); f.Row != 3 || !strings.Contains(f.Message, "HT-01") {
		t.Errorf("the overlap is said as %+v", f)
	}
	db.holds(t, map[string]string{
		`select name || contractor || responsible || phone || price_fen || signed || deadline from qiantu.contract where code = 'HT-01'`:                               "一标路桥一公司王0857-555010212345000002018-03-012018-11-30",
		`select name || contractor || responsible || price_fen from qiantu.contract where code = 'HT-03'`:                                                              "三标建工李80000000",
		`select string_agg(s.road || s.span::text, ' ' order by s.road) from qiantu.contract_scope s join qiantu.contract c on c.id = s.contract and c.code = 'HT-03'`: db.one(t, `select (select road from qiantu.road_version where length_mm = 3000000) || '[0,1000000) ' || (select road from qiantu.road_version where length_mm = 1000000) || '[0,1000000)'`),
	})
	for _, c := range []struct{ rows, code, field string }{
		{"ZZT,HT-03,,,,,,,,C001,K0+500,K0+600\n", "already_there", "road"},
		{"ZZT,HT-04,,,,,,,,C001,K0+500,K0+600\nZZT,HT-04,,,,,,,,C001,K0+550,K0+700\n", "span_overlap", "from"},
		{"ZZT,HT-04,甲,,,,,,,,,\nZZT,HT-04,乙,,,,,,,,,\n", "contract_differs", "name"},
		{"ZZT,HT-04,,,,,,2018-03-01,2018-03-01,,,\n", "value_range", "deadline"},
		{"XYZ,HT-04,,,,,,,,,,\n", "code_unknown", "programme"},
		{"ZZT,,,,,,,,,,,\n", "value_missing", "code"},
		{"ZZT,HT-04,,,,,-5,,,,,\n", "value_range", "price"},
		{"ZZT,HT-04,,,,,,20xx-01-01,,,,\n", "value_invalid", "signed"},
		{"ZZT,HT-04,,,,,,,,C001,K0+500,K9+000\n", "span_invalid", "from"},
		{"ZZT,HT-04,??公司,,,,,,,,,\n", "value_damaged", "name"},
	} {
		if f := db.deny(t, "contract", head+c.rows, c.code); f.Field != c.field {
			t.Errorf("%q is a finding of %s, not %s", c.rows, f.Field, c.field)
		}
	}
}

// A label that stands twice is a finding that names the places; one that the
// other end settles is none.
func TestLabelsThatStandTwice(t *testing.T) {
	db := works(t)
	const head = "路线编码,起点桩号,止点桩号,工序,日期,合同编号,备注\n"
	f := db.deny(t, "progress", head+"C002,K2+050,K2+150,路面,2018-06-01,,\n", "span_ambiguous")
	for _, place := range []string{"from_m 2050.000 to_m 2150.000", "from_m 2250.000 to_m 2350.000"} {
		if !strings.Contains(f.Message, place) || !strings.Contains(f.MessageZH, place) {
			t.Errorf("the finding does not name %s: %s", place, f.Message)
		}
	}
	db.deny(t, "progress", head+"C002,K2+100,,路面,2018-06-01,,\n", "span_ambiguous")
	db.take(t, "progress", "路线编码,起点桩号(米),止点桩号(米),工序,日期,合同编号,备注\nC002,2050,2150,路面,2018-06-01,HT-02,下雨停工\n")
	db.take(t, "progress", head+"C002,K0+000,K1+000,路面,2018-06-01,HT-02,\n")
	db.holds(t, map[string]string{
		`select string_agg(p.span::text || p.note || c.code, ' ' order by p.span) from qiantu.progress p join qiantu.contract c on c.id = p.contract`: "[0,1000000)progress.csvHT-02 [2050000,2150000)下雨停工HT-02",
		`select count(*) || '' from qiantu.progress where evidence <> '{}'`:                                                                           "0",
	})
	db.deny(t, "progress", head+"C002,K0+000,K1+000,路面,2018-06-02,HT-99,\n", "code_unknown")
}

func TestFundingAndItsTotal(t *testing.T) {
	db := works(t)
	res := db.take(t, "funding", "2018年资金表,,,,,\n单位:万元,,,,,\n计划编码,资金来源,项目,计划,到位资金,支付\nZZT,中央车购税,路基,100,80,70.5\nZZT,中央车购税,路面,200.25,,\n组组通,县级,,50元,10,0\n合计,,,300.256,90,70.5\n")
	for _, field := range []string{"planned", "allocated", "paid"} {
		ok := false
		for _, f := range res.Findings {
			ok = ok || f.Field == field && (f.Code == "money_agrees") == (field != "planned") && strings.HasPrefix(f.Code, "money_")
		}
		if !ok {
			t.Errorf("nothing right is said of the total of %s: %s", field, said(res))
		}
	}
	if f := found(t, res, "money_differs"); f.Value != "3002560" || !strings.Contains(f.Message, "add up to 3002550") {
		t.Errorf("the difference is said as %+v", f)
	}
	db.holds(t, map[string]string{
		`select string_agg(source || item || planned_fen || ' ' || coalesce(allocated_fen::text, '-') || ' ' || coalesce(paid_fen::text, '-'), ',' order by id) from qiantu.funding`: "中央车购税路基100000000 80000000 70500000,中央车购税路面200250000 - -,县级5000 10000000 0",
		`select planned_fen || ' ' || allocated_fen || ' ' || paid_fen || source || document from qiantu.funding_total`:                                                              "300256000 90000000 70500000funding.csv",
	})
	const head = "计划编码,资金来源,项目,计划(万元),支付(万元)\n"
	found(t, db.take(t, "funding", head+"ZZT,捐赠,,1,1\n合计,,,1,1\n"), "money_total_held")
	for rows, code := range map[string]string{
		"ZZT,县级,,1,1\n": "money_there", "ZZT,市级,,1,\nZZT,市级,,2,\n": "code_twice", "ZZT,市级,,,\n": "value_missing", "XX,市级,,1,\n": "code_unknown",
		"ZZT,市级,,-1,\n": "value_range", "ZZT,市级,,一百,\n": "value_invalid", "ZZT,市级,,200000000,\n": "value_range",
	} {
		db.deny(t, "funding", head+rows, code)
	}
}

func TestPlansAndInspections(t *testing.T) {
	db := works(t)
	const plan = "计划编码,乡镇,日期,计划进度(%)\n"
	db.take(t, "plan", plan+"ZZT,,2018-12-31,100\nZZT,,2018-06-30,37.5%\nZZT,可乐乡,2018-06-30,40.1234\n")
	db.holds(t, map[string]string{
		`select string_agg(township || on_date || ' ' || share_ppm, ',' order by township, on_date) from qiantu.plan_point`: "2018-06-30 375000,2018-12-31 1000000,5205272102018-06-30 401234",
	})
	for rows, code := range map[string]string{
		"ZZT,,2018-07-31,50\n": "already_there", "ZZT,罗州乡,2018-01-31,50\nZZT,罗州乡,2018-02-28,49\n": "plan_falls", "ZZT,罗州乡,2018-01-31,50\nZZT,罗州乡,2018-01-31,50\n": "code_twice",
		"ZZT,罗州乡,2018-02-31,50\n": "value_invalid", "ZZT,罗州乡,2018-02-28,101\n": "value_range", "ZZT,乌有乡,2018-02-28,10\n": "code_unknown",
	} {
		db.deny(t, "plan", plan+rows, code)
	}
	const head = "路线编码,起点桩号,止点桩号,检查日期,检查类型,检查结果,pqi,检测单位,备注\n"
	db.take(t, "inspection", head+"C001,K0+500,K0+000,2018-09-01,飞检,不合格,65.25,检测所,裂缝\nC001,,,2018-09-02,,合格,,,\nC003,,,2018-12-01,抽检,,,,\n")
	db.holds(t, map[string]string{
		`select string_agg(kind || span::text || on_date || coalesce(result, '?') || coalesce(pqi_milli, 0) || inspector || note || cardinality(evidence), ' ' order by on_date) from qiantu.inspection`: "unannounced[0,500000)2018-09-01fail65250检测所裂缝0 planned[0,3000000)2018-09-02pass0inspection.csv0 random[0,1000000)2018-12-01?0inspection.csv0",
	})
	for rows, code := range map[string]string{
		"C001,,,2018-09-02,计划,合格,,,\n": "already_there", "C001,,,2018-09-03,,合格,,,\nC001,,,2018-09-03,,合格,,,\n": "code_twice", "C001,,,2018-09-03,,也许,,,\n": "value_unknown",
		"C001,,,2018-09-03,,合格,100.5,,\n": "value_range", "C009,,,2018-09-03,,合格,,,\n": "code_unknown", "C001,K1+000,K1+000,2018-09-03,,合格,,,\n": "span_invalid",
	} {
		db.deny(t, "inspection", head+rows, code)
	}
	if got := fmt.Sprint(Layers()); !strings.Contains(got, "contract funding plan progress inspection") {
		t.Errorf("the layers are %s", got)
	}
}

// A report of a day to come is named, an inspection that was held on one is
// refused; one that is still to be held may be.
func TestDaysToCome(t *testing.T) {
	db := works(t)
	at := func(day string) func() time.Time {
		return func() time.Time { now, _ := time.Parse(time.DateOnly, day); return now }
	}
	const report = "路线编码,起点桩号,止点桩号,工序,日期\nC001,K0+000,K1+000,路面,2030-06-01\n"
	req := Request{Layer: "progress", Region: "520527", File: file(t, "p.csv", report), DryRun: true, Now: at("2030-06-01")}
	if res := importing(t, db, req); len(res.Findings) != 0 {
		t.Errorf("a report of today: %s", said(res))
	}
	req.DryRun, req.Now = false, at("2030-05-31")
	if f := found(t, imported(t, db, req), "day_ahead"); f.Row != 2 || f.Field != "on_date" || f.Value != "2030-06-01" || !strings.Contains(f.Message, "2030-05-31") {
		t.Errorf("the day is said as %+v", f)
	}
	const head = "路线编码,检查日期,检查结果\n"
	held := Request{Layer: "inspection", Region: "520527", File: file(t, "i.csv", head+"C001,2030-06-01,合格\n"), Now: at("2030-05-31")}
	if f := refused(t, db, held, "held_ahead"); f.Row != 2 || f.Field != "on_date" {
		t.Errorf("the inspection is said as %+v", f)
	}
	held.Now = at("2030-06-01")
	imported(t, db, held)
	drawn := Request{Layer: "inspection", Region: "520527", File: file(t, "d.csv", head+"C001,2030-07-01,\n"), Now: at("2030-06-01")}
	imported(t, db, drawn)
}

// Amounts hold from their day until the next of their item, in whatever order
// they come; what is stored for a day stays.
func TestMoneyHoldsFromItsDay(t *testing.T) {
	db := works(t)
	const head = "计划编码,资金来源,项目,计划(万元),支付(万元),截至日期\n"
	rows := func(want string) {
		t.Helper()
		db.holds(t, map[string]string{`select string_agg(source || valid || paid_fen / 1000000, ' ' order by source, valid) from qiantu.funding`: want})
	}
	db.take(t, "funding", "计划编码,资金来源,项目,计划(万元),支付(万元)\nZZT,省级,,100,10\n合计,,,100,10\n")
	rows("省级(,)10")
	db.take(t, "funding", head+"ZZT,省级,,100,40,2018-06-30\nZZT,省级,,100,70,2018-09-30\nZZT,市级,,50,5,2018-09-30\n合计,,,150,75,2018-09-30\n")
	rows("市级[2018-09-30,)5 省级(,2018-06-30)10 省级[2018-06-30,2018-09-30)40 省级[2018-09-30,)70")
	db.take(t, "funding", head+"ZZT,省级,,100,50,2018-08-31\nZZT,市级,,50,2,2018-03-31\n")
	rows("市级[2018-03-31,2018-09-30)2 市级[2018-09-30,)5 省级(,2018-06-30)10 省级[2018-06-30,2018-08-31)40 省级[2018-08-31,2018-09-30)50 省级[2018-09-30,)70")
	db.holds(t, map[string]string{
		`select string_agg(valid || '' || paid_fen / 1000000, ' ' order by valid) from qiantu.funding_total`: "(,2018-09-30)10 [2018-09-30,)75",
		`select count(*)::text from qiantu.funding_history`:                                                  "2",
	})
	for rows, code := range map[string]string{
		"ZZT,省级,,1,1,2018-08-31\n": "money_there", "ZZT,省级,,1,1,\n": "money_there", "ZZT,县级,,1,1,2018-02-30\n": "value_invalid",
		"ZZT,县级,,1,1,2018-03-31\nZZT,县级,,2,1,2018-03-31\n": "code_twice",
	} {
		db.deny(t, "funding", head+rows, code)
	}
	res := db.take(t, "funding", head+"ZZT,县级,,1,1,2018-01-31\nZZT,县级,,1,1,2018-02-28\n合计,,,1,1,\n")
	found(t, res, "money_total_unclear")
	// The figures as of a day are those that held on it: 省级, 市级 and 县级.
	for day, want := range map[string]int64{"2017-12-31": 10, "2018-06-29": 10 + 2 + 1, "2018-06-30": 40 + 2 + 1, "2018-08-31": 50 + 2 + 1, "2018-12-31": 70 + 5 + 1} {
		on, err := planner.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		snap, err := db.store.Snapshot(t.Context(), planner.SnapshotQuery{Region: "520527", AsOf: on})
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, f := range snap.Funding {
			sum += *f.PaidFen
		}
		if sum != want*1_000_000 {
			t.Errorf("on %s %d fen are paid, not %d", day, sum, want*1_000_000)
		}
	}
}
