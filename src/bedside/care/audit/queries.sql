-- name: capacity
-- As what this account acts for the patient: only who does may know who looked.
select capacity from account_patient where org = $1 and account = $2 and patient = $3 and until is null

-- name: looks
-- The newest first. What was read again within the running hour is counted beside the first reading, not yet journaled.
select j.n, j.entry, coalesce(w.count, 1) as times from journal j
left join disclosure_window w on w.org = j.org and w.first_entry = j.id
where j.org = $1 and j.patient = $2 and j.kind = any ($3) and j.action <> 'VIEW_COUNT' and j.n < $4
order by j.n desc limit $5

-- name: counted
-- How often somebody came back, summed up when their hour was over.
select entry from journal where org = $1 and patient = $2 and n > $3 and action = 'VIEW_COUNT'

-- name: parts
select consultation, account, as_role from participant where org = $1 and consultation = any ($2)

-- name: policy
-- Whether patients are told the names of staff, or only what they are.
select coalesce(settings ->> 'staff-names', 'full') as staff_names, zone from organization where org = $1

-- name: asked_about
-- The entry, if it records that somebody saw something of this patient.
select entry from journal where org = $1 and id = $2 and patient = $3 and kind = any ($4)

-- name: entries
select id, entry from journal where org = $1 and id = any ($2)

-- name: record_key
select record_key from patient where org = $1 and id = $2

-- name: who_answers
select distinct account from account_role where org = $1 and role = any ($2) order by account

-- name: add_question
insert into access_question (org, id, patient, entry, asked_by, asked_at, words) values ($1, $2, $3, $4, $5, $6, $7)

-- name: question
select patient, entry, asked_by, answered_at from access_question where org = $1 and id = $2 for update

-- name: answer
update access_question set answered_by = $3, answered_at = $4, answer = $5 where org = $1 and id = $2 and answered_at is null

-- name: questions_of
select id, entry, words, asked_at, answer, answered_at from access_question where org = $1 and patient = $2 order by asked_at, id

-- name: questions
-- Those that wait first, the oldest first; then what was answered lately.
select id, patient, entry, words, asked_at, answer, answered_at, answered_by from access_question where org = $1
order by answered_at is not null, case when answered_at is null then asked_at end, answered_at desc, id limit 100
