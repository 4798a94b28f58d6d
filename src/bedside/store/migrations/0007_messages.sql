-- What is said in a visit, and what a person is to be told. Messages enter through one function, which checks authority
-- inside the statement: account, grant and visit are read FOR SHARE, so a revocation is before or after, never beside.

create table message (
    org uuid not null,
    id uuid not null,
    consultation uuid not null,
    seq bigint generated always as identity,
    sender uuid not null,
    as_role text not null,
    body bytea not null,  -- sealed
    sent_at timestamptz not null,
    primary key (org, id),
    foreign key (org, consultation) references consultation
);
create index on message (org, consultation, seq);

create function message_append(
    message_id uuid, message_consultation uuid, message_role text, message_body bytea, message_at timestamptz
) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here uuid := current_setting('bedside.org')::uuid;
    numbered bigint;
begin
    perform 1 from account a where a.org = here and a.id = me() and a.disabled_at is null for share;
    if not found then raise exception 'account may not send' using errcode = 'BD002'; end if;
    perform 1 from consultation c where c.org = here and c.id = message_consultation
        and c.state in ('checked-in', 'waiting', 'connecting', 'in-progress', 'wrapping-up') for share;
    if not found then raise exception 'visit is not open' using errcode = 'BD002'; end if;
    perform 1 from "grant" g join participant p using (org, consultation, account)
        where g.org = here and g.consultation = message_consultation and g.account = me() and g.revoked_at is null
          and g.expires_at > message_at and 'send' = any (g.operations) and p.state = 'present' for share of g, p;
    if not found then raise exception 'no live grant' using errcode = 'BD003'; end if;
    insert into message (org, id, consultation, sender, as_role, body, sent_at)
        values (here, message_id, message_consultation, me(), message_role, message_body, message_at)
        returning seq into numbered;
    return numbered;
end $$;

create table message_read (
    org uuid not null,
    consultation uuid not null,
    account uuid not null,
    seq bigint not null,
    primary key (org, consultation, account)
);
comment on table message_read is 'Up to which message a participant has read.';

create table notification (
    org uuid not null,
    id uuid not null,
    account uuid not null,
    kind text not null,
    priority text not null check (priority in ('normal', 'high', 'critical')),
    consultation uuid,
    cause uuid not null,
    made_at timestamptz not null,
    read_at timestamptz,
    primary key (org, id),
    unique (org, account, kind, cause)
);
create index on notification (org, account, made_at);
comment on column notification.cause is 'The journal entry that was heard: hearing it twice tells nobody twice.';
