package mvt

import (
	"encoding/binary"
	"math"
	"reflect"
	"strings"
)

// Field numbers of the specification.
const (
	tileLayers = 3

	layerName     = 1
	layerFeatures = 2
	layerKeys     = 3
	layerValues   = 4
	layerExtent   = 5
	layerVersion  = 15

	featureID       = 1
	featureTags     = 2
	featureType     = 3
	featureGeometry = 4

	valueString = 1
	valueDouble = 3
	valueUint   = 5
	valueSint   = 6
	valueBool   = 7
)

// appendValue writes a property as a value of a tile, nothing for one that tiles
// cannot hold. Numbers of all Go types with the same value have the same bytes.
func appendValue(b []byte, v any) []byte {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return appendBytes(b, valueString, []byte(strings.ToValidUTF8(r.String(), "\uFFFD")))
	case reflect.Bool:
		n := uint64(0)
		if r.Bool() {
			n = 1
		}
		return appendVarintField(b, valueBool, n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n := r.Int(); n < 0 {
			return appendVarintField(b, valueSint, zigzag(n))
		}
		return appendVarintField(b, valueUint, uint64(r.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return appendVarintField(b, valueUint, r.Uint())
	case reflect.Float32, reflect.Float64:
		x := r.Float()
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return b
		}
		const fixed64 = 1
		b = appendVarint(b, valueDouble<<3|fixed64)
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

// The three forms of protocol buffers that tiles need.

func appendVarint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

func appendVarintField(b []byte, field int, v uint64) []byte {
	return appendVarint(appendVarint(b, uint64(field)<<3), v)
}

func appendBytes(b []byte, field int, data []byte) []byte {
	return append(appendHead(b, field, len(data)), data...)
}

// appendHead begins a field of so many bytes.
func appendHead(b []byte, field, length int) []byte {
	const lengthGiven = 2
	return appendVarint(appendVarint(b, uint64(field)<<3|lengthGiven), uint64(length))
}

// sizeHead is how many bytes a field of so many bytes takes, all in all.
func sizeHead(length int) int {
	size := 2 + length // the fields used have numbers below 16
	for n := length >> 7; n > 0; n >>= 7 {
		size++
	}
	return size
}
