package data

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// words says what a constraint of the schema is there for, as far as a person
// can meet it; empty for others.
func words(pg *pgconn.PgError) string {
	switch pg.Code {
	case "23503":
		return missing(pg)
	case "23505":
		return twice(pg)
	case "23P01":
		return overlaps[pg.TableName]
	case "23514":
		return limits[pg.ConstraintName]
	}
	return ""
}

// detail is how the server names a key: Key (county, contract)=(130101, 77) is ...
var detail = regexp.MustCompile(`^Key \((.+)\)=\((.+)\) (is not present in table "(\w+)"|already exists|is still referenced)`)

// missing names what a row refers to and nobody has.
func missing(pg *pgconn.PgError) string {
	m := detail.FindStringSubmatch(pg.Detail)
	if m == nil || m[4] == "" {
		return ""
	}
	values := strings.Split(m[2], ", ")
	if m[4] == "region" {
		if strings.HasPrefix(m[1], "county") {
			return fmt.Sprintf("there is no county %s", values[0])
		}
		return fmt.Sprintf("there is no region %s", values[len(values)-1])
	}
	noun := map[string]string{"progress": "report", "road_version": "road"}[m[4]]
	if noun == "" {
		noun = m[4]
	}
	if len(values) < 2 {
		return fmt.Sprintf("there is no %s %s", noun, m[2])
	}
	return fmt.Sprintf("there is no %s %s in county %s", noun, strings.Join(values[1:], ", version "), values[0])
}

// twice names what is there already.
func twice(pg *pgconn.PgError) string {
	m := detail.FindStringSubmatch(pg.Detail)
	if m == nil {
		return ""
	}
	what := map[string]string{
		"progress": "report", "progress_override": "answer for this rule of the report", "submission": "report",
		"contract": "contract with this code in the programme", "plan_point": "plan point of this day", "road_version": "version of the road",
		"road": "road with this code", "attachment": "file",
	}[pg.TableName]
	if what == "" {
		what = pg.TableName
	}
	return fmt.Sprintf("the same %s twice (%s); it is there already", what, m[2])
}

// overlaps says which things may not lie on one another, by table.
var overlaps = map[string]string{
	"road_version":    "a road has one version in force on a day; another one begins before this one ends",
	"road_segment":    "the pieces of a road do not lie on one another; two of them have the same metres",
	"road_corouted":   "metres are counted on another road once; two spans lie on one another",
	"road_mapping":    "every metre has one fate in a deed; two pieces of the mapping lie on one another",
	"programme_scope": "a metre is in a programme's task once; it is there already",
	"contract_scope":  "a metre is in a contract once; it is there already",
	"funding":         "a programme has its money from a source for a project once; it is there already",
	"funding_total":   "a programme has one printed total of a source; it is there already",
	"warning":         "a township has one warning made by hand at a time; end the other one first",
}

const stageWords = "the stage is none of clearing, roadbed, subbase, base, surface, drainage, acceptance"

// limits says what the values of a column may be, by constraint.
var limits = map[string]string{
	"progress_stage_check":              stageWords,
	"dispute_stage_check":               stageWords,
	"dispute_outcome_check":             "the outcome of a dispute is one of stands, awarded, void",
	"dispute_award":                     "a dispute is awarded to a contract, and only then has one",
	"dispute_reason_check":              "a dispute needs a reason in words",
	"dispute_valid_check":               "a dispute is decided on a later day than it was opened",
	"dispute_span_check":                "an interval of no length cannot be disputed",
	"progress_span_check":               "an interval of no length cannot be reported",
	"progress_entered_check":            "a report is entered by one of import, typed, strip, map, sheet, track, realign",
	"progress_override_reason_check":    "to override a rule, say why",
	"progress_revocation_reason_check":  "to revoke a report, say why",
	"inspection_kind_check":             "the kind of an inspection is one of planned, unannounced, random",
	"inspection_result_check":           "the result of an inspection is one of pass, fail",
	"inspection_pqi_milli_check":        "the quality index (PQI) lies between 0 and 100",
	"inspection_span_check":             "an interval of no length cannot be inspected",
	"contract_check":                    "the deadline of a contract is later than the day it was signed",
	"contract_price_fen_check":          "the price of a contract lies between 0 and 100,000 million yuan",
	"contract_code_check":               "a contract needs a code",
	"attachment_hash_check":             "a file is named by its SHA-256: 64 hexadecimal digits in lower case",
	"attachment_media_check":            "a file is one of image/jpeg, image/png, application/pdf, application/gpx+xml, application/geo+json",
	"attachment_body_check":             "a file has between 1 byte and 20 MB",
	"attachment_place_check":            "the place of a photo lies outside the world",
	"road_operation_kind_check":         "a deed on routes is one of realign, split, merge, reverse, extend, shorten",
	"road_operation_reason_check":       "a deed on routes needs a reason in words",
	"road_operation_tolerance_mm_check": "a tolerance is not below zero",
	"road_version_length_mm_check":      "a road is longer than 0 and shorter than 100,000 km",
	"road_version_geom_check":           "the line of a road has to be drawn inside the world, and have a length",
	"sheet_head_head_row_check":         "the row of the head is counted from 1",
	"scenario_name_check":               "a scenario needs a name of at most 200 characters",
	"scenario_four_eyes":                "who made a scenario, or changed it, does not answer it; somebody else has to",
	"scenario_edit_edit_check":          "an edit reads like close:segment:17",
	"sheet_hash_check":                  "a sheet is named by its SHA-256: 64 hexadecimal digits in lower case",
}
