package ingest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// copies is how often the roads of Andorra stand in the file of the benchmark.
const copies = 20

// BenchmarkImport gives features a second for lines in two formats, and how
// much longer an import takes than ogr2ogr into a plain table of the same
// server: the importer also checks, measures, keeps history and notes changes.
func BenchmarkImport(b *testing.B) {
	db := connect(b, clustertest.DB(b))
	config := db.Config()
	server := fmt.Sprintf("PG:host=%s port=%d user=%s password='%s' dbname=%s", config.Host, config.Port, config.User, config.Password, config.Database)
	for _, format := range []string{"gpkg", "shp"} {
		path := manyRoads(b, format)
		peer := time.Duration(1 << 62)
		for range 3 {
			from := time.Now()
			ogr(b, "-f", "PostgreSQL", server, path, "-overwrite", "-nln", "public.peer_"+format, "-lco", "SPATIAL_INDEX=NONE")
			peer = min(peer, time.Since(from))
		}
		for _, layer := range []string{"reference", "road"} {
			b.Run(layer+"/"+format, func(b *testing.B) {
				features, took := 0, time.Duration(0)
				for i := 0; b.Loop(); i++ {
					county := fmt.Sprintf("%s%s%d-%d", layer, format, i, time.Now().UnixNano())
					db.exec(b, `insert into qiantu.region (code, level, name, county) values ($1, 'county', $1, $1)`, county)
					from := time.Now()
					res := imported(b, db, Request{Layer: layer, Region: county, File: path})
					took, features = took+time.Since(from), features+res.Layers[0].Accepted
				}
				b.ReportMetric(float64(features)/took.Seconds(), "features/s")
				b.ReportMetric(took.Seconds()/peer.Seconds()/float64(max(1, features))*float64(copies*2797), "x-ogr2ogr")
			})
		}
	}
}

// manyRoads makes a file of many roads, with names and without codes.
func manyRoads(b *testing.B, format string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "roads."+format)
	encoding := map[string]string{"gpkg": "SPATIAL_INDEX=YES", "shp": "ENCODING=UTF-8"}[format]
	source := shared(b, "vector/andorra-osm.gpkg")
	ogr(b, path, source, "-lco", encoding, "-nln", "roads", "-nlt", "LINESTRING", "-a_srs", "EPSG:4326", "-sql", fmt.Sprintf(
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT r.name, r.geom FROM roads r, n", copies))
	return path
}
