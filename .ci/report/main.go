// Command report reads `go test -json` and prints what a person wants of it: a line for each package, all output of what
// failed, every skipped test with its reason. It exits 1 when anything failed, when nothing ran, and, where QIANTU_SHARED is
// set and so all that a test may need is there, when anything was skipped.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

type report struct {
	output          map[string][]string // of tests and packages that have not ended well yet
	skipped         []string
	passed, failed  int
	packages, empty int
}

func main() {
	r := report{output: map[string][]string{}}
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		var e event
		switch {
		case json.Unmarshal([]byte(line), &e) == nil && e.Action != "":
			r.take(e)
		case strings.TrimSpace(line) != "":
			fmt.Print(line)
		}
		if err != nil {
			break
		}
	}
	os.Exit(r.close())
}

func (r *report) take(e event) {
	key := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		r.output[key] = append(r.output[key], e.Output)
	case "pass", "skip":
		if e.Test == "" {
			r.packages++
			if e.Action == "skip" {
				r.empty++ // no test files
			} else {
				fmt.Printf("ok    %6.1f s  %s\n", e.Elapsed, e.Package)
			}
		} else if e.Action == "skip" {
			r.skipped = append(r.skipped, e.Package+" "+e.Test+": "+reason(r.output[key]))
		} else {
			r.passed++
		}
		delete(r.output, key)
	case "fail", "build-fail":
		r.failed++
		name := e.Package + e.ImportPath
		if e.Test != "" {
			name += " " + e.Test
		}
		fmt.Printf("FAIL  %6.1f s  %s\n%s", e.Elapsed, name, strings.Join(r.output[key], ""))
		delete(r.output, key)
	}
}

// reason is what the test said when it skipped.
func reason(output []string) string {
	for _, line := range output {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			return line
		}
	}
	return "no reason given"
}

func (r *report) close() int {
	for _, s := range r.skipped {
		fmt.Println("SKIP", s)
	}
	fmt.Printf("%d tests passed, %d failed, %d skipped, in %d packages\n", r.passed, r.failed, len(r.skipped), r.packages-r.empty)
	switch {
	case r.failed > 0 || r.passed == 0:
		return 1
	case len(r.skipped) > 0 && os.Getenv("QIANTU_SHARED") != "":
		fmt.Println("QIANTU_SHARED is set, so nothing may be skipped")
		return 1
	}
	return 0
}
