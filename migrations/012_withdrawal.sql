-- Why: a deed on a route that was a mistake must have a way back that loses no report, as long as nothing stands on what it made.

-- A deed that was taken back. Its versions stay stored, in force on no day; the versions before it are in force again.
create table qiantu.road_operation_withdrawal (
  county      text not null,
  operation   bigint not null,
  reason      text not null check (reason <> ''),
  by_user     text not null default '',
  recorded_at timestamptz not null default now(),
  primary key (county, operation),
  foreign key (county, operation) references qiantu.road_operation (county, id)
);
create trigger refuse_edit before update or delete on qiantu.road_operation_withdrawal for each row execute function qiantu.refuse_edit();
call qiantu.add_change('road_operation_withdrawal', 'road', '', '');

alter table qiantu.road_version drop constraint road_version_valid_check;
comment on column qiantu.road_version.valid is 'empty: the deed that made the version was taken back';
