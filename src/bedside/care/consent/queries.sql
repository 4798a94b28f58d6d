-- name: add_text
insert into consent_text (org, type, version, language, body, sha256) values ($1, $2, $3, $4, $5, sha256(convert_to($5, 'UTF8')))
on conflict do nothing returning version

-- name: all_texts
select type, version, language, body, sha256 from consent_text where org = $1 order by type, version desc, language

-- name: newest_version
select coalesce(max(version), 0) from consent_text where org = $1 and type = $2

-- name: current_text
-- The newest version of a type, in the asked language or else in the first there is.
select type, version, language, body, sha256 from consent_text where org = $1 and type = $2
order by version desc, (language = $3) desc, language limit 1

-- name: text_shown
select version, language, sha256 from consent_text where org = $1 and type = $2 and sha256 = $3
  and version = (select max(version) from consent_text where org = $1 and type = $2)

-- name: lock_head
-- A withdrawal locks the head; acts read it FOR SHARE. So an act is before or after it.
select latest from consent_head where org = $1 and patient = $2 and type = $3 for update

-- name: add
insert into consent (org, id, patient, type, granted, scope, text_sha256, version, language, signer, capacity, method, at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning seq

-- name: move_head
insert into consent_head (org, patient, type, scope, latest) values ($1, $2, $3, $4, $5)
on conflict (org, patient, type, scope) do update set latest = excluded.latest

-- name: hold_heads
-- Held still until this transaction ends. Read in a statement of its own, after the lock: one that waited would still
-- see what was there before it waited.
select latest from consent_head where org = $1 and patient = $2 for share

-- name: of
-- What a patient has decided, read once the heads are held.
select c.id, c.patient, c.type, c.granted, c.scope, c.text_sha256, c.version, c.language, c.signer, c.capacity, c.method, c.at, c.expires_at
from consent_head h join consent c on c.seq = h.latest and c.org = h.org where h.org = $1 and h.patient = $2

-- name: peek
select c.id, c.patient, c.type, c.granted, c.scope, c.text_sha256, c.version, c.language, c.signer, c.capacity, c.method, c.at, c.expires_at
from consent_head h join consent c on c.seq = h.latest and c.org = h.org where h.org = $1 and h.patient = any ($2)

-- name: capacity
select capacity from account_patient where org = $1 and account = $2 and patient = $3 and until is null

-- name: visit_of
select 1 from consultation c where c.org = $1 and c.id = $2 and c.patient = $3 and reaches(c.patient, c.department, c.id)

-- name: open_visits
-- Whose people are to see how consent stands now.
select c.id, c.department, c.provider from consultation c where c.org = $1 and c.patient = $2
  and c.state in ('scheduled', 'checked-in', 'waiting', 'connecting', 'in-progress') order by c.id
