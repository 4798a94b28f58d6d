-- The line's changes by hand, kept so that those who were passed can be told why; and by what a patient is found.

create table line_change (
    org uuid not null,
    id uuid not null,
    department uuid not null,
    consultation uuid not null,
    kind text not null check (kind in ('priority', 'moved', 'transferred')),
    code text not null,
    at timestamptz not null,
    from_band smallint not null,
    from_rank timestamptz not null,
    to_band smallint not null,
    to_rank timestamptz not null,
    primary key (org, id),
    foreign key (org, consultation) references consultation
);
create index on line_change (org, department, at);
comment on table line_change is 'Who stood between the old key and the new one was passed, and may see the reason. No name is in it.';

create table patient_lookup (
    org uuid not null,
    kind text not null check (kind in ('family', 'family-start', 'birth-date', 'phone', 'mrn')),
    hmac bytea not null check (octet_length(hmac) = 16),
    patient uuid not null,
    primary key (org, kind, hmac, patient),
    foreign key (org, patient) references patient
);
comment on table patient_lookup is 'Blind index: equality only, under a key of the keystore. Rows die with the patient''s key.';

alter table patient add column contact bytea;
comment on column patient.contact is 'Sealed: telephone number and record number.';

do $$
declare here text;
begin
    foreach here in array array['line_change', 'patient_lookup'] loop
        execute format('alter table %I enable row level security', here);
        execute format('alter table %I force row level security', here);
        execute format('create policy ring_one on %I to bedside_app using (org = (select current_setting(''bedside.org'')::uuid))', here);
        execute format('grant select, insert on %I to bedside_app', here);
        execute format('grant select on %I to bedside_definer', here);
    end loop;
end $$;
grant delete on patient_lookup to bedside_app;
-- Also what the row lock of a department needs: one change by hand at a time.
grant update (name) on department to bedside_app;
