package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// flowAsked posts a light assignment.
func flowAsked(t *testing.T, s *Server, body string) (int, string) {
	t.Helper()
	status, _, answer := ask(t, s, http.MethodPost, "/api/v1/plan/flow", "", body)
	return status, answer
}

// The light assignment is that of the plan, and follows a site that is dragged.
func TestFlow(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	base := serveOn(t, s)
	for _, more := range []string{``, `,"split":true`, `,"metric":"s"`, `,"split":true,"edits":"place:site:2:104.62:27.1"`, `,"split":true,"edits":"close:site:2,add:site:900001:104.7:27.1:300"`, `,"edits":"close:segment:12","split":true`} {
		status, body := flowAsked(t, s, `{"region":"520527"`+more+`}`)
		var light flowRead
		if err := json.Unmarshal([]byte(body), &light); err != nil || status != 200 {
			t.Fatalf("%s: %d %v %s", more, status, err, body)
		}
		_, got := postPlan(t, base, "assign", `{"region":"520527","gap":0`+more+`}`)
		var plan flowRead
		if err := json.Unmarshal(got[len(got)-1].Plan, &plan); err != nil {
			t.Fatal(err)
		}
		if plan.Status == "infeasible" { // then the light one sends whom it can
			if light.Status != "infeasible" || light.Reason != plan.Reason || light.Objective != nil {
				t.Errorf("%s: %s", more, body)
			}
			continue
		}
		if fmt.Sprint(plan.Rows) != fmt.Sprint(light.Rows) || *plan.Objective != *light.Objective || len(light.Rows) == 0 || light.Summary["mean"] == nil {
			t.Errorf("%s: plan %v, light %v %s", more, plan, light, body)
		}
	}
	for body, says := range map[string]string{
		`{"region":"520527","edits":"place:site:77:1:1"}`: "no site 77", `{"region":"520527","edits":"place:site:1:200:1"}`: "body.edits", `{"region":"520527","metric":"x"}`: "body.metric",
		`{"region":"520527","season":"x"}`: "body.season", `{"region":"520527","budget":1}`: "body", `{}`: "region",
	} {
		if status, answer := flowAsked(t, s, body); status != 422 || !strings.Contains(answer, says) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
}

// Who has as many assignments going as one may is told so, and others are not kept out.
func TestFlowQuota(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	for range cap(s.flows) { // so that each asked for waits
		s.flows <- struct{}{}
	}
	done := make(chan int, flowsEach)
	for range flowsEach {
		go func() { status, _ := flowAsked(t, s, `{"region":"520527"}`); done <- status }()
	}
	for joined := 0; joined < flowsEach; {
		s.flowsOf.mu.Lock()
		joined = 0
		for _, n := range s.flowsOf.of {
			joined += n
		}
		s.flowsOf.mu.Unlock()
		runtime.Gosched()
	}
	if status, answer := flowAsked(t, s, `{"region":"520527"}`); status != http.StatusTooManyRequests || !strings.Contains(answer, "4 of your assignments") {
		t.Errorf("one too many: %d %s", status, answer)
	}
	for range cap(s.flows) {
		<-s.flows
	}
	for range flowsEach {
		if status := <-done; status != http.StatusOK {
			t.Errorf("one that waited: %d", status)
		}
	}
	if status, _ := flowAsked(t, s, `{"region":"520527"}`); status != http.StatusOK {
		t.Errorf("when all are done: %d", status)
	}
}

type flowRead struct {
	Status, Reason string
	Objective      *float64
	Rows           []struct {
		Village, Site, Persons int64
		M                      float64
		Line                   [2][2]float64
	}
	Summary map[string]*float64
}

// A client that drags gets the answer to its last question, and to none twice,
// whatever else the stream carries.
func TestStreamAssigns(t *testing.T) {
	s, _ := live(t, newFake(plannedCounty()))
	c := dial(t, serveOn(t, s))
	c.hello(0)
	const drags = 40
	for i := range drags {
		c.send(`{"type":"assign","seq":%d,"region":"520527","split":true,"edits":"place:site:2:%.5f:27.1"}`, i, 104.6+float64(i)/1000)
	}
	last := -1
	for last < drags-1 {
		g := c.expect("assigned")
		seq := int(g.text["seq"].(float64))
		if seq <= last {
			t.Fatalf("seq %d after %d", seq, last)
		}
		last = seq
		if g.text["revision"] != 7.0 || len(g.text["rows"].([]any)) < 2 {
			t.Fatalf("%v", g.text)
		}
	}
	c.silent("all is answered")
	for text, code := range map[string]string{
		`{"type":"assign","seq":5,"region":"000000"}`: "unknown_region", `{"type":"assign","region":"520527"}`: "bad_assign", `{"type":"assign","seq":-1,"region":"520527"}`: "bad_assign",
		`{"type":"assign","seq":5,"region":"520527","metric":"x"}`: "bad_assign", `{"type":"assign","seq":5,"region":"520527","edits":"place:site:1"}`: "bad_assign",
		`{"type":"assign","seq":5,"region":"520527","edits":"place:site:99:1:1"}`: "no_assign", `{"type":"assign","seq":5,"region":"520527","budget":1}`: "bad_message",
	} {
		c.send("%s", text)
		if g := c.expect("error"); g.text["code"] != code || g.text["message"] == "" {
			t.Errorf("%s: %v", text, g.text)
		}
	}
	started := time.Now()
	c.send(`{"type":"assign","seq":7,"region":"520527"}`)
	if g := c.expect("assigned"); g.text["seq"] != 7.0 || time.Since(started) > 2*time.Second {
		t.Errorf("%v after %v", g.text, time.Since(started))
	}
}
