package word_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/api/word"
)

// sample has a merged head, every kind of paragraph and hostile text.
func sample() *word.Document {
	d := word.New(word.A4().Landscape(), "周报 <1>", "zh-CN")
	d.Add(word.Paragraph{Heading: 1, Runs: word.Text("农村公路周报")})
	d.Add(word.Paragraph{Align: word.Center, Runs: []word.Run{{Text: "截至 2020-06-30", Size: 9}, {Text: "\x00\"&<b>", Bold: true, Color: "C0392B"}}})
	d.AddTable(word.Table{Widths: []float64{40, 30, 30, 30}, Size: 9, Heads: 2, Rows: []word.Row{
		{Cells: []word.Cell{{Runs: word.Strong("乡镇"), Down: 2}, {Runs: word.Strong("进度"), Across: 3, Align: word.Center, Fill: "F0ECE0"}}},
		{Cells: []word.Cell{{Runs: word.Strong("计划")}, {Runs: word.Strong("完成")}, {Runs: word.Strong("比例")}}},
		{Cells: []word.Cell{{Runs: word.Text("达依乡")}, {Runs: word.Text("12.50")}, {Runs: word.Text("6.25")}, {Runs: word.Text("50.00 %")}}},
	}})
	return d
}

func written(t testing.TB, d *word.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheSameBytes(t *testing.T) {
	if !bytes.Equal(written(t, sample()), written(t, sample())) {
		t.Error("the same document is written in two ways")
	}
}

// Whatever is written, every part is well-formed, and the text comes back.
func TestEveryPartIsXML(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		said := rapid.String().Draw(rt, "text")
		d := word.New(word.A4(), said, "en")
		d.Add(word.Paragraph{Heading: rapid.IntRange(0, 5).Draw(rt, "heading"), Before: rapid.Float64().Draw(rt, "before"), Runs: []word.Run{{Text: said, Size: rapid.Float64().Draw(rt, "size")}}})
		pack, err := zip.NewReader(bytes.NewReader(written(t, d)), int64(len(written(t, d))))
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range pack.File {
			r, err := f.Open()
			if err != nil {
				rt.Fatal(err)
			}
			for in := xml.NewDecoder(r); ; {
				if _, err := in.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					rt.Fatalf("%s with %q: %v", f.Name, said, err)
				}
			}
		}
	})
}

func TestATableThatIsNoGrid(t *testing.T) {
	one := word.Cell{Runs: word.Text("x")}
	for name, rows := range map[string][]word.Row{
		"short": {{Cells: []word.Cell{one}}}, "long": {{Cells: []word.Cell{one, one, one}}}, "wide": {{Cells: []word.Cell{one, {Across: 2}}}},
		"deep": {{Cells: []word.Cell{{Down: 3}, one}}, {Cells: []word.Cell{one}}},
	} {
		d := word.New(word.A4(), "", "en")
		d.AddTable(word.Table{Widths: []float64{20, 20}, Rows: rows})
		if err := d.Write(io.Discard); err == nil || !strings.Contains(err.Error(), "column") && !strings.Contains(err.Error(), "row") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An office program opens it: one page, crosswise, with the merged head.
func TestAnOfficeProgramOpensIt(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no soffice: apt install libreoffice-writer-nogui")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "a.docx")
	if err := os.WriteFile(file, written(t, sample()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(office, "-env:UserInstallation=file://"+dir+"/home", "--headless", "--convert-to", "pdf", "--outdir", dir, file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := exec.Command("pdfinfo", filepath.Join(dir, "a.pdf")).Output()
	if err != nil || !strings.Contains(string(info), "Pages:           1\n") || !strings.Contains(string(info), "841.89 x 595") && !strings.Contains(string(info), "841.9 x 595") {
		t.Errorf("%v: %s", err, info)
	}
	text, err := exec.Command("pdftotext", "-layout", filepath.Join(dir, "a.pdf"), "-").Output()
	for _, word := range []string{"农村公路周报", "截至 2020-06-30", "乡镇", "进度", "达依乡", "50.00 %", `"&<b>`} {
		if err != nil || !strings.Contains(string(text), word) {
			t.Errorf("%v: no %s on the page:\n%s", err, word, text)
		}
	}
}
