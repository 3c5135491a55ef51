-- Pictures of titles, known by the hash of their bytes: they never change. Small, and few are written (a reference table on Citus, as
-- the layouts are).
create table posters (
  poster_hash text primary key,
  media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
  width integer not null check (width between 1 and 4096),
  height integer not null check (height between 1 and 4096),
  bytes bytea not null check (octet_length(bytes) <= 524288)
);
-- They are as small as they get.
alter table posters alter column bytes set storage external;

-- Both tables are small, and no title names a poster yet.
-- squawk-ignore adding-foreign-key-constraint
alter table titles add column poster_hash text references posters;
