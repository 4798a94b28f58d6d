-- name: add_organization
insert into organization (org, name, zone, jurisdiction, languages, emergency_number, own_key)
values ($1, $2, $3, $4, $5, $6, $7)

-- name: add_department
insert into department (org, id, name) values ($1, $2, $3)

-- name: begin_journal
insert into journal_head (org, era, n) values ($1, $2, 0)

-- name: add_account
insert into account (org, id, kind, display_name, language) values ($1, $2, $3, $4, $5)

-- name: add_role
insert into account_role (org, account, role, department) values ($1, $2, $3, $4)

-- name: add_provider
insert into provider (org, account, specialty, status_at) values ($1, $2, $3, $4)

-- name: add_patient
insert into patient (org, id, name, birth_date, language, record_key, contact) values ($1, $2, $3, $4, $5, $6, $7)

-- name: act_for
insert into account_patient (org, account, patient, capacity, since) values ($1, $2, $3, $4, $5)

-- name: patient_of
-- The patient for whom this account may act.
select ap.patient, ap.capacity from account_patient ap
where ap.org = $1 and ap.account = $2 and ap.until is null order by ap.since limit 1

-- name: cards
select id, name, birth_date, language from patient where org = $1 and id = any ($2)

-- name: staff_names
select id, display_name from account where org = $1 and id = any ($2) and kind = 'staff'

-- name: clinic
select o.name, o.zone, o.jurisdiction, o.languages, o.emergency_number, h.era, h.n
from organization o join journal_head h on h.org = o.org where o.org = $1

-- name: add_link
insert into link (org, id, account, role, appointment, token_hash, made_at, expires_at, single_use)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: open_link
select * from link_open($1)

-- name: hold_door
-- What a link asks of a device, held until this transaction ends: so of two who come first, one is the first.
select l.used_at, l.wrong, l.rest_until, coalesce(o.settings ->> 'new-device', 'birth-date') as policy,
    exists (select from link_device d where d.org = l.org and d.link = l.id and d.device_hash = $3) as known
from link l join organization o on o.org = l.org where l.org = $1 and l.id = $2 for update of l

-- name: count_answer
update link set wrong = $3, rest_until = $4 where org = $1 and id = $2

-- name: know_device
insert into link_device (org, link, device_hash, since) values ($1, $2, $3, $4) on conflict do nothing

-- name: born_by_link
select p.id, p.birth_date from link l join appointment a on a.org = l.org and a.id = l.appointment
join patient p on p.org = a.org and p.id = a.patient where l.org = $1 and l.id = $2

-- name: spend_link
-- A single-use link is spent by the one transaction that changes this row; a patient's only notes its first use.
update link set used_at = coalesce(used_at, $3) where org = $1 and id = $2 and (not single_use or used_at is null)
returning id

-- name: add_session
insert into session (org, id, account, role, token_hash, made_at, seen_at, idle_until, ends_at, link, method)
values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)

-- name: made_at
select made_at from session where org = $1 and id = $2

-- name: end_other_sessions
delete from session where org = $1 and account = $2 and id is distinct from $3 returning id

-- name: open_session
select * from session_open($1, $2)

-- name: touch_session
update session set seen_at = $3, idle_until = $4 where org = $1 and id = $2 and seen_at < $3::timestamptz - interval '30 seconds'

-- name: my_sessions
-- Those that still open something, the one that was used last first.
select id, made_at, seen_at, method from session
where org = $1 and account = $2 and idle_until > $3 and ends_at > $3 order by seen_at desc, id

-- name: end_session
delete from session where org = $1 and id = $2 returning account

-- name: speak
update session set language = $3 where org = $1 and id = $2

-- name: departments_of
select distinct d.id, d.name from department d join account_role ar on ar.org = d.org and (ar.department is null or ar.department = d.id)
where d.org = $1 and ar.account = $2 order by d.name, d.id

-- name: standing
-- A session as it is now, and whether its account may still come in.
select s.idle_until, s.ends_at, a.epoch, a.disabled_at from account a
left join session s on s.org = a.org and s.account = a.id and s.id = $3 where a.org = $1 and a.id = $2

-- name: bump_account
update account set epoch = epoch + 1 where org = $1 and id = $2

-- name: my_visits
-- The visits of the patients for whom this account acts, the soonest first; or a provider's open ones.
select c.id from consultation c join appointment a on a.org = c.org and a.id = c.appointment
where c.org = $1 and (exists (select from account_patient ap where ap.org = c.org and ap.patient = c.patient and ap.account = $2 and ap.until is null)
    or (c.provider = $2 and c.state not in ('completed', 'cancelled', 'no-show')))
order by c.state in ('completed', 'cancelled', 'no-show'), a.starts_at limit 50

-- name: visit_of_session
-- The visit for which a session's link was sent.
select c.id from session s join link l on l.org = s.org and l.id = s.link
join consultation c on c.org = l.org and c.appointment = l.appointment where s.org = $1 and s.id = $2

-- name: languages
select languages from organization where org = $1

-- name: add_lookup
insert into patient_lookup (org, kind, hmac, patient) select $1, k.kind, k.hmac, $2
from unnest($3::text[], $4::bytea[]) as k(kind, hmac) on conflict do nothing

-- name: find
-- Who has every one of these marks.
select patient from patient_lookup where org = $1 and (kind, hmac) in (select * from unnest($2::text[], $3::bytea[]))
group by patient having count(*) = cardinality($2::text[]) order by patient limit $4

-- name: one_at_a_time
-- Held until this transaction ends: of two who put somebody alike on the books at the same moment, the second sees the first.
-- In one order for everybody, so that nobody waits for one who waits for them.
select pg_advisory_xact_lock(mark) from (
    select distinct ('x' || encode(hmac, 'hex'))::bit(64)::bigint as mark from unnest($1::bytea[]) as m(hmac) order by mark) as marks

-- name: on_the_books
-- Patients as the desk sees them before opening: each with the account by which they come in.
select p.id, p.name, p.birth_date, p.language, p.contact, (select ap.account from account_patient ap
    where ap.org = p.org and ap.patient = p.id and ap.capacity = 'patient' and ap.until is null order by ap.since limit 1) as account
from patient p where p.org = $1 and p.id = any ($2)

-- name: lead_links_on
update link set appointment = $3, expires_at = greatest(expires_at, $4) where org = $1 and appointment = $2

-- name: account_of_patient
-- By which account a patient comes in themselves.
select account from account_patient where org = $1 and patient = $2 and capacity = 'patient' and until is null
order by since limit 1

-- name: is_department
select 1 from department where org = $1 and id = $2

-- name: all_departments
select id, name from department where org = $1 order by name, id

-- name: colleagues
-- Who works here, as what and where; who was shown out is not among them.
select a.id, a.display_name as name, r.role, d.name as department from account a
join account_role r on r.org = a.org and r.account = a.id
left join department d on d.org = r.org and d.id = r.department
where a.org = $1 and a.kind = 'staff' and a.disabled_at is null order by a.display_name, a.id, r.role
