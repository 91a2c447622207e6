package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// jsonDepth is how deep a message may nest.
const jsonDepth = 32

// members lists what each message of a client may carry besides its type.
var members = map[string][]string{
	"hello":     {"version", "since"},
	"subscribe": {"layers", "region"},
	"view":      {"seq", "tiles", "center", "held"},
	"credit":    {"tiles"},
	"figures":   {"region", "reports"},
	"assign":    {"seq", "region", "as_of", "known_at", "season", "connect_m", "rai_m", "walk_min", "edits", "scenario", "split", "metric"},
	"question":  {"seq", "region", "as_of", "known_at", "season", "connect_m", "rai_m", "walk_min", "edits", "scenario"},
	"scenarios": {"region"},
}

// message is one text frame of a client. Members that a type does not have are
// refused before.
type message struct {
	Type    string          `json:"type"`
	Version *int64          `json:"version"`
	Since   int64           `json:"since"`
	Layers  []string        `json:"layers"`
	Region  string          `json:"region"`
	Seq     *int64          `json:"seq"`
	Tiles   json.RawMessage `json:"tiles"` // names in view, a number in credit
	Center  []float64       `json:"center"`
	Held    []int64         `json:"held"`
	Reports []string        `json:"reports"`

	AsOf     string `json:"as_of"`
	KnownAt  string `json:"known_at"`
	Season   string `json:"season"`
	ConnectM int64  `json:"connect_m"`
	RAIM     int64  `json:"rai_m"`
	WalkMin  int64  `json:"walk_min"`
	Edits    string `json:"edits"`
	Split    bool   `json:"split"`
	Metric   string `json:"metric"`
	Scenario int64  `json:"scenario"`
}

var errNotText = errors.New("the frame is not UTF-8")

// readMessage reads a text frame strictly: one object, no member twice (even in
// another case), none unknown, nothing after it.
func readMessage(frame []byte) (message, error) {
	var m message
	if !utf8.Valid(frame) {
		return m, errNotText
	}
	names, err := objectNames(frame)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(frame, &m); err != nil {
		return m, fmt.Errorf("the frame is no message: %w", err)
	}
	allowed, known := members[m.Type]
	if !known {
		return m, fmt.Errorf("unknown type %.40q", m.Type)
	}
	for _, name := range names {
		if name != "type" && !slices.Contains(allowed, name) {
			return m, fmt.Errorf("%s has no member %.40q; it has %s", m.Type, name, strings.Join(allowed, ", "))
		}
	}
	return m, nil
}

// objectNames walks a JSON document and returns the names of its outermost
// object. Names that differ only in case are the same name to encoding/json,
// so they count as given twice.
func objectNames(doc []byte) ([]string, error) {
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return nil, fmt.Errorf("the frame is not one JSON object")
	}
	names, err := walkObject(dec, 1)
	if err != nil {
		return nil, err
	}
	if dec.InputOffset() != int64(len(bytes.TrimRight(doc, " \t\r\n"))) {
		return nil, fmt.Errorf("something follows the JSON object")
	}
	return names, nil
}

func walkObject(dec *json.Decoder, depth int) ([]string, error) {
	var names []string
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("the frame is no JSON: %w", err)
		}
		name, _ := token.(string)
		if folded := strings.ToLower(name); seen[folded] {
			return nil, fmt.Errorf("member %.40q is given twice", name)
		} else {
			seen[folded] = true
		}
		names = append(names, name)
		if err := walkValue(dec, depth); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return names, err
}

func walkValue(dec *json.Decoder, depth int) error {
	if depth >= jsonDepth {
		return fmt.Errorf("the frame nests deeper than %d", jsonDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("the frame is no JSON: %w", err)
	}
	switch token {
	case json.Delim('{'):
		_, err := walkObject(dec, depth+1)
		return err
	case json.Delim('['):
		for dec.More() {
			if err := walkValue(dec, depth+1); err != nil {
				return err
			}
		}
		_, err := dec.Token()
		return err
	}
	return nil
}
