package api

import "maps"

const (
	someUUID = "0193a6f0-0000-7000-8000-000000000001"
	someHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	someGPX  = `<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg><trkpt lat="27.1" lon="104.6"></trkpt><trkpt lat="27.1" lon="104.7"></trkpt></trkseg></trk></gpx>`
)

// worksDoors are the routes of docs/works.md, as doors has the others.
var worksDoors = map[string]door{
	"POST /api/v1/progress/check":                {needs: "report", body: `{"region":"%s","road":1,"from_mm":20000000,"to_mm":21000000,"stage":"surface","on":"2020-05-05"}`},
	"POST /api/v1/progress":                      {needs: "report", body: `{"region":"%s","id":"` + someUUID + `","road":1,"from_mm":20000000,"to_mm":21000000,"stage":"surface","on":"2020-05-05"}`},
	"POST /api/v1/progress/{id}/revoke":          {needs: "report", target: "/api/v1/progress/x/revoke", body: `{"region":"%s","reason":"wrong"}`, ok: 404},
	"GET /api/v1/submissions":                    {needs: "read", target: "/api/v1/submissions?region=%s"},
	"POST /api/v1/submissions/{id}/answer":       {needs: "report or decide", target: "/api/v1/submissions/" + someUUID + "/answer", body: `{"region":"%s","action":"refuse","answer":"no"}`, ok: 404},
	"POST /api/v1/attachments":                   {needs: "report", target: "/api/v1/attachments?region=%s", body: someGPX, kind: "application/gpx+xml"},
	"GET /api/v1/attachments/{hash}":             {needs: "read", target: "/api/v1/attachments/" + someHash + "?region=%s", ok: 404},
	"POST /api/v1/progress/track":                {needs: "report", body: `{"region":"%s","hash":"` + someHash + `"}`, ok: 422},
	"POST /api/v1/progress/locate":               {needs: "read", body: `{"region":"%s","point":[104.6,27.1]}`},
	"POST /api/v1/sheets":                        {needs: "report", target: "/api/v1/sheets?region=%[1]s&township=%[1]s100&name=a.csv", body: "路线编码,起点桩号,止点桩号,进度\nC101,K0+000,K1+000,路面\n", kind: "text/csv"},
	"POST /api/v1/sheets/{hash}/check":           {needs: "report", target: "/api/v1/sheets/" + someHash + "/check", body: `{"region":"%s","head_row":1,"columns":{}}`, ok: 404},
	"POST /api/v1/sheets/{hash}/apply":           {needs: "report", target: "/api/v1/sheets/" + someHash + "/apply", body: `{"region":"%s","head_row":1,"columns":{}}`, ok: 404},
	"GET /api/v1/disputes":                       {needs: "read", target: "/api/v1/disputes?region=%s"},
	"POST /api/v1/disputes":                      {needs: "edit", body: `{"region":"%s","road":1,"from_mm":0,"to_mm":1000,"stage":"surface","reason":"two say so","on":"2020-05-05"}`},
	"POST /api/v1/disputes/{id}/decide":          {needs: "decide", target: "/api/v1/disputes/9/decide", body: `{"region":"%s","outcome":"stands","decision":"so","on":"2020-05-05"}`, ok: 404},
	"GET /api/v1/inspections":                    {needs: "read", target: "/api/v1/inspections?region=%s"},
	"POST /api/v1/inspections":                   {needs: "edit", body: `{"region":"%s","kind":"planned","road":1,"from_mm":0,"to_mm":1000,"on":"2020-05-05"}`},
	"POST /api/v1/inspections/draw":              {needs: "edit", body: `{"region":"%s","count":1,"length_m":100,"seed":1,"on":"2020-06-05"}`},
	"POST /api/v1/inspections/{id}/result":       {needs: "edit or decide", target: "/api/v1/inspections/9/result", body: `{"region":"%s","result":"pass"}`, ok: 404},
	"POST /api/v1/roads/{id}/operation/withdraw": {needs: "edit", target: "/api/v1/roads/1/operation/withdraw", body: `{"region":"%s","reason":"drawn by mistake"}`},
	"POST /api/v1/roads/{id}/operation":          {needs: "edit", target: "/api/v1/roads/1/operation?dry_run=true", body: `{"region":"%s","kind":"reverse","on":"2020-06-05","reason":"signs were turned"}`},
	"POST /api/v1/roads/{id}/line":               {needs: "edit", target: "/api/v1/roads/2/line", body: `{"region":"%s","line":[[104.6,27.1],[104.65,27.1]]}`},
	"GET /api/v1/roads":                          {needs: "read", target: "/api/v1/roads?region=%s"},
	"GET /api/v1/roads/{id}/strip":               {needs: "read", target: "/api/v1/roads/1/strip?region=%s"},
	"GET /api/v1/curve":                          {needs: "read", target: "/api/v1/curve?region=%s"},
	"GET /api/v1/replay":                         {needs: "read", target: "/api/v1/replay?region=%s"},
	"GET /api/v1/difference":                     {needs: "read", target: "/api/v1/difference?region=%s&metric=M02"},
	"GET /api/v1/findings":                       {needs: "read", target: "/api/v1/findings?region=%s"},
	"GET /api/v1/programmes":                     {needs: "read", target: "/api/v1/programmes?region=%s"},
	"PUT /api/v1/programmes/{id}/plan":           {needs: "edit", target: "/api/v1/programmes/5/plan", body: `{"region":"%s","points":[{"on":"2020-03-01","share":10},{"on":"2020-12-31","share":100}]}`},
}

func init() { maps.Copy(doors, worksDoors) }
