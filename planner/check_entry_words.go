package planner

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"
)

// narrow writes a text in the widths that keyboards give, without blanks and
// without what has no width.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, width.Fold.String(s))
}

// StageCompleted is what "完工" means: the completing stage of the programme.
const stageCompleted Stage = "completed"

// stageWords are the words for the stages, in the widths of narrow and lower
// case, without what stageNoise takes off.
var stageWords = map[string]Stage{
	"clearing": StageClearing, "siteclearing": StageClearing, "清表": StageClearing, "征地": StageClearing, "征拆": StageClearing, "征地清表": StageClearing,
	"清表征地": StageClearing, "征地拆迁": StageClearing, "场地清理": StageClearing,
	"roadbed": StageRoadbed, "subgrade": StageRoadbed, "earthworks": StageRoadbed, "路基": StageRoadbed, "路基土石方": StageRoadbed, "土石方": StageRoadbed, "毛路": StageRoadbed,
	"subbase": StageSubbase, "sub-base": StageSubbase, "垫层": StageSubbase, "底基层": StageSubbase, "砂石垫层": StageSubbase, "碎石垫层": StageSubbase,
	"base": StageBase, "basecourse": StageBase, "基层": StageBase, "水稳": StageBase, "水稳层": StageBase, "水稳基层": StageBase, "级配碎石基层": StageBase,
	"surface": StageSurface, "surfacecourse": StageSurface, "paving": StageSurface, "pavement": StageSurface, "路面": StageSurface, "面层": StageSurface,
	"硬化": StageSurface, "路面硬化": StageSurface, "路面面层": StageSurface, "混凝土路面": StageSurface, "砼路面": StageSurface, "水泥路面": StageSurface,
	"沥青路面": StageSurface, "油路": StageSurface, "路面浇筑": StageSurface, "路面铺筑": StageSurface,
	"drainage": StageDrainage, "drainageandsafety": StageDrainage, "safety": StageDrainage, "排水": StageDrainage, "安防": StageDrainage, "附属": StageDrainage,
	"附属设施": StageDrainage, "排水安防": StageDrainage, "排水安防附属": StageDrainage, "排水附属": StageDrainage, "边沟": StageDrainage,
	"安全设施": StageDrainage, "生命防护": StageDrainage, "安保": StageDrainage, "排水防护": StageDrainage,
	"acceptance": StageAcceptance, "handover": StageAcceptance, "验收": StageAcceptance, "交工": StageAcceptance, "交工验收": StageAcceptance, "竣工验收": StageAcceptance,
	"交竣工验收": StageAcceptance, "交(竣)工验收": StageAcceptance,
	"completed": stageCompleted, "done": stageCompleted, "完工": stageCompleted, "建成": stageCompleted, "竣工": stageCompleted, "全部完工": stageCompleted,
}

// stageNoise is what stands around the name of a stage and says nothing.
var stageNoise = strings.NewReplacer("已完成", "", "完成", "", "阶段", "", "施工", "", "工程", "", "里程", "", "长度", "", "情况", "", "已", "",
	"、", "", "/", "", ",", "", "及", "", "和", "", "与", "")

// ParseStage reads a stage: its code, or a usual word for it in Chinese or
// English, as in 路面完成 or "base course". It says false where the word is none.
func ParseStage(s string) (Stage, bool) {
	stage, ok := stageWord(s)
	return stage, ok && stage != stageCompleted
}

// stageWord takes the word for the completing stage as well.
func stageWord(s string) (Stage, bool) {
	if len(s) > 200 {
		return "", false
	}
	text := strings.ToLower(narrow(s))
	if stage, ok := stageWords[text]; ok {
		return stage, true
	}
	stage, ok := stageWords[stageNoise.Replace(text)]
	return stage, ok
}

// days are the ways a calendar day is written. A clock behind it is ignored.
var days = regexp.MustCompile(`^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))(?:T?[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)$`)

// ParseDay reads a calendar day as people write it: 2020-05-01, 2020/5/1,
// 2020.5.1, 2020年5月1日, 20200501, in figures of any width, with a clock behind it
// or without. A year that is masked (20xx, 201X年), a day without a year and a
// day that the calendar does not have are errors.
func ParseDay(s string) (Date, error) {
	if m := matchDay(s); m != nil {
		year, month, day := figures(m[1]), figures(m[2]+m[4]+m[6]), figures(m[3]+m[5]+m[7])
		t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if t.Year() == year && int(t.Month()) == month && t.Day() == day && 1900 <= year && year <= 2200 {
			return DateOf(t), nil
		}
	}
	return 0, Errorf(Invalid, "%.40q is not a calendar day; write it with its year, as 2020-05-01 or 2020年5月1日", s)
}

func matchDay(s string) []string {
	if len(s) > 100 {
		return nil
	}
	return days.FindStringSubmatch(narrow(s))
}

// figures reads a few ASCII digits.
func figures(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// pinyin is a sound put where a character could not be written.
var pinyin = regexp.MustCompile(`[(（][a-zü]{1,6}[0-5]?[)）]`)

// LostCharacters says whether characters of a name were lost on its way: a
// question mark, U+FFFD, 锟斤拷, or the sound of a character in brackets.
func LostCharacters(s string) bool {
	if strings.ContainsAny(s, "?？�") || strings.Contains(s, "锟斤拷") {
		return true
	}
	return pinyin.MatchString(s) && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// checkLost refuses names that lost characters; R14.
func (k *entryCheck) checkLost() {
	for _, text := range []string{k.e.RoadText, k.e.RoadName, k.e.Township, k.e.Reporter} {
		if LostCharacters(text) {
			k.find("R14", SeverityBlock, map[string]any{"text": clip(text)})
		}
	}
}

// clip keeps what a person needs of a text to find it again.
func clip(s string) string { return clipTo(s, 80) }

func clipTo(s string, n int) string {
	if len(s) > 4*n {
		s = s[:4*n+1] // more than n characters: cut below
	}
	s = strings.ToValidUTF8(s, "�")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// findStage reads the stage, R16; -1: not known.
func (k *entryCheck) findStage() int {
	stage, ok := stageWord(string(k.e.Stage))
	if ok && stage == stageCompleted {
		stage = k.completingStage()
	}
	if !ok {
		k.find("R16", SeverityBlock, map[string]any{"text": clip(string(k.e.Stage))})
		return -1
	}
	return stageIndex(stage)
}

// completingStage is that of the programme the entry names, else of the current
// one.
func (k *entryCheck) completingStage() Stage {
	stage := StageSurface
	for i, p := range k.order {
		if p.ID == k.e.Programme || k.e.Programme == 0 && i == k.a.Current {
			stage = p.CompletingStage
		}
	}
	return Stages[max(0, stageIndex(stage))]
}

// findDay reads the day, R13; zero: not known.
func (k *entryCheck) findDay() Date {
	on, err := ParseDay(k.e.On)
	if err != nil {
		k.find("R13", SeverityBlock, map[string]any{"text": clip(k.e.On)})
	}
	return on
}

// foldWidths writes a text in the widths that keyboards give and keeps blanks.
func foldWidths(s string) string { return width.Fold.String(s) }
