package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner"
)

type strictBody struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
	Deep  any    `json:"deep"`
}

func TestDecodeStrict(t *testing.T) {
	nest := func(n int) string { return `{"deep":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}` }
	for body, ok := range map[string]bool{
		`{"name":"大坪","count":9007199254740993}`: true, `{}`: true, ` {"name":""} ` + "\n": true, nest(maxJSONDepth - 1): true,
		`{"name":"a","name":"b"}`: false, `{"name":"a","NAME":"b"}`: false, `{"desk":1,"deſK":2}`: false, `{"deep":[{"a":1,"A":2}]}`: false, `{"deep":{"a":{"b":1,"b":1}}}`: false,
		`{"role":"admin"}`: false, `{"name":"a"}{}`: false, `{"name":"a"} x`: false, `{"name":"a"`: false, ``: false, `{"name":}`: false, `{'name':1}`: false,
		`{"name":"\ud83d\ude00"}`: true, `{"name":"\\ud800"}`: true, `{"name":"\uD83D\uDE00\u0041"}`: true,
		`{"name":"\ud800"}`: false, `{"name":"\udc00"}`: false, `{"name":"\ud83d \ude00"}`: false, `{"name":"\ud83d\ud83d\ude00"}`: false, `{"name":"\\\ud800x"}`: false, `{"\ud800":1}`: false,
		"\ufeff" + `{"name":"a"}`: false, "{\"name\":\"\xff\"}": false, `{"name":"a\u0000b"}`: false, `{"na\u0000me":"a"}`: false, nest(maxJSONDepth): false, nest(100_000): false,
		`{"count":1.5}`: false, `{"count":1e400}`: false, `{"count":"1"}`: false, `{"count":9223372036854775808}`: false, `{"name":1}`: false, `{"deep":[1,]}`: false, `NaN`: false,
	} {
		v, err := decodeStrict[strictBody]([]byte(body))
		if (err == nil) != ok {
			t.Errorf("%.60q: %v", body, err)
		}
		if err != nil && (planner.CodeOf(err) != planner.Invalid || v != (strictBody{}) || strings.Contains(err.Error(), "strictBody")) {
			t.Errorf("%.60q: %+v, %v", body, v, err)
		}
	}
	if v, _ := decodeStrict[strictBody]([]byte(`{"name":"大坪","count":9007199254740993}`)); v.Name != "大坪" || v.Count != 9007199254740993 {
		t.Errorf("read %+v", v)
	}
}

// Whatever is taken is what the standard decoder reads, and nothing panics.
func FuzzDecodeStrict(f *testing.F) {
	for _, seed := range []string{`{"name":"a","count":1,"deep":{"x":[1,"2",null,true]}}`, `{"a":1,"A":1}`, `[[[[`, "\xef\xbb\xbf{}", `{"name":"\u0000"}`, `{}{}`, `{"name":"\ud83d\ude00"}`, `{"name":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := decodeStrict[map[string]any](body)
		if err != nil {
			return
		}
		var plain map[string]any
		if json.Unmarshal(body, &plain) != nil || len(plain) != len(v) {
			t.Fatalf("%q was taken", body)
		}
	})
}

// Every body that the service reads is strict, and says what it is.
func TestBodiesAreStrict(t *testing.T) {
	s, _ := live(t, newFake(smallCounty("520527", 104.5)))
	const good = `{"login":"nobody","password":"12345678"}`
	for _, one := range []struct {
		body   string
		header []string
		status int
	}{
		{good, nil, 401}, {good, []string{"Content-Type", "application/json; charset=utf-8"}, 401},
		{good, []string{"Content-Type", "text/plain"}, 415}, {good, []string{"Content-Type", ""}, 415}, {good, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415},
		{good, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415}, {good, []string{"Content-Type", "application/xml"}, 415}, {good, []string{"Content-Type", "a b"}, 415},
		{good, []string{"Content-Encoding", "gzip"}, 415},
		{good, []string{"Origin", "http://evil.example"}, 403}, {good, []string{"Origin", "null"}, 403}, {good, []string{"Sec-Fetch-Site", "cross-site"}, 403}, {good, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{good, []string{"Origin", "http://127.0.0.1:8080", "Sec-Fetch-Site", "same-origin"}, 401},
		{`{"login":"nobody","password":"12345678","PASSWORD":"x"}`, nil, 400}, {`{"login":"nobody","password":"12345678","role":"admin"}`, nil, 422},
		{`{"Login":"nobody","password":"12345678"}`, nil, 422}, {`{"login":"nobody"}`, nil, 422}, {good + `{}`, nil, 400}, {"\ufeff" + good, nil, 400}, {`{"login":"a\u0000","password":"12345678"}`, nil, 400},
		{`{"login":"nobody","password":` + strings.Repeat("[", 100_000) + `}`, nil, 400}, {`{"login":"nobody","password":"` + strings.Repeat("a", 2<<20) + `"}`, nil, 413}, {`[]`, nil, 422},
	} {
		status, header, body := ask(t, s, "POST", "/api/v1/session", "", one.body, one.header...)
		if status != one.status {
			t.Errorf("%.60q %v: %d, want %d: %.200s", one.body, one.header, status, one.status, body)
			continue
		}
		problemIn(t, header, body, "12345678")
	}
}
