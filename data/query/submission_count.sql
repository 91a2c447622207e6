-- How many submissions of county $1 have status $2, are of login $3 and have id $4; '' or null: any.
select count(*) from qiantu.submission
where county = $1 and ($2::text = '' or status = $2) and ($3::text = '' or by_user = $3) and ($4::uuid is null or id = $4)
