package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestExportMap(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	const path = "/api/v1/export/map?region=520527&paper=a4"
	status, header, body := get(t, s, path)
	if status != http.StatusOK || header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix([]byte(body), []byte("%PDF-1.7")) {
		t.Fatalf("%d %v %.20q", status, header, body)
	}
	if got := header.Get("Content-Disposition"); got != `inline; filename="qiantu-520527-a4.pdf"` {
		t.Error(got)
	}
	if _, _, again := get(t, s, path); again != body {
		t.Error("the same question has other bytes")
	}
	if _, _, english := get(t, s, path+"&lang=en"); english == body {
		t.Error("the English map is the Chinese one")
	}
	for more, media := range map[string]string{
		"&format=png&dpi=72": "image/png", "&format=png&dpi=72&strips=2": "application/zip", "&strips=2": "application/pdf",
		"&as_of=2019-12-31&theme=grey&orientation=portrait&hide=road:planned%20village:not&layers=road,village,region": "application/pdf",
		"&bbox=104.5,27.0,104.7,27.2&lens=water&supply=true":                                                           "application/pdf", "&township=520527100": "application/pdf",
	} {
		if status, header, body := get(t, s, path+more); status != http.StatusOK || header.Get("Content-Type") != media {
			t.Errorf("%s: %d %s %.200s", more, status, header.Get("Content-Type"), body)
		}
	}
	for more, want := range map[string]string{
		"&format=gif": "format", "&dpi=9": "dpi", "&bbox=1,2,3": "bbox", "&bbox=3,0,1,1": "bbox", "&bbox=NaN,0,1,1": "bbox", "&bbox=10,10,11,11": "bbox",
		"&township=1": "township", "&layers=moon": "layers", "&title=" + strings.Repeat("x", 100): "title", "&strips=99": "strips",
	} {
		if status, _, body := get(t, s, path+more); status < 400 || status >= 500 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", more, status, body)
		}
	}
	if status, _, _ := get(t, s, "/api/v1/export/map?region=999999"); status != http.StatusNotFound {
		t.Errorf("a county that is not there: %d", status)
	}
}

func FuzzParseBounds(f *testing.F) {
	for _, seed := range []string{"", "104,27,105,28", "1,2,3", "a,b,c,d", "NaN,1,2,3", "-180,-90,180,90", "1e309,0,1,1", ",,,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBounds(text)
		if err == nil && b != nil && !(b.Min[0] < b.Max[0] && b.Min[1] < b.Max[1] && b.Max[0] <= 180 && b.Min[1] >= -90) {
			t.Errorf("%q is %v", text, *b)
		}
	})
}
