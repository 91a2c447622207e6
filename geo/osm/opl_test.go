package osm

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseLine(t *testing.T) {
	got, err := parseLine([]byte(`w7 Thighway=track,name=%6c34%%5b98%%20%x Nn1,n-2`))
	want := object{kind: 'w', id: 7, tags: tags{{"highway", "track"}, {"name", "水官 x"}}, nodes: []int64{1, -2}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(object{}, tag{})); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, ok := range []string{"n1 T x1 y2", "n1 T x y", "n1 T", "w1 T N", "n-1 Ta= x1.5 y-2.5", "w1 Thighway= Nn1"} {
		if _, err := parseLine([]byte(ok)); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "n", "r1 T M", "x1", "nabc T", "n1 Tab x1 y2", "n1 Ta=b=c", "n1 T xa y2", "n1 T x1", "n1  T", "n1 T T", "w1 T Nn1,",
		"w1 T N,n1", "w1 T Nw1", "w1 T x1 y1", "n1 T Nn1", "n1 Ta=%zz%", "n1 Ta=%20", "n1 Ta=%110000%", "n1 v1", "n99999999999999999999 T"} {
		if o, err := parseLine([]byte(bad)); err == nil {
			t.Errorf("%q read as %v", bad, o)
		}
	}
	if o, _ := parseLine([]byte("n1 T x181 y2")); o.located {
		t.Error("longitude 181 is on the earth")
	}
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"n1 T x1 y2", `w7 Thighway=track,name=%6c34%%5b98% Nn1,n-2`, "n1 Ta=%0%%d800% x y", "w1 T N", "n1 \xff=\xff", "n1 T xNaN yInf"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		o, err := parseLine(line)
		if err != nil {
			return
		}
		if o.located && !(o.point[0] >= -180 && o.point[0] <= 180 && o.point[1] >= -90 && o.point[1] <= 90) {
			t.Fatalf("%q lies at %v", line, o.point)
		}
		for _, tag := range o.tags {
			if !utf8.ValidString(tag.value) || strings.ContainsAny(tag.value, "\x00\n\t") {
				t.Fatalf("%q has the value %q", line, tag.value)
			}
		}
		if o.kind == 'w' {
			roadOf(o)
		} else {
			placeOf(o)
		}
	})
}
