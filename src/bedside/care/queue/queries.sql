-- name: place
-- My place among those who wait for the same provider, or for anybody: how many stand before me by (band, rank_at, id).
select c.waiting_since, c.department, a.zone, p.language, t.at as told_at, t.nine_in_ten as told_limit,
    line_ahead(c.id) as ahead
from consultation c join appointment a on a.org = c.org and a.id = c.appointment join patient p on p.org = c.org and p.id = c.patient
left join wait_told t on t.org = c.org and t.consultation = c.id
where c.org = $1 and c.id = $2 and c.state = 'waiting'
  and exists (select from account_patient ap where ap.org = c.org and ap.account = $3 and ap.patient = c.patient and ap.until is null)

-- name: board
-- The department's day: whoever waits, in order; then whoever is being seen; then the others by their time.
select a.starts_at, a.zone, c.id, c.queue_entry, c.queue_status, c.state, c.patient, c.provider, c.version, c.priority, c.device,
    c.checked_in_at, c.waiting_since, c.called_at, c.started_at, c.ended_at, c.closed_at, c.close_code, c.undo, p.name, p.birth_date, s.display_name as provider_name,
    t.middle as told_middle, t.nine_in_ten as told_limit,
    exists (select from connection x where x.org = c.org and x.account = c.provider and x.entered = c.id
        and x.seen_at > $3 and x.gone_at is null) as provider_in_room,
    (select l.at from room_left l where l.org = c.org and l.consultation = c.id and l.account = c.provider) as provider_left_at,
    messages_said(c.id) as messages,
    exists (select from consultation_place w where w.org = c.org and w.consultation = c.id) as place_confirmed,
    exists (select from connection x join account_patient ap on ap.org = x.org and ap.account = x.account and ap.until is null
        where x.org = c.org and ap.patient = c.patient and x.seen_at > $3 and x.gone_at is null) as here,
    coalesce((select k.granted and (k.expires_at is null or k.expires_at > $4) from consent_head h join consent k on k.seq = h.latest
        where h.org = c.org and h.patient = c.patient and h.type = 'telehealth'), false) as consented,
    case when c.state = 'waiting' then
        row_number() over (partition by c.state = 'waiting' order by c.band, c.rank_at, c.id) end as position
from consultation c
join appointment a on a.org = c.org and a.id = c.appointment
join patient p on p.org = c.org and p.id = c.patient
left join account s on s.org = c.org and s.id = c.provider
left join wait_told t on t.org = c.org and t.consultation = c.id
where c.org = $1 and c.department = $2 and reaches(c.patient, c.department, c.id)
  and (c.state in ('checked-in', 'waiting', 'connecting', 'in-progress', 'wrapping-up')
       or (a.starts_at >= $5 and a.starts_at < $6) or c.id = $7)
-- Of two in line at the same instant the id decides, as it does for their places; an appointment's time does not.
order by c.state <> 'waiting', c.band, c.rank_at, case when c.state <> 'waiting' then a.starts_at end, c.id
limit 500

-- name: department
select d.id, d.name, o.zone from department d join organization o using (org) where d.org = $1 and d.id = $2

-- name: hold_line
-- One change by hand at a time in a department, and nobody arrives meanwhile: "at the end" has an end. Whoever arrives
-- holds the same lock, shared (consultation: join_line).
select pg_advisory_xact_lock(hashtextextended(concat($1::uuid, '/', $2::uuid), 0))

-- name: line
select c.id, c.band, c.rank_at from consultation c
where c.org = $1 and c.department = $2 and c.state = 'waiting' order by c.band, c.rank_at, c.id

-- name: add_change
insert into line_change (org, id, department, consultation, kind, code, at, from_band, from_rank, to_band, to_rank)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: why_passed
-- The latest change by hand that took somebody from behind me to before me, where they still are. Nobody is named.
select kind, code, at, to_band from line_passed($1)

-- name: zone
select zone from organization where org = $1

-- name: today
-- What an estimate is made of: who waits in a department, in order; what those on duty are doing, wherever; and the visits
-- of this department that began today and are complete. A summary written later than the next call held nobody up.
select * from line_today($1, $2, $3)

-- name: came_lately
select * from line_came($1, $2)

-- name: tell
-- What somebody was told first is what we hold ourselves to.
insert into wait_told (org, consultation, at, middle, nine_in_ten) values ($1, $2, $3, $4, $5) on conflict do nothing
