package planner

// CurveBudgets are the budgets of a curve of what more money buys: from nothing
// on in equal steps of whole yuan, the need itself left out.
func CurveBudgets(need int64, steps int) []int64 {
	out := make([]int64, steps)
	for i := range out {
		out[i] = need / int64(steps) * int64(i)
	}
	return out
}
