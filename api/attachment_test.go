package api

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// exifBlock builds an Exif block by hand: a camera that was held on its side,
// at 27°6'0"N 104°30'0"E, on a day of 2020.
func exifBlock(order binary.ByteOrder, turn uint16, lat, lon [3]uint32) []byte {
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, order, v) }
	entry := func(tag, kind uint16, count uint32, value any) {
		put(tag)
		put(kind)
		put(count)
		at := b.Len()
		put(value)
		b.Write(make([]byte, 4-(b.Len()-at)))
	}
	if order == binary.LittleEndian {
		b.WriteString("II*\x00")
	} else {
		b.WriteString("MM\x00*")
	}
	put(uint32(8))
	put(uint16(3)) // the root directory, from 8 to 50
	entry(tagOrientation, kindShort, 1, turn)
	entry(tagExif, kindLong, 1, uint32(50))
	entry(tagGPS, kindLong, 1, uint32(90))
	put(uint32(0))
	put(uint16(2)) // the camera's, from 50 to 80
	entry(tagTaken, kindASCII, 20, uint32(200))
	entry(tagOffset, kindASCII, 7, uint32(220))
	put(uint32(0))
	b.Write(make([]byte, 90-b.Len()))
	put(uint16(4)) // the place, from 90
	entry(tagLatRef, kindASCII, 2, []byte("N\x00"))
	entry(tagLat, kindRational, 3, uint32(230))
	entry(tagLonRef, kindASCII, 2, []byte("E\x00"))
	entry(tagLon, kindRational, 3, uint32(254))
	put(uint32(0))
	b.Write(make([]byte, 200-b.Len()))
	b.WriteString("2020:05:20 10:30:00\x00+08:00\x00")
	b.Write(make([]byte, 230-b.Len()))
	for _, part := range append(lat[:], lon[:]...) {
		put(part)
		put(uint32(1))
	}
	return b.Bytes()
}

// photo is a JPEG, wider than high, red in its left half, with an Exif block.
func photo(t testing.TB, exif []byte) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			img.Set(x, y, map[bool]color.Color{true: color.RGBA{255, 0, 0, 255}, false: color.RGBA{0, 0, 255, 255}}[x < 16])
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	if exif == nil {
		return b.Bytes()
	}
	segment := append([]byte("Exif\x00\x00"), exif...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(segment) + 2) >> 8), byte(len(segment) + 2)}
	return append(append(head, segment...), b.Bytes()[2:]...)
}

func TestClaimsOfAPhoto(t *testing.T) {
	here, there := [3]uint32{27, 6, 0}, [3]uint32{104, 30, 0}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		got := readClaims(photo(t, exifBlock(order, 6, here, there)))
		if got.turn != 6 || got.place == nil || math.Abs(got.place[0]-104.5) > 1e-9 || math.Abs(got.place[1]-27.1) > 1e-9 ||
			!got.taken.Equal(time.Date(2020, 5, 20, 2, 30, 0, 0, time.UTC)) {
			t.Errorf("%v: %+v", order, got)
		}
	}
	for name, block := range map[string][]byte{
		"500 degrees":    exifBlock(binary.LittleEndian, 1, [3]uint32{500, 0, 0}, there),
		"no satellite":   exifBlock(binary.LittleEndian, 1, [3]uint32{}, [3]uint32{}),
		"61 minutes":     exifBlock(binary.LittleEndian, 1, [3]uint32{27, 61, 0}, there),
		"cut":            exifBlock(binary.LittleEndian, 1, here, there)[:240],
		"nothing at all": {},
	} {
		if got := readClaims(photo(t, block)); got.place != nil || got.turn != 1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzClaims(f *testing.F) {
	f.Add(photo(f, exifBlock(binary.LittleEndian, 6, [3]uint32{27, 6, 0}, [3]uint32{104, 30, 0})))
	f.Add(photo(f, exifBlock(binary.BigEndian, 3, [3]uint32{1, 2, 3}, [3]uint32{4, 5, 6}))[:100])
	f.Add([]byte("\xff\xd8\xff\xe1\xff\xff"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Add([]byte(magicPNG + "\xff\xff\xff\xffeXIf"))
	f.Add([]byte(magicPNG + "\x00\x00\x00\x08eXIfMM\x00*\x00\x00\x00\x08crc!"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got := readClaims(file)
		if got.turn < 1 || got.turn > 8 {
			t.Fatalf("turn %d", got.turn)
		}
		if p := got.place; p != nil && !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			t.Fatalf("place %v", p)
		}
		if !got.taken.IsZero() && !plausible(got.taken.Add(24*time.Hour)) && !plausible(got.taken.Add(-24*time.Hour)) {
			t.Fatalf("taken %v", got.taken)
		}
	})
}

// Each orientation shows the same picture: what the camera's top left was comes
// to stand where Exif says.
func TestTurned(t *testing.T) {
	kept := image.NewGray(image.Rect(5, 7, 8, 9)) // three by two, not from nought
	for i := range kept.Pix {
		kept.Pix[i] = uint8(10 * i)
	}
	for turn, want := range map[int][]uint8{ // row by row
		1: {0, 10, 20, 30, 40, 50}, 2: {20, 10, 0, 50, 40, 30}, 3: {50, 40, 30, 20, 10, 0}, 4: {30, 40, 50, 0, 10, 20},
		5: {0, 30, 10, 40, 20, 50}, 6: {30, 0, 40, 10, 50, 20}, 7: {50, 20, 40, 10, 30, 0}, 8: {20, 50, 10, 40, 0, 30},
	} {
		img := &turned{kept, turn}
		var got []uint8
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				got = append(got, color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("turn %d (-want +got):\n%s", turn, diff)
		}
	}
}

// attach sends a file as the reporter.
func (d *desk) attach(file []byte, kind string, want int) attachmentJSON {
	d.Helper()
	status, header, text := ask(d.T, d.Server, http.MethodPost, "/api/v1/attachments?region=520527&name=a", d.tokens["east"], string(file), "Content-Type", kind)
	if status != want {
		d.Fatalf("%.40q as %s: %d, want %d: %s", file, kind, status, want, text)
	}
	var out attachmentJSON
	if status >= 400 {
		problemIn(d.T, header, text)
		return out
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		d.Fatal(err)
	}
	return out
}

// A photo is stored without what the camera hid in it, upright, and its place
// is kept beside it as a claim.
func TestPhotoIsMadeAnew(t *testing.T) {
	d := newDesk(t)
	sent := photo(t, exifBlock(binary.BigEndian, 6, [3]uint32{27, 6, 0}, [3]uint32{104, 30, 0}))
	sent = append(sent, "<script>alert(1)</script>"...)
	got := d.attach(sent, "application/octet-stream", http.StatusCreated)
	if got.Media != mediaJPEG || len(got.Place) != 2 || got.Taken == nil || *got.Taken != "2020-05-20T02:30:00Z" {
		t.Errorf("%+v", got)
	}
	if again := d.attach(sent, mediaPNG, http.StatusOK); again.Hash != got.Hash || again.Media != mediaJPEG {
		t.Errorf("again: %+v", again)
	}
	target := "/api/v1/attachments/" + got.Hash + "?region=520527"
	status, header, body := ask(t, d.Server, http.MethodGet, target, d.tokens["viewer"], "")
	if status != 200 || header.Get("Content-Type") != mediaJPEG || header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %v", status, header)
	}
	for _, hidden := range []string{"Exif", "2020:05:20", "<script>"} {
		if strings.Contains(body, hidden) {
			t.Errorf("what is served holds %q", hidden)
		}
	}
	img, err := jpeg.Decode(strings.NewReader(body))
	if err != nil || img.Bounds().Dx() != 16 || img.Bounds().Dy() != 32 {
		t.Fatalf("%v %v", img.Bounds(), err)
	}
	if r, _, b, _ := img.At(8, 4).RGBA(); r < b { // held on its side, the left half is on top
		t.Error("the photo lies on its side")
	}
	if status, _, _ := ask(t, d.Server, http.MethodGet, target, d.tokens["viewer"], "", "If-None-Match", header.Get("ETag")); status != http.StatusNotModified {
		t.Errorf("asked again: %d", status)
	}
}

// bigPNG says it has a size and holds nothing.
func bigPNG(wide, high uint32, depth byte) []byte {
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, wide)
	binary.BigEndian.PutUint32(head[4:], high)
	head[8], head[9] = depth, 6
	chunk := append([]byte("IHDR"), head...)
	out := append([]byte(magicPNG), 0, 0, 0, 13)
	out = append(out, chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

// What is not a photo or file that is kept is refused, with nothing stored and
// little memory used.
func TestHostileAttachments(t *testing.T) {
	d := newDesk(t)
	whole := photo(t, nil)
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, c := range map[string]struct {
		file   string
		kind   string
		status int
	}{
		"60000 x 60000":       {string(bigPNG(60_000, 60_000, 8)), mediaPNG, 413},
		"16 bits":             {string(bigPNG(6_000, 6_000, 16)), mediaPNG, 413},
		"a size and no more":  {string(bigPNG(6_000, 6_000, 8)), mediaPNG, 422},
		"svg":                 {`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, mediaPNG, 415},
		"svg with a head":     {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "image/svg+xml", 415},
		"html":                {"<!doctype html><script>alert(1)</script>", mediaJPEG, 415},
		"html before a JPEG":  {"<html>" + string(whole), mediaJPEG, 415},
		"heic":                {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic", 415},
		"gif":                 {"GIF89a\x01\x00\x01\x00\x80\x00\x00", mediaPNG, 415},
		"exe":                 {"MZ\x90\x00", mediaPDF, 415},
		"pdf further in":      {"\n\n%PDF-1.4", mediaPDF, 415},
		"one byte":            {"x", mediaPNG, 415},
		"half a photo":        {string(whole[:len(whole)/2]), mediaJPEG, 422},
		"billion laughs":      {`<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><gpx>&b;</gpx>`, mediaGPX, 415},
		"gpx without a point": {`<gpx version="1.1"><trk/></gpx>`, mediaGPX, 415},
		"json":                {`{"type":"Road"}`, mediaGeoJSON, 415},
		"deep json":           {strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), mediaGeoJSON, 415},
		"plain text":          {small.String(), "text/plain", 415},
		"a form":              {"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415},
		"a form without end":  {"--x", "multipart/form-data", 415},
		"too large":           {string(whole) + strings.Repeat("x", maxAttachment), mediaJPEG, 413},
	} {
		t.Run(name, func(t *testing.T) {
			status, header, text := ask(t, d.Server, http.MethodPost, "/api/v1/attachments?region=520527", d.tokens["east"], c.file, "Content-Type", c.kind)
			if status != c.status {
				t.Errorf("%d, want %d: %s", status, c.status, text)
			}
			problemIn(t, header, text)
		})
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.TotalAlloc-before.TotalAlloc) >> 20; grown > 600 {
		t.Errorf("%d MB were used", grown)
	}
	if n := len(d.works.ledger.(*fakeLedger).files); n != 0 {
		t.Errorf("%d files were kept", n)
	}
	if len(d.works.pictures) != 0 {
		t.Error("a place for pictures was not given back")
	}
	d.attach(nil, mediaPNG, 400)
}

// A photo that takes too long is given up.
func TestHastyReader(t *testing.T) {
	file := photo(t, nil)
	if _, err := decode("jpeg", &hasty{bytes.NewReader(file), time.Now().Add(-time.Second)}); err == nil || notAPicture(err).Error() != "the picture takes longer than 20s to unpack" {
		t.Errorf("%v", err)
	}
	if _, err := decode("jpeg", &hasty{bytes.NewReader(file), time.Now().Add(time.Minute)}); err != nil {
		t.Error(err)
	}
}

// Files that are no photos are given back as they came, to be saved.
func TestFilesStayAsTheyAre(t *testing.T) {
	d := newDesk(t)
	for kind, file := range map[string]string{
		mediaPDF: "%PDF-1.4\nx\n%%EOF", mediaGPX: someGPX, mediaGeoJSON: `{"type":"Point","coordinates":[104.6,27.1]}`,
	} {
		got := d.attach([]byte(file), "application/octet-stream", http.StatusCreated)
		_, header, body := ask(t, d.Server, http.MethodGet, "/api/v1/attachments/"+got.Hash+"?region=520527", d.tokens["viewer"], "")
		if got.Media != kind || body != file || header.Get("Content-Type") != kind || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %+v %v", kind, got, header)
		}
	}
}
