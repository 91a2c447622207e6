package orlib

import "io"

// Facility is an instance cap: sites with a capacity and a fixed cost, and
// customers whose demand may be split.
type Facility struct {
	Capacity, Fixed []float64   // by site
	Demand          []float64   // by customer
	Cost            [][]float64 // by customer and site: of serving ALL its demand from there
}

// ReadFacility reads: sites, customers; capacity and fixed cost of every site;
// then for every customer its demand and its costs by site.
func ReadFacility(file string, r io.Reader) (*Facility, error) {
	in := newNumbers(file, r)
	sites := in.whole(1, maxSites, "number of sites")
	customers := in.whole(1, maxCost, "number of customers")
	out := &Facility{}
	for j := int64(1); j <= sites && in.err == nil; j++ {
		out.Capacity = append(out.Capacity, in.number(maxAmount, "capacity of site %d", j))
		out.Fixed = append(out.Fixed, in.number(maxAmount, "fixed cost of site %d", j))
	}
	for i := int64(1); i <= customers && in.err == nil; i++ {
		out.Demand = append(out.Demand, in.number(maxAmount, "demand of customer %d", i))
		var row []float64
		for j := int64(1); j <= sites && in.err == nil; j++ {
			row = append(row, in.number(maxAmount, "cost of customer %d at site %d", i, j))
		}
		out.Cost = append(out.Cost, row)
	}
	if err := in.end("the numbers of sites and customers"); err != nil {
		return nil, err
	}
	return out, nil
}

// Assignment is one instance gap: every job goes to one agent. The file does not
// say whether Value is gained or spent; gap1 to gap12 are meant to be maximised.
type Assignment struct {
	Value, Resource [][]int64 // by agent and job
	Capacity        []int64   // by agent
}

// ReadAssignments reads: number of problems; for each of them agents, jobs, the
// values and the resources by agent and job, and the capacities.
func ReadAssignments(file string, r io.Reader) ([]Assignment, error) {
	in := newNumbers(file, r)
	count := in.whole(1, maxSites, "number of problems")
	var out []Assignment
	for k := int64(1); k <= count && in.err == nil; k++ {
		agents := in.whole(1, maxSites, "number of agents of problem %d", k)
		jobs := in.whole(1, maxSites, "number of jobs of problem %d", k)
		a := Assignment{
			Value:    in.matrix(agents, jobs, "value of problem %d, agent %d, job %d", k),
			Resource: in.matrix(agents, jobs, "resource of problem %d, agent %d, job %d", k),
		}
		for i := int64(1); i <= agents && in.err == nil; i++ {
			a.Capacity = append(a.Capacity, in.whole(0, maxAmount, "capacity of problem %d, agent %d", k, i))
		}
		out = append(out, a)
	}
	if err := in.end("the number of problems, agents or jobs"); err != nil {
		return nil, err
	}
	return out, nil
}

// matrix takes rows of whole numbers.
func (n *numbers) matrix(rows, columns int64, what string, problem int64) [][]int64 {
	var out [][]int64
	for i := int64(1); i <= rows && n.err == nil; i++ {
		var row []int64
		for j := int64(1); j <= columns && n.err == nil; j++ {
			row = append(row, n.whole(0, maxCost, what, problem, i, j))
		}
		out = append(out, row)
	}
	return out
}

// ReadAssign reads an instance assign: n, then n rows of n costs.
func ReadAssign(file string, r io.Reader) ([][]int64, error) {
	in := newNumbers(file, r)
	n := in.whole(1, MaxNodes, "number of jobs")
	var out [][]int64
	for i := int64(1); i <= n && in.err == nil; i++ {
		var row []int64
		for j := int64(1); j <= n && in.err == nil; j++ {
			row = append(row, in.whole(0, maxCost, "cost of row %d, column %d", i, j))
		}
		out = append(out, row)
	}
	if err := in.end("n"); err != nil {
		return nil, err
	}
	return out, nil
}
