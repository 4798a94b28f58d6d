-- One journal per organization. Entries are pending until a sequencer numbers them, gap-free, in commit order.

create table journal_pending (
    seq bigint generated always as identity primary key,
    org uuid not null,
    id uuid not null,
    entry bytea not null
);
comment on column journal_pending.seq is 'Taken after the changed rows are locked, so that it follows their order.';

create table journal (
    org uuid not null,
    n bigint not null check (n > 0),
    id uuid not null unique,
    at timestamptz not null,
    kind text not null,
    action text not null,
    actor uuid not null,
    as_role text not null,
    patient uuid,
    consultation uuid,
    entry bytea not null,
    leaf bytea not null check (octet_length(leaf) = 32),
    primary key (org, n)
);
create index on journal (org, patient, n);
create index on journal (org, consultation, n);
create index on journal (org, actor, n);

create table journal_head (
    org uuid primary key,
    era uuid not null,
    n bigint not null
);
comment on table journal_head is 'The row lock is the sequencer. A new era begins with a restore.';

create table reader (
    org uuid not null,
    name text not null,
    n bigint not null,
    primary key (org, name)
);
comment on table reader is 'How far a reader of the journal has come. Everything asynchronous reads the journal.';

create table refusal_window (
    org uuid not null,
    account uuid not null,
    code text not null,
    minute timestamptz not null,
    count int not null,
    primary key (org, account, code, minute)
);

create table disclosure_window (
    org uuid not null,
    viewer uuid not null,
    patient uuid not null,
    purpose text not null,
    session uuid not null,
    hour timestamptz not null,
    first_entry uuid not null,
    count int not null,
    primary key (org, viewer, patient, purpose, session, hour)
);
create index on disclosure_window (org, first_entry);
comment on table disclosure_window is 'The first reading in an hour is an entry; later ones are counted, and the count is journaled at its end.';

create table deadline (
    org uuid not null,
    kind text not null,
    ref uuid not null,
    due_at timestamptz not null,
    version bigint not null,
    primary key (org, kind, ref)
);
create index on deadline (due_at);
comment on table deadline is 'What happens by itself, and when. At another version of the thing it does nothing.';

create table idempotency (
    org uuid not null,
    account uuid not null,
    key text not null check (length(key) between 8 and 255),
    route text not null,
    body_hmac bytea not null,
    status int,
    ref uuid,
    answer bytea,  -- sealed
    at timestamptz not null,
    primary key (org, account, key)
);
