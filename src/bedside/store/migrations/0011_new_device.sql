-- A patient's link works on every device; from the second on, a new one is asked the birth date.

alter table link
    add column wrong int not null default 0,
    add column rest_until timestamptz;
comment on column link.wrong is 'Birth dates that were said here and were not right. After some, the door rests.';

create table link_device (
    org uuid not null,
    link uuid not null,
    device_hash bytea not null,
    since timestamptz not null,
    primary key (org, link, device_hash),
    foreign key (org, link) references link
);
comment on table link_device is 'The devices that came in by a link: those are not asked again.';

alter table link_device enable row level security;
alter table link_device force row level security;
create policy ring_one on link_device to bedside_app using (org = (select current_setting('bedside.org')::uuid));
grant select on link_device to bedside_app, bedside_definer;
grant insert on link_device to bedside_app;
