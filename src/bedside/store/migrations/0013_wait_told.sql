-- What a patient was told first of the wait: if it takes longer, the page says so, and the clinician sees it.

create table wait_told (
    org uuid not null,
    consultation uuid not null,
    at timestamptz not null,
    middle int not null check (middle > 0),
    nine_in_ten int not null check (nine_in_ten > middle),
    primary key (org, consultation),
    foreign key (org, consultation) references consultation
);
alter table wait_told enable row level security;
alter table wait_told force row level security;
create policy ring_one on wait_told to bedside_app using (org = (select current_setting('bedside.org')::uuid));
grant select, insert on wait_told to bedside_app;
grant select on wait_told to bedside_definer;

create index on consultation (org, provider, called_at) where called_at is not null;
create index on consultation (org, department, waiting_since) where waiting_since is not null;
