// Package raster holds grids of longitude and latitude: heights from a terrain
// model, persons from a population raster. It opens no file: data/ingest reads
// GeoTIFF, by GDAL in a child process, into a [Grid].
//
// The story: [New] checks what somebody read; [Grid.Height] answers between
// cell centres (a Grid is a geo.Heights); [Grid.Sums] turns amounts into points.
package raster
