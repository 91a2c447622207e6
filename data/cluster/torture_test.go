//go:build torture

package cluster

import (
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// A hundred times: a program that makes or opens the cluster and writes is killed at a random moment (while the files are
// made, while the server starts, while it writes), sometimes the server as well. Each time the next start finds all that was
// acknowledged, and nothing of the transaction that never ended. QIANTU_TORTURE_SEED repeats a run.
func TestTortureKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("QIANTU_TORTURE_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("QIANTU_TORTURE_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir, acknowledged := newDir(t), 0
	for round := range 100 {
		if round%10 == 0 { // anew, so that the making of the files is hit too
			dir, acknowledged = newDir(t), 0
		}
		cmd, lines := helper(t, "write", dir)
		time.Sleep(time.Duration(random.IntN(2500)) * time.Millisecond)
		if pid := serverPID(dir); pid > 1 && random.IntN(3) == 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		for len(lines) > 0 {
			if n, err := strconv.Atoi(<-lines); err == nil {
				acknowledged = n
			}
		}
		c := mustOpen(t, dir)
		if acknowledged > 0 {
			if got := ask[int](t, c.DSN(), "SELECT count(*) FROM kept WHERE n BETWEEN 1 AND $1", acknowledged); got != acknowledged {
				t.Fatalf("round %d: %d of %d acknowledged rows are there", round, got, acknowledged)
			}
			if got := ask[int](t, c.DSN(), "SELECT count(*) FROM kept WHERE n < 0"); got != 0 {
				t.Fatalf("round %d: %d rows are there that were never committed", round, got)
			}
		}
		if err := c.Close(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
}
