-- The door: who was let in, where, and by which scan.

-- Where people come in. Small, rarely written (a reference table on Citus). A venue without any has one gate, `main`.
create table gates (
  organiser_id uuid not null references organisers,
  gate text not null check (length(gate) <= 30),
  venue_id uuid not null references venues on delete cascade,
  name text not null check (length(name) <= 100),
  -- Sections and areas that come in here; none: all of them.
  sections text[] not null,
  primary key (organiser_id, gate)
);

create index gates_by_venue on gates (venue_id);

-- `door` may let people in, and nothing else. `gates`: at these alone; null: at all of the organisation.
alter table organiser_members add column gates text[];
alter table organiser_members drop constraint organiser_members_role_check;
alter table organiser_members add constraint organiser_members_role_check
  check (role in ('owner', 'editor', 'seller', 'viewer', 'door')) not valid;

-- One row a ticket: whoever writes it first has let the person in. Nobody counts in a row of its own; counts are read by index.
create table entries (
  show_id uuid not null,
  ticket_id uuid not null,
  gate text not null check (length(gate) <= 30),
  -- The scanner, which names itself, and the scan, which it names once: the same again is the same entry.
  device_id uuid not null,
  scan_id uuid not null,
  -- Who has scanned.
  user_id uuid not null,
  -- As the device says. Its clock may be wrong, and decides nothing.
  scanned_at timestamptz not null,
  -- As the database says.
  entered_at timestamptz not null,
  -- The person was let in before the database was asked.
  was_offline boolean not null,
  primary key (show_id, ticket_id),
  foreign key (show_id, ticket_id) references tickets (show_id, ticket_id)
);

-- What is typed at a door is the end of a ticket's id. The table is scanned once to make it, and tickets wait for that.
-- squawk-ignore require-concurrent-index-creation
create index tickets_by_tail on tickets (show_id, right(ticket_id::text, 10));

create index entries_by_gate on entries (show_id, gate);
create index entries_by_time on entries (show_id, entered_at);

-- People who were let in without the network, although their ticket had been used before (`entered`) or was void.
create table entry_conflicts (
  show_id uuid not null,
  ticket_id uuid not null,
  device_id uuid not null,
  scan_id uuid not null,
  gate text not null check (length(gate) <= 30),
  user_id uuid not null,
  scanned_at timestamptz not null,
  claimed_at timestamptz not null,
  reason text not null check (reason in ('entered', 'void')),
  primary key (show_id, ticket_id, device_id, scan_id)
);

-- Entries that a supervisor has taken back. Their scans, sent again, let nobody in.
create table undone_entries (
  show_id uuid not null,
  device_id uuid not null,
  scan_id uuid not null,
  ticket_id uuid not null,
  gate text not null check (length(gate) <= 30),
  user_id uuid not null,
  scanned_at timestamptz not null,
  entered_at timestamptz not null,
  was_offline boolean not null,
  undone_by uuid not null,
  undone_at timestamptz not null,
  primary key (show_id, device_id, scan_id)
);
