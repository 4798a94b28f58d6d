-- Appointments and consultations. One row, one state; the arrows are rows too, and a trigger refuses every other step,
-- also from psql. The queue entry is a named resource of the same row: its status is a function of the state.

create table appointment (
    org uuid not null,
    id uuid not null,
    patient uuid not null,
    provider uuid,
    department uuid not null,
    starts_at timestamptz not null,
    wall timestamp not null,
    zone text not null,
    minutes int not null check (minutes between 5 and 480),
    source text not null check (source in ('booked', 'walk-in')),
    language_needed text,
    moved_to uuid,
    version bigint not null default 1,
    primary key (org, id),
    foreign key (org, patient) references patient,
    foreign key (org, department) references department
);
create index on appointment (org, provider, starts_at);
create index on appointment (org, department, starts_at);

create table consultation_state (
    state text primary key,
    queue_status text not null
);
create table consultation_arrow (
    from_state text not null references consultation_state,
    to_state text not null references consultation_state,
    entry boolean,
    primary key (from_state, to_state)
);
comment on column consultation_arrow.entry is 'The queue entry must exist before (true), must not (false), or either (null).';

insert into consultation_state values
    ('scheduled', 'scheduled'), ('checked-in', 'checked-in'), ('waiting', 'waiting'), ('connecting', 'in-consultation'),
    ('in-progress', 'in-consultation'), ('wrapping-up', 'in-consultation'), ('completed', 'completed'),
    ('cancelled', 'cancelled'), ('no-show', 'no-show');

insert into consultation_arrow values
    ('scheduled', 'checked-in', false), ('checked-in', 'waiting', true), ('waiting', 'connecting', true),
    ('connecting', 'in-progress', true), ('connecting', 'waiting', true), ('in-progress', 'waiting', true),
    ('in-progress', 'wrapping-up', true), ('wrapping-up', 'in-progress', true), ('wrapping-up', 'completed', true),
    ('waiting', 'no-show', true), ('scheduled', 'no-show', false), ('no-show', 'waiting', true),
    ('no-show', 'scheduled', false), ('cancelled', 'scheduled', false), ('scheduled', 'cancelled', false),
    ('checked-in', 'cancelled', true), ('waiting', 'cancelled', true), ('cancelled', 'checked-in', true);

create table consultation (
    org uuid not null,
    id uuid not null,
    appointment uuid not null,
    patient uuid not null,
    provider uuid,
    department uuid not null,
    queue_entry uuid,
    state text not null references consultation_state,
    queue_status text generated always as (case when queue_entry is null then null else case state
        when 'scheduled' then null
        when 'connecting' then 'in-consultation'
        when 'in-progress' then 'in-consultation'
        when 'wrapping-up' then 'in-consultation'
        else state end end) stored,
    version bigint not null default 1,
    epoch bigint not null default 1,
    priority text not null default 'normal' check (priority in ('emergency', 'urgent', 'normal', 'follow-up')),
    band smallint generated always as (case priority when 'emergency' then 0 else 1 end) stored,
    rank_at timestamptz,
    checked_in_at timestamptz,
    waiting_since timestamptz,
    called_at timestamptz,
    called_in_vain_at timestamptz,
    room_until timestamptz,
    minute_asked boolean not null default false,
    started_at timestamptz,
    ended_at timestamptz,
    completed_at timestamptz,
    closed_at timestamptz,
    follow_up boolean,
    summary bytea,  -- sealed
    device jsonb,
    close_reason text check (close_reason in ('completed', 'no-show', 'cancelled', 'rescheduled')),
    close_code text,
    record_key uuid not null,
    transient_key uuid not null,
    primary key (org, id),
    unique (org, appointment),
    unique (org, queue_entry),
    foreign key (org, appointment) references appointment,
    foreign key (org, patient) references patient,
    foreign key (org, department) references department,
    check (state <> 'waiting' or (rank_at is not null and waiting_since is not null)),
    check (state in ('scheduled', 'cancelled', 'no-show') or queue_entry is not null)
);
create index on consultation (org, department, band, rank_at, id) where state = 'waiting';
create index on consultation (org, department, state);
create index on consultation (org, provider, state);
create index on consultation (org, patient);

create table consultation_place (
    org uuid not null,
    consultation uuid not null,
    place bytea not null,     -- sealed, transient
    callback bytea not null,  -- sealed, transient
    confirmed_at timestamptz not null,
    primary key (org, consultation),
    foreign key (org, consultation) references consultation
);

create function consultation_step() returns trigger language plpgsql as $$
declare arrow consultation_arrow;
begin
    if tg_op = 'INSERT' then
        if new.state <> 'scheduled' or new.queue_entry is not null then
            raise exception 'a consultation begins scheduled, without a queue entry' using errcode = 'BD001';
        end if;
        return new;
    end if;
    if old.queue_entry is not null and new.queue_entry is distinct from old.queue_entry then
        raise exception 'a queue entry keeps its id' using errcode = 'BD001';
    end if;
    if new.state is distinct from old.state then
        select * into arrow from consultation_arrow a where a.from_state = old.state and a.to_state = new.state;
        if not found or (arrow.entry and old.queue_entry is null) or (not arrow.entry and old.queue_entry is not null) then
            raise exception 'no arrow leads from % to % here', old.state, new.state using errcode = 'BD001';
        end if;
    elsif old.queue_entry is null and new.queue_entry is not null then
        raise exception 'a queue entry is born at check-in' using errcode = 'BD001';
    end if;
    return new;
end $$;
create trigger consultation_step before insert or update on consultation
    for each row execute function consultation_step();
