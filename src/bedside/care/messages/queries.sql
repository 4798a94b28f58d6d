-- name: append
select message_append($1, $2, $3, $4, $5, $6, $7)

-- name: revise
select message_revise($1, $2, $3, $4, $5, $6, $7)

-- name: mine
-- A message of this person's own, to be changed.
select body, version from message where org = $1 and consultation = $2 and id = $3 and sender = $4

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
    select m.id, m.seq, m.sender, m.as_role, m.body, m.sent_at, m.version, m.edited_at, m.deleted_at, m.entry, m.consent,
        a.display_name
    from message m join account a on a.org = m.org and a.id = m.sender
    left join participant p on p.org = m.org and p.consultation = m.consultation and p.account = me()
    where m.org = $1 and m.consultation = $2
      and (p.state is distinct from 'left' or p.as_role in ('patient', 'guardian', 'proxy') or m.sent_at <= p.left_at)
    order by m.seq desc limit 1000) newest order by seq

-- name: may_read
-- Who takes or took part, or acts for the patient; who was removed may not.
select c.patient, c.record_key from consultation c where c.org = $1 and c.id = $2 and (
    exists (select from participant p where p.org = c.org and p.consultation = c.id and p.account = me() and p.state in ('present', 'left')
        and p.as_role not in ('patient', 'guardian', 'proxy'))
    or exists (select from account_patient ap where ap.org = c.org and ap.patient = c.patient and ap.account = me() and ap.until is null))

-- name: mark_read
-- Up to what was said by now: nobody has seen what is not yet written. Only a step on is a step.
insert into message_read (org, consultation, account, seq, at)
select $1, $2, $3, said.upto, $5 from (select least($4, coalesce(max(m.seq), 0)) as upto from message m
    where m.org = $1 and m.consultation = $2) said
where said.upto > coalesce((select max(r.seq) from message_read r where r.org = $1 and r.consultation = $2 and r.account = $3), 0)
on conflict (org, consultation, account, seq) do nothing returning seq

-- name: read_up_to
-- Who read how far, and when, step by step. Who was removed is not shown to others any more.
select r.account, p.as_role, a.display_name, r.seq, r.at from message_read r
join participant p using (org, consultation, account) join account a on a.org = r.org and a.id = r.account
where r.org = $1 and r.consultation = $2 and p.state in ('present', 'left') order by r.seq, r.account

-- name: these
select m.id, m.body, m.sender, m.as_role, m.sent_at, m.seq, c.patient from message m
join consultation c on c.org = m.org and c.id = m.consultation where m.org = $1 and m.id = any($2)

-- name: same
-- A message that is being said again under the same id: whose it was, where, what it said first, and its entry.
select m.id, m.sender, m.consultation, m.body, m.entry, m.seq, v.id as first_id, v.body as first_body from message m
left join message_version v on v.org = m.org and v.message = m.id and v.version = 1
where m.org = $1 and m.id = $2

-- name: versions
-- What a message said before; nothing of one that was taken back.
select v.id, v.version, v.body, v.replaced_at from message_version v
join message m on m.org = v.org and m.id = v.message
where v.org = $1 and m.consultation = $2 and v.message = $3 and m.deleted_at is null order by v.version

-- name: count
select messages_said(c.id) from consultation c where c.org = $1 and c.id = $2 and reaches(c.patient, c.department, c.id)
