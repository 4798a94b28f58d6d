-- No function is anybody's: each is granted by name, also those that later migrations make.
revoke execute on all functions in schema public from public;
alter default privileges revoke execute on functions from public;
