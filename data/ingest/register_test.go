package ingest

import "testing"

// registered gives a store with a site and a village that moves there.
func registered(t testing.TB) database {
	t.Helper()
	db := hezhang(t)
	db.take(t, "village", "村名,乡镇,经度,纬度,户数\n坪寨,可乐乡,104.7,27.1,40\n")
	db.take(t, "relocation_site", "安置点,乡镇,经度,纬度,土地\n阳光安置点,可乐乡,104.71,27.11,国有\n")
	return db
}

// The lists of a site are sent again as they fill: an empty cell leaves what is
// stored, and what was believed before is kept.
func TestTheRegisterFillsUp(t *testing.T) {
	db := registered(t)
	db.take(t, "site_approval", "安置点,审批事项,完成时限,申报日期\n阳光安置点,选址意见书,2019-03-01,2019-01-10\n阳光安置点,环评,2019-06-01,\n")
	db.take(t, "site_approval", "安置点,审批事项,批复日期,文号\n阳光安置点,选址意见书,2019-02-10,赫自然资选〔2019〕3号\n阳光安置点,林地,,\n")
	db.take(t, "site_follow_up", "安置点,事项,应完成日期,数量\n阳光安置点,学位,2020-09-01,120\n")
	db.take(t, "site_follow_up", "安置点,事项,应完成日期,完成日期\n阳光安置点,学位,2020-09-01,2020-08-20\n")
	db.take(t, "dwelling_type", "安置点,家庭人口,面积(平方米),套数\n阳光安置点,3,75,9\n阳光安置点,4,100.5,20\n")
	db.take(t, "dwelling_type", "安置点,家庭人口,面积,套数\n阳光安置点,4,100,21\n")
	db.take(t, "site_cost", "安置点,类别,金额(万元)\n阳光安置点,住房建设,120.5\n阳光安置点,基础设施,30\n")
	db.take(t, "suitability", "安置点,因子,得分,是否排除,依据\n阳光安置点,slope,71.5,,现场勘查\n阳光安置点,hazard,,否,\n")
	db.take(t, "employment", "安置点,统计日期,户数,有劳动力户数,就业人数\n阳光安置点,2020-06-01,40,38,80\n")
	db.take(t, "consent", "村寨,统计日期,征求户数,同意户数\n坪寨,2018-12-01,40,30\n坪寨,2019-12-01,40,39\n")
	db.holds(t, map[string]string{
		`select string_agg(concat_ws(' ', step, due, applied, granted, nullif(document, '')), ',' order by step) from qiantu.site_approval`: "environment 2019-06-01,forest_land,siting_opinion 2019-03-01 2019-01-10 2019-02-10 赫自然资选〔2019〕3号",
		`select concat_ws(' ', kind, due, done, amount) from qiantu.site_follow_up`:                                                         "school_places 2020-09-01 2020-08-20 120",
		`select string_agg(concat_ws(' ', persons, area_dm2, dwellings), ',' order by persons) from qiantu.dwelling_type`:                   "4 10000 21",
		`select string_agg(item || ' ' || fen, ',' order by item) from qiantu.site_cost`:                                                    "housing 120500000,infrastructure 30000000",
		`select string_agg(concat_ws(' ', factor, score, excluded, source), ',' order by factor) from qiantu.suitability`:                   "hazard f suitability.csv,slope 71.5 f 现场勘查",
		`select concat_ws(' ', households, able_households, employed) from qiantu.employment`:                                               "40 38 80",
		`select string_agg(as_of || ' ' || agreed, ',' order by as_of) from qiantu.consent`:                                                 "2018-12-01 30,2019-12-01 39",
		`select land from qiantu.relocation_site`:                                                                                           "owned",
		`select count(*)::text from qiantu.site_approval_history where granted is null`:                                                     "1",
	})
}

func TestTheRegisterRefuses(t *testing.T) {
	db := registered(t)
	for _, c := range []struct{ layer, rows, code, field string }{
		{"site_approval", "安置点,审批事项\n阳光安置点,环评\n阳光安置点,环境影响评价\n", "code_twice", "site"},
		{"site_approval", "安置点,审批事项\n阳光安置点,盖章\n", "value_unknown", "step"},
		{"site_approval", "安置点,审批事项,申报日期,批复日期\n阳光安置点,环评,2019-03-01,2019-02-01\n", "value_range", "granted"},
		{"site_follow_up", "安置点,事项,应完成日期\n月光安置点,学位,2020-09-01\n", "code_unknown", "site"},
		{"dwelling_type", "安置点,家庭人口,面积,套数\n阳光安置点,0,75,9\n", "value_range", "persons"},
		{"dwelling_type", "安置点,家庭人口,面积,套数\n阳光安置点,3,0.2,9\n", "value_range", "area_m2"},
		{"suitability", "安置点,因子,得分\n阳光安置点,slope,\n", "value_missing", "score"},
		{"suitability", "安置点,因子,得分\n阳光安置点,slope,101\n", "value_range", "score"},
		{"employment", "安置点,统计日期,户数,有劳动力户数,就业人数\n阳光安置点,2020-06-01,40,41,80\n", "value_part", "able_households"},
		{"consent", "村寨,统计日期,征求户数,同意户数\n坪寨,2019-12-01,40,41\n", "value_part", "agreed"},
		{"consent", "村寨,统计日期,征求户数,同意户数\n坪寨,2019-12-01,0,0\n", "value_range", "asked"},
	} {
		if f := db.deny(t, c.layer, c.rows, c.code); f.Field != c.field {
			t.Errorf("%s: the finding is of %q, want %q: %s", c.layer, f.Field, c.field, f)
		}
	}
}
