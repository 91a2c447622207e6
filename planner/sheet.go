package planner

// Sheet is a table as it was read from a spreadsheet: rows of cells as text,
// before anybody knows which row is its head.
type Sheet struct {
	Hash string // SHA-256 of the file
	Name string
	Rows [][]string
}

// SheetHead is how a person matched the columns of a township's own sheet.
type SheetHead struct {
	Township    string         // empty: of every township of the county
	Fingerprint string         // of the texts of the head
	Row         int            // of the head, from 1
	Columns     map[string]int // field to column, from 1
	By          string         // login
}

// SubmissionQuery says which submissions are wanted. Empty members do not
// narrow. Limit 0 means all.
type SubmissionQuery struct {
	County string
	Status SubmissionStatus
	By     string
	ID     string
	Offset int
	Limit  int
}

// SheetField is what a column of a sheet holds.
type SheetField string

// The fields. Every stage is a field too: a column of its own for what is done
// of it, as an interval, as a length, or as a share of the row's road.
const (
	FieldCode      SheetField = "code"
	FieldName      SheetField = "name"
	FieldTownship  SheetField = "township"
	FieldInterval  SheetField = "interval" // both labels in one cell
	FieldFrom      SheetField = "from"
	FieldTo        SheetField = "to"
	FieldLength    SheetField = "length"
	FieldStage     SheetField = "stage"
	FieldOn        SheetField = "on"
	FieldReporter  SheetField = "reporter"
	FieldContract  SheetField = "contract" // code or name
	FieldNote      SheetField = "note"
	FieldCompleted SheetField = "completed" // what is done of the programme's completing stage
	FieldPlanned   SheetField = "planned"   // length of the task; for the sums
	FieldPercent   SheetField = "percent"   // completed over planned; for the sums
)

// SheetColumn is a column of a sheet with what it was taken for.
type SheetColumn struct {
	Column     int        // from 1
	Text       string     // of its head, of two rows with a blank between
	Field      SheetField // empty: it says nothing to us
	Unit       string     // of lengths: km, m, li; empty: not said
	Remembered bool
}

// HeadGuess is where the head of a sheet stands and what it says. [ReadHead]
// finds it, [HeadOf] takes it from a person.
type HeadGuess struct {
	Row         int // of the head, its last row, from 1; 0: none was found
	Rows        int // that it is of
	Columns     []SheetColumn
	Fingerprint string // of the texts of the head
	Remembered  bool
	Township    string // 单位名称, 填报单位: said above the head; empty: not said
	On          string // 截至日期, as it is written
	Reporter    string // 填表人
	Unit        string // 单位:公里; of columns that say none

	office string // 填报单位, where it is no township
}

// SheetDefaults are what a person says once for all rows of a sheet that do not
// say it themselves.
type SheetDefaults struct {
	Stage     Stage
	On        string // YYYY-MM-DD
	Township  string // code or name of the township that the sheet is of
	Programme ID
	Reporter  string
}

// SheetRow is a row of a sheet, or one of several reports that a row has, with
// what it says; or why it is no report.
type SheetRow struct {
	Row   int      // from 1
	Part  int      // of the reports of the row, from 1; 0: none
	Cells []string // very long ones cut
	Entry *Entry   // nil: Skip says why; what could not be read stands in it as it was written, and breaks a rule
	Skip  SheetSkip
}

// SheetSkip is why a row is no report.
type SheetSkip string

// Why a row is no report.
const (
	SkipBlank SheetSkip = "blank"
	SkipTotal SheetSkip = "total" // 合计, 小计
	SkipNote  SheetSkip = "note"  // a text under or in the table
	SkipHead  SheetSkip = "head"  // the head again, as on the next printed page
	SkipNone  SheetSkip = "none"  // a road without anything done

	SkipNoHead SheetSkip = "no_head" // of a sheet whose head was not found
)
