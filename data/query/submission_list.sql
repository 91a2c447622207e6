-- Submissions of county $1 with status $2, of login $3, with id $4 (each '' or null: any), the newest first: $6 of them after the first $5.
select s.id::text, s.body, s.digest, s.status, s.findings, s.by_user, s.device_time, s.received_at, s.answer, s.answered_by, s.answered_at,
       coalesce(s.dispute, 0), coalesce(s.revision, 0), p.id is not null,
       coalesce(p.id::text, ''), coalesce(p.road, 0), coalesce(p.road_version, 0), coalesce(lower(p.span), 0), coalesce(upper(p.span), 0),
       coalesce(p.stage, ''), p.on_date, p.recorded_at, coalesce(p.programme, 0), coalesce(p.contract, 0), coalesce(p.reporter, ''),
       coalesce(p.by_user, ''), coalesce(p.entered, ''), coalesce(p.note, ''), coalesce(p.evidence, '{}'),
       coalesce((select jsonb_agg(jsonb_build_object('Progress', o.progress, 'Rule', o.rule, 'Reason', o.reason, 'By', o.by_user) order by o.rule)
                 from qiantu.progress_override o where o.county = $1 and o.progress = s.progress), '[]')
from qiantu.submission s
left join qiantu.progress p on p.county = s.county and p.id = s.progress
where s.county = $1 and ($2::text = '' or s.status = $2) and ($3::text = '' or s.by_user = $3) and ($4::uuid is null or s.id = $4)
order by s.received_at desc, s.id
limit nullif($6::bigint, 0) offset $5
