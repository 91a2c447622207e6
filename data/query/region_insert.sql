-- One unit of the legal tree.
insert into qiantu.region
  (code, level, name, name_en, parent, county, geom, seat, data_date, sample, notice, notice_en, attribution)
values ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9, $10, $11, $12, $13)
