package api

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// claims is what a camera wrote into a photo about itself. Nothing of it is
// proven.
type claims struct {
	turn  int        // orientation of Exif, 1 to 8; 1: as it is
	taken time.Time  // zero: not said
	place *orb.Point // nil: not said
}

// Tags of Exif 2.32 (CIPA DC-008) that are read.
const (
	tagOrientation = 0x0112
	tagExif        = 0x8769
	tagGPS         = 0x8825
	tagTaken       = 0x9003
	tagOffset      = 0x9011
	tagLatRef      = 1
	tagLat         = 2
	tagLonRef      = 3
	tagLon         = 4
	tagGPSTime     = 7
	tagGPSDate     = 29
)

// maxTags is how many entries of a directory are looked at; a camera writes
// some thirty.
const maxTags = 256

// cameraZone is where a camera's clock is taken to be when it does not say: all
// counties keep Beijing time.
var cameraZone = time.FixedZone("", 8*3600)

// readClaims finds the Exif block of a JPEG or PNG and reads it. What is not
// there, or not as it should be, is not claimed.
func readClaims(file []byte) claims {
	none := claims{turn: 1}
	block := exifOfJPEG(file)
	if block == nil {
		block = exifOfPNG(file)
	}
	t, ok := newTIFF(block)
	if !ok {
		return none
	}
	return t.claims()
}

// exifOfJPEG walks the segments before the picture.
func exifOfJPEG(file []byte) []byte {
	if !bytes.HasPrefix(file, []byte{0xff, 0xd8}) {
		return nil
	}
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		kind, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if kind == 0xda || size < 2 || len(rest) < 2+size { // the picture begins, or the file lies
			return nil
		}
		if body := rest[4 : 2+size]; kind == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		rest = rest[2+size:]
	}
	return nil
}

// exifOfPNG walks the chunks.
func exifOfPNG(file []byte) []byte {
	if !bytes.HasPrefix(file, []byte(magicPNG)) {
		return nil
	}
	for rest := file[len(magicPNG):]; len(rest) >= 12; {
		size := int64(binary.BigEndian.Uint32(rest))
		if size > int64(len(rest)-12) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+size]
		}
		rest = rest[12+size:]
	}
	return nil
}

// tiff is the block as offsets count in it.
type tiff struct {
	data  []byte
	order binary.ByteOrder
	first uint32 // directory
}

func newTIFF(data []byte) (tiff, bool) {
	if len(data) < 8 {
		return tiff{}, false
	}
	t := tiff{data: data}
	switch string(data[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return tiff{}, false
	}
	t.first = t.order.Uint32(data[4:])
	return t, true
}

// directory reads the entries at an offset: the bytes of each value by its tag.
// An entry that leads out of the block is left out.
func (t tiff) directory(at uint32) map[uint16]value {
	if uint64(at)+2 > uint64(len(t.data)) {
		return nil
	}
	n := int(t.order.Uint16(t.data[at:]))
	out := map[uint16]value{}
	for entry := t.data[at+2:]; n > 0 && len(out) < maxTags && len(entry) >= 12; n, entry = n-1, entry[12:] {
		kind := t.order.Uint16(entry[2:])
		size := uint64(t.order.Uint32(entry[4:])) * sizeOf[kind]
		from := entry[8:12]
		if size > 4 {
			offset := uint64(t.order.Uint32(from))
			if offset+size > uint64(len(t.data)) {
				continue
			}
			from = t.data[offset:]
		}
		out[t.order.Uint16(entry)] = value{kind, from[:size], t.order}
	}
	return out
}

// The types of values that are read, and their bytes.
const (
	kindASCII    = 2
	kindShort    = 3
	kindLong     = 4
	kindRational = 5
)

var sizeOf = map[uint16]uint64{kindASCII: 1, kindShort: 2, kindLong: 4, kindRational: 8}

// value is what one tag holds.
type value struct {
	kind  uint16
	data  []byte
	order binary.ByteOrder
}

func (v value) text() string {
	if v.kind != kindASCII {
		return ""
	}
	return strings.TrimRight(string(v.data), "\x00 ")
}

func (v value) number() (uint32, bool) {
	switch {
	case v.kind == kindShort && len(v.data) >= 2:
		return uint32(v.order.Uint16(v.data)), true
	case v.kind == kindLong && len(v.data) >= 4:
		return v.order.Uint32(v.data), true
	}
	return 0, false
}

// three reads three fractions: degrees, minutes, seconds, or a time of day.
func (v value) three() (out [3]float64, ok bool) {
	if v.kind != kindRational || len(v.data) < 24 {
		return out, false
	}
	for i := range out {
		below := v.order.Uint32(v.data[8*i+4:])
		if below == 0 {
			return out, false
		}
		out[i] = float64(v.order.Uint32(v.data[8*i:])) / float64(below)
	}
	return out, true
}

func (t tiff) claims() claims {
	out := claims{turn: 1}
	root := t.directory(t.first)
	if turn, ok := root[tagOrientation].number(); ok && turn >= 1 && turn <= 8 {
		out.turn = int(turn)
	}
	if at, ok := root[tagGPS].number(); ok {
		gps := t.directory(at)
		out.place, out.taken = placeOfGPS(gps), timeOfGPS(gps)
	}
	if at, ok := root[tagExif].number(); ok && out.taken.IsZero() {
		out.taken = timeOfCamera(t.directory(at))
	}
	return out
}

// placeOfGPS is nil where the place is none on earth; nought and nought is what
// a camera writes that has found no satellite.
func placeOfGPS(gps map[uint16]value) *orb.Point {
	lat, okLat := angleOf(gps[tagLat], gps[tagLatRef].text(), "N", "S", 90)
	lon, okLon := angleOf(gps[tagLon], gps[tagLonRef].text(), "E", "W", 180)
	if !okLat || !okLon || lat == 0 && lon == 0 {
		return nil
	}
	return &orb.Point{lon, lat}
}

func angleOf(v value, side, plus, minus string, most float64) (float64, bool) {
	parts, ok := v.three()
	degrees := parts[0] + parts[1]/60 + parts[2]/3600
	if !ok || side != plus && side != minus || parts[1] >= 60 || parts[2] >= 60 || degrees > most {
		return 0, false
	}
	if side == minus {
		degrees = -degrees
	}
	return degrees, true
}

// timeOfGPS is in UTC, to the second.
func timeOfGPS(gps map[uint16]value) time.Time {
	day, err := time.Parse("2006:01:02", gps[tagGPSDate].text())
	clock, ok := gps[tagGPSTime].three()
	if err != nil || !ok || clock[0] >= 24 || clock[1] >= 60 || clock[2] > 60 || !plausible(day) {
		return time.Time{}
	}
	return day.Add(time.Duration(math.Floor(clock[0]*3600+clock[1]*60+clock[2])) * time.Second)
}

func timeOfCamera(exif map[uint16]value) time.Time {
	taken, offset := exif[tagTaken].text(), exif[tagOffset].text()
	if at, err := time.Parse("2006:01:02 15:04:05-07:00", taken+offset); err == nil && plausible(at) {
		return at.UTC()
	}
	at, err := time.ParseInLocation("2006:01:02 15:04:05", taken, cameraZone)
	if err != nil || !plausible(at) {
		return time.Time{}
	}
	return at.UTC()
}

// plausible says whether a camera with a clock can have existed then.
func plausible(at time.Time) bool { return at.Year() >= 1980 && at.Year() < 2200 }
