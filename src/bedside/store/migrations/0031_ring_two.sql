-- Row-level security, second ring: inside the organization, a row of a visit or of a patient is there only for whom it
-- concerns. It guards against a forgotten WHERE; what may be *done* is judged by the application, as before.
--
-- A policy asks functions with the definer's rights and never another protected table: that would ask the other table's
-- policy in turn. The house itself (the zero account: deadlines, readers) sees everything of the organization it acts in.

-- Who am I to a department, a patient, a visit?
create function is_house() returns boolean stable language sql return me() = '00000000-0000-0000-0000-000000000000';

create function my_departments() returns setof uuid rows 5
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return query select d.id from department d where d.org = current_setting('bedside.org')::uuid and exists (
        select from account_role r where r.org = d.org and r.account = me() and (r.department is null or r.department = d.id)
          and r.role in ('provider', 'nurse', 'front-desk', 'administrator'));
end $$;

create function my_patients() returns setof uuid rows 2
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return query select a.patient from account_patient a
        where a.org = current_setting('bedside.org')::uuid and a.account = me() and a.until is null;
end $$;

create function my_visits() returns setof uuid rows 50
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return query select p.consultation from participant p
        where p.org = current_setting('bedside.org')::uuid and p.account = me() and p.state in ('present', 'left')
          and p.as_role not in ('patient', 'guardian', 'proxy');
end $$;
comment on function my_visits() is 'As staff. Who left still finds what was said while they were there; who was removed finds nothing.';

create function works_as(any_of text[]) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return exists (select from account_role r
        where r.org = current_setting('bedside.org')::uuid and r.account = me() and r.role = any (any_of));
end $$;

create function sees(the_visit uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
declare
    here uuid := current_setting('bedside.org')::uuid;
    i uuid := me();
begin
    return is_house() or exists (select from consultation c where c.org = here and c.id = the_visit and (
        exists (select from account_role r where r.org = here and r.account = i
            and (r.department is null or r.department = c.department)
            and r.role in ('provider', 'nurse', 'front-desk', 'administrator'))
        or exists (select from account_patient a where a.org = here and a.account = i and a.patient = c.patient and a.until is null)
        or exists (select from participant p where p.org = here and p.consultation = c.id and p.account = i
            and p.state in ('present', 'left') and p.as_role not in ('patient', 'guardian', 'proxy'))
        or c.undo ->> 'by' = i::text));
end $$;
comment on function sees(uuid) is 'The same question as the policy on consultation, for the rows that belong to a visit. Who sent it to another department a moment ago may still finish that act.';

create function sees_appointment(the_appointment uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return is_house() or exists (select from consultation c
        where c.org = current_setting('bedside.org')::uuid and c.appointment = the_appointment and sees(c.id));
end $$;

create function takes_part(the_visit uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
declare
    here uuid := current_setting('bedside.org')::uuid;
begin
    return is_house()
        or exists (select from participant p where p.org = here and p.consultation = the_visit and p.account = me()
            and p.state in ('present', 'left') and p.as_role not in ('patient', 'guardian', 'proxy'))
        or exists (select from consultation c join account_patient a on a.org = c.org and a.patient = c.patient
            where c.org = here and c.id = the_visit and a.account = me() and a.until is null);
end $$;

create function heard_message(the_message uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return exists (select from message m
        where m.org = current_setting('bedside.org')::uuid and m.id = the_message and takes_part(m.consultation));
end $$;

create function cares_for(the_patient uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
declare
    here uuid := current_setting('bedside.org')::uuid;
begin
    return exists (select from account_role r join consultation c on c.org = r.org and c.patient = the_patient
            and (r.department is null or r.department = c.department)
        where r.org = here and r.account = me() and r.role in ('provider', 'nurse', 'front-desk', 'administrator'))
        or exists (select from consultation c join participant p on p.org = c.org and p.consultation = c.id
        where c.org = here and c.patient = the_patient and p.account = me() and p.state in ('present', 'left')
          and p.as_role not in ('patient', 'guardian', 'proxy'));
end $$;

create function my_link(the_link uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return exists (select from link l
        where l.org = current_setting('bedside.org')::uuid and l.id = the_link and l.account = me());
end $$;

-- What may be told of visits that are not one's own: how many stand before me, how busy somebody is. Numbers, times and
-- ids out of the line; never a row of a patient's.
create function line_ahead(the_visit uuid) returns bigint
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return (select count(*) from consultation c join consultation o on o.org = c.org and o.department = c.department
            and o.state = 'waiting' and (o.provider is null or c.provider is null or o.provider = c.provider)
            and (o.band, o.rank_at, o.id) < (c.band, c.rank_at, c.id)
        where c.org = current_setting('bedside.org')::uuid and c.id = the_visit and sees(the_visit));
end $$;

create function line_passed(the_visit uuid) returns table (kind text, code text, at timestamptz, to_band smallint)
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return query select l.kind, l.code, l.at, l.to_band from consultation c
    join line_change l on l.org = c.org and l.department = c.department and l.consultation <> c.id and l.at >= c.waiting_since
        and (l.from_band, l.from_rank, l.consultation) > (c.band, c.rank_at, c.id)
        and (l.to_band, l.to_rank, l.consultation) < (c.band, c.rank_at, c.id)
    join consultation o on o.org = l.org and o.id = l.consultation and o.department = c.department
        and o.state in ('waiting', 'connecting', 'in-progress') and (o.band, o.rank_at, o.id) < (c.band, c.rank_at, c.id)
        and (o.provider is null or c.provider is null or o.provider = c.provider)
    where c.org = current_setting('bedside.org')::uuid and c.id = the_visit and c.state = 'waiting' and sees(the_visit)
    order by l.at desc limit 1;
end $$;

create function stands_in(the_department uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return is_house() or the_department in (select my_departments()) or exists (select from consultation c
        where c.org = current_setting('bedside.org')::uuid and c.department = the_department
          and (c.patient in (select my_patients()) or c.id in (select my_visits())));
end $$;
comment on function stands_in(uuid) is 'Works there, or has a visit there.';

create function line_today(the_department uuid, since timestamptz, on_duty uuid[])
    returns table (id uuid, provider uuid, state text, band smallint, rank_at timestamptz, waiting_since timestamptz,
        called_at timestamptz, ended_at timestamptz, completed_at timestamptz, minutes int, next_called_at timestamptz)
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return query select c.id, c.provider, c.state, c.band, c.rank_at, c.waiting_since, c.called_at, c.ended_at, c.completed_at,
        a.minutes, case when c.state = 'completed' then (select min(o.called_at) from consultation o
            where o.org = c.org and o.provider = c.provider and o.called_at > c.called_at) end
    from consultation c join appointment a on a.org = c.org and a.id = c.appointment
    where c.org = current_setting('bedside.org')::uuid and stands_in(the_department)
      and (c.department = the_department and c.state = 'waiting'
        or c.provider = any (on_duty) and c.state in ('connecting', 'in-progress', 'wrapping-up')
        or c.department = the_department and c.state = 'completed' and c.called_at >= since and c.ended_at is not null)
    order by c.band, c.rank_at, c.id;
end $$;

create function line_came(the_department uuid, since timestamptz)
    returns table (emergencies bigint, urgent bigint, first timestamptz)
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return query select count(*) filter (where c.priority = 'emergency'), count(*) filter (where c.priority = 'urgent'),
        min(c.waiting_since)
    from consultation c where c.org = current_setting('bedside.org')::uuid and c.department = the_department
      and c.waiting_since >= since and stands_in(the_department);
end $$;

create function load_of(the_provider uuid, in_states text[]) returns bigint
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return (select count(*) from consultation c where c.org = current_setting('bedside.org')::uuid
        and c.provider = the_provider and c.state = any (in_states));
end $$;

create function seen_elsewhere(the_patient uuid, the_visit uuid) returns boolean
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return exists (select from consultation c where c.org = current_setting('bedside.org')::uuid
        and c.patient = the_patient and c.id <> the_visit and c.state in ('connecting', 'in-progress'));
end $$;

create function messages_said(the_visit uuid) returns bigint
    stable security definer set search_path = public, pg_temp language plpgsql as $$
begin
    return (select count(*) from message m where m.org = current_setting('bedside.org')::uuid
        and m.consultation = the_visit and m.deleted_at is null and sees(the_visit));
end $$;

grant execute on function is_house to bedside_app, bedside_definer;
do $$
declare name text;
begin
    foreach name in array array['my_departments', 'my_patients', 'my_visits', 'works_as', 'sees', 'sees_appointment',
        'takes_part', 'heard_message', 'cares_for', 'my_link', 'line_ahead', 'line_passed', 'stands_in', 'line_today',
        'line_came', 'load_of', 'seen_elsewhere', 'messages_said'] loop
        execute format('alter function %I owner to bedside_definer', name);
        execute format('revoke execute on function %I from public', name);
        execute format('grant execute on function %I to bedside_app', name);
    end loop;
end $$;

-- Restrictive: both rings must hold.
create policy ring_two on consultation as restrictive to bedside_app using (
    (select is_house()) or department in (select my_departments()) or patient in (select my_patients())
    or id in (select my_visits()) or undo ->> 'by' = (select me())::text);

-- The columns first: a board reads many of them. Where a visit was sent elsewhere, its appointment follows it.
create policy ring_two on appointment as restrictive to bedside_app using (
    (select is_house()) or department in (select my_departments()) or patient in (select my_patients()) or sees_appointment(id));

-- One's own part and permissions stay in sight; they are given where one sees the visit, so nobody lets themselves in.
create policy ring_two on participant as restrictive to bedside_app
    using ((select is_house()) or account = (select me()) or sees(consultation))
    with check ((select is_house()) or sees(consultation));
create policy ring_two on "grant" as restrictive to bedside_app
    using ((select is_house()) or account = (select me()) or sees(consultation))
    with check ((select is_house()) or sees(consultation));
create policy ring_two on consultation_place as restrictive to bedside_app using ((select is_house()) or sees(consultation));
create policy ring_two on wait_told as restrictive to bedside_app using ((select is_house()) or sees(consultation));
create policy ring_two on room_left as restrictive to bedside_app using ((select is_house()) or sees(consultation));
create policy ring_two on line_change as restrictive to bedside_app using ((select is_house()) or sees(consultation));

-- What is said is for who takes or took part, and for who acts for the patient.
create policy ring_two on message as restrictive to bedside_app using ((select is_house()) or takes_part(consultation));
create policy ring_two on message_read as restrictive to bedside_app using ((select is_house()) or takes_part(consultation));
create policy ring_two on message_version as restrictive to bedside_app using ((select is_house()) or heard_message(message));

-- Patients: one's own, those of the visits one sees; the desk finds and registers.
create policy ring_two on patient as restrictive to bedside_app using (
    (select is_house()) or id in (select my_patients())
    or (select works_as('{nurse, front-desk, administrator}')) or cares_for(id));
create policy ring_two on account_patient as restrictive to bedside_app using (
    (select is_house()) or patient in (select my_patients())
    or (select works_as('{nurse, front-desk, administrator}')) or cares_for(patient));
create policy ring_two on patient_lookup as restrictive to bedside_app using (
    (select is_house()) or (select works_as('{nurse, front-desk, administrator}')));
create policy ring_two on consent as restrictive to bedside_app using (
    (select is_house()) or patient in (select my_patients()) or cares_for(patient));
create policy ring_two on consent_head as restrictive to bedside_app using (
    (select is_house()) or patient in (select my_patients()) or cares_for(patient));

-- What belongs to an account is that account's; an administrator ends sessions and makes links for colleagues.
create policy ring_two on session as restrictive to bedside_app
    using ((select is_house()) or account = (select me()) or (select works_as('{administrator}')))
    with check ((select is_house()) or (select works_as('{administrator}'))
        or (account = (select me()) and (link is null or my_link(link))));
create policy ring_two on link as restrictive to bedside_app
    using ((select is_house()) or account = (select me()) or (select works_as('{administrator}')) or sees_appointment(appointment))
    with check ((select is_house()) or (select works_as('{administrator}')) or sees_appointment(appointment)
        or (account = (select me()) and appointment is null));
create policy ring_two on link_device as restrictive to bedside_app using ((select is_house()) or my_link(link));
create policy ring_two on credential as restrictive to bedside_app using (
    (select is_house()) or account = (select me()) or (select works_as('{administrator}')));
create policy ring_two on notification as restrictive to bedside_app using ((select is_house()) or account = (select me()));
create policy ring_two_told on notification as restrictive for insert to bedside_app with check ((select is_house()));
create policy ring_two on idempotency as restrictive to bedside_app using ((select is_house()) or account = (select me()));
create policy ring_two on refusal_window as restrictive to bedside_app using ((select is_house()) or account = (select me()));
-- One's own readings; and how often somebody came back is the patient's to know.
create policy ring_two on disclosure_window as restrictive to bedside_app
    using ((select is_house()) or viewer = (select me()) or patient in (select my_patients()))
    with check ((select is_house()) or viewer = (select me()));
create policy ring_two on access_question as restrictive to bedside_app using (
    (select is_house()) or patient in (select my_patients()) or (select works_as('{administrator}')));

-- Who is here is known to colleagues and patients alike; where somebody is, only they say, and who sees the visit.
create policy ring_two_says on connection as restrictive for insert to bedside_app
    with check ((select is_house()) or (account = (select me()) and (entered is null or sees(entered))));
create policy ring_two_moves on connection as restrictive for update to bedside_app
    using ((select is_house()) or account = (select me()) or sees(entered))
    with check ((select is_house()) or entered is null or sees(entered));
create policy ring_two_ends on connection as restrictive for delete to bedside_app
    using ((select is_house()) or account = (select me()));

-- Nobody makes themselves somebody else.
create policy ring_two_given on account_role as restrictive for insert to bedside_app
    with check ((select is_house()) or (select works_as('{administrator}')));
create policy ring_two_changed on account_role as restrictive for update to bedside_app
    using ((select is_house()) or (select works_as('{administrator}')));
create policy ring_two_taken on account_role as restrictive for delete to bedside_app
    using ((select is_house()) or (select works_as('{administrator}')));
