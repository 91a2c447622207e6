package api_test

import (
	"fmt"
	"os"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
)

// 366 of 800 kilometres, to the millimetre, as the command line writes them.
func ExampleReportCSV() {
	day, err := planner.ParseDate("2020-06-30")
	if err != nil {
		fmt.Println(err)
		return
	}
	value, planned := 45.75, int64(800_000_000)
	report := &planner.Report{Kind: planner.ReportCompletion, Region: "520527", AsOf: day, Figures: []planner.Figure{{
		Metric: "M02 completion_rate", Scope: "520527", Value: &value, Numerator: 366_000_000, Denominator: &planned,
		Unit: planner.UnitPercent, Basis: planner.UnitKM, AsOf: day, Rule: "completion/1",
	}}}
	if err := api.ReportCSV(os.Stdout, report); err != nil {
		fmt.Println(err)
	}
	// Output:
	// metric,scope,value,numerator,denominator,unknown,unit,basis,as_of,rule
	// M02 completion_rate,520527,45.75,366,800,0,%,km,2020-06-30,completion/1
}
