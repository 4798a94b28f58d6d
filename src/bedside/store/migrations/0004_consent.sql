-- Consent is a ledger: insert only. The head row of a kind is what acts lock FOR SHARE and a withdrawal FOR UPDATE,
-- so that each act is before or after a withdrawal, never beside it.

create table consent_text (
    org uuid not null references organization,
    type text not null check (type in ('telehealth', 'data-sharing', 'recording')),
    version int not null,
    language text not null,
    body text not null,
    sha256 bytea not null check (sha256 = sha256(convert_to(body, 'UTF8'))),
    primary key (org, type, version, language)
);

create table consent (
    org uuid not null,
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    patient uuid not null,
    type text not null check (type in ('telehealth', 'data-sharing', 'recording')),
    granted boolean not null,
    scope text not null default 'clinic',
    text_sha256 bytea not null,
    version int not null,
    language text not null,
    signer uuid not null,
    capacity text not null check (capacity in ('patient', 'guardian', 'proxy', 'on-behalf')),
    method text not null check (method in ('screen', 'spoken')),
    at timestamptz not null,
    expires_at timestamptz,
    foreign key (org, patient) references patient
);
create index on consent (org, patient, type, seq);

create table consent_head (
    org uuid not null,
    patient uuid not null,
    type text not null,
    scope text not null default 'clinic',
    latest bigint not null references consent (seq),
    primary key (org, patient, type, scope)
);
