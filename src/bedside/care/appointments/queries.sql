-- name: book
insert into appointment (org, id, patient, provider, department, starts_at, wall, zone, minutes, source)
values ($1, $2, $3, $4, $5, $6, $6 at time zone $7, $7, $8, $9)

-- name: retime
update appointment set starts_at = $3, wall = $3 at time zone zone, version = version + 1
where org = $1 and id = $2 returning patient, department, provider

-- name: lead_on
update appointment set moved_to = $3, version = version + 1 where org = $1 and id = $2
