-- name: append
select message_append($1, $2, $3, $4, $5)

-- name: visit
select c.patient, c.state, c.department, c.record_key, c.version from consultation c
where c.org = $1 and c.id = $2 and reaches(c.patient, c.department, c.id)

-- name: my_part
select as_role from participant where org = $1 and consultation = $2 and account = $3 and state = 'present'

-- name: live_grants
-- Who is told: participants with a live permission, at this moment.
select distinct g.account from "grant" g join participant p using (org, consultation, account)
where g.org = $1 and g.consultation = $2 and g.revoked_at is null and g.expires_at > $3 and p.state = 'present'

-- name: history
-- The newest thousand, in order. Staff who left read what was said while they were there.
select * from (
    select m.id, m.seq, m.sender, m.as_role, m.body, m.sent_at, a.display_name
    from message m join account a on a.org = m.org and a.id = m.sender
    left join participant p on p.org = m.org and p.consultation = m.consultation and p.account = me()
    where m.org = $1 and m.consultation = $2
      and (p.state is distinct from 'left' or p.as_role in ('patient', 'guardian', 'proxy') or m.sent_at <= p.left_at)
    order by m.seq desc limit 1000) newest order by seq

-- name: may_read
-- Who takes or took part, or acts for the patient; who was removed may not.
select c.patient from consultation c where c.org = $1 and c.id = $2 and (
    exists (select from participant p where p.org = c.org and p.consultation = c.id and p.account = me() and p.state in ('present', 'left')
        and p.as_role not in ('patient', 'guardian', 'proxy'))
    or exists (select from account_patient ap where ap.org = c.org and ap.patient = c.patient and ap.account = me() and ap.until is null))

-- name: mark_read
-- Up to what was said by now: nobody has seen what is not yet written.
insert into message_read (org, consultation, account, seq)
select $1, $2, $3, least($4, coalesce(max(m.seq), 0)) from message m where m.org = $1 and m.consultation = $2
on conflict (org, consultation, account) do update set seq = greatest(message_read.seq, excluded.seq)
where message_read.seq < excluded.seq returning seq

-- name: read_up_to
select account, seq from message_read where org = $1 and consultation = $2

-- name: one
select m.body, m.sender, m.as_role, m.sent_at, m.seq, c.patient from message m
join consultation c on c.org = m.org and c.id = m.consultation where m.org = $1 and m.id = $2

-- name: same
-- A message that is being said again under the same id: whose it was, where, and under which entry.
select m.sender, m.consultation, m.body, (
    select e.id from (
        select id, entry from journal where org = m.org and consultation = m.consultation and kind = 'PHI_MESSAGE_SENT'
        union all select id, entry from journal_pending where org = m.org) e
    where convert_from(e.entry, 'UTF8')::jsonb #>> '{on,id}' = m.id::text limit 1) as entry
from message m where m.org = $1 and m.id = $2
