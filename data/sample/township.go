package sample

import "github.com/qiantu/qiantu/planner"

// township is a unit of the legal tree: its name and code are facts.
type township struct{ code, name, en string }

// unit is a county to be invented: what is a fact about it, and where on earth
// its land may lie. A province is several units side by side.
type unit struct {
	code, name, en                      string
	townships                           []township       // the county seat lies in the first
	above                               []planner.Region // from the prefecture up
	west, south, lonDegrees, latDegrees float64
}

// parent is the code of the unit right above; empty: not known.
func (u *unit) parent() string {
	if len(u.above) == 0 {
		return ""
	}
	return u.above[0].Code
}

// hezhang is the county of the published figures.
var hezhang = unit{
	code: "520527", name: "赫章县", en: "Hezhang County", townships: townships,
	above: []planner.Region{
		{Code: "520500", Level: planner.LevelPrefecture, Name: "毕节市", NameEN: "Bijie", Parent: "520000"},
		{Code: "520000", Level: planner.LevelProvince, Name: "贵州省", NameEN: "Guizhou"},
	},
	west: 104.2, south: 26.8, lonDegrees: 0.8, latDegrees: 0.7,
}

// townships are the units of Hezhang county.
var townships = []township{
	{"520527100", "城关镇", "Chengguan"},
	{"520527101", "白果镇", "Baiguo"},
	{"520527102", "妈姑镇", "Magu"},
	{"520527103", "财神镇", "Caishen"},
	{"520527104", "六曲河镇", "Liuquhe"},
	{"520527105", "野马川镇", "Yemachuan"},
	{"520527200", "达依乡", "Dayi"},
	{"520527201", "水塘堡彝族苗族乡", "Shuitangbao"},
	{"520527202", "兴发苗族彝族回族乡", "Xingfa"},
	{"520527203", "松林坡白族彝族苗族乡", "Songlinpo"},
	{"520527204", "雉街彝族苗族乡", "Zhijie"},
	{"520527205", "珠市彝族乡", "Zhushi"},
	{"520527206", "罗州乡", "Luozhou"},
	{"520527207", "双坪彝族苗族乡", "Shuangping"},
	{"520527208", "铁匠苗族乡", "Tiejiang"},
	{"520527209", "辅处彝族苗族乡", "Fuchu"},
	{"520527210", "可乐彝族苗族乡", "Kele"},
	{"520527211", "河镇彝族苗族乡", "Hezhen"},
	{"520527212", "德卓乡", "Dezhuo"},
	{"520527213", "安乐溪乡", "Anlexi"},
	{"520527214", "朱明乡", "Zhuming"},
	{"520527215", "结构彝族苗族乡", "Jiegou"},
	{"520527216", "古基乡", "Guji"},
	{"520527217", "哲庄乡", "Zhezhuang"},
	{"520527218", "平山乡", "Pingshan"},
	{"520527219", "古达苗族彝族乡", "Guda"},
	{"520527220", "威奢乡", "Weishe"},
}
