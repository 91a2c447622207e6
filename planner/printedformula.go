package planner

import (
	"math/big"
	"strings"
)

// Limits of a formula: one of a report adds up a page of numbers at most.
const (
	maxFormula      = 4_000 // bytes
	maxFormulaDepth = 32
)

// formula computes an expression of numbers, + - * / and brackets, exactly.
type formula struct {
	text  string
	depth int
}

// evaluate computes "366/800*100". What is no formula, or divides by zero, is
// Invalid with the place.
func evaluate(text string) (*big.Rat, error) {
	if len(text) > maxFormula {
		return nil, Errorf(Invalid, "a formula of %d bytes; %d are the most", len(text), maxFormula)
	}
	f := &formula{text: strings.NewReplacer("×", "*", "÷", "/", "−", "-").Replace(narrow(text))}
	value, err := f.sum()
	if err == nil && f.text != "" {
		err = Errorf(Invalid, "%.40q cannot follow here", f.text)
	}
	if err != nil {
		return nil, err
	}
	return value, nil
}

func (f *formula) sum() (*big.Rat, error) {
	value, err := f.product()
	for err == nil && f.text != "" && (f.text[0] == '+' || f.text[0] == '-') {
		sign := f.text[0]
		f.text = f.text[1:]
		var next *big.Rat
		if next, err = f.product(); err == nil {
			if sign == '-' {
				next.Neg(next)
			}
			value.Add(value, next)
		}
	}
	return value, err
}

func (f *formula) product() (*big.Rat, error) {
	value, err := f.factor()
	for err == nil && f.text != "" && (f.text[0] == '*' || f.text[0] == '/') {
		sign := f.text[0]
		f.text = f.text[1:]
		var next *big.Rat
		if next, err = f.factor(); err != nil {
			break
		}
		if sign == '*' {
			value.Mul(value, next)
			continue
		}
		if next.Sign() == 0 {
			return nil, Errorf(Invalid, "a division by zero")
		}
		value.Quo(value, next)
	}
	return value, err
}

func (f *formula) factor() (*big.Rat, error) {
	switch {
	case f.text == "":
		return nil, Errorf(Invalid, "the formula ends too early")
	case f.text[0] == '-':
		return f.nested(func() (*big.Rat, error) {
			f.text = f.text[1:]
			value, err := f.factor()
			if err == nil {
				value.Neg(value)
			}
			return value, err
		})
	case f.text[0] == '(':
		return f.nested(f.bracket)
	}
	n := 0
	for n < len(f.text) && (f.text[n] == '.' || f.text[n] >= '0' && f.text[n] <= '9') {
		n++
	}
	value, ok := new(big.Rat).SetString(f.text[:n])
	if !ok || n > 40 {
		return nil, Errorf(Invalid, "%.40q is no number of a formula", f.text)
	}
	f.text = f.text[n:]
	return value, nil
}

func (f *formula) bracket() (*big.Rat, error) {
	f.text = f.text[1:]
	value, err := f.sum()
	if err == nil && (f.text == "" || f.text[0] != ')') {
		err = Errorf(Invalid, "a bracket is not closed")
	}
	if err != nil {
		return nil, err
	}
	f.text = f.text[1:]
	return value, nil
}

func (f *formula) nested(read func() (*big.Rat, error)) (*big.Rat, error) {
	if f.depth++; f.depth > maxFormulaDepth {
		return nil, Errorf(Invalid, "more than %d brackets in each other", maxFormulaDepth)
	}
	defer func() { f.depth-- }()
	return read()
}
