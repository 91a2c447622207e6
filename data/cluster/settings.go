package cluster

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const (
	mib = 1 << 20
	gib = 1 << 30
)

// settings are the server's command line: what stands here holds, whatever postgresql.conf or ALTER SYSTEM say.
func (s *site) settings(memory int64) []string {
	durable := "on"
	if s.testing {
		durable = "off"
	}
	pairs := []string{
		"listen_addresses=", "port=" + port,
		"unix_socket_directories=" + socketDir(s.dir), "unix_socket_permissions=0700",
		"fsync=" + durable, "synchronous_commit=" + durable, "full_page_writes=" + durable,
		"wal_level=replica", "max_slot_wal_keep_size=2GB", "max_wal_size=2GB",
		fmt.Sprintf("shared_buffers=%dMB", sharedBuffers(memory)/mib),
		fmt.Sprintf("effective_cache_size=%dMB", memory/2/mib),
		"work_mem=16MB", "maintenance_work_mem=128MB", "random_page_cost=1.1",
		"max_connections=120", "max_locks_per_transaction=256", "jit=off",
		"restart_after_crash=on", "timezone=UTC", "log_timezone=UTC",
		"logging_collector=off", "log_destination=stderr", "log_line_prefix=", "log_checkpoints=off",
	}
	args := []string{"-D", s.pgdata}
	for _, pair := range pairs {
		args = append(args, "-c", pair)
	}
	return args
}

// sharedBuffers is a sixteenth of the machine's memory within 64 and 512 MiB: the machine is shared with us and a browser.
func sharedBuffers(memory int64) int64 { return min(max(memory/16, 64*mib), 512*mib) }

// addressSpace limits each process of the server. One ST_MakeValid on a crafted polygon asks for tens of gigabytes and no
// statement timeout stops it; under the limit that one statement fails and the server stays up.
func addressSpace(memory int64) int64 {
	return min(max(memory/4, 2*gib), 4*gib) + sharedBuffers(memory)
}

// machineMemory in bytes: what the machine has, or the control group that we are in allows, whichever is less.
func machineMemory() int64 {
	memory := int64(4 * gib)
	if file, err := os.Open("/proc/meminfo"); err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var kib int64
			if _, err := fmt.Sscanf(lines.Text(), "MemTotal: %d kB", &kib); err == nil {
				memory = kib << 10
				break
			}
		}
	}
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && limit > 0 {
			memory = min(memory, limit)
		}
	}
	return memory
}
