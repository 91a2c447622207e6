// Package ingest brings files of other people into the store: a file becomes
// staged rows, checks, a report, and one commit.
//
// The story of an import in six steps:
//
//  1. The file is copied under a fixed name into an empty work directory; its
//     own name is never used as a path again. A zip is unpacked with limits.
//  2. A reader turns it into records: tables (CSV, XLSX) are read here, every
//     other format by GDAL in a limited child process whose neutral stream
//     (CSV with geometry as text) is all that reaches this process.
//  3. The head of the table is matched to the fields of the layer, and every
//     cell is parsed. What cannot be understood is a Finding with file, row,
//     field, value and the mend.
//  4. Good records are copied into a temporary table. PostGIS parses, projects
//     and checks the geometry. It is checked, never repaired.
//  5. References (townships, roads, villages, sites) are resolved against
//     the store.
//  6. Whole or nothing: an error finding rolls all back, unless the good rows
//     were asked for. Everything happens in one transaction with temporary
//     tables only, so a killed import leaves nothing in the database.
//
// Out of scope here: editing of stored rows, deletion, and any download.
package ingest
