-- name: beat
-- A page says that it is there; so does, without a socket, whatever its session asks.
insert into connection (org, id, account, device, since, seen_at) values ($1, $2, $3, $4, $5, $5)
on conflict (org, id) do update set seen_at = excluded.seen_at, gone_at = null where connection.account = excluded.account

-- name: beat_session
update connection set seen_at = $4, gone_at = null where org = $1 and account = $2 and session = $3

-- name: gone
-- The row stays, so that we know since when: a page that reloads is no absence.
with was as (select entered from connection where org = $1 and id = $2 and account = $3)
update connection c set gone_at = $4, entered = null, entered_at = null from was
where c.org = $1 and c.id = $2 and c.account = $3 returning was.entered

-- name: sign_out
with was as (select id, entered from connection where org = $1 and account = $2 and entered is not null and gone_at is null)
update connection c set gone_at = $3, entered = null, entered_at = null from was
where c.org = $1 and c.id = was.id returning was.entered

-- name: forget_gone
delete from connection where org = $1 and coalesce(gone_at, seen_at) < $2

-- name: enter
insert into connection (org, id, account, device, since, seen_at, entered, entered_at, session) values ($1, $2, $3, $4, $5, $5, $6, $5, $7)
on conflict (org, id) do update set seen_at = excluded.seen_at, gone_at = null, entered = excluded.entered,
    session = coalesce(connection.session, excluded.session),
    entered_at = case when connection.entered = excluded.entered then connection.entered_at else excluded.entered_at end
    where connection.account = excluded.account

-- name: leave
-- Every device of this person leaves the room.
update connection set entered = null, entered_at = null where org = $1 and account = $2 and entered = $3

-- name: note_left
insert into room_left (org, consultation, account, at) values ($1, $2, $3, $4)
on conflict (org, consultation, account) do update set at = excluded.at

-- name: here
select distinct account from connection where org = $1 and account = any ($2) and seen_at > $3 and gone_at is null

-- name: presence
-- Who of these is here; who is in that room and since when, and who left it when; when each was last here, or in the room
-- before falling silent.
select 'here' as what, account, max(seen_at) as at from connection
where org = $1 and account = any ($2) and seen_at > $4 and gone_at is null group by account
union all select 'in-room', account, min(entered_at) from connection
where org = $1 and entered = $3 and seen_at > $4 and gone_at is null group by account
union all select 'left', account, at from room_left where org = $1 and consultation = $3
union all select 'seen', account, max(coalesce(gone_at, seen_at)) from connection
where org = $1 and account = any ($2) group by account
union all select 'seen-in-room', account, max(seen_at) from connection
where org = $1 and account = any ($2) and entered = $3 group by account

-- name: become
update provider set status = $3, status_at = $4 where org = $1 and account = $2 and status is distinct from $3 returning account

-- name: unfinished
select load_of($1, '{connecting, in-progress, wrapping-up}')

-- name: set_free
-- Only who was busy by a visit is free by its end: away stays away.
update provider set status = 'available', status_at = $3 where org = $1 and account = $2 and status = 'in-consultation' returning account

-- name: hold_provider
-- Two calls of the same provider are counted one after the other.
select max_patients from provider where org = $1 and account = $2 for update

-- name: provider_load
-- Counted in a statement of its own, after the lock: one that waited would not see the call it waited for.
select load_of($1, '{connecting, in-progress}')

-- name: departments
select coalesce(array_agg(distinct d.id), '{}') from account_role ar
join department d on d.org = ar.org and (ar.department is null or ar.department = d.id)
where ar.org = $1 and ar.account = $2 and ar.role = 'provider'

-- name: providers_of
select p.account, a.display_name, p.specialty, p.status, p.status_at, p.max_patients,
    load_of(p.account, '{connecting, in-progress, wrapping-up}') as load,
    exists (select from connection x where x.org = p.org and x.account = p.account and x.seen_at > $3 and x.gone_at is null) as online
from provider p join account a on a.org = p.org and a.id = p.account and a.disabled_at is null
where p.org = $1 and exists (select from account_role ar where ar.org = p.org and ar.account = p.account
    and ar.role = 'provider' and (ar.department is null or ar.department = $2))
order by a.display_name
