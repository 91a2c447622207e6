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
