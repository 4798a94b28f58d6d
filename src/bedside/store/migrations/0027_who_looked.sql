-- A patient asks about an access to their record; who is answerable for privacy answers with words.

create table access_question (
    org uuid not null references organization,
    id uuid not null,
    patient uuid not null,
    entry uuid not null,
    asked_by uuid not null,
    asked_at timestamptz not null,
    words bytea not null,  -- sealed
    answered_by uuid,
    answered_at timestamptz,
    answer bytea,          -- sealed
    primary key (org, id),
    foreign key (org, patient) references patient,
    check ((answered_by is null) = (answer is null) and (answered_by is null) = (answered_at is null))
);
create index on access_question (org, patient);
create index on access_question (org, asked_at) where answered_at is null;
comment on table access_question is 'What patients ask about who looked at their record, and what they were answered.';
comment on column access_question.entry is 'The journal entry that is asked about: the first of what the page shows as one line.';

alter table access_question enable row level security;
alter table access_question force row level security;
create policy ring_one on access_question to bedside_app using (org = (select current_setting('bedside.org')::uuid));
grant select, insert on access_question to bedside_app;
grant update (answered_by, answered_at, answer) on access_question to bedside_app;
grant select on access_question to bedside_definer;
