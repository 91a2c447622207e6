package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// maxJSONDepth is how deep a body may be nested.
const maxJSONDepth = 32

// jsonFormat reads every body of the OpenAPI part as [decodeStrict] does and
// writes answers as before. Members that a body has not are refused by the
// schema (422, named); that a member is written in another case is one.
var jsonFormat = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshalStrict}

func init() { huma.ValidateStrictCasing = true }

// decodeStrict reads a JSON body into a T: one value and nothing after it,
// UTF-8 without a byte order mark, no NUL in a text, at most 32 deep, no member
// twice (whatever its case), none that T does not have. What it refuses is
// [planner.Invalid] and says where. Handlers of the OpenAPI part need not call
// it: their bodies have passed it already.
func decodeStrict[T any](body []byte) (T, error) {
	var out T
	if err := checkJSON(body); err != nil {
		return out, err
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil {
		var none T
		return none, planner.Errorf(planner.Invalid, "%s", wordsOf(err))
	}
	return out, nil
}

// unmarshalStrict is decodeStrict where huma has the schema to find members
// that do not belong.
func unmarshalStrict(body []byte, into any) error {
	if err := checkJSON(body); err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return errors.New(wordsOf(err))
	}
	return nil
}

// wordsOf says what is wrong with a body without the names of our types.
func wordsOf(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%s is a %s; that does not fit there", memberName(kind.Field), kind.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func memberName(field string) string {
	if field == "" {
		return "the body"
	}
	return field
}

// checkJSON holds what every body must be, whatever it says.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) || bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		return planner.Errorf(planner.Invalid, "the body is not JSON in UTF-8 without a byte order mark")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := checkValue(dec, 0); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return planner.Errorf(planner.Invalid, "there is more after the end of the JSON, at byte %d", dec.InputOffset())
	}
	return checkEscapes(body)
}

// checkEscapes refuses half of a pair of surrogates, which is no character: the
// decoder would put U+FFFD there, and the store does not take it. The body is
// JSON, so that every backslash stands in a text and four digits follow \u.
func checkEscapes(body []byte) error {
	open := false // the first half of a pair was the last thing
	for i := 0; i < len(body); {
		unit, size := escaped(body[i:])
		paired := utf16.IsSurrogate(unit) && unit >= 0xdc00 && open
		switch {
		case paired:
			open = false
		case open || utf16.IsSurrogate(unit) && unit >= 0xdc00:
			return planner.Errorf(planner.Invalid, "there is half a character (a lone surrogate) in a text, at byte %d", i)
		case utf16.IsSurrogate(unit):
			open = true
		}
		i += size
	}
	return nil
}

// escaped is the unit of UTF-16 that an escape stands for, and how long what
// begins here is; zero for what is no \u escape.
func escaped(s []byte) (unit rune, size int) {
	switch {
	case s[0] != '\\' || len(s) < 2:
		return 0, 1
	case s[1] != 'u' || len(s) < 6:
		return 0, 2
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 32)
	if err != nil {
		return 0, 2
	}
	return rune(n), 6
}

// checkValue reads one value off dec.
func checkValue(dec *json.Decoder, depth int) error {
	token, err := dec.Token()
	if err != nil {
		return notJSON(dec, err)
	}
	switch v := token.(type) {
	case string:
		return checkText(dec, v)
	case json.Delim:
		if depth == maxJSONDepth {
			return planner.Errorf(planner.Invalid, "the JSON is nested deeper than %d", maxJSONDepth)
		}
		if v == '{' {
			return checkObject(dec, depth+1)
		}
		for dec.More() {
			if err := checkValue(dec, depth+1); err != nil {
				return err
			}
		}
		if _, err := dec.Token(); err != nil {
			return notJSON(dec, err)
		}
	}
	return nil
}

// checkObject reads members up to the closing brace.
func checkObject(dec *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return notJSON(dec, err)
		}
		name, _ := token.(string) // the decoder refuses any other key
		if err := checkText(dec, name); err != nil {
			return err
		}
		folded := strings.ToLower(strings.ToUpper(name)) // long s and the Kelvin sign too, as the decoder takes them
		if seen[folded] {
			return planner.Errorf(planner.Invalid, "the member %.40q is there twice, at byte %d", name, dec.InputOffset())
		}
		seen[folded] = true
		if err := checkValue(dec, depth); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return notJSON(dec, err)
	}
	return nil
}

// checkText refuses what no column of text can hold.
func checkText(dec *json.Decoder, s string) error {
	if strings.ContainsRune(s, 0) {
		return planner.Errorf(planner.Invalid, "there is a NUL in a text, at byte %d", dec.InputOffset())
	}
	return nil
}

func notJSON(dec *json.Decoder, err error) error {
	if errors.Is(err, io.EOF) {
		return planner.Errorf(planner.Invalid, "the JSON ends in the middle")
	}
	return planner.Errorf(planner.Invalid, "the body is not JSON: %s, at byte %d", strings.TrimPrefix(err.Error(), "json: "), dec.InputOffset())
}
