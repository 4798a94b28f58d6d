-- Row-level security, first ring: whoever acts, acts inside one organization. Forced, also on the owner.
-- Unset, the setting raises an error: a forgotten principal is a failure, never an empty answer.

do $$
declare here record;
begin
    for here in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org'
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    loop
        execute format('alter table %I enable row level security', here.relname);
        execute format('alter table %I force row level security', here.relname);
        execute format('create policy ring_one on %I to bedside_app using (org = (select current_setting(''bedside.org'')::uuid))', here.relname);
    end loop;
end $$;

grant usage on schema public to bedside_app, bedside_sequencer, bedside_timekeeper, bedside_definer;
grant select on all tables in schema public to bedside_app, bedside_definer;
grant insert on organization, department, account, account_role, provider, patient, account_patient, session, link,
    journal_pending, reader, refusal_window, disclosure_window, deadline, idempotency, appointment, consultation,
    consultation_place, consent_text, consent, consent_head, connection, room_left, participant, "grant", message_read,
    notification, journal_head to bedside_app;
grant update on organization, account, account_role, provider, patient, account_patient, session, link, reader,
    refusal_window, disclosure_window, deadline, idempotency, appointment, consultation, consultation_place,
    consent_head, connection, room_left, participant, "grant", message_read, notification to bedside_app;
grant delete on deadline, disclosure_window, idempotency, consultation_place, connection, room_left, session,
    refusal_window, account_role to bedside_app;
grant insert, update on message to bedside_definer;
grant update on account, consultation, participant, "grant" to bedside_definer;

-- The sequencer numbers; nobody else may write the journal, and nobody may rewrite it.
create policy numbers on journal_pending to bedside_sequencer using (true);
create policy numbers on journal_head to bedside_sequencer using (true);
create policy numbers on journal to bedside_sequencer using (true);
grant select, delete on journal_pending to bedside_sequencer;
grant select, update on journal_head to bedside_sequencer;
grant select, insert on journal to bedside_sequencer;

-- The look-ups before an organization is known, and the house's own, which return ids and numbers only.
create function session_open(hash bytea, at timestamptz)
    returns table (org uuid, id uuid, account uuid, role text, idle_until timestamptz, ends_at timestamptz, epoch bigint, seen_at timestamptz, language text)
    stable security definer set search_path = public, pg_temp language sql as $$
    select s.org, s.id, s.account, s.role, s.idle_until, s.ends_at, a.epoch, s.seen_at, coalesce(s.language, a.language)
    from session s join account a on a.org = s.org and a.id = s.account
    where s.token_hash = hash and s.idle_until > at and s.ends_at > at and a.disabled_at is null
$$;

create function link_open(hash bytea)
    returns table (org uuid, id uuid, account uuid, role text, appointment uuid, expires_at timestamptz, single_use boolean, used_at timestamptz, epoch bigint)
    stable security definer set search_path = public, pg_temp language sql as $$
    select l.org, l.id, l.account, l.role, l.appointment, l.expires_at, l.single_use, l.used_at, a.epoch
    from link l join account a on a.org = l.org and a.id = l.account
    where l.token_hash = hash and a.disabled_at is null
$$;

create function due_deadlines(at timestamptz, most int)
    returns table (org uuid, kind text, ref uuid, version bigint)
    stable security definer set search_path = public, pg_temp language sql as $$
    select d.org, d.kind, d.ref, d.version from deadline d where d.due_at <= at order by d.due_at limit most
$$;

create function next_deadline() returns timestamptz stable security definer set search_path = public, pg_temp
    language sql as $$ select min(due_at) from deadline $$;

create function behind_readers(reader_name text)
    returns table (org uuid, n bigint, head bigint)
    stable security definer set search_path = public, pg_temp language sql as $$
    select h.org, coalesce(r.n, 0), h.n from journal_head h left join reader r on r.org = h.org and r.name = reader_name
    where h.n > coalesce(r.n, 0)
$$;

create function epochs_of(orgs uuid[], accounts uuid[], consultations uuid[])
    returns table (org uuid, account uuid, consultation uuid, account_epoch bigint, consultation_epoch bigint)
    stable security definer set search_path = public, pg_temp language sql as $$
    select a.org, a.id, asked.consultation, a.epoch, c.epoch
    from unnest(orgs, accounts, consultations) as asked(org, account, consultation)
    join account a on a.org = asked.org and a.id = asked.account and a.disabled_at is null
    left join consultation c on c.org = asked.org and c.id = asked.consultation
    where asked.consultation is null or c.id is not null
$$;

alter function session_open owner to bedside_definer;
alter function link_open owner to bedside_definer;
alter function due_deadlines owner to bedside_definer;
alter function next_deadline owner to bedside_definer;
alter function behind_readers owner to bedside_definer;
alter function epochs_of owner to bedside_definer;
alter function message_append owner to bedside_definer;
revoke execute on all functions in schema public from public;
grant execute on function me to bedside_app, bedside_definer;
grant execute on function session_open, link_open, epochs_of, message_append to bedside_app;
grant execute on function consultation_step to bedside_app;
grant execute on function due_deadlines, next_deadline, behind_readers to bedside_timekeeper;

-- May this transaction's account reach this visit at all? What it may not reach is not found.
create function reaches(of_patient uuid, in_department uuid, the_consultation uuid) returns boolean stable language sql as $$
    select me() = '00000000-0000-0000-0000-000000000000'
        or exists (select from account_patient ap where ap.account = me() and ap.patient = of_patient and ap.until is null)
        or exists (select from account_role ar where ar.account = me() and (ar.department is null or ar.department = in_department))
        or exists (select from participant p where p.consultation = the_consultation and p.account = me() and p.state = 'present'
            and p.as_role not in ('patient', 'guardian', 'proxy'))
$$;
grant execute on function reaches to bedside_app;
