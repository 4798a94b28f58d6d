-- name: head
select era, n from journal_head where org = $1

-- name: entries_after
select n, entry from journal where org = $1 and n > $2 order by n limit $3

-- name: epochs_of
select org, account, consultation, account_epoch, consultation_epoch from epochs_of($1, $2, $3)

-- name: may_hear
-- One verdict and the epochs under which it was judged, from one snapshot.
select a.epoch as account_epoch,
    case when $3 = 'consultation' then (select c.epoch from consultation c where c.org = $1 and c.id = $4) end as consultation_epoch,
    case $3
        when 'consultation' then exists (select from consultation c where c.org = $1 and c.id = $4 and reaches(c.patient, c.department, c.id))
        when 'notification' then $4 = $2
        when 'waiting-room' then $4 = $2
        when 'queue' then staff.yes
        when 'presence.providers' then staff.yes
        when 'line' then staff.yes or exists (select from consultation c
            join account_patient ap on ap.org = c.org and ap.patient = c.patient and ap.account = $2 and ap.until is null
            where c.org = $1 and c.department = $4 and c.state not in ('completed', 'cancelled'))
        else false
    end as ok,
    $3 = 'consultation' and exists (select from participant p where p.org = $1 and p.consultation = $4 and p.account = $2
        and p.state = 'present') as content
from account a, lateral (select exists (select from account_role ar where ar.org = $1 and ar.account = $2
    and (ar.department is null or ar.department = $4)) as yes) staff
where a.org = $1 and a.id = $2 and a.disabled_at is null

-- name: signal
-- To every node of the house; the payload is sealed, for it may reach the disk.
select pg_notify('bedside_signal', $1)

-- name: current_visit
-- The visit that a provider and a patient have now: the one that is open, else the next that is planned.
select c.id from consultation c join appointment a on a.org = c.org and a.id = c.appointment
where c.org = $1 and c.provider = $2 and c.patient = $3 and reaches(c.patient, c.department, c.id)
  and c.state not in ('completed', 'cancelled', 'no-show')
order by c.state = 'scheduled', a.starts_at, c.id limit 1

-- name: acts_for
select 1 from account_patient where org = $1 and account = $2 and patient = $3 and until is null

-- name: active_channels
-- The visits of a department that are going on, and who takes part in each.
select c.id, c.state, c.provider, c.patient, c.checked_in_at, p.account, p.as_role, p.joined_at, a.display_name,
    exists (select from connection x where x.org = p.org and x.account = p.account and x.gone_at is null and x.seen_at > $3) as here,
    exists (select from connection x where x.org = p.org and x.account = p.account and x.gone_at is null and x.seen_at > $3
        and x.entered = c.id) as in_room
from consultation c
left join participant p on p.org = c.org and p.consultation = c.id and p.state = 'present'
left join account a on a.org = p.org and a.id = p.account
where c.org = $1 and c.department = $2 and reaches(c.patient, c.department, c.id)
  and c.state in ('checked-in', 'waiting', 'connecting', 'in-progress', 'wrapping-up')
order by c.checked_in_at, c.id, p.joined_at, p.account
