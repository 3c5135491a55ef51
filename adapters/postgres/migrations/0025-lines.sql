-- The line in front of a show: its rules, and what must outlive Redis. No row: buyers come and go as they like.
create table show_lines (
  show_id uuid primary key,
  -- From here on people take places; those of before draw_at are shuffled, later ones are first come, first served.
  opens_at timestamptz not null,
  draw_at timestamptz not null,
  -- Nobody is called earlier: when sales open, unless the organiser says otherwise.
  admit_from timestamptz not null,
  -- What the seed of the draw is made from, with a key that is not in here.
  draw_nonce uuid not null,
  -- How many took part in the draw; null before it. It never changes again.
  drawn integer check (drawn >= 0),
  -- Entries are given up to here. Raised before they are given, so that a lost Redis gives none twice.
  entries_max integer not null default 0 check (entries_max >= 0),
  served integer not null default 0 check (served >= 0),
  is_paused boolean not null default false,
  -- null: as fast as seats, payments and the house allow.
  calls_per_minute_max integer check (calls_per_minute_max > 0),
  guests_allowed boolean not null default false,
  message text not null default '' check (length(message) <= 500),
  -- The line is over from then on, and nobody needs a pass.
  closed_at timestamptz,
  check (opens_at <= draw_at and draw_at <= admit_from)
);
