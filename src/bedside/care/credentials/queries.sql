-- name: open_credential
select * from credential_open($1)

-- name: hold_credential
-- Held until this transaction ends: of two who show the same counter, one is the first.
select known_as, public_material, relying_on, counter from credential
where org = $1 and id = $2 and disabled_at is null for update

-- name: use_credential
update credential set counter = $3, last_used_at = $4 where org = $1 and id = $2

-- name: add_credential
-- Nobody's passkey becomes somebody else's: a name that is taken is not taken over.
insert into credential (org, id, account, kind, known_as, public_material, relying_on, counter, made_at)
values ($1, $2, $3, 'passkey', $4, $5, $6, $7, $8) on conflict do nothing returning id

-- name: remove_credential
update credential set disabled_at = $4 where org = $1 and id = $2 and account = $3 and disabled_at is null returning id

-- name: my_passkeys
select id, known_as, made_at, last_used_at from credential
where org = $1 and account = $2 and disabled_at is null order by made_at, id

-- name: hold_account
-- Sign-in methods of one person change one after the other.
select id from account where org = $1 and id = $2 for update

-- name: spend_challenge
insert into challenge_spent (org, digest, until) values ($1, $2, $3) on conflict do nothing returning digest

-- name: forget_challenges
delete from challenge_spent where org = $1 and until < $2
