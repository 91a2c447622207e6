package solve

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// referee is COIN-OR's CBC, which tests only use; where it is not installed its tests are skipped.
type referee struct {
	status    string // as it says: Optimal, Infeasible, Stopped on time
	objective float64
	processor time.Duration // of its process, reading the file included
}

// errNoReferee says that CBC is not installed.
var errNoReferee = errors.New("cbc is not installed; .ci/setup.sh test does")

// ask lets CBC solve a problem in the LP format.
func ask(dir string, write func(*bufio.Writer), options ...string) (*referee, error) {
	program, err := exec.LookPath("cbc")
	if err != nil {
		return nil, errNoReferee
	}
	file, answer := filepath.Join(dir, "problem.lp"), filepath.Join(dir, "answer.txt")
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriter(f)
	write(w)
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return nil, err
	}
	arguments := append([]string{file, "ratioGap", "0", "allowableGap", "0"}, options...)
	cmd := exec.Command(program, append(arguments, "solve", "solution", answer)...)
	said, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("cbc: %w: %s", err, said)
	}
	text, err := os.ReadFile(answer)
	if err != nil {
		return nil, fmt.Errorf("cbc: %w: %s", err, said)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	status, value, found := strings.Cut(first, " - objective value ")
	out := &referee{status: status, processor: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if !found {
		return nil, fmt.Errorf("cbc says %q: %s", first, said)
	}
	out.objective, err = strconv.ParseFloat(strings.TrimSpace(value), 64)
	return out, err
}

// consult is ask in a test.
func consult(t testing.TB, write func(*bufio.Writer), options ...string) *referee {
	t.Helper()
	out, err := ask(t.TempDir(), write, options...)
	if errors.Is(err, errNoReferee) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// writeLP is a transportation problem in the LP format.
func (p *Transport) writeLP(w *bufio.Writer) {
	fmt.Fprintln(w, "Minimize\nobj:")
	takes := make([][]int32, len(p.Capacity))
	p.eachLink(func(i, j, e int32) {
		fmt.Fprintf(w, "%+d x%d_%d\n", p.Cost[e], i, j)
		takes[j] = append(takes[j], i)
	})
	fmt.Fprintln(w, "Subject To")
	for i, d := range p.Demand {
		fmt.Fprintf(w, "d%d:", i)
		from, to := p.links(int32(i))
		for e := from; e < to; e++ {
			fmt.Fprintf(w, " + x%d_%d\n", i, p.supplier(int32(i), e))
		}
		if from == to {
			fmt.Fprint(w, " none")
		}
		fmt.Fprintf(w, " = %d\n", d)
	}
	for j, c := range p.Capacity {
		if len(takes[j]) == 0 {
			continue
		}
		fmt.Fprintf(w, "c%d:", j)
		for _, i := range takes[j] {
			fmt.Fprintf(w, " + x%d_%d\n", i, j)
		}
		fmt.Fprintf(w, " <= %d\n", c)
	}
	fmt.Fprintln(w, "Bounds\nnone = 0\nEnd")
}

func (p *Transport) eachLink(do func(i, j, e int32)) {
	for i := range int32(len(p.Demand)) {
		from, to := p.links(i)
		for e := from; e < to; e++ {
			do(i, p.supplier(i, e), e)
		}
	}
}
