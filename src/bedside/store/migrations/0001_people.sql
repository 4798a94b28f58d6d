-- Organizations, and the people in them. Every row says whose it is; an account signs in, a patient is cared for.
-- "sealed" columns hold ciphertext; their keys live in the keystore, outside this database and its backups.

create function me() returns uuid stable language sql
    return current_setting('bedside.account')::uuid;
comment on function me() is 'The account on whose behalf this transaction acts. Fails when none was set.';

create table organization (
    org uuid primary key,
    name text not null,
    zone text not null,
    jurisdiction text not null,
    languages text[] not null,
    emergency_number text not null,
    settings jsonb not null default '{}',
    own_key uuid not null
);
comment on column organization.own_key is 'Keystore id of the key that seals what belongs to no patient (kept answers).';

create table department (
    org uuid not null references organization,
    id uuid not null,
    name text not null,
    primary key (org, id)
);

create table account (
    org uuid not null references organization,
    id uuid not null,
    kind text not null check (kind in ('staff', 'patient', 'service')),
    display_name text check (kind <> 'patient' or display_name is null),
    language text not null,
    disabled_at timestamptz,
    epoch bigint not null default 1,
    primary key (org, id)
);
comment on column account.display_name is 'Staff only. A patient''s name is sealed, in patient.';
comment on column account.epoch is 'Bumped by whatever can alter a verdict about this account.';

create table account_role (
    org uuid not null,
    account uuid not null,
    role text not null check (role in ('provider', 'nurse', 'front-desk', 'administrator')),
    department uuid,
    unique nulls not distinct (org, account, role, department),
    foreign key (org, account) references account,
    foreign key (org, department) references department
);
comment on column account_role.department is 'Null: in every department.';

create table provider (
    org uuid not null,
    account uuid not null,
    specialty text not null,
    max_patients int not null default 1 check (max_patients between 1 and 20),
    status text not null default 'offline' check (status in ('available', 'in-consultation', 'away', 'offline')),
    status_at timestamptz not null,
    primary key (org, account),
    foreign key (org, account) references account
);

create table patient (
    org uuid not null references organization,
    id uuid not null,
    name bytea not null,        -- sealed
    birth_date bytea not null,  -- sealed
    language text not null,
    record_key uuid not null,
    version bigint not null default 1,
    primary key (org, id)
);

create table account_patient (
    org uuid not null,
    account uuid not null,
    patient uuid not null,
    capacity text not null check (capacity in ('patient', 'guardian', 'proxy')),
    since timestamptz not null,
    until timestamptz,
    primary key (org, account, patient),
    foreign key (org, account) references account,
    foreign key (org, patient) references patient
);
create index on account_patient (org, patient);

create table session (
    org uuid not null,
    id uuid not null,
    account uuid not null,
    role text not null,
    token_hash bytea not null unique,
    made_at timestamptz not null,
    seen_at timestamptz not null,
    idle_until timestamptz not null,
    ends_at timestamptz not null,
    link uuid,
    language text,
    primary key (org, id),
    foreign key (org, account) references account
);

create table link (
    org uuid not null,
    id uuid not null,
    account uuid not null,
    role text not null,
    appointment uuid,
    token_hash bytea not null unique,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    single_use boolean not null,
    used_at timestamptz,
    primary key (org, id),
    foreign key (org, account) references account
);
comment on table link is 'A secret in a message. A patient''s belongs to one appointment; staff links are used once.';
