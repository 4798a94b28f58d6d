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
