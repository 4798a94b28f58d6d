-- Which clinics there are: asked before one is known, by the command that begins one and by the one that makes links.

create function clinics() returns table (org uuid, name text)
    stable security definer set search_path = public, pg_temp language sql as $$
    select o.org, o.name from organization o
$$;
grant select on organization to bedside_definer;
alter function clinics owner to bedside_definer;
revoke execute on function clinics from public;
grant execute on function clinics to bedside_app;
