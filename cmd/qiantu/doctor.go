package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/qiantu/qiantu/data/cluster"
)

func runDoctor(ctx context.Context, env environment, args []string) error {
	set := flags(env, "doctor")
	c := storeFlags(set, env)
	asJSON := set.Bool("json", false, "for machines")
	if words, err := parse(set, args); err != nil {
		return err
	} else if len(words) > 0 {
		return usagef("unexpected %q", words[0])
	}
	findings := cluster.Diagnose(ctx, c.dataDir, c.databaseURL)
	healthy := true
	for _, f := range findings {
		healthy = healthy && f.OK
	}
	if *asJSON {
		if err := c.doctorJSON(env, findings, healthy); err != nil {
			return err
		}
	} else {
		doctorText(env, findings)
	}
	if !healthy {
		return errReported
	}
	return nil
}

func doctorText(env environment, findings []cluster.Finding) {
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark = "BAD "
		}
		fmt.Fprintf(env.stdout, "%s %-24s %s\n", mark, f.Name, f.Detail)
		if !f.OK && f.Mend != "" {
			fmt.Fprintf(env.stdout, "     %-24s -> %s\n", "", f.Mend)
		}
	}
}

func (c *config) doctorJSON(env environment, findings []cluster.Finding, healthy bool) error {
	dir := c.dataDir
	if dir == "" {
		dir = cluster.DefaultDir()
	}
	dsn := c.databaseURL
	if dsn == "" {
		dsn = cluster.DSN(dir)
	}
	out := json.NewEncoder(env.stdout)
	out.SetIndent("", "  ")
	return out.Encode(map[string]any{"ok": healthy, "data_dir": dir, "dsn": dsn, "findings": findings})
}
