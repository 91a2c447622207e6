package data_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

// worksGround is what the rows of the ledger of works lean on beside the ground.
const worksGround = ground + `;
	insert into qiantu.contract (county, id, programme, code) values ('130101', 1, 1, 'HT-1');
	insert into qiantu.contract_scope (county, id, contract, road, span) values ('130101', 1, 1, 1, '[0,500000)');
	insert into qiantu.progress_override (county, progress, rule, reason) values ('130101', '00000000-0000-7000-8000-000000000001', 'R04', 'seen');
	insert into qiantu.submission (county, id, body, digest, status) values ('130101', '00000000-0000-7000-8000-000000000003', '{}', '\x00', 'held');
	insert into qiantu.attachment (county, hash, media, body) values ('130101', repeat('ab', 32), 'image/png', '\x00');
	insert into qiantu.dispute (county, id, road, span, valid, reason) values ('130101', 1, 1, '[0,5)', '[2020-01-01,)', '?');
	insert into qiantu.inspection (county, id, kind, road, span, on_date) values ('130101', 1, 'planned', 1, '[0,950000)', '2020-05-01');
	insert into qiantu.funding (county, programme, source, allocated_fen) values ('130101', 1, 'state', 5);
	insert into qiantu.funding_total (county, programme, planned_fen) values ('130101', 1, 5);
	insert into qiantu.sheet_head (county, fingerprint, head_row, columns) values ('130101', 'f', 1, '{}');
	insert into qiantu.sheet (county, hash, rows) values ('130101', repeat('ab', 32), '[]');
	update qiantu.road_version set valid = '[2020-01-01,2021-01-01)';
	insert into qiantu.road_version (county, road, number, valid, length_mm) values ('130101', 1, 2, '[2021-01-01,)', 1000000);
	insert into qiantu.road_operation (county, id, kind, on_date, reason) values ('130101', 1, 'realign', '2021-01-01', 'slide');
	insert into qiantu.road_mapping (county, operation, kind, from_road, from_version, from_span, to_road, to_version, to_span) values
	  ('130101', 1, 'carried', 1, 1, '[0,600000)', 1, 2, '[0,600000)')`

func mapping(columns, values string) string {
	return `insert into qiantu.road_mapping (county, operation, kind, ` + columns + `) values ('130101', 1, ` + values + `)`
}

func TestTheLedgerRefuses(t *testing.T) {
	conn := connect(t, clustertest.DB(t))
	run(t, conn, worksGround)
	const check, exclusion, unique, reference, restrict = "23514", "23P01", "23505", "23503", "23001"
	for name, c := range map[string]struct{ sql, code string }{
		"a contract's code twice":            {`insert into qiantu.contract (county, programme, code) values ('130101', 1, 'HT-1')`, unique},
		"a contract of no programme":         {`insert into qiantu.contract (county, programme, code) values ('130101', 9, 'HT-2')`, reference},
		"a deadline before the signature":    {`update qiantu.contract set signed = '2020-05-01', deadline = '2020-05-01'`, check},
		"a price below zero":                 {`update qiantu.contract set price_fen = -1`, check},
		"a metre twice in a contract":        {`insert into qiantu.contract_scope (county, contract, road, span) values ('130101', 1, 1, '[499999,500001)')`, exclusion},
		"a contract beyond its road":         {`insert into qiantu.contract_scope (county, contract, road, span) values ('130101', 1, 1, '[900000,1000001)')`, check},
		"a road that shrinks below a survey": {`update qiantu.road_version set length_mm = 940000 where number = 1`, check},
		"an override twice":                  {`insert into qiantu.progress_override (county, progress, rule, reason) values ('130101', '00000000-0000-7000-8000-000000000001', 'R04', 'again')`, unique},
		"an override without a reason":       {`insert into qiantu.progress_override (county, progress, rule, reason) values ('130101', '00000000-0000-7000-8000-000000000001', 'R05', '')`, check},
		"an override taken back":             {`delete from qiantu.progress_override`, restrict},
		"an applied submission of nothing":   {`update qiantu.submission set status = 'applied'`, check},
		"a held one with a report":           {`update qiantu.submission set progress = '00000000-0000-7000-8000-000000000001'`, check},
		"refused without a word":             {`update qiantu.submission set status = 'refused'`, check},
		"applied to a report nobody has":     {`update qiantu.submission set status = 'applied', progress = '00000000-0000-7000-8000-00000000000f'; set constraints all immediate`, reference},
		"a file edited":                      {`update qiantu.attachment set name = 'x'`, restrict},
		"a file deleted":                     {`delete from qiantu.attachment`, restrict},
		"a file of another kind":             {`insert into qiantu.attachment (county, hash, media, body) values ('130101', repeat('cd', 32), 'text/html', '\x00')`, check},
		"a file without content":             {`insert into qiantu.attachment (county, hash, media, body) values ('130101', repeat('cd', 32), 'image/png', '')`, check},
		"a file named otherwise":             {`insert into qiantu.attachment (county, hash, media, body) values ('130101', 'photo.png', 'image/png', '\x00')`, check},
		"awarded to nobody":                  {`update qiantu.dispute set valid = '[2020-01-01,2020-02-01)', outcome = 'awarded'`, check},
		"decided before it was opened":       {`update qiantu.dispute set valid = '[2020-01-01,2020-01-02)', decided_on = '2019-12-31'`, check},
		"decided and still valid":            {`update qiantu.dispute set decided_on = '2020-02-01'`, check},
		"stands, awarded":                    {`update qiantu.dispute set outcome = 'stands', awarded = 1`, check},
		"awarded to no contract":             {`update qiantu.dispute set outcome = 'awarded', awarded = 9`, reference},
		"a quality above all":                {`update qiantu.inspection set pqi_milli = 100001`, check},
		"an inspection beyond its road":      {`update qiantu.inspection set span = '[0,1000001)'`, check},
		"a deed edited":                      {`update qiantu.road_operation set reason = 'x'`, restrict},
		"a mapping edited":                   {`update qiantu.road_mapping set reversed = true`, restrict},
		"a metre with two fates":             {mapping(`from_road, from_version, from_span`, `'retired', 1, 1, '[599999,700000)'`), exclusion},
		"a metre from two places":            {mapping(`to_road, to_version, to_span`, `'new', 1, 2, '[0,1)'`), exclusion},
		"new from somewhere":                 {mapping(`from_road, from_version, from_span, to_road, to_version, to_span`, `'new', 1, 1, '[700000,800000)', 1, 2, '[700000,800000)'`), check},
		"retired to somewhere":               {mapping(`from_road, from_version, from_span, to_road, to_version, to_span`, `'retired', 1, 1, '[700000,800000)', 1, 2, '[700000,800000)'`), check},
		"carried to nowhere":                 {mapping(`from_road, from_version, from_span`, `'carried', 1, 1, '[700000,800000)'`), check},
		"a version nobody has":               {mapping(`to_road, to_version, to_span`, `'new', 1, 7, '[0,1)'`), reference},
		"money of which nothing is known":    {`update qiantu.funding set allocated_fen = null`, check},
		"money twice":                        {`insert into qiantu.funding (county, programme, source, paid_fen) values ('130101', 1, 'state', 5)`, exclusion},
		"two totals":                         {`insert into qiantu.funding_total (county, programme, planned_fen) values ('130101', 1, 6)`, exclusion},
		"a head above the sheet":             {`update qiantu.sheet_head set head_row = 0`, check},
		"a sheet twice":                      {`insert into qiantu.sheet (county, hash, rows) values ('130101', repeat('ab', 32), '[]')`, unique},
		"entered in another way":             {`insert into qiantu.progress (county, id, road, span, stage, on_date, entered) values ('130101', gen_random_uuid(), 1, '[0,5)', 'surface', '2020-05-01', 'guessed')`, check},
		"reported for no contract":           {`insert into qiantu.progress (county, id, road, span, stage, on_date, contract) values ('130101', gen_random_uuid(), 1, '[0,5)', 'surface', '2020-05-01', 9)`, reference},
		"a task for no village":              {`update qiantu.programme_scope set village = 9`, reference},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, conn, "begin")
			defer run(t, conn, "rollback")
			_, err := conn.Exec(t.Context(), c.sql)
			var pg *pgconn.PgError
			if !errors.As(err, &pg) || pg.Code != c.code {
				t.Errorf("%s\ngives %v, not code %s", c.sql, err, c.code)
			}
		})
	}
}

func TestTheLedgerTakes(t *testing.T) {
	conn := connect(t, clustertest.DB(t))
	run(t, conn, worksGround)
	for name, sql := range map[string]string{
		"two contracts on a metre": `insert into qiantu.contract (county, id, programme, code) values ('130101', 2, 1, 'HT-2'); insert into qiantu.contract_scope (county, contract, road, span) values ('130101', 2, 1, '[0,500000)')`,
		"a case decided at once":   `update qiantu.dispute set valid = '[2020-01-01,2020-01-02)', decided_on = '2020-01-01', outcome = 'stands'`,
		"a case decided":           `update qiantu.dispute set valid = '[2020-01-01,2020-02-01)', outcome = 'awarded', awarded = 1`,
		"a submission before its report": `insert into qiantu.submission (county, id, body, digest, status, progress) values ('130101', '00000000-0000-7000-8000-00000000000e', '{}', '', 'applied', '00000000-0000-7000-8000-00000000000e');
			insert into qiantu.progress (county, id, road, span, stage, on_date) values ('130101', '00000000-0000-7000-8000-00000000000e', 1, '[0,5)', 'surface', '2020-05-01'); set constraints all immediate`,
		"retired and new":               mapping(`from_road, from_version, from_span`, `'retired', 1, 1, '[600000,1000000)'`) + ";" + mapping(`to_road, to_version, to_span`, `'new', 1, 2, '[600000,1000000)'`),
		"a village that goes":           `update qiantu.programme_scope set village = 1; delete from qiantu.move_event; delete from qiantu.move; delete from qiantu.village`,
		"an inspection with its result": `update qiantu.inspection set result = 'fail', pqi_milli = 0`,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, conn, "begin")
			defer run(t, conn, "rollback")
			run(t, conn, sql)
			if left := value[int](t, conn, `select count(*) from qiantu.programme_scope where village is not null`); strings.HasPrefix(name, "a village") && left != 0 {
				t.Errorf("%d pieces of a task are for a village that is gone", left)
			}
		})
	}
}
