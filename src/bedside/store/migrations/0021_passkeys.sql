-- How staff prove who they are without a link: the public half of a passkey. Nothing here opens anything by itself.

create table credential (
    org uuid not null references organization,
    id uuid not null,
    account uuid not null,
    kind text not null check (kind in ('passkey')),
    known_as bytea not null unique check (length(known_as) between 1 and 1023),
    public_material bytea not null,
    relying_on text not null,
    counter bigint not null default 0,
    made_at timestamptz not null,
    last_used_at timestamptz,
    disabled_at timestamptz,
    primary key (org, id),
    foreign key (org, account) references account
);
create index on credential (org, account);
comment on column credential.known_as is 'By which the device names it when it signs. Random, made by the device.';
comment on column credential.relying_on is 'The host name for which it was made: under another it does not sign in.';
comment on column credential.disabled_at is 'Taken away. The row stays, so that the record can be read.';

create table challenge_spent (
    org uuid not null references organization,
    digest bytea not null,
    until timestamptz not null,
    primary key (org, digest)
);
comment on table challenge_spent is 'A challenge is answered once. Kept until it would have run out by itself.';

alter table session add column method text not null default 'link' check (method in ('link', 'passkey'));

do $$
declare here text;
begin
    foreach here in array array['credential', 'challenge_spent'] loop
        execute format('alter table %I enable row level security', here);
        execute format('alter table %I force row level security', here);
        execute format('create policy ring_one on %I to bedside_app using (org = (select current_setting(''bedside.org'')::uuid))', here);
    end loop;
end $$;
grant select on credential, challenge_spent to bedside_app, bedside_definer;
grant insert on credential, challenge_spent to bedside_app;
grant update on credential to bedside_app;
grant delete on challenge_spent to bedside_app;

-- Whose passkey this is, before anybody is known: ids, and the role in which its owner works.
create function credential_open(named bytea)
    returns table (org uuid, id uuid, account uuid, role text, epoch bigint, language text)
    stable security definer set search_path = public, pg_temp language sql as $$
    select c.org, c.id, c.account, r.role, a.epoch, a.language
    from credential c join account a on a.org = c.org and a.id = c.account
    join lateral (select ar.role from account_role ar where ar.org = c.org and ar.account = c.account
        order by array_position(array['provider', 'nurse', 'front-desk', 'administrator'], ar.role) limit 1) r on true
    where c.known_as = named and c.disabled_at is null and a.disabled_at is null and a.kind = 'staff'
$$;
alter function credential_open owner to bedside_definer;
revoke execute on function credential_open from public;
grant execute on function credential_open to bedside_app;
