-- name: add
-- Hearing a fact twice tells nobody twice.
insert into notification (org, id, account, kind, priority, consultation, cause, made_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (org, account, kind, cause) do nothing returning id

-- name: carers
select account from account_patient where org = $1 and patient = $2 and until is null

-- name: visit
select c.priority, c.provider, c.department from consultation c where c.org = $1 and c.id = $2

-- name: on_duty
-- With nobody assigned, the department's providers who are not away are told.
select p.account from provider p where p.org = $1 and p.status in ('available', 'in-consultation') and exists (
    select from account_role ar where ar.org = p.org and ar.account = p.account and ar.role = 'provider'
      and (ar.department is null or ar.department = $2))

-- name: desk
-- Who works at a department's desk; and the provider who is named.
select distinct ar.account from account_role ar where ar.org = $1 and ar.role in ('nurse', 'front-desk', 'administrator')
  and (ar.department is null or ar.department = $2::text::uuid)
union select $3::text::uuid where $3 is not null

-- name: mine
select id, kind, priority, consultation, made_at, read_at from notification
where org = $1 and account = $2 and (read_at is null or made_at > $3) order by made_at desc limit 50

-- name: read
update notification set read_at = $4 where org = $1 and account = $2 and id = $3 and read_at is null returning consultation

-- name: settle_all
-- What was told about a visit is no longer news once it has moved on.
update notification set read_at = $4 where org = $1 and consultation = $2 and kind = any ($3) and read_at is null
returning id, account

-- name: waiting_for_anybody
select id, patient, priority from consultation
where org = $1 and department = any ($2::text[]::uuid[]) and provider is null and state = 'waiting' order by band, rank_at, id

-- name: told_already
select 1 from notification where org = $1 and account = $2 and kind = $3 and consultation = $4 and read_at is null
