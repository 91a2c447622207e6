-- Why: works give less in the dry season and lose some water on the way, and a province's standard may be tighter than the nation's, never looser.

alter table qiantu.water_project
  add column dry_capacity_m3d double precision check (dry_capacity_m3d >= 0 and dry_capacity_m3d < 1e9),
  add column loss_pct double precision check (loss_pct >= 0 and loss_pct <= 100),
  add check (dry_capacity_m3d <= capacity_m3d);
alter table qiantu.water_project_history add column dry_capacity_m3d double precision, add column loss_pct double precision;
call qiantu.add_known('water_project');
comment on column qiantu.water_project.dry_capacity_m3d is 'what it gives in the dry season; null: the share that the rules say of its kind';
comment on column qiantu.water_project.loss_pct is 'leakage and the unforeseen, in per cent of what is drawn; null: what the rules say';

-- T/CHES 18-2018 has two tables of litres. Where the province is dry (precipitation under 800 mm or less than 1000 m3 of water a
-- person), 40 and 20 hold. Rows from before whose litres fit that table alone are of a dry province, in their past as well.
alter table qiantu.water_standard add column climate text not null default 'wet' check (climate in ('wet', 'dry'));
alter table qiantu.water_standard_history add column climate text not null default 'wet';
alter table qiantu.water_standard disable trigger user; -- it is what the row meant all along, no change of it
update qiantu.water_standard set climate = 'dry' where litres_good < 60 or litres_basic < 35;
alter table qiantu.water_standard enable trigger user;
update qiantu.water_standard_history set climate = 'dry' where litres_good < 60 or litres_basic < 35;
alter table qiantu.water_standard add constraint never_looser_than_the_nation check (
  litres_good >= case climate when 'dry' then 40 else 60 end and litres_basic >= case climate when 'dry' then 20 else 35 end
  and minutes_good <= 10 and minutes_basic <= 20 and distance_good <= 400 and distance_basic <= 800
  and climb_good <= 40 and climb_basic <= 80 and reliable_good >= 95 and reliable_basic >= 90) not valid;
