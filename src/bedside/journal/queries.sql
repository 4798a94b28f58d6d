-- name: begin_as
-- Whoever acts, acts inside one organization; both settings end with the transaction.
select set_config('bedside.org', $1, true), set_config('bedside.account', $2, true)

-- name: pend
-- The last statement before COMMIT: the identity column is taken after every changed row is locked.
insert into journal_pending (org, id, entry) select $1, e.id, e.entry
from unnest($2::uuid[], $3::bytea[]) with ordinality as e(id, entry, i) order by e.i

-- name: pend_at
-- The same for entries whose number was taken before, under the lock that it follows.
insert into journal_pending (seq, org, id, entry) overriding system value
select e.seq, $1, e.id, e.entry from unnest($2::uuid[], $3::bytea[], $4::bigint[]) as e(id, entry, seq)

-- name: keep_deadlines
-- All of a work in one statement, in their order; one without a time is called off.
with wanted as (
    select * from unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::bigint[]) as w(kind, ref, due_at, version)
), called_off as (
    delete from deadline d using wanted w where d.org = $1 and d.kind = w.kind and d.ref = w.ref and w.due_at is null
)
insert into deadline (org, kind, ref, due_at, version)
select $1, kind, ref, due_at, version from wanted where due_at is not null order by kind, ref
on conflict (org, kind, ref) do update set due_at = excluded.due_at, version = excluded.version

-- name: open_windows
insert into disclosure_window (org, viewer, session, hour, patient, purpose, first_entry, count)
select $1, $2, $3, $4, r.patient, r.purpose, r.entry, 1
from unnest($5::uuid[], $6::text[], $7::uuid[]) with ordinality as r(patient, purpose, entry, i) order by r.i
on conflict (org, viewer, patient, purpose, session, hour) do update set count = disclosure_window.count + 1
returning patient, purpose, count = 1 as first

-- name: keep_window
insert into deadline (org, kind, ref, due_at, version) values ($1, $2, $3, $4, 0) on conflict (org, kind, ref) do nothing

-- name: close_windows
delete from disclosure_window where org = $1 and hour < $2 returning viewer, patient, purpose, session, first_entry, count

-- name: count_refusal
insert into refusal_window (org, account, code, minute, count) values ($1, $2, $3, $4, 1)
on conflict (org, account, code, minute) do update set count = refusal_window.count + 1 returning count

-- name: claim_key
insert into idempotency (org, account, key, route, body_hmac, at) values ($1, $2, $3, $4, $5, $6)
on conflict (org, account, key) do nothing
returning (select own_key from organization where organization.org = idempotency.org)

-- name: kept_answer
select i.route, i.body_hmac, i.status, i.ref, i.answer,
    (i.ref is null or exists (select from consultation c where c.org = i.org and c.id = i.ref
        and reaches(c.patient, c.department, c.id))) as reachable
from idempotency i where i.org = $1 and i.account = $2 and i.key = $3

-- name: keep_answer
update idempotency set status = $4, ref = $5, answer = $6 where org = $1 and account = $2 and key = $3

-- name: entries_after
select n, entry from journal where org = $1 and n > $2 order by n limit $3

-- name: pending_organizations
select distinct org from journal_pending

-- name: lock_head
-- The row lock is the sequencer: any process may run the next batch, one at a time does.
select n from journal_head where org = $1 for update

-- name: number_batch
-- One statement moves a batch from pending to the journal: numbered from the locked head on, leaf hash as in RFC 6962.
-- Who listens is told at COMMIT that the journal has grown.
with batch as (
    delete from journal_pending where seq in (select seq from journal_pending where org = $1 order by seq limit $3)
    returning seq, id, entry
), numbered as (
    select $2::bigint + row_number() over (order by seq) as n, id, entry, convert_from(entry, 'UTF8')::jsonb as e from batch
), written as (
    insert into journal (org, n, id, at, kind, action, actor, as_role, patient, consultation, entry, leaf)
    select $1, n, id, (e->>'at')::timestamptz, e->>'kind', e->>'action', (e#>>'{actor,id}')::uuid, e#>>'{actor,role}',
        (e->>'patient')::uuid, (e->>'consultation')::uuid, entry, sha256('\x00'::bytea || entry)
    from numbered returning n
), moved as (
    update journal_head set n = $2::bigint + (select count(*) from written) where org = $1 returning n
)
select n, pg_notify('bedside_journal', $1::text) from moved

-- name: move_reader
insert into reader (org, name, n) values ($1, $2, $3) on conflict (org, name) do update set n = excluded.n

-- name: lock_reader
insert into reader (org, name, n) values ($1, $2, 0) on conflict (org, name) do update set n = reader.n returning n

-- name: deadline_still
select 1 from deadline where org = $1 and kind = $2 and ref = $3 and version = $4 and due_at <= $5

-- name: deadline_done
-- After the act, as everybody sets it after theirs: first the visit, then its deadline.
delete from deadline where org = $1 and kind = $2 and ref = $3 and version = $4 and due_at <= $5 returning true

-- name: due_deadlines
select org, kind, ref, version from due_deadlines($1, $2)

-- name: behind_readers
select org, n, head from behind_readers($1)

-- name: revoked
select pg_notify('bedside_authority', '')

-- name: forget_answers
delete from idempotency where org = $1 and at < $2

-- name: forget_refusals
delete from refusal_window where org = $1 and minute < $2

-- name: postpone
update deadline set due_at = $5 where org = $1 and kind = $2 and ref = $3 and version = $4

-- name: oldest_pending
select (convert_from(entry, 'UTF8')::jsonb ->> 'at')::timestamptz from journal_pending order by seq limit 1

-- name: pending_load
select count(*) as pending, min((convert_from(entry, 'UTF8')::jsonb ->> 'at')::timestamptz) as oldest from journal_pending

-- name: next_deadline
select next_deadline()

-- name: visits_by_state
select state, visits from visits_by_state()

-- name: entries_behind
select coalesce(sum(head - n), 0) from behind_readers($1)
