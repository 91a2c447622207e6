package api

import "maps"

// wallDoors are the routes of the wall, as doors has the others.
var wallDoors = map[string]door{
	"GET /api/v1/wall":               {needs: "wall", target: "/api/v1/wall?region=%s"},
	"GET /api/v1/wall/brief":         {needs: "read", target: "/api/v1/wall/brief?region=%s&format=docx"},
	"GET /api/v1/wall/links":         {needs: "edit", target: "/api/v1/wall/links?region=%s"},
	"POST /api/v1/wall/links":        {needs: "edit", body: `{"region":"%s","name":"hall"}`},
	"DELETE /api/v1/wall/links/{id}": {needs: "edit", target: "/api/v1/wall/links/99?region=%s", ok: 404},
	"GET /api/v1/duties":             {needs: "read", target: "/api/v1/duties?region=%s"},
	"PUT /api/v1/duties":             {needs: "edit", body: `{"region":"%[1]s","level":"county","person":"陈国强"}`},
}

func init() { maps.Copy(doors, wallDoors) }
