-- Who is here. A page beats every 30 s; after 120 s of silence nobody is there. Logged, so that a crash empties no room.

create table connection (
    org uuid not null,
    id uuid not null,
    account uuid not null,
    device text not null,
    since timestamptz not null,
    seen_at timestamptz not null,
    entered uuid,
    entered_at timestamptz,
    session uuid,
    gone_at timestamptz,
    primary key (org, id)
);
create index on connection (org, account);
create index on connection (org, entered) where entered is not null;
comment on column connection.gone_at is 'When the page closed. The row stays a day, so that an absence has a beginning.';
comment on column connection.session is 'The session that went in without a socket: whatever it asks counts as its beat.';
comment on column connection.entered is 'The visit whose room this device is in.';

create table room_left (
    org uuid not null,
    consultation uuid not null,
    account uuid not null,
    at timestamptz not null,
    primary key (org, consultation, account)
);
comment on table room_left is 'When somebody last was in the room of a visit, so that an absence has a beginning.';
