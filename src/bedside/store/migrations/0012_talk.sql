-- What is said has the number of its own journal entry, so that what is heard live and what is read later stand in one
-- order. It can be changed and taken back by who said it; what it was stays in the record, sealed. Who saw it, and when.

alter table message
    alter column seq drop identity,
    alter column body drop not null,
    add column entry uuid,
    add column consent uuid,
    add column version int not null default 1,
    add column edited_at timestamptz,
    add column deleted_at timestamptz;
comment on column message.seq is 'The number under which its entry was pending: order of display is order of delivery.';
comment on column message.body is 'Sealed. Null once it was taken back: then only message_version holds what it was.';
comment on column message.entry is 'The journal entry of its sending.';
comment on column message.consent is 'The decision in the consent ledger that was verified when it was said.';

create table message_version (
    org uuid not null,
    id uuid not null,
    message uuid not null,
    version int not null,
    body bytea not null,  -- sealed
    replaced_at timestamptz not null,
    primary key (org, id),
    unique (org, message, version),
    foreign key (org, message) references message
);
comment on table message_version is 'What a message said before it was changed or taken back.';
alter table message_version enable row level security;
alter table message_version force row level security;
create policy ring_one on message_version to bedside_app using (org = (select current_setting('bedside.org')::uuid));
grant select on message_version to bedside_app, bedside_definer;
grant insert on message_version to bedside_definer;

-- One row for each time somebody read on, so that each message knows when it was seen first.
alter table message_read add column at timestamptz;
alter table message_read drop constraint message_read_pkey;
alter table message_read add primary key (org, consultation, account, seq);
comment on table message_read is 'Up to which message a participant had read, and when.';

-- The owner sees no rows while security is forced on it; for this one look it is not.
alter table message no force row level security;
alter table journal no force row level security;
update message m set entry = j.id from journal j
where j.org = m.org and j.consultation = m.consultation and j.kind = 'PHI_MESSAGE_SENT'
  and (convert_from(j.entry, 'UTF8')::jsonb #>> '{on,id}')::uuid = m.id;
alter table message force row level security;
alter table journal force row level security;

-- May this account speak in this visit, now? Whoever speaks in a visit waits for whoever just spoke there (NO KEY
-- UPDATE), until that is committed: so the numbers taken after it follow the order of the commits.
create function must_be_able_to_speak(the_visit uuid, moment timestamptz) returns void language plpgsql
    set search_path = public, pg_temp as $$
declare
    here uuid := current_setting('bedside.org')::uuid;
begin
    perform 1 from account a where a.org = here and a.id = me() and a.disabled_at is null for share;
    if not found then raise exception 'account may not speak' using errcode = 'BD002'; end if;
    perform 1 from consultation c where c.org = here and c.id = the_visit
        and c.state in ('checked-in', 'waiting', 'connecting', 'in-progress', 'wrapping-up') for no key update;
    if not found then raise exception 'visit is not open' using errcode = 'BD002'; end if;
    perform 1 from "grant" g join participant p using (org, consultation, account)
        where g.org = here and g.consultation = the_visit and g.account = me() and g.revoked_at is null
          and g.expires_at > moment and 'send' = any (g.operations) and p.state = 'present' for share of g, p;
    if not found then raise exception 'no live grant' using errcode = 'BD003'; end if;
end $$;

drop function message_append;
create function message_append(
    message_id uuid, the_visit uuid, role text, sealed bytea, moment timestamptz, entry_id uuid, consent_id uuid
) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
    numbered bigint;
begin
    perform must_be_able_to_speak(the_visit, moment);
    insert into message (org, id, consultation, seq, sender, as_role, body, sent_at, entry, consent)
        values (current_setting('bedside.org')::uuid, message_id, the_visit,
                nextval(pg_get_serial_sequence('journal_pending', 'seq')), me(), role, sealed, moment, entry_id, consent_id)
        returning seq into numbered;
    return numbered;
end $$;

-- One's own words become other words, or none; what they were is kept. Returns the version that they are now, or null
-- if they are not one's own, are gone, or were changed meanwhile.
create function message_revise(
    message_id uuid, the_visit uuid, was int, sealed bytea, kept_id uuid, kept bytea, moment timestamptz
) returns int language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here uuid := current_setting('bedside.org')::uuid;
    revised int;
begin
    perform must_be_able_to_speak(the_visit, moment);
    update message m set body = sealed, version = m.version + 1,
        edited_at = case when sealed is null then m.edited_at else moment end,
        deleted_at = case when sealed is null then moment end
    where m.org = here and m.id = message_id and m.consultation = the_visit and m.sender = me()
      and m.version = was and m.deleted_at is null
    returning version into revised;
    if revised is not null then
        insert into message_version (org, id, message, version, body, replaced_at)
            values (here, kept_id, message_id, was, kept, moment);
    end if;
    return revised;
end $$;

alter function message_append owner to bedside_definer;
alter function message_revise owner to bedside_definer;
alter function must_be_able_to_speak owner to bedside_definer;
revoke execute on function message_append, message_revise, must_be_able_to_speak from public;
grant execute on function message_append, message_revise to bedside_app;
grant usage on sequence journal_pending_seq_seq to bedside_definer;
