-- name: founded
select 1 from organization where org = $1

-- name: staff
select id, display_name from account where org = $1 and kind = 'staff'

-- name: department
select id from department where org = $1 order by name limit 1

-- name: patients
-- Each patient, with the account that acts for them and a visit that can still take place.
select p.id as patient, ap.account, (
    select a.id from appointment a join consultation c on c.org = a.org and c.appointment = a.id
    where a.org = p.org and a.patient = p.id and c.state not in ('completed', 'cancelled', 'no-show')
      and (c.state <> 'scheduled' or a.starts_at > $2::timestamptz - interval '45 minutes')
    order by a.starts_at desc limit 1) as open_appointment
from patient p join account_patient ap on ap.org = p.org and ap.patient = p.id and ap.capacity = 'patient'
where p.org = $1

-- name: clinics
select org, name from clinics() order by name

-- name: administrators
select a.id, a.display_name from account a
where a.org = $1 and a.disabled_at is null and exists (
    select from account_role r where r.org = a.org and r.account = a.id and r.role = 'administrator')
order by a.display_name, a.id
