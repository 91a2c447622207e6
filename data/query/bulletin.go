package query

import _ "embed" // the statements

// The statements of periods and bulletins, by the name of their file.
var (
	//go:embed bulletin_get.sql
	BulletinGet string
	//go:embed bulletin_insert.sql
	BulletinInsert string
	//go:embed nil_report_insert.sql
	NilReportInsert string
	//go:embed nil_report_list.sql
	NilReportList string
	//go:embed period_insert.sql
	PeriodInsert string
	//go:embed period_list.sql
	PeriodList string
	//go:embed settled.sql
	Settled string
)
