package ingest

import (
	"embed"
	"strings"
)

// The statements of an import, one per file. They work on temporary tables of
// one transaction.
//
//go:embed sql/*.sql
var statements embed.FS

// statement returns the text of sql/<name>.sql. A name that is not there is a
// mistake of ours and stops the first test that comes by.
func statement(name string) string {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic("ingest: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}
