package ingest

import "testing"

func TestWhoIsResponsible(t *testing.T) {
	db := registered(t)
	const head = "级别,乡镇,村,事项,责任单位,责任人,职务,联系电话,任职日期\n"
	db.take(t, "duty", head+",,,,县政府,陈国强,副县长,0857-5550190,2019-03-01\n,可乐乡,,公路,乡政府,李明华,乡长,0857-5550101,2019-03-01\n组,可乐乡,坪寨,,村委会,王志远,组长,,\n")
	db.take(t, "duty", head+"乡镇,可乐乡,,道路,乡政府,杨文军,乡长,0857-5550102,2020-01-01\n")
	db.holds(t, map[string]string{
		`select string_agg(concat_ws(' ', level, township, village, matter, person, post, phone, valid), ',' order by id) from qiantu.duty`: "county all 陈国强 副县长 0857-5550190 [2019-03-01,)," +
			"township 520527210 road 李明华 乡长 0857-5550101 [2019-03-01,2020-01-01),group 1 all 王志远 组长  (,),township 520527210 road 杨文军 乡长 0857-5550102 [2020-01-01,)",
		`select count(*)::text from qiantu.duty_history`: "1",
	})
	for _, c := range []struct{ rows, code, field string }{
		{",,,,县政府,,副县长,,\n", "value_missing", "person"},
		{"村级,可乐乡,,,乡政府,李明华,,,\n", "value_range", "level"},
		{",可乐乡,,盖章,乡政府,李明华,,,\n", "value_unknown", "matter"},
		{",可乐乡,,公路,,李,,,\n,可乐乡,,道路,,王,,,\n", "code_twice", "person"},
		{",无此乡,,,乡政府,李明华,,,\n", "code_unknown", "township"},
	} {
		if f := db.deny(t, "duty", head+c.rows, c.code); f.Field != c.field {
			t.Errorf("%q: the finding is of %q, want %q: %s", c.rows, f.Field, c.field, f)
		}
	}
}
