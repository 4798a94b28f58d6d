-- name: beat
-- A page says that it is there.
insert into connection (org, id, account, device, since, seen_at) values ($1, $2, $3, $4, $5, $5)
on conflict (org, id) do update set seen_at = excluded.seen_at where connection.account = excluded.account

-- name: gone
delete from connection where org = $1 and id = $2 and account = $3 returning entered

-- name: enter
insert into connection (org, id, account, device, since, seen_at, entered, entered_at) values ($1, $2, $3, $4, $5, $5, $6, $5)
on conflict (org, id) do update set seen_at = excluded.seen_at, entered = excluded.entered,
    entered_at = case when connection.entered = excluded.entered then connection.entered_at else excluded.entered_at end
    where connection.account = excluded.account

-- name: leave
-- Every device of this person leaves the room.
update connection set entered = null, entered_at = null where org = $1 and account = $2 and entered = $3

-- name: note_left
insert into room_left (org, consultation, account, at) values ($1, $2, $3, $4)
on conflict (org, consultation, account) do update set at = excluded.at

-- name: in_room
select account, min(entered_at) as since, max(seen_at) as seen_at from connection
where org = $1 and entered = $2 and seen_at > $3 group by account

-- name: left_at
select account, at from room_left where org = $1 and consultation = $2

-- name: here
select distinct account from connection where org = $1 and account = any ($2) and seen_at > $3

-- name: become
update provider set status = $3, status_at = $4 where org = $1 and account = $2 and status is distinct from $3 returning account

-- name: provider_load
-- The provider's row is locked, so that two calls of the same provider are counted one after the other.
select p.max_patients, p.status,
    (select count(*) from consultation c where c.org = p.org and c.provider = p.account and c.state in ('connecting', 'in-progress')) as load
from provider p where p.org = $1 and p.account = $2 for update

-- name: departments
select coalesce(array_agg(distinct d.id), '{}') from account_role ar
join department d on d.org = ar.org and (ar.department is null or ar.department = d.id)
where ar.org = $1 and ar.account = $2 and ar.role = 'provider'

-- name: providers_of
select p.account, a.display_name, p.specialty, p.status, p.status_at, p.max_patients,
    (select count(*) from consultation c where c.org = p.org and c.provider = p.account and c.state in ('connecting', 'in-progress', 'wrapping-up')) as load,
    exists (select from connection x where x.org = p.org and x.account = p.account and x.seen_at > $3) as online
from provider p join account a on a.org = p.org and a.id = p.account and a.disabled_at is null
where p.org = $1 and exists (select from account_role ar where ar.org = p.org and ar.account = p.account
    and ar.role = 'provider' and (ar.department is null or ar.department = $2))
order by a.display_name
