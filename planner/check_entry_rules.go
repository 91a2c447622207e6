package planner

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// checkProgramme: R01, part of the interval is nobody's task, or not that of the
// programme that is named; it blocks where there is no such programme. Co-routed
// metres are R26.
func (k *entryCheck) checkProgramme() {
	outside := k.set().Subtract(k.road.corouted)
	severity, name := SeverityHold, ""
	if k.e.Programme != 0 {
		severity, name = SeverityBlock, idString(k.e.Programme)
		outside = k.set()
	}
	for i, p := range k.order {
		if p.ID == k.e.Programme {
			severity, name, outside = SeverityHold, p.Name, outside.Subtract(k.road.corouted)
		}
		if k.e.Programme == 0 || p.ID == k.e.Programme {
			outside = outside.Subtract(k.road.scope(i))
		}
	}
	k.findOn(outside, "R01", severity, "outside_m", map[string]any{"programme": name})
}

// checkEarlier: R02, an earlier programme completed the metres.
func (k *entryCheck) checkEarlier() {
	works := k.a.worksOf[k.road.key]
	for i, set := range k.claimed {
		for j := range min(i, len(works)) {
			if works[j] == nil {
				continue
			}
			carried := set.Intersect(works[j].Claimed)
			k.findOn(carried, "R02", SeverityNote, "carried_m", map[string]any{"programme": k.order[j].Name})
			set = set.Subtract(carried)
		}
	}
}

// checkCoRouted: R26, metres that are counted on another route.
func (k *entryCheck) checkCoRouted() {
	k.findOn(k.set().Intersect(k.road.corouted), "R26", SeverityNote, "corouted_m", nil)
}

// needsOf is the stage that has to be there before a stage, or -1. Clearing and
// subbase are only asked for on roads where they are reported: the usual weekly
// list has neither.
func (k *knownRoad) needsOf(stage int) int {
	before := map[Stage]Stage{
		StageRoadbed: StageClearing, StageSubbase: StageRoadbed, StageBase: StageSubbase,
		StageSurface: StageBase, StageAcceptance: StageSurface,
	}
	need, ok := before[Stages[stage]]
	if ok && need == StageSubbase && !k.has(StageSubbase) {
		need = StageRoadbed
	}
	if !ok || need == StageClearing && !k.has(StageClearing) {
		return -1
	}
	return stageIndex(need)
}

// has says whether a stage is reported anywhere on the road.
func (k *knownRoad) has(stage Stage) bool {
	return k.stages != nil && len(k.stages[stageIndex(stage)].days) > 0
}

// checkPredecessor: R04, the stage before is not there on the day. A stage that
// is there implies those before it, but for drainage, which is nobody's.
func (k *entryCheck) checkPredecessor() {
	need := k.road.needsOf(k.stage)
	if need < 0 {
		return
	}
	missing := k.road.lacks(k.set(), need, k.on)
	k.findOn(missing, "R04", SeverityHold, "missing_m", map[string]any{"needs": string(Stages[need])})
}

// lacks is what of a set has neither a stage nor one after it on a day.
func (k *knownRoad) lacks(set chainage.Set, need int, on Date) chainage.Set {
	return k.lacksBut(set, -1, need, on)
}

// lacksBut leaves one stage out.
func (k *knownRoad) lacksBut(set chainage.Set, but, need int, on Date) chainage.Set {
	for stage := need; stage < len(Stages) && len(set) > 0; stage++ {
		if Stages[stage] != StageDrainage && stage != but {
			set = set.Subtract(k.reported(stage, 0, on))
		}
	}
	return set
}

// checkSpeed: R05, more of the stage in the days since the report before, or
// since the programme began, than is plausible.
func (k *entryCheck) checkSpeed() {
	last, limit := k.lastBefore(), k.a.Snapshot.Rules.FasterMM
	if last.IsZero() || limit <= 0 {
		return
	}
	done := k.set().Union(k.road.reported(k.stage, last, k.on))
	fresh := done.Subtract(k.road.reported(k.stage, 0, last)).Length()
	days := max(1, int64(k.on-last))
	if fresh > limit*days {
		k.find("R05", SeverityHold, map[string]any{"m_per_day": math.Round(metres(fresh) / float64(days)), "limit_m": metres(limit)})
	}
}

// lastBefore is the day of the last report of the stage on the road before the
// entry's; else the first day of the programme whose task it is; zero: none.
func (k *entryCheck) lastBefore() Date {
	last := k.road.lastBefore(k.stage, k.on)
	for i, set := range k.claimed {
		if last.IsZero() && len(set) > 0 && k.order[i].Starts < k.on {
			return k.order[i].Starts
		}
	}
	return last
}

// checkDrawnLength: R07, the labels of the interval and its line differ in
// length by more than the rules allow.
func (k *entryCheck) checkDrawnLength() {
	line := k.a.lineOf(k.road.road, k.span)
	if len(line) < 2 {
		return
	}
	labelled, drawn := labelLength(k.road.road, k.span), int64(geo.Length(line))
	off := max(labelled-drawn, drawn-labelled)
	if limit := k.a.Snapshot.Rules.LengthOffPPM; limit > 0 && off > scale(labelled, limit, ppm) {
		k.find("R07", SeverityNote, map[string]any{
			"chainage_m": metres(labelled), "drawn_m": metres(drawn), "percent": percentOf(off, labelled),
		})
	}
}

// percentOf is a share in per cent with one decimal.
func percentOf(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return math.Round(float64(part)*1000/float64(whole)) / 10
}

// labelLength is the length of an interval by its labels, in millimetres: the
// sum over the parts between chain breaks.
func labelLength(road *Road, span chainage.Span) int64 {
	var sum int64
	for _, p := range road.Calibration.Parts(road.Length) {
		from, to := max(span.From, p.Span.From), min(span.To, p.Span.To)
		if from >= to {
			continue
		}
		last := road.Calibration.Label(to)
		if to == p.Span.To {
			last = p.Last
		}
		sum += last - road.Calibration.Label(from)
	}
	return sum
}

// checkRound: R18, a round length of the kind that plans have, without labels.
func (k *entryCheck) checkRound() {
	if n := k.span.Length(); !k.labels && n >= 1_000_000 && n%100_000 == 0 {
		k.find("R18", SeverityNote, map[string]any{"length_m": metres(n)})
	}
}

// checkTownship: R17, metres in a township that the entry or its sheet is not
// of, or that the person may not enter for.
func (k *entryCheck) checkTownship() {
	var homes []string
	for _, text := range []string{k.e.Township, k.e.SheetTownship} {
		code := k.townshipCode(text)
		if code == "" && narrow(text) != "" {
			k.find("R17", SeverityHold, map[string]any{"township": clip(text)})
		}
		if code != "" {
			homes = append(homes, code)
		}
	}
	foreign, order := map[string]chainage.Set{}, []string{}
	for _, st := range k.a.stretches(k.road.key, k.set()) {
		townships := townshipsOf(st)
		k.refused = k.refused || !k.mayAny(townships)
		if k.mayEnter(townships, homes) {
			continue
		}
		if foreign[townships[0]] == nil {
			order = append(order, townships[0])
		}
		foreign[townships[0]] = foreign[townships[0]].Union(chainage.NewSet(st.span))
	}
	for _, code := range order {
		k.findOn(foreign[code], "R17", SeverityHold, "length_m", map[string]any{"township": k.townshipName(code)})
	}
}

// mayEnter says whether a stretch that townships share is of each that it has to
// be of, and of one that the person may enter for.
func (k *entryCheck) mayEnter(townships, homes []string) bool {
	for _, home := range homes {
		if !slices.Contains(townships, home) {
			return false
		}
	}
	return k.mayAny(townships)
}

func (k *entryCheck) mayAny(townships []string) bool {
	return k.may == nil || slices.ContainsFunc(townships, func(code string) bool { return k.may(k.own(code)) })
}

// own is a township's code, or nothing where the county has no such township.
func (k *entryCheck) own(code string) string {
	if k.a.scopeOf(code) != code {
		return ""
	}
	return code
}

// checkFuture: R08.
func (k *entryCheck) checkFuture() {
	if k.on > k.today {
		k.find("R08", SeverityHold, map[string]any{"on": k.on.String(), "today": k.today.String()})
	}
}

// checkStarts: R20, the day is before the programme began whose task it is.
func (k *entryCheck) checkStarts() {
	for i, set := range k.claimed {
		if starts := k.order[i].Starts; k.on < starts {
			k.findOn(set, "R20", SeverityHold, "length_m", map[string]any{"on": k.on.String(), "starts": starts.String()})
		}
	}
}

// checkDuplicate: R09, all of it was reported before.
func (k *entryCheck) checkDuplicate() {
	if k.out.Fresh > 0 {
		return
	}
	by := saidBefore(k.road.claims, claim{Progress: k.out.Progress, span: k.span, stage: k.stage})
	if by != nil {
		k.find("R09", SeverityNote, map[string]any{"by": reporterOf(by.Progress), "on": by.On.String(), "progress": by.ID})
	}
}

// saidBefore is the first of some claims that has all that another one says,
// else the last that has some of it; nil: none.
func saidBefore(claims []claim, what claim) (by *claim) {
	for i := range claims {
		c := &claims[i]
		if c.stage != what.stage || c.ID == what.ID || c.span.From >= what.span.To || what.span.From >= c.span.To {
			continue
		}
		if by = c; c.span.From <= what.span.From && what.span.To <= c.span.To {
			break
		}
	}
	return by
}

// reporterOf is who says a report.
func reporterOf(p *Progress) string {
	if p.Reporter != "" {
		return p.Reporter
	}
	return p.By
}

// lineOf is the line of an interval, in proportion; nil when nothing is drawn.
func (a *Assessment) lineOf(road *Road, span chainage.Span) orb.LineString {
	if len(road.Line) < 2 || road.Length <= 0 {
		return nil
	}
	return cutRoad(road, span)
}
