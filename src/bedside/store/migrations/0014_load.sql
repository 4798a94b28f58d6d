-- How much there is to do, over the whole house: for the operator's figures. Counts by state; no ids, no organizations.

create function visits_by_state() returns table (state text, visits bigint)
    stable security definer set search_path = public, pg_temp language sql as $$
    select c.state, count(*) from consultation c
    where c.state in ('checked-in', 'waiting', 'connecting', 'in-progress', 'wrapping-up') group by c.state
$$;
alter function visits_by_state owner to bedside_definer;
grant execute on function visits_by_state to bedside_timekeeper;
