package sample

import "strings"

// syllable is a character or two of a place name with its pinyin.
type syllable struct{ han, pinyin string }

func syllables(words ...string) []syllable {
	out := make([]syllable, 0, len(words)/2)
	for i := 0; i+1 < len(words); i += 2 {
		out = append(out, syllable{words[i], words[i+1]})
	}
	return out
}

// The morphemes of village names in the west of Guizhou: what a place is like,
// who settled there, and what kind of land it is.
var (
	likes = syllables("大", "da", "小", "xiao", "上", "shang", "下", "xia", "新", "xin", "老", "lao", "中", "zhong", "前", "qian",
		"后", "hou", "高", "gao", "长", "chang", "平", "ping", "黄", "huang", "白", "bai", "青", "qing", "黑", "hei", "红", "hong",
		"水", "shui", "石", "shi", "沙", "sha", "岩", "yan", "野", "ye", "双", "shuang", "三", "san", "五", "wu", "七", "qi")
	settlers = syllables("张家", "zhangjia", "李家", "lijia", "王家", "wangjia", "陈家", "chenjia", "杨家", "yangjia", "罗家", "luojia",
		"赵家", "zhaojia", "吴家", "wujia", "刘家", "liujia", "陶家", "taojia", "马家", "majia", "邓家", "dengjia", "朱家", "zhujia",
		"安家", "anjia", "龙家", "longjia", "胡家", "hujia")
	things = syllables("核桃", "hetao", "樱桃", "yingtao", "松林", "songlin", "杉树", "shanshu", "漆树", "qishu", "马鞍", "maan",
		"狮子", "shizi", "凤凰", "fenghuang", "牛角", "niujiao", "羊角", "yangjiao", "石板", "shiban", "木瓜", "mugua", "苦荞", "kuqiao",
		"野鸡", "yeji", "岩脚", "yanjiao", "海子", "haizi", "龙洞", "longdong", "茶园", "chayuan", "瓦厂", "wachang", "碗厂", "wanchang")
	lands = syllables("坪", "ping", "寨", "zhai", "坝", "ba", "营", "ying", "岩", "yan", "箐", "qing", "垭口", "yakou", "水塘", "shuitang",
		"沟", "gou", "湾", "wan", "冲", "chong", "坡", "po", "丫", "ya", "窝", "wo", "井", "jing", "洞", "dong", "塘", "tang", "岭", "ling",
		"梁子", "liangzi", "屯", "tun", "田坝", "tianba", "河边", "hebian", "大地", "dadi", "丫口", "yakou", "坪子", "pingzi", "山", "shan")
	waterWords = syllables("河", "he", "沟", "gou", "溪", "xi")
)

// placeName invents a name and its pinyin. Names repeat, as in life.
func placeName(r *random) (han, pinyin string) {
	first := likes
	switch x := r.float(); {
	case x < 0.28:
		first = settlers
	case x < 0.58:
		first = things
	}
	return joined(pick(r, first), pick(r, lands))
}

// joined puts syllables together; the pinyin is one capitalised word.
func joined(parts ...syllable) (han, pinyin string) {
	for _, p := range parts {
		han += p.han
		pinyin += p.pinyin
	}
	return han, strings.ToUpper(pinyin[:1]) + pinyin[1:]
}

// riverName invents a name for running water.
func riverName(r *random) string {
	han, _ := joined(pick(r, things), pick(r, waterWords))
	return han
}
