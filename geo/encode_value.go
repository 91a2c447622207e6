package geo

import (
	"encoding/binary"
	"math"
	"reflect"
	"strings"
)

// encodeValue writes a property, nil for one that tiles cannot hold, and gives
// the form by which equal ones are known: string, bool, uint64 (whole numbers
// from zero), int64 (below zero) or float64.
func encodeValue(v any) (plain any, encoded []byte) {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		s := strings.ToValidUTF8(r.String(), "\uFFFD")
		return s, appendBytes(nil, valueString, []byte(s))
	case reflect.Bool:
		n := uint64(0)
		if r.Bool() {
			n = 1
		}
		return r.Bool(), appendVarintField(nil, valueBool, n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n := r.Int(); n < 0 {
			return n, appendVarintField(nil, valueSint, zigzag(n))
		}
		return uint64(r.Int()), appendVarintField(nil, valueUint, uint64(r.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return r.Uint(), appendVarintField(nil, valueUint, r.Uint())
	case reflect.Float32, reflect.Float64:
		x := r.Float()
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, nil
		}
		const fixed64 = 1
		b := appendVarint(nil, valueDouble<<3|fixed64)
		return x, binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return nil, nil
}

func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

// The three forms of protocol buffers that tiles need.

func appendVarint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

func appendVarintField(b []byte, field int, v uint64) []byte {
	return appendVarint(appendVarint(b, uint64(field)<<3), v)
}

func appendBytes(b []byte, field int, data []byte) []byte {
	const lengthGiven = 2
	b = appendVarint(b, uint64(field)<<3|lengthGiven)
	b = appendVarint(b, uint64(len(data)))
	return append(b, data...)
}
