package chainage

import (
	"fmt"
	"strings"
)

// ParseInterval reads two labels with a sign or a word between them and gives
// both in millimetres as they stand: K1+250～K0+000 comes back the wrong way
// round, and two equal labels as an interval of no length. What is between
// them may be a hyphen, dash, tilde, arrow or comma, 至, 到 or "to"; around
// them brackets and 自…至…止 are taken. The labels themselves are written as
// [ParseLabel] has them, each with its own K or plus: in K12+100-200 the 200
// may be metres or a label, so it is refused.
func ParseInterval(s string) (from, to int64, err error) {
	text := withoutFrame(plain(s))
	labels := strings.FieldsFunc(betweens.Replace(text), func(r rune) bool { return r == between })
	if len(labels) == 2 && !strings.HasPrefix(text, labels[0]) {
		return 0, 0, fmt.Errorf("chainage: %.60q begins with a sign, and no label is below zero; write it as K0+000-K1+250", s)
	}
	if len(labels) != 2 {
		return 0, 0, fmt.Errorf("chainage: %.60q is %d labels, not two with a sign between them; write it as K0+000-K1+250", s, len(labels))
	}
	if from, err = parseLabel(labels[0], labels[0]); err != nil {
		return 0, 0, fmt.Errorf("%w (in %.60q, written K0+000-K1+250)", err, s)
	}
	if to, err = parseLabel(labels[1], labels[1]); err != nil {
		return 0, 0, fmt.Errorf("%w (in %.60q, written K0+000-K1+250)", err, s)
	}
	return from, to, nil
}

// between stands for whatever parts two labels.
const between = '~'

// betweens makes every such sign one. Full-width forms are narrow by then.
var betweens = strings.NewReplacer(
	"-", "~", "‐", "~", "‑", "~", "‒", "~", "–", "~", "—", "~", "―", "~", "−", "~", "﹣", "~", "─", "~",
	"∼", "~", "〜", "~", "∽", "~", "˜", "~", "→", "~", "￫", "~", "…", "~", "...", "~", "..", "~",
	",", "~", ";", "~", "、", "~", "至", "~", "到", "~", "to", "~", "TO", "~", "To", "~",
)

// withoutFrame takes off the brackets and words that stand around an interval.
func withoutFrame(s string) string {
	s = strings.TrimLeft(s, "([{【〔〈《「")
	s = strings.TrimRight(s, ")]}】〕〉》」")
	for _, head := range []string{"自", "从", "由", "桩号", ":", "自", "从", "由"} {
		s = strings.TrimPrefix(s, head)
	}
	for _, tail := range []string{"段", "止"} {
		s = strings.TrimSuffix(s, tail)
	}
	return strings.Replace(s, "起", "", 1)
}
