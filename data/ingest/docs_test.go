package ingest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// page is the page of columns, which must say what the code does.
const page = "../../docs/import.md"

// columnsTable writes the table of one layer as the page has it.
func columnsTable(t testing.TB, layer string) string {
	t.Helper()
	fields, err := Fields(layer)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "### %s\n\n| field | kind | columns known by | words |\n|---|---|---|---|\n", layer)
	for _, f := range fields {
		name := "`" + f.Name + "`"
		if f.Required {
			name = "**" + name + "**"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", name, f.Kind, strings.Join(f.Heads, ", "), strings.Join(f.Words, ", "))
	}
	return out.String()
}

func TestPageOfColumns(t *testing.T) {
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	var tables strings.Builder
	for _, layer := range Layers() {
		table := columnsTable(t, layer)
		tables.WriteString(table + "\n")
		if !strings.Contains(text, table) {
			t.Errorf("docs/import.md does not have the columns of %s as they are; it should say:\n%s", layer, table)
		}
	}
	if os.Getenv("QIANTU_PRINT_TABLES") != "" {
		fmt.Print(tables.String())
	}
	for _, code := range catalogueOrder {
		if !strings.Contains(text, "`"+code+"`") {
			t.Errorf("docs/import.md does not name the finding %s", code)
		}
	}
}

// Every finding says something in both languages, and names a mend.
func TestCatalogue(t *testing.T) {
	for code, e := range catalogue {
		for _, s := range []string{e.en, e.mend, e.zh, e.mendZH} {
			if s == "" {
				t.Errorf("%s says nothing somewhere: %+v", code, e)
			}
		}
		for _, hole := range []string{"{0}", "{1}", "{2}", "{field}", "{value}"} {
			if strings.Contains(e.en, hole) != strings.Contains(e.zh, hole) {
				t.Errorf("%s says %s in one language only", code, hole)
			}
		}
	}
}
