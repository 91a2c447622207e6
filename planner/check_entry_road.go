package planner

import (
	"regexp"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

// roadNames finds roads by what people call them: maps from sure to less sure.
type roadNames struct{ levels []map[string][]ID }

// roadSuffixes are what a name has or has not at its end, the longest first.
var roadSuffixes = []string{"通组公路", "组组通公路", "通村公路", "组组通", "通组路", "通村路", "公路", "道路", "路线", "路", "线"}

// plainName is a name without what two lists write differently: widths, blanks,
// signs and capitals.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-—–~·.、,，()（）[]【】《》\"'“”", r) {
			return -1
		}
		return r
	}, strings.ToUpper(narrow(s)))
}

// bareName is a plain name without its suffix.
func bareName(s string) string {
	s = plainName(s)
	for _, suffix := range roadSuffixes {
		if bare, ok := strings.CutSuffix(s, suffix); ok && bare != "" {
			return bare
		}
	}
	return s
}

// shortCode is a route code without the county's six digits behind it.
func shortCode(code string) string {
	if code = plainName(code); len(code) > 8 {
		return code[:len(code)-6]
	}
	return code
}

// roadKeys are the keys of a road, or of a text, by level.
func roadKeys(code, name string) []string {
	return []string{code, name, plainName(code), plainName(name), bareName(name), shortCode(code)}
}

// buildRoadNames indexes the roads of a county by each of their keys.
func buildRoadNames(roads []Road) *roadNames {
	n := &roadNames{levels: make([]map[string][]ID, len(roadKeys("", "")))}
	for level := range n.levels {
		n.levels[level] = make(map[string][]ID, len(roads))
	}
	for i := range roads {
		r := &roads[i]
		keys := roadKeys(r.Code, r.Name)
		for level, key := range keys {
			if key != "" {
				n.levels[level][key] = append(n.levels[level][key], r.ID)
			}
		}
		if r.NameEN != "" {
			n.levels[3][plainName(r.NameEN)] = append(n.levels[3][plainName(r.NameEN)], r.ID)
		}
	}
	return n
}

// find gives the roads that a text may mean at the surest level that has any.
func (n *roadNames) find(text string) []ID {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 1000 {
		return nil
	}
	for level, key := range roadKeys(text, text) {
		if ids := n.levels[level][key]; len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// findRoad finds the road, R15; nil: none, or several.
func (k *entryCheck) findRoad() *knownRoad {
	if k.e.Road != 0 {
		if road := k.a.roads[k.e.Road]; road != nil {
			return k.roadOf(road)
		}
		k.find("R15", SeverityBlock, map[string]any{"text": idString(k.e.Road), "count": 0.0})
		return nil
	}
	ids := k.roadsCalled()
	if len(ids) == 1 {
		return k.roadOf(k.a.roads[ids[0]])
	}
	text := clip(strings.TrimSpace(k.e.RoadText + " " + k.e.RoadName))
	k.find("R15", SeverityBlock, map[string]any{"text": text, "count": float64(len(ids))})
	for _, id := range ids[:min(len(ids), 20)] {
		road := *k.a.roads[id]
		road.Line = nil
		k.out.Roads = append(k.out.Roads, road)
	}
	return nil
}

// called finds roads by a text: among a few texts by looking at every road for
// exactly that code or name, then in an index, which costs more to make than
// one look.
func (c *Checker) called(text string) []ID {
	if c.names == nil && c.asked < 4 {
		c.asked++
		for _, is := range []func(*Road) bool{func(r *Road) bool { return r.Code == text }, func(r *Road) bool { return r.Name == text }} {
			if ids := c.exactly(text, is); len(ids) > 0 {
				return ids
			}
		}
	}
	if c.names == nil && narrow(clip(text)) != "" {
		c.names = buildRoadNames(c.a.Snapshot.Roads)
	}
	if c.names == nil {
		return nil
	}
	return c.names.find(text)
}

func (c *Checker) exactly(text string, is func(*Road) bool) (out []ID) {
	for i := range c.a.Snapshot.Roads {
		if r := &c.a.Snapshot.Roads[i]; text != "" && is(r) {
			out = append(out, r.ID)
		}
	}
	return out
}

// roadsCalled are the roads that the entry's words may mean. Code and name have
// to agree where both are known; where they do not, both are given.
func (k *entryCheck) roadsCalled() []ID {
	byCode, byName := k.nearer(k.called(k.e.RoadText)), k.nearer(k.called(k.e.RoadName))
	both := slices.DeleteFunc(slices.Clone(byCode), func(id ID) bool { return !slices.Contains(byName, id) })
	switch {
	case len(byCode) == 0:
		return byName
	case len(byName) == 0:
		return byCode
	case len(both) > 0:
		return both
	}
	return append(slices.Clone(byCode), byName...)
}

// nearer keeps of several roads those in the entry's township, if there are any.
func (k *entryCheck) nearer(ids []ID) []ID {
	code := k.townshipCode(k.e.Township)
	if len(ids) < 2 || code == "" {
		return ids
	}
	in := slices.DeleteFunc(slices.Clone(ids), func(id ID) bool { return !k.passes(k.a.roads[id], code) })
	if len(in) == 0 {
		return ids
	}
	return in
}

// passes says whether a road has metres in a township.
func (k *entryCheck) passes(road *Road, township string) bool {
	whole := chainage.NewSet(chainage.Span{To: road.Length})
	for _, st := range k.a.stretches(routeKey{road.ID, road.Version}, whole) {
		if slices.Contains(townshipsOf(st), township) {
			return true
		}
	}
	return road.Township == township
}

// townshipsOf are the townships that share a stretch.
func townshipsOf(st stretch) []string {
	var out []string
	for _, o := range st.owners(hundred) {
		out = append(out, o.township)
	}
	return out
}

// townshipCode is the code of a township by its code or name; empty: none has it.
func (c *Checker) townshipCode(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 200 {
		return ""
	}
	said := c.withoutOffice(text)
	for _, same := range []func(Region) bool{
		func(r Region) bool { return r.Code == text },
		func(r Region) bool {
			return plainName(r.Name) == plainName(text) || r.NameEN != "" && plainName(r.NameEN) == plainName(text)
		},
		func(r Region) bool { return plainName(r.Name) == said },
		func(r Region) bool {
			return kindOfUnit(plainName(r.Name)) == kindOfUnit(said) && bareTownship(r.Name) == bareTownship(said)
		},
		func(r Region) bool { return bareTownship(r.Name) == said || bareTownship(r.Name) == bareTownship(said) },
	} {
		found, code := 0, ""
		for _, r := range c.a.Snapshot.Townships {
			if same(r) {
				found, code = found+1, r.Code
			}
		}
		if found == 1 {
			return code
		}
	}
	return ""
}

// withoutOffice is a plain name of a township without the county before it and
// the office behind it.
func (c *Checker) withoutOffice(text string) string {
	s := plainName(text)
	if county := plainName(c.a.Snapshot.Region.Name); county != "" {
		if _, behind, ok := strings.Cut(s, county); ok && behind != "" {
			s = behind
		}
	}
	for _, office := range []string{"人民政府", "政府", "办事处"} {
		if bare, ok := strings.CutSuffix(s, office); ok && bare != "" {
			s = bare
		}
	}
	return s
}

// nationalities is what a township's name says of who lives there, at its end.
var nationalities = regexp.MustCompile(`(?:(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|` +
	`乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|回|藏|苗|彝|壮|侗|满|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各)族)+$`)

// kindOfUnit is the last word of a township's name; empty: it says none.
func kindOfUnit(s string) string {
	for _, kind := range []string{"街道", "乡", "镇"} {
		if bare, ok := strings.CutSuffix(s, kind); ok && bare != "" {
			return kind
		}
	}
	return ""
}

// bareTownship is the name of a township without what kind of unit it is, and
// without the nationalities that are part of it.
func bareTownship(s string) string {
	s = plainName(s)
	s = strings.TrimSuffix(strings.TrimSuffix(s, kindOfUnit(s)), "民族")
	if bare := nationalities.ReplaceAllString(s, ""); bare != "" {
		return bare
	}
	return s
}

// townshipName is how a township is called in a finding.
func (c *Checker) townshipName(code string) string {
	for _, t := range c.a.Snapshot.Townships {
		if t.Code == code && t.Name != "" {
			return t.Name
		}
	}
	return code
}
