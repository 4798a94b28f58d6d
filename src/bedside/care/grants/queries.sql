-- name: admit
-- Who was removed stays removed; who left comes back.
insert into participant (org, consultation, account, as_role, state, joined_at) values ($1, $2, $3, $4, 'present', $5)
on conflict (org, consultation, account) do update set state = 'present', as_role = excluded.as_role, left_at = null
where participant.state <> 'removed' returning account

-- name: admit_all
insert into participant (org, consultation, account, as_role, state, joined_at)
select $1, $2, p.account, p.as_role, 'present', $5 from unnest($3::uuid[], $4::text[]) as p(account, as_role) order by p.account
on conflict (org, consultation, account) do update set state = 'present', as_role = excluded.as_role, left_at = null
where participant.state <> 'removed'

-- name: participants
select account, as_role, state, joined_at, left_at from participant where org = $1 and consultation = $2 order by joined_at, account

-- name: part_of
select as_role from participant where org = $1 and consultation = $2 and account = $3 and state = 'present'

-- name: issue
-- A renewed grant replaces the older ones of the same person and visit.
with superseded as (
    update "grant" set revoked_at = $7 where org = $1 and consultation = $4 and account = $3 and revoked_at is null
)
insert into "grant" (org, id, account, consultation, operations, token_hash, issued_at, expires_at, account_epoch, consultation_epoch)
select $1, $2, $3, $4, $5, $6, $7, $8, a.epoch, c.epoch
from account a, consultation c where a.org = $1 and a.id = $3 and c.org = $1 and c.id = $4 returning id

-- name: held
select id, operations, expires_at from "grant"
where org = $1 and consultation = $2 and account = $3 and revoked_at is null and expires_at > $4
order by expires_at desc limit 1

-- name: end_all_but
update "grant" set revoked_at = $4 where org = $1 and consultation = $2 and not account = any ($3) and revoked_at is null
returning id, account

-- name: leave_all_but
update participant set state = 'left', left_at = $4 where org = $1 and consultation = $2 and not account = any ($3) and state = 'present'

-- name: revive
update participant set state = 'present', left_at = null where org = $1 and consultation = $2 and account = any ($3) and state = 'left'

-- name: end_one
update "grant" set revoked_at = $4 where org = $1 and consultation = $2 and account = $3 and revoked_at is null returning id

-- name: leave_one
update participant set state = 'left', left_at = $4 where org = $1 and consultation = $2 and account = $3 and state = 'present'

-- name: bump_visit
update consultation set epoch = epoch + 1 where org = $1 and id = $2
