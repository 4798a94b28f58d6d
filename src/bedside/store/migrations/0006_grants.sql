-- Who takes part in which visit, and what each may do, until when.

create table participant (
    org uuid not null,
    consultation uuid not null,
    account uuid not null,
    as_role text not null check (as_role in ('patient', 'guardian', 'proxy', 'provider', 'nurse', 'front-desk', 'administrator')),
    state text not null check (state in ('invited', 'present', 'left', 'removed')),
    joined_at timestamptz not null,
    left_at timestamptz,
    primary key (org, consultation, account),
    foreign key (org, consultation) references consultation,
    foreign key (org, account) references account
);
create index on participant (org, account);

create table "grant" (
    org uuid not null,
    id uuid not null,
    account uuid not null,
    consultation uuid not null,
    operations text[] not null,
    token_hash bytea not null unique,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    account_epoch bigint not null,
    consultation_epoch bigint not null,
    revoked_at timestamptz,
    primary key (org, id),
    foreign key (org, consultation) references consultation,
    foreign key (org, account) references account
);
create index on "grant" (org, consultation, account) where revoked_at is null;
