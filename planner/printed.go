package planner

import (
	"fmt"
	"math/big"
)

// PrintVerdict is how a printed figure stands to what its own numbers give.
type PrintVerdict string

// The verdicts on a printed figure, M40 of the domain page.
const (
	PrintAgrees    PrintVerdict = "agrees"    // as printed, rounded half up
	PrintTruncated PrintVerdict = "truncated" // cut off instead of rounded: a note
	PrintWrong     PrintVerdict = "wrong"     // neither: a finding
)

// PrintFinding is one thing to tell about a printed report.
type PrintFinding struct {
	Row      int    `json:"row"` // as a person counts it; 0: it has no rows
	Field    string `json:"field"`
	Value    string `json:"value"` // as printed
	Code     string `json:"code"`
	Severity string `json:"severity"` // error or note
	Message  string `json:"message"`
	Mend     string `json:"mend"`
}

// The codes of a finding on a printed report.
const (
	PrintCodeWrong     = "printed_wrong"     // the numbers of the report give another figure
	PrintCodeTruncated = "printed_truncated" // cut off instead of rounded
	PrintCodeUnread    = "printed_unread"    // no number could be read, or none computed
	PrintCodeSum       = "sum_wrong"         // a total is not the sum of its rows
	PrintCodeRank      = "rank_wrong"        // a place is not what the rates give
	PrintCodeDeviation = "deviation_wrong"   // a lag is not the rate less the time elapsed
	PrintCodeLoose     = "no_base"           // a rate whose two numbers do not stand in the report
	PrintCodeDamaged   = "damaged"           // lost characters
	PrintCodeRepeated  = "repeated_row"      // one row twice
	PrintCodeLedger    = "ledger_differs"    // the ledger has another figure
)

// PrintCheck is the result of holding a printed report against its own numbers.
type PrintCheck struct {
	Checked   int            `json:"checked"` // figures that could be computed again
	Agree     int            `json:"agree"`
	Truncated int            `json:"truncated"`
	Wrong     int            `json:"wrong"`
	Ledger    int            `json:"ledger"` // of them, held against the ledger too
	Findings  []PrintFinding `json:"findings"`
	Left      int            `json:"left_off"` // findings beyond the first 500
}

// maxPrintFindings is how many findings are listed; a report with more has another fault.
const maxPrintFindings = 500

func (c *PrintCheck) find(f PrintFinding) {
	if len(c.Findings) >= maxPrintFindings {
		c.Left++
		return
	}
	f.Field, f.Value = clip(f.Field), clip(f.Value)
	c.Findings = append(c.Findings, f)
}

func (c *PrintCheck) note(row int, field, value, code, message, mend string) {
	c.find(PrintFinding{Row: row, Field: field, Value: value, Code: code, Severity: "note", Message: message, Mend: mend})
}

func (c *PrintCheck) fail(row int, field, value, code, message, mend string) {
	c.Wrong++
	c.find(PrintFinding{Row: row, Field: field, Value: value, Code: code, Severity: "error", Message: message, Mend: mend})
}

// judge counts a printed figure against the exact one, and tells where they differ.
func (c *PrintCheck) judge(row int, field string, printed printedNumber, exact *big.Rat, how string) {
	c.count(row, field, printed, printed.against(exact), exact, how)
}

func (c *PrintCheck) count(row int, field string, printed printedNumber, verdict PrintVerdict, exact *big.Rat, how string) {
	c.Checked++
	switch verdict {
	case PrintAgrees:
		c.Agree++
	case PrintTruncated:
		c.Truncated++
		c.note(row, field, printed.text, PrintCodeTruncated,
			fmt.Sprintf("%s gives %s; the report cuts off instead of rounding", how, printed.decimals(exact)), "print "+printed.rounded(exact))
	default:
		c.fail(row, field, printed.text, PrintCodeWrong,
			fmt.Sprintf("%s gives %s", how, printed.decimals(exact)), "print "+printed.rounded(exact)+", or mend the numbers it is made of")
	}
}
