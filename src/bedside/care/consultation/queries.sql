-- name: add
insert into consultation (org, id, appointment, patient, provider, department, state, priority, record_key, transient_key)
values ($1, $2, $3, $4, $5, $6, 'scheduled', $7, $8, $9)

-- name: hold
-- The visit with its appointment, locked in the order account, patient, appointment, consultation; only what this actor reaches.
select a.starts_at, a.minutes, a.zone, a.moved_to, c.id, c.appointment, c.patient, c.provider, c.department, c.queue_entry, c.state,
    c.version, c.epoch, c.priority, c.rank_at, c.checked_in_at, c.waiting_since, c.called_at, c.called_in_vain_at,
    c.room_until, c.minute_asked, c.started_at, c.ended_at, c.completed_at, c.closed_at, c.follow_up, c.summary, c.device,
    c.close_reason, c.close_code, c.undo, c.record_key, c.transient_key
from consultation c join appointment a on a.org = c.org and a.id = c.appointment
where c.org = $1 and c.id = $2 and reaches(c.patient, c.department, c.id) for update of a, c

-- name: look
select a.starts_at, a.minutes, a.zone, a.moved_to, c.id, c.appointment, c.patient, c.provider, c.department, c.queue_entry, c.state,
    c.version, c.epoch, c.priority, c.rank_at, c.checked_in_at, c.waiting_since, c.called_at, c.called_in_vain_at,
    c.room_until, c.minute_asked, c.started_at, c.ended_at, c.completed_at, c.closed_at, c.follow_up, c.summary, c.device,
    c.close_reason, c.close_code, c.undo, c.record_key, c.transient_key
from consultation c join appointment a on a.org = c.org and a.id = c.appointment
where c.org = $1 and c.id = any ($2) and reaches(c.patient, c.department, c.id)

-- name: hold_appointment
-- Locked before the visit: whoever holds both took them in this order.
select a.id from appointment a join consultation c on c.org = a.org and c.appointment = a.id
where c.org = $1 and c.id = $2 for update of a

-- name: join_line
-- Shared by all who come to wait in a department: held against them while somebody there is moved by hand (queue: hold_line).
select pg_advisory_xact_lock_shared(hashtextextended(concat($1::uuid, '/', $2::uuid), 0))

-- name: save
-- The version that was read must still be there; the arrow is checked once more by the database.
update consultation set state = $4, version = $5, epoch = $6, provider = $7, queue_entry = $8, priority = $9, rank_at = $10,
    checked_in_at = $11, waiting_since = $12, called_at = $13, called_in_vain_at = $14, room_until = $15, minute_asked = $16,
    started_at = $17, ended_at = $18, completed_at = $19, closed_at = $20, follow_up = $21, summary = $22, device = $23,
    close_reason = $24, close_code = $25, department = $26, undo = $27
where org = $1 and id = $2 and version = $3 returning id

-- name: save_place
insert into consultation_place (org, consultation, place, callback, confirmed_at) values ($1, $2, $3, $4, $5)
on conflict (org, consultation) do update set place = excluded.place, callback = excluded.callback, confirmed_at = excluded.confirmed_at

-- name: place
select place, callback, confirmed_at from consultation_place where org = $1 and consultation = $2

-- name: forget_place
delete from consultation_place where org = $1 and consultation = $2

-- name: carers
-- The accounts that act for a patient.
select account, capacity from account_patient where org = $1 and patient = $2 and until is null order by since

-- name: acts_for
select exists (select from account_patient where org = $1 and account = $2 and patient = $3 and until is null)

-- name: settings
select settings from organization where org = $1

-- name: clear_room
-- Nobody is in the room of a visit that is not going on.
update connection set entered = null, entered_at = null where org = $1 and entered = $2

-- name: open_of_patient
select c.id, c.state from consultation c where c.org = $1 and c.patient = $2
  and c.state in ('checked-in', 'waiting', 'connecting', 'in-progress')

-- name: department
select d.name as department_name, o.name as clinic_name, o.emergency_number, o.languages
from department d join organization o using (org) where d.org = $1 and d.id = $2

-- name: specialty
select a.display_name, p.specialty from account a left join provider p on p.org = a.org and p.account = a.id
where a.org = $1 and a.id = $2

-- name: surroundings
select o.settings,
    array(select account from account_patient where org = $1 and patient = $2 and until is null order by since) as carers,
    seen_elsewhere($2, $3) as elsewhere
from organization o where o.org = $1

-- name: works_for
select exists (select from account_role where org = $1 and account = $2 and role = $3 and (department is null or department = $4))
    or exists (select from participant where org = $1 and consultation = $5 and account = $2 and as_role = $3 and state = 'present')

-- name: works_in
select exists (select from account_role where org = $1 and account = $2 and role = $3 and (department is null or department = $4))

-- name: sees_patients
select exists (select from department d where d.org = $1 and d.id = $3) and ($2::uuid is null or exists (
    select from account_role ar join account a on a.org = ar.org and a.id = ar.account and a.disabled_at is null
    where ar.org = $1 and ar.account = $2 and ar.role = 'provider' and (ar.department is null or ar.department = $3)))

-- name: zone
select zone from organization where org = $1

-- name: moved_to
-- The visit that takes place instead of this one.
select n.id from consultation c join appointment a on a.org = c.org and a.id = c.appointment
join consultation n on n.org = a.org and n.appointment = a.moved_to where c.org = $1 and c.id = $2
