-- Written by npm run schema:dump from the migrations; not for editing.

create table booking_seats (
  show_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  price_code text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  tax_minor bigint not null default 0,
  added_at timestamp with time zone,
  moved_at timestamp with time zone,
  constraint booking_seats_pkey primary key (show_id, booking_id, seat_id),
  constraint booking_seats_show_id_booking_id_fkey foreign key (show_id, booking_id) references bookings(show_id, booking_id)
);

create table bookings (
  show_id uuid not null,
  booking_id uuid not null,
  user_id uuid not null,
  status text not null,
  request_hash text not null,
  seat_count integer not null,
  total_minor bigint not null,
  fee_minor bigint not null,
  currency text not null,
  held_until timestamp with time zone not null,
  payment_id uuid,
  end_reason text,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  promo_code text,
  discount_minor bigint not null default 0,
  channel text,
  is_comp boolean not null default false,
  resent_at timestamp with time zone,
  constraint bookings_pkey primary key (show_id, booking_id),
  constraint bookings_fee_minor_check check ((fee_minor >= 0)),
  constraint bookings_seat_count_check check ((seat_count > 0)),
  constraint bookings_status_check check ((status = any (array['held'::text, 'confirmed'::text, 'ticketed'::text, 'refunded'::text, 'expired'::text, 'cancelled'::text]))),
  constraint bookings_total_minor_check check ((total_minor >= 0))
) with (fillfactor=70);

create table catalogue_items (
  organiser_id uuid not null,
  list text not null,
  key text not null,
  item json not null,
  sealed_codes bytea,
  version integer not null default 1,
  changed_at timestamp with time zone not null,
  constraint catalogue_items_pkey primary key (organiser_id, list, key),
  constraint catalogue_items_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint catalogue_items_key_check check ((length(key) <= 64)),
  constraint catalogue_items_list_check check ((list = any (array['layouts'::text, 'venues'::text, 'titles'::text, 'series'::text])))
);

create table deliveries (
  show_id uuid not null,
  event_id uuid not null,
  channel text not null,
  attempts integer not null default 0,
  sent_at timestamp with time zone,
  begun_at timestamp with time zone,
  constraint deliveries_pkey primary key (show_id, event_id, channel)
);

create table entries (
  show_id uuid not null,
  ticket_id uuid not null,
  gate text not null,
  device_id uuid not null,
  scan_id uuid not null,
  user_id uuid not null,
  scanned_at timestamp with time zone not null,
  entered_at timestamp with time zone not null,
  was_offline boolean not null,
  constraint entries_pkey primary key (show_id, ticket_id),
  constraint entries_show_id_ticket_id_fkey foreign key (show_id, ticket_id) references tickets(show_id, ticket_id),
  constraint entries_gate_check check ((length(gate) <= 30))
);

create table entry_conflicts (
  show_id uuid not null,
  ticket_id uuid not null,
  device_id uuid not null,
  scan_id uuid not null,
  gate text not null,
  user_id uuid not null,
  scanned_at timestamp with time zone not null,
  claimed_at timestamp with time zone not null,
  reason text not null,
  constraint entry_conflicts_pkey primary key (show_id, ticket_id, device_id, scan_id),
  constraint entry_conflicts_gate_check check ((length(gate) <= 30)),
  constraint entry_conflicts_reason_check check ((reason = any (array['entered'::text, 'void'::text])))
);

create table gates (
  organiser_id uuid not null,
  gate text not null,
  venue_id uuid not null,
  name text not null,
  sections text[] not null,
  constraint gates_pkey primary key (organiser_id, gate),
  constraint gates_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint gates_venue_id_fkey foreign key (venue_id) references venues(venue_id) on delete cascade,
  constraint gates_gate_check check ((length(gate) <= 30)),
  constraint gates_name_check check ((length(name) <= 100))
);

create table halls (
  hall_id uuid not null,
  venue_id uuid not null,
  name text not null,
  layout_hash text not null,
  constraint halls_pkey primary key (hall_id),
  constraint halls_layout_hash_fkey foreign key (layout_hash) references layouts(layout_hash),
  constraint halls_venue_id_fkey foreign key (venue_id) references venues(venue_id)
);

create table layout_stretches (
  layout_hash text not null,
  seat_id text not null,
  stretch integer not null,
  nth integer not null,
  constraint layout_stretches_pkey primary key (layout_hash, seat_id),
  constraint layout_stretches_layout_hash_stretch_nth_key unique (layout_hash, stretch, nth),
  constraint layout_stretches_layout_hash_fkey foreign key (layout_hash) references layouts(layout_hash)
);

create table layouts (
  layout_hash text not null,
  content jsonb not null,
  seat_count integer not null,
  constraint layouts_pkey primary key (layout_hash),
  constraint layouts_seat_count_check check ((seat_count > 0))
);

create table line_actions (
  show_id uuid not null,
  action_id uuid not null,
  action text not null,
  details jsonb not null,
  actor text not null,
  created_at timestamp with time zone not null,
  constraint line_actions_pkey primary key (show_id, action_id),
  constraint line_actions_action_check check ((action = any (array['open'::text, 'change'::text, 'close'::text, 'threshold'::text]))),
  constraint line_actions_actor_check check ((length(actor) <= 40))
);

create table line_thresholds (
  show_id uuid not null,
  people_per_minute integer not null,
  constraint line_thresholds_pkey primary key (show_id),
  constraint line_thresholds_people_per_minute_check check ((people_per_minute > 0))
);

create table mail_bounces (
  user_id uuid not null,
  email_digest bytea not null,
  is_hard boolean not null,
  code text not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  lifted_at timestamp with time zone,
  lifted_by uuid,
  constraint mail_bounces_pkey primary key (user_id, email_digest, is_hard),
  constraint mail_bounces_code_check check ((code ~ '^[0-9][0-9.]{2,10}$'::text))
);

create table notice_choices (
  user_id uuid not null,
  language text,
  phone_sealed bytea,
  mails_off text[] not null default '{}'::text[],
  texts_on text[] not null default '{}'::text[],
  updated_at timestamp with time zone not null,
  constraint notice_choices_pkey primary key (user_id)
);

create table organiser_actions (
  organiser_id uuid not null,
  action_id uuid not null,
  actor uuid not null,
  action text not null,
  subject text not null,
  details jsonb not null,
  created_at timestamp with time zone not null,
  constraint organiser_actions_pkey primary key (organiser_id, action_id),
  constraint organiser_actions_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint organiser_actions_action_check check ((length(action) <= 40)),
  constraint organiser_actions_subject_check check ((length(subject) <= 200))
);

create table organiser_members (
  organiser_id uuid not null,
  user_id uuid not null,
  role text not null,
  gates text[],
  constraint organiser_members_pkey primary key (organiser_id, user_id),
  constraint organiser_members_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint organiser_members_role_check check ((role = any (array['owner'::text, 'editor'::text, 'seller'::text, 'viewer'::text, 'door'::text]))) not valid
);

create table organisers (
  organiser_id uuid not null,
  name text not null,
  key text,
  constraint organisers_pkey primary key (organiser_id)
);

create table outbox (
  show_id uuid not null,
  event_id uuid not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamp with time zone not null,
  constraint outbox_pkey primary key (event_id, show_id)
);

create table payment_events (
  show_id uuid not null,
  provider text not null,
  event_id text not null,
  payment_id uuid not null,
  booking_id uuid not null,
  status text not null,
  amount_minor bigint not null,
  currency text not null,
  received_at timestamp with time zone not null,
  signalled_at timestamp with time zone,
  constraint payment_events_pkey primary key (show_id, provider, event_id)
);

create table payments (
  show_id uuid not null,
  payment_id uuid not null,
  booking_id uuid not null,
  attempt integer not null,
  provider text not null,
  provider_payment_id text,
  status text not null,
  amount_minor bigint not null,
  currency text not null,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  disputed_at timestamp with time zone,
  card_digest bytea,
  network_digest bytea,
  returning_at timestamp with time zone,
  constraint payments_pkey primary key (show_id, payment_id),
  constraint payments_show_id_booking_id_attempt_key unique (show_id, booking_id, attempt),
  constraint payments_show_id_booking_id_fkey foreign key (show_id, booking_id) references bookings(show_id, booking_id),
  constraint payments_amount_minor_check check ((amount_minor >= 0)),
  constraint payments_attempt_check check ((attempt > 0)),
  constraint payments_captured_minor_check check ((captured_minor >= 0)),
  constraint payments_check check (((refunded_minor >= 0) and (refunded_minor <= captured_minor))),
  constraint payments_provider_check check ((provider = any (array['stripe'::text, 'paypal'::text, 'free'::text]))),
  constraint payments_status_check check ((status = any (array['creating'::text, 'open'::text, 'authorised'::text, 'captured'::text, 'voided'::text, 'refunded'::text])))
);

create table people (
  user_id uuid not null,
  email_sealed bytea not null,
  email_digest bytea not null,
  name_sealed bytea not null,
  updated_at timestamp with time zone not null,
  constraint people_pkey primary key (user_id)
);

create table posters (
  poster_hash text not null,
  media_type text not null,
  width integer not null,
  height integer not null,
  bytes bytea not null,
  constraint posters_pkey primary key (poster_hash),
  constraint posters_bytes_check check ((octet_length(bytes) <= 524288)),
  constraint posters_height_check check (((height >= 1) and (height <= 4096))),
  constraint posters_media_type_check check ((media_type = any (array['image/png'::text, 'image/jpeg'::text, 'image/webp'::text]))),
  constraint posters_width_check check (((width >= 1) and (width <= 4096)))
);

create table promo_codes (
  show_id uuid not null,
  code text not null,
  percent integer,
  amount_minor bigint,
  uses_max integer not null,
  uses integer not null default 0,
  valid_until timestamp with time zone not null,
  constraint promo_codes_pkey primary key (show_id, code),
  constraint promo_codes_amount_minor_check check ((amount_minor > 0)),
  constraint promo_codes_check check (((percent is null) <> (amount_minor is null))),
  constraint promo_codes_check1 check (((uses >= 0) and (uses <= uses_max))),
  constraint promo_codes_code_check check ((code ~ '^[A-Z0-9-]{3,30}$'::text)),
  constraint promo_codes_percent_check check (((percent >= 1) and (percent <= 100))),
  constraint promo_codes_uses_max_check check ((uses_max > 0))
) with (fillfactor=70);

create table refund_seats (
  show_id uuid not null,
  refund_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  constraint refund_seats_pkey primary key (show_id, refund_id, seat_id),
  constraint refund_seats_show_id_booking_id_seat_id_key unique (show_id, booking_id, seat_id),
  constraint refund_seats_amount_minor_check check ((amount_minor >= 0)),
  constraint refund_seats_fee_minor_check check ((fee_minor >= 0))
);

create table refunds (
  show_id uuid not null,
  refund_id uuid not null,
  payment_id uuid not null,
  booking_id uuid not null,
  cause text not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  attempt integer not null,
  provider_refund_id text,
  failure text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint refunds_pkey primary key (show_id, refund_id),
  constraint refunds_show_id_payment_id_cause_key unique (show_id, payment_id, cause),
  constraint refunds_show_id_payment_id_fkey foreign key (show_id, payment_id) references payments(show_id, payment_id),
  constraint refunds_amount_minor_check check ((amount_minor > 0)),
  constraint refunds_attempt_check check ((attempt > 0)),
  constraint refunds_cause_check check ((length(cause) <= 100)),
  constraint refunds_failure_check check ((failure = any (array['balance'::text, 'dispute'::text, 'provider'::text]))),
  constraint refunds_status_check check ((status = any (array['requested'::text, 'pending'::text, 'succeeded'::text, 'settled'::text])))
);

create table show_buyers (
  show_id uuid not null,
  user_id uuid not null,
  seats integer not null,
  lettings integer not null default 0,
  let_go_at timestamp with time zone,
  constraint show_buyers_pkey primary key (show_id, user_id),
  constraint show_buyers_seats_check check ((seats >= 0))
) with (fillfactor=70);

create table show_cards (
  show_id uuid not null,
  card_digest bytea not null,
  constraint show_cards_pkey primary key (show_id, card_digest)
);

create table show_channels (
  show_id uuid not null,
  channel text not null,
  name text not null,
  code_hash text,
  opens_at timestamp with time zone,
  closes_at timestamp with time zone,
  constraint show_channels_pkey primary key (show_id, channel),
  constraint show_channels_channel_check check ((channel ~ '^[a-z0-9][a-z0-9-]{0,63}$'::text)),
  constraint show_channels_check check ((opens_at < closes_at)),
  constraint show_channels_code_hash_check check ((code_hash ~ '^[0-9a-f]{64}$'::text))
);

create table show_lines (
  show_id uuid not null,
  opens_at timestamp with time zone not null,
  draw_at timestamp with time zone not null,
  admit_from timestamp with time zone not null,
  draw_nonce uuid not null,
  drawn integer,
  entries_max integer not null default 0,
  served integer not null default 0,
  is_paused boolean not null default false,
  calls_per_minute_max integer,
  guests_allowed boolean not null default false,
  message text not null default ''::text,
  closed_at timestamp with time zone,
  constraint show_lines_pkey primary key (show_id),
  constraint show_lines_calls_per_minute_max_check check ((calls_per_minute_max > 0)),
  constraint show_lines_check check (((opens_at <= draw_at) and (draw_at <= admit_from))),
  constraint show_lines_drawn_check check ((drawn >= 0)),
  constraint show_lines_entries_max_check check ((entries_max >= 0)),
  constraint show_lines_message_check check ((length(message) <= 500)),
  constraint show_lines_served_check check ((served >= 0))
);

create table show_networks (
  show_id uuid not null,
  network_digest bytea not null,
  constraint show_networks_pkey primary key (show_id, network_digest)
);

create table show_prices (
  show_id uuid not null,
  price_code text not null,
  name text not null,
  amount_minor bigint not null,
  fee_minor bigint not null default 0,
  tax_basis_points integer not null default 0,
  constraint show_prices_pkey primary key (show_id, price_code),
  constraint show_prices_amount_minor_check check ((amount_minor >= 0)),
  constraint show_prices_fee_minor_check check ((fee_minor >= 0))
);

create table show_reminders (
  show_id uuid not null,
  starts_at timestamp with time zone not null,
  after uuid not null,
  ended_at timestamp with time zone,
  constraint show_reminders_pkey primary key (show_id, starts_at)
);

create table show_reschedule_notices (
  show_id uuid not null,
  change_id uuid not null,
  booking_id uuid not null,
  constraint show_reschedule_notices_pkey primary key (show_id, change_id, booking_id)
);

create table show_reschedules (
  show_id uuid not null,
  change_id uuid not null,
  starts_at_before timestamp with time zone not null,
  starts_at timestamp with time zone not null,
  refund_until timestamp with time zone not null,
  rescheduled_at timestamp with time zone not null,
  constraint show_reschedules_pkey primary key (show_id, change_id)
);

create table show_seats (
  show_id uuid not null,
  seat_id text not null,
  status text not null default 'available'::text,
  booking_id uuid,
  user_id uuid,
  held_until timestamp with time zone,
  version integer not null default 0,
  price_code text not null,
  channel text,
  constraint show_seats_pkey primary key (show_id, seat_id),
  constraint show_seats_check check (((booking_id is not null) = (status = any (array['held'::text, 'booked'::text])))),
  constraint show_seats_check1 check (((held_until is not null) = (status = 'held'::text))),
  constraint show_seats_status_check check ((status = any (array['available'::text, 'held'::text, 'booked'::text, 'blocked'::text])))
) with (fillfactor=70);

create table shows (
  show_id uuid not null,
  title_id uuid not null,
  hall_id uuid not null,
  layout_hash text not null,
  format text not null default ''::text,
  starts_at timestamp with time zone not null,
  sales_open_at timestamp with time zone not null,
  sales_close_at timestamp with time zone not null,
  status text not null default 'scheduled'::text,
  currency text not null,
  seats_per_buyer_max integer not null default 10,
  version bigint not null default 1,
  late_swap_allowed boolean not null default false,
  refundable_until timestamp with time zone,
  seats_apart integer not null default 0,
  seat_rules text,
  waiting_since timestamp with time zone,
  seats_per_card_max integer,
  seats_per_address_max integer,
  availability text not null default 'available'::text,
  sold_percent integer not null default 0,
  constraint shows_pkey primary key (show_id),
  constraint shows_hall_id_fkey foreign key (hall_id) references halls(hall_id),
  constraint shows_layout_hash_fkey foreign key (layout_hash) references layouts(layout_hash),
  constraint shows_title_id_fkey foreign key (title_id) references titles(title_id),
  constraint shows_currency_check check ((currency ~ '^[A-Z]{3}$'::text)),
  constraint shows_seats_per_buyer_max_check check ((seats_per_buyer_max > 0)),
  constraint shows_status_check check ((status = any (array['scheduled'::text, 'cancelled'::text])))
);

create table sign_in_codes (
  id uuid not null,
  identifier_digest text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint sign_in_codes_pkey primary key (id)
);

create table sign_in_keys (
  id uuid not null,
  public_key text not null,
  private_key text not null,
  alg text,
  crv text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  constraint sign_in_keys_pkey primary key (id)
);

create table sign_in_sessions (
  id uuid not null,
  user_id uuid not null,
  token_digest text not null,
  ip_address text,
  user_agent text,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint sign_in_sessions_pkey primary key (id),
  constraint sign_in_sessions_token_digest_key unique (token_digest),
  constraint sign_in_sessions_user_id_fkey foreign key (user_id) references sign_in_users(id) on delete cascade
);

create table sign_in_users (
  id uuid not null,
  email_digest text not null,
  name text not null,
  email_verified boolean not null,
  image text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint sign_in_users_pkey primary key (id),
  constraint sign_in_users_email_digest_key unique (email_digest)
);

create table support_actions (
  show_id uuid not null,
  action_id text not null,
  booking_id uuid,
  action text not null,
  agent text not null,
  reason text not null,
  case_number text not null,
  outcome text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint support_actions_pkey primary key (show_id, action_id),
  constraint support_actions_action_id_check check ((length(action_id) <= 200)),
  constraint support_actions_agent_check check ((length(agent) <= 40)),
  constraint support_actions_case_number_check check ((length(case_number) <= 40)),
  constraint support_actions_reason_check check ((length(reason) <= 40))
);

create table ticket_transfers (
  show_id uuid not null,
  transfer_id uuid not null,
  ticket_id uuid not null,
  booking_id uuid not null,
  from_user_id uuid not null,
  receiver_id uuid not null,
  to_user_id uuid not null,
  status text not null,
  new_ticket_id uuid,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint ticket_transfers_pkey primary key (show_id, transfer_id),
  constraint ticket_transfers_show_id_ticket_id_fkey foreign key (show_id, ticket_id) references tickets(show_id, ticket_id),
  constraint ticket_transfers_check check (((status = 'accepted'::text) = (new_ticket_id is not null))),
  constraint ticket_transfers_check1 check (((status = 'open'::text) = (ended_at is null))),
  constraint ticket_transfers_status_check check ((status = any (array['open'::text, 'accepted'::text, 'cancelled'::text, 'expired'::text])))
);

create table tickets (
  show_id uuid not null,
  ticket_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  user_id uuid not null,
  status text not null default 'live'::text,
  issued_at timestamp with time zone not null,
  moved_to text,
  nth integer not null default 0,
  voided_at timestamp with time zone,
  constraint tickets_pkey primary key (show_id, ticket_id),
  constraint tickets_show_id_booking_id_fkey foreign key (show_id, booking_id) references bookings(show_id, booking_id),
  constraint tickets_status_check check ((status = any (array['live'::text, 'void'::text])))
);

create table titles (
  title_id uuid not null,
  organiser_id uuid not null,
  name text not null,
  kind text not null,
  genre text not null,
  language text not null,
  people text[] not null default '{}'::text[],
  synopsis text not null default ''::text,
  duration_minutes integer not null,
  age_rating text not null default ''::text,
  poster_hash text,
  constraint titles_pkey primary key (title_id),
  constraint titles_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint titles_poster_hash_fkey foreign key (poster_hash) references posters(poster_hash),
  constraint titles_duration_minutes_check check ((duration_minutes > 0)),
  constraint titles_kind_check check ((kind = any (array['film'::text, 'concert'::text, 'theatre'::text, 'comedy'::text, 'sport'::text])))
);

create table undone_entries (
  show_id uuid not null,
  device_id uuid not null,
  scan_id uuid not null,
  ticket_id uuid not null,
  gate text not null,
  user_id uuid not null,
  scanned_at timestamp with time zone not null,
  entered_at timestamp with time zone not null,
  was_offline boolean not null,
  undone_by uuid not null,
  undone_at timestamp with time zone not null,
  constraint undone_entries_pkey primary key (show_id, device_id, scan_id),
  constraint undone_entries_gate_check check ((length(gate) <= 30))
);

create table user_bookings (
  user_id uuid not null,
  booking_id uuid not null,
  show_id uuid not null,
  starts_at timestamp with time zone not null,
  constraint user_bookings_pkey primary key (user_id, booking_id)
);

create table venues (
  venue_id uuid not null,
  organiser_id uuid not null,
  name text not null,
  city text not null,
  country text not null,
  time_zone text not null,
  address text not null,
  latitude double precision not null,
  longitude double precision not null,
  constraint venues_pkey primary key (venue_id),
  constraint venues_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint venues_country_check check ((country ~ '^[A-Z]{2}$'::text))
);

create table waiting_entries (
  show_id uuid not null,
  entry_id uuid not null,
  user_id uuid not null,
  party_size integer not null,
  price_codes text[] not null,
  total_max_minor bigint,
  is_together boolean not null,
  accessible integer not null,
  companions integer not null,
  state text not null default 'waiting'::text,
  joined_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  passed_until timestamp with time zone,
  constraint waiting_entries_pkey primary key (show_id, entry_id),
  constraint waiting_entries_accessible_check check ((accessible >= 0)),
  constraint waiting_entries_check check (((accessible + companions) <= party_size)),
  constraint waiting_entries_companions_check check ((companions >= 0)),
  constraint waiting_entries_party_size_check check (((party_size >= 1) and (party_size <= 20))),
  constraint waiting_entries_state_check check ((state = any (array['waiting'::text, 'offered'::text, 'served'::text, 'declined'::text, 'lapsed'::text, 'left'::text, 'closed'::text]))),
  constraint waiting_entries_total_max_minor_check check ((total_max_minor >= 0))
);

create table waiting_offers (
  show_id uuid not null,
  booking_id uuid not null,
  entry_id uuid not null,
  user_id uuid not null,
  seat_ids text[] not null,
  area text,
  quantity integer not null,
  state text not null default 'open'::text,
  offered_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint waiting_offers_pkey primary key (show_id, booking_id),
  constraint waiting_offers_show_id_entry_id_fkey foreign key (show_id, entry_id) references waiting_entries(show_id, entry_id),
  constraint waiting_offers_quantity_check check ((quantity > 0)),
  constraint waiting_offers_state_check check ((state = any (array['open'::text, 'taken'::text, 'declined'::text, 'lapsed'::text, 'void'::text])))
);

create index bookings_comp on bookings using btree (show_id, booking_id) where is_comp;

create index bookings_held on bookings using btree (held_until) where (status = 'held'::text);

create index entries_by_gate on entries using btree (show_id, gate);

create index entries_by_time on entries using btree (show_id, entered_at);

create index gates_by_venue on gates using btree (venue_id);

create index mail_bounces_by_time on mail_bounces using btree (last_at);

create index organiser_members_by_user on organiser_members using btree (user_id);

create index payment_events_unheard on payment_events using btree (received_at) where (signalled_at is null);

create index payments_by_card on payments using btree (show_id, card_digest) where (card_digest is not null);

create index payments_by_network on payments using btree (show_id, network_digest) where (network_digest is not null);

create index people_by_email on people using btree (email_digest);

create index refunds_by_booking on refunds using btree (show_id, booking_id);

create index refunds_unfinished on refunds using btree (show_id, updated_at) where (status = any (array['requested'::text, 'pending'::text]));

create index shows_by_time on shows using btree (starts_at);

create index shows_with_waiting_list on shows using btree (show_id) where (waiting_since is not null);

create index sign_in_codes_by_end on sign_in_codes using btree (expires_at);

create index sign_in_codes_by_identifier on sign_in_codes using btree (identifier_digest);

create index sign_in_sessions_by_user on sign_in_sessions using btree (user_id);

create index support_actions_by_booking on support_actions using btree (show_id, booking_id);

create index ticket_transfers_by_ticket on ticket_transfers using btree (show_id, ticket_id);

create unique index ticket_transfers_open on ticket_transfers using btree (show_id, ticket_id) where (status = 'open'::text);

create unique index tickets_by_booking on tickets using btree (show_id, booking_id, seat_id, nth);

create index tickets_by_tail on tickets using btree (show_id, "right"((ticket_id)::text, 10));

create index tickets_by_void_time on tickets using btree (show_id, voided_at) where (status = 'void'::text);

create unique index tickets_one_live_per_seat on tickets using btree (show_id, seat_id) where (status = 'live'::text);

create index undone_entries_by_time on undone_entries using btree (show_id, undone_at);

create index user_bookings_by_time on user_bookings using btree (user_id, starts_at, booking_id);

create index waiting_entries_by_person on waiting_entries using btree (show_id, user_id, entry_id);

create unique index waiting_entries_one_a_person on waiting_entries using btree (show_id, user_id) where (state = any (array['waiting'::text, 'offered'::text]));

create index waiting_entries_waiting on waiting_entries using btree (show_id, entry_id) where (state = 'waiting'::text);

create unique index waiting_offers_one_open on waiting_offers using btree (show_id, entry_id) where (state = 'open'::text);

create function accept_transfer(p_show_id uuid, p_transfer_id uuid, p_user_id uuid)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking_id uuid;
  v_seat_id text;
  v_refused jsonb;
  v_transfer ticket_transfers;
  v_ticket_id uuid := uuidv7();
begin
  select booking_id into v_booking_id from ticket_transfers where show_id = p_show_id and transfer_id = p_transfer_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_NOT_FOUND');
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = v_booking_id for update;
  select transfer.* into v_transfer
    from ticket_transfers transfer where transfer.show_id = p_show_id and transfer.transfer_id = p_transfer_id
    for update;
  v_now := clock_timestamp();
  if v_transfer.status = 'accepted' and v_transfer.to_user_id = p_user_id then
    return jsonb_build_object('outcome', 'accepted', 'transfer', transfer_of(v_transfer, v_now));
  end if;
  if v_transfer.status <> 'open' or v_transfer.expires_at <= v_now then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_CLOSED');
  end if;
  v_refused := refuse_transfer(p_show_id, v_booking_id, v_transfer.ticket_id, v_now);
  if v_refused is not null then
    return v_refused;
  end if;

  update tickets set status = 'void', moved_to = seat_id, voided_at = clock_timestamp()
    where show_id = p_show_id and ticket_id = v_transfer.ticket_id
    returning seat_id into v_seat_id;
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at, nth)
    select p_show_id, v_ticket_id, v_booking_id, v_seat_id, p_user_id, v_now, count(*)
      from tickets where show_id = p_show_id and booking_id = v_booking_id and seat_id = v_seat_id;
  update ticket_transfers
    set status = 'accepted', to_user_id = p_user_id, new_ticket_id = v_ticket_id, ended_at = v_now
    where show_id = p_show_id and transfer_id = p_transfer_id
    returning * into v_transfer;
  perform append_booking_event(p_show_id, v_booking_id, 'TicketTransferred', jsonb_build_object(
    'userId', v_transfer.from_user_id, 'transferId', p_transfer_id, 'seatId', v_seat_id));
  perform append_booking_event(p_show_id, v_booking_id, 'TicketReceived', jsonb_build_object(
    'userId', p_user_id, 'transferId', p_transfer_id,
    'ticketDetails', jsonb_build_array(jsonb_build_object('ticketId', v_ticket_id, 'seatId', v_seat_id))));
  return jsonb_build_object('outcome', 'accepted', 'transfer', transfer_of(v_transfer, v_now));
end
$$;

create function admit(p_show_id uuid, p_user_id uuid, p_device_id uuid, p_gate text, p_ticket_ids uuid[], p_scan_ids uuid[], p_scanned_at timestamp with time zone[], p_were_admitted boolean[])
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_conflict record;
  v_conflicts jsonb := '[]'::jsonb;
begin
  -- Against a refund at the same moment: it waits for us, or we see what it has done.
  perform 1 from tickets where show_id = p_show_id and ticket_id = any(p_ticket_ids) order by ticket_id for share;
  v_now := clock_timestamp();
  insert into entries (show_id, ticket_id, gate, device_id, scan_id, user_id, scanned_at, entered_at, was_offline)
    select distinct on (scan.ticket_id) p_show_id, scan.ticket_id, p_gate, p_device_id, scan.scan_id, p_user_id,
        scan.scanned_at, v_now, scan.was_admitted
      from unnest(p_ticket_ids, p_scan_ids, p_scanned_at, p_were_admitted) with ordinality
        as scan (ticket_id, scan_id, scanned_at, was_admitted, nth)
      join tickets ticket on ticket.show_id = p_show_id and ticket.ticket_id = scan.ticket_id and ticket.status = 'live'
      where not exists (select 1 from undone_entries undone where undone.show_id = p_show_id
          and undone.device_id = p_device_id and undone.scan_id = scan.scan_id)
      order by scan.ticket_id, scan.nth
    on conflict do nothing;
  for v_conflict in
    insert into entry_conflicts (show_id, ticket_id, device_id, scan_id, gate, user_id, scanned_at, claimed_at, reason)
      select p_show_id, scan.ticket_id, p_device_id, scan.scan_id, p_gate, p_user_id, scan.scanned_at, v_now,
          case when entry.ticket_id is null then 'void' else 'entered' end
        from unnest(p_ticket_ids, p_scan_ids, p_scanned_at, p_were_admitted)
          as scan (ticket_id, scan_id, scanned_at, was_admitted)
        join tickets ticket on ticket.show_id = p_show_id and ticket.ticket_id = scan.ticket_id
        left join entries entry on entry.show_id = p_show_id and entry.ticket_id = scan.ticket_id
        where scan.was_admitted and (entry.device_id, entry.scan_id) is distinct from (p_device_id, scan.scan_id)
          and not exists (select 1 from undone_entries undone where undone.show_id = p_show_id
            and undone.device_id = p_device_id and undone.scan_id = scan.scan_id)
        order by scan.ticket_id, scan.scan_id
      on conflict do nothing
      returning ticket_id, reason
  loop
    perform append_booking_event(p_show_id,
      (select booking_id from tickets where show_id = p_show_id and ticket_id = v_conflict.ticket_id), 'EntryConflicted',
      jsonb_build_object('ticketId', v_conflict.ticket_id, 'gate', p_gate, 'reason', v_conflict.reason));
    v_conflicts := v_conflicts || to_jsonb(v_conflict.reason);
  end loop;
  return jsonb_build_object('conflicts', v_conflicts, 'answers', (
    select coalesce(jsonb_agg(jsonb_build_object('scanId', scan.scan_id, 'ticketId', scan.ticket_id, 'seatId', ticket.seat_id,
        'verdict', case
          when ticket.ticket_id is null then 'unknown'
          when entry.device_id = p_device_id and entry.scan_id = scan.scan_id then 'entered'
          when undone.scan_id is not null then 'undone'
          when entry.ticket_id is not null then 'already_entered'
          else 'void' end,
        'gate', entry.gate, 'enteredAtMs', floor(extract(epoch from entry.entered_at) * 1000)) order by scan.nth), '[]')
      from unnest(p_ticket_ids, p_scan_ids) with ordinality as scan (ticket_id, scan_id, nth)
      left join tickets ticket on ticket.show_id = p_show_id and ticket.ticket_id = scan.ticket_id
      left join entries entry on entry.show_id = p_show_id and entry.ticket_id = scan.ticket_id
      left join undone_entries undone on undone.show_id = p_show_id and undone.device_id = p_device_id
        and undone.scan_id = scan.scan_id));
end
$$;

create function allocate_seats(p_show_id uuid, p_seat_ids text[], p_blocked boolean[], p_channels text[])
 returns jsonb
 language plpgsql
as $$
declare
  v_taken text[];
  v_seats jsonb;
  v_released integer;
  v_event_id uuid;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  select coalesce(array_agg(seat.seat_id order by seat.seat_id), '{}') into v_taken
    from unnest(p_seat_ids, p_blocked, p_channels) as wanted (seat_id, is_blocked, channel)
    join show_seats seat on seat.show_id = p_show_id and seat.seat_id = wanted.seat_id
    where seat.status in ('held', 'booked') and (wanted.is_blocked or seat.channel is distinct from wanted.channel);
  with changed as (
    update show_seats seat
      set status = case when wanted.is_blocked then 'blocked' else 'available' end, channel = wanted.channel, version = version + 1
      from unnest(p_seat_ids, p_blocked, p_channels) as wanted (seat_id, is_blocked, channel)
      where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids) and seat.seat_id = wanted.seat_id
        and seat.status in ('available', 'blocked')
        and ((seat.status = 'blocked') <> wanted.is_blocked or seat.channel is distinct from wanted.channel)
      returning seat.seat_id, seat.status, seat.version, seat.channel
  )
  select coalesce(jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version, 'heldUntilMs', null,
      'channel', channel) order by seat_id), '[]'), count(*) filter (where status = 'available' and channel is null)
      into v_seats, v_released
    from changed;
  if v_released > 0 then
    -- How many, and not which: a hall's worth of ids is more than Kafka takes.
    v_event_id := uuidv7();
    insert into outbox (show_id, event_id, topic, payload, created_at)
      values (p_show_id, v_event_id, 'booking-events',
        jsonb_build_object('schemaVersion', 1, 'type', 'SeatsReleased', 'eventId', v_event_id, 'showId', p_show_id,
          'seats', v_released),
        clock_timestamp());
  end if;
  return jsonb_build_object('seats', v_seats, 'taken', to_jsonb(v_taken));
end
$$;

create function append_booking_event(p_show_id uuid, p_booking_id uuid, p_type text, p_details jsonb)
 returns void
 language plpgsql
as $$
declare
  v_event_id uuid := uuidv7();
begin
  insert into outbox (show_id, event_id, topic, payload, created_at)
    select p_show_id, v_event_id, 'booking-events',
        jsonb_build_object('schemaVersion', 1, 'type', p_type, 'eventId', v_event_id, 'showId', p_show_id,
          'bookingId', p_booking_id, 'userId', booking.user_id,
          'seatIds', (select jsonb_agg(seat_id order by seat_id) from booking_seats
                        where show_id = p_show_id and booking_id = p_booking_id)) || p_details,
        clock_timestamp()
      from bookings booking
      where booking.show_id = p_show_id and booking.booking_id = p_booking_id;
end
$$;

create function append_waiting_event(p_show_id uuid, p_entry_id uuid, p_type text, p_details jsonb)
 returns void
 language plpgsql
as $$
declare
  v_event_id uuid := uuidv7();
begin
  insert into outbox (show_id, event_id, topic, payload, created_at)
    select p_show_id, v_event_id, 'booking-events',
        jsonb_build_object('schemaVersion', 1, 'type', p_type, 'eventId', v_event_id, 'showId', p_show_id,
          'entryId', p_entry_id, 'userId', user_id) || p_details,
        clock_timestamp()
      from waiting_entries where show_id = p_show_id and entry_id = p_entry_id;
end
$$;

create function cancel_transfer(p_show_id uuid, p_ticket_id uuid, p_user_id uuid)
 returns jsonb
 language plpgsql
as $$
declare
  v_ticket record;
  v_transfer record;
begin
  select booking_id, seat_id into v_ticket
    from tickets where show_id = p_show_id and ticket_id = p_ticket_id and user_id = p_user_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_FOUND');
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = v_ticket.booking_id for update;
  if exists (select 1 from ticket_transfers
               where show_id = p_show_id and ticket_id = p_ticket_id and status = 'accepted') then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_CLOSED');
  end if;
  update ticket_transfers set status = 'cancelled', ended_at = clock_timestamp()
    where show_id = p_show_id and ticket_id = p_ticket_id and status = 'open'
    returning transfer_id, to_user_id into v_transfer;
  if found then
    perform append_booking_event(p_show_id, v_ticket.booking_id, 'TransferCancelled', jsonb_build_object(
      'userId', v_transfer.to_user_id, 'transferId', v_transfer.transfer_id, 'seatId', v_ticket.seat_id));
  end if;
  return jsonb_build_object('outcome', 'cancelled');
end
$$;

create function change_hold(p_show_id uuid, p_booking_id uuid, p_add text[], p_drop text[], p_expected_total_minor bigint, p_grace_seconds integer, p_seats_max integer)
 returns jsonb
 language plpgsql
 set plan_cache_mode to 'force_generic_plan'
 set enable_seqscan to 'off'
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_show record;
  v_own text[];
  v_added text[];
  v_dropped text[];
  v_seat_ids text[];
  v_locked integer;
  v_wanted record;
  v_discount bigint := 0;
  v_near text[];
  v_left text[] := '{}';
  v_own_left integer := 0;
  v_refused jsonb;
begin
  select status, user_id, held_until, total_minor, fee_minor, currency, promo_code, channel into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  v_now := clock_timestamp();
  if v_booking.status = 'expired' or (v_booking.status = 'held' and v_booking.held_until <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_EXPIRED', 'seatIds', '[]'::jsonb);
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED', 'seatIds', '[]'::jsonb);
  end if;

  select array_agg(seat_id) into v_own from booking_seats where show_id = p_show_id and booking_id = p_booking_id;
  v_added := array(select unnest(p_add) except select unnest(v_own));
  v_dropped := array(select unnest(v_own) intersect select unnest(p_drop));
  v_seat_ids := array(
    (select unnest(v_own) except select unnest(v_dropped)) union select unnest(v_added) order by 1);
  if cardinality(v_added) + cardinality(v_dropped) = 0 then
    return jsonb_build_object(
      'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_booking.held_until) * 1000), 'seatIds', to_jsonb(v_seat_ids),
      'totalMinor', v_booking.total_minor, 'feeMinor', v_booking.fee_minor, 'currency', v_booking.currency);
  end if;
  -- Also when it is closed again: its money may still come, and it would come for the old sum.
  perform 1 from payments where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    return jsonb_build_object('outcome', 'refused', 'code', 'PAYMENT_BEGUN', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_seat_ids) = 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_WOULD_BE_EMPTY', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_seat_ids) > p_seats_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEATS_TOO_MANY', 'seatIds', '[]'::jsonb);
  end if;
  select status, sales_open_at, sales_close_at, seats_per_buyer_max, waiting_since into v_show from shows where show_id = p_show_id;
  if cardinality(v_added) > 0 and (v_show.status <> 'scheduled' or v_now >= v_show.sales_close_at) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', '[]'::jsonb);
  end if;

  -- Also not to somebody who has an offer: the others are behind them for these seats.
  if cardinality(v_added) > 0 and v_show.waiting_since is not null
      and is_for_waiting_list(p_show_id, v_added, v_booking.channel) then
    return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_FIRST', 'seatIds', to_jsonb(v_added));
  end if;

  -- As a hold has it: what a channel keeps is not added once the channel is closed and the general sale not open.
  if cardinality(v_added) > 0 and v_now < v_show.sales_open_at and exists (select 1 from show_channels
      where show_id = p_show_id and channel = v_booking.channel and closes_at <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_CLOSED', 'seatIds', '[]'::jsonb);
  end if;

  v_near := near_seats(p_show_id, v_added);
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(v_added || v_dropped || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  if v_locked <> (select count(distinct seat_id) from unnest(v_added || v_dropped || v_near) as seat_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, v_added)));
  end if;
  select taken, has_channel, overdue, own_overdue, amount_minor, fee_minor into v_wanted
    from survey_seats(p_show_id, p_booking_id, v_booking.user_id, v_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  if v_wanted.has_channel or v_booking.channel is not null or cardinality(v_near) > 0 then
    v_refused := refuse_by_rule(p_show_id, p_booking_id, v_added, v_near, v_booking.channel, v_show.sales_open_at, p_grace_seconds, v_now);
    if v_refused is not null then
      return v_refused;
    end if;
  end if;
  -- The code is used by this hold already: whether it is valid still, or used up, is no question.
  if v_booking.promo_code is not null then
    select discount_of(v_wanted.amount_minor, percent, amount_minor) into v_discount
      from promo_codes where show_id = p_show_id and code = v_booking.promo_code;
  end if;
  if v_wanted.amount_minor + v_wanted.fee_minor - v_discount <> p_expected_total_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'PRICE_CHANGED', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_near) > 0 then
    select seat_ids, own into v_left, v_own_left from overdue_beside(p_show_id, p_booking_id, v_booking.user_id, v_near);
  end if;
  if not count_seats(p_show_id, v_booking.user_id, v_added || v_left, cardinality(v_added) - cardinality(v_dropped),
      v_show.seats_per_buyer_max, v_wanted.overdue + cardinality(v_left), v_wanted.own_overdue + v_own_left) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and (seat_id = any(v_dropped) and booking_id = p_booking_id or seat_id = any(v_left));
  update show_seats
    set status = 'held', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = v_booking.held_until,
      version = version + 1
    where show_id = p_show_id and seat_id = any(v_added);
  delete from booking_seats where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_dropped);
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor, added_at)
    select p_show_id, p_booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor, v_now
      from quote_seats(p_show_id, v_seat_ids, v_wanted.amount_minor, v_discount)
    on conflict (show_id, booking_id, seat_id) do update
      set price_code = excluded.price_code, amount_minor = excluded.amount_minor, fee_minor = excluded.fee_minor,
        tax_minor = excluded.tax_minor;
  update bookings
    set seat_count = cardinality(v_seat_ids), total_minor = v_wanted.amount_minor + v_wanted.fee_minor - v_discount,
      fee_minor = v_wanted.fee_minor, discount_minor = v_discount
    where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id, 'HoldChanged',
    jsonb_build_object('addedSeatIds', to_jsonb(v_added), 'droppedSeatIds', to_jsonb(v_dropped)));
  return jsonb_build_object(
    'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_booking.held_until) * 1000), 'seatIds', to_jsonb(v_seat_ids),
    'totalMinor', v_wanted.amount_minor + v_wanted.fee_minor - v_discount, 'feeMinor', v_wanted.fee_minor,
    'currency', v_booking.currency);
end
$$;

create function change_hold_with_news(p_show_id uuid, p_booking_id uuid, p_add text[], p_drop text[], p_expected_total_minor bigint, p_grace_seconds integer, p_seats_max integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_outcome jsonb := change_hold(p_show_id, p_booking_id, p_add, p_drop, p_expected_total_minor, p_grace_seconds, p_seats_max);
begin
  if v_outcome ->> 'outcome' = 'refused' then
    return v_outcome;
  end if;
  return v_outcome || jsonb_build_object('seats', (
    select jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version,
        'heldUntilMs', floor(extract(epoch from held_until) * 1000)) order by seat_id)
      from show_seats where show_id = p_show_id and seat_id = any(p_add || p_drop)));
end
$$;

create function close_empty_waiting_list(p_show_id uuid)
 returns boolean
 language plpgsql
as $$
begin
  if exists (select 1 from waiting_entries where show_id = p_show_id and state in ('waiting', 'offered')) then
    return false;
  end if;
  perform 1 from shows where show_id = p_show_id for no key update;
  if exists (select 1 from waiting_entries where show_id = p_show_id and state in ('waiting', 'offered')) then
    return false;
  end if;
  update shows set waiting_since = null where show_id = p_show_id and waiting_since is not null;
  return true;
end
$$;

create function close_transfers(p_show_id uuid, p_booking_id uuid, p_seat_ids text[])
 returns void
 language sql
as $$
  with closed as (
    update ticket_transfers transfer
      set status = case when transfer.expires_at <= clock_timestamp() then 'expired' else 'cancelled' end,
        ended_at = clock_timestamp()
      from tickets ticket
      where ticket.show_id = p_show_id and ticket.booking_id = p_booking_id and ticket.seat_id = any(p_seat_ids)
        and transfer.show_id = ticket.show_id and transfer.ticket_id = ticket.ticket_id and transfer.status = 'open'
      returning transfer.transfer_id, transfer.to_user_id, transfer.status, ticket.seat_id
  )
  select append_booking_event(p_show_id, p_booking_id, 'TransferCancelled', jsonb_build_object(
      'userId', to_user_id, 'transferId', transfer_id, 'seatId', seat_id))
    from (select transfer_id, to_user_id, seat_id from closed where status = 'cancelled' order by seat_id) cancelled
$$;

create function close_waiting_entries(p_show_id uuid, p_limit integer)
 returns integer
 language plpgsql
as $$
declare
  v_reason text;
  v_entry_ids uuid[];
begin
  select case when status <> 'scheduled' then 'show_cancelled' when sales_close_at <= clock_timestamp() then 'sale_over' end into v_reason
    from shows where show_id = p_show_id;
  if v_reason is null then
    return 0;
  end if;
  v_entry_ids := array(select entry_id from waiting_entries where show_id = p_show_id and state = 'waiting'
    order by entry_id limit p_limit for update);
  update waiting_entries set state = 'closed', ended_at = clock_timestamp()
    where show_id = p_show_id and entry_id = any(v_entry_ids);
  perform append_waiting_event(p_show_id, entry_id, 'WaitingListClosed', jsonb_build_object('reason', v_reason))
    from unnest(v_entry_ids) as closed (entry_id);
  return cardinality(v_entry_ids);
end
$$;

create function comp_seats(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_request_hash text, p_payment_id uuid, p_channel text, p_grace_seconds integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_locked integer;
  v_now timestamptz;
  v_show record;
  v_booking record;
  v_wanted record;
  v_near text[] := near_seats(p_show_id, p_seat_ids);
  v_refused jsonb;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  select request_hash, status into v_booking from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    if v_booking.request_hash <> p_request_hash then
      return jsonb_build_object('outcome', 'refused', 'code', 'IDEMPOTENCY_KEY_REUSED', 'seatIds', '[]'::jsonb);
    end if;
    return jsonb_build_object('outcome', 'given', 'isRepeated', true);
  end if;

  v_now := clock_timestamp();
  select status, currency, seats_per_buyer_max into v_show from shows where show_id = p_show_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if v_show.status <> 'scheduled' then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED', 'seatIds', '[]'::jsonb);
  end if;
  if v_locked <> cardinality(p_seat_ids || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  select taken, overdue, own_overdue into v_wanted
    from survey_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  v_refused := refuse_by_rule(p_show_id, p_booking_id, p_seat_ids, v_near, p_channel, null, null, v_now);
  if v_refused is not null then
    return v_refused;
  end if;
  if not count_seats(p_show_id, p_user_id, p_seat_ids, cardinality(p_seat_ids), v_show.seats_per_buyer_max,
      v_wanted.overdue, v_wanted.own_overdue) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = p_user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
      held_until, payment_id, created_at, confirmed_at, channel, is_comp)
    values (p_show_id, p_booking_id, p_user_id, 'ticketed', p_request_hash, cardinality(p_seat_ids), 0, 0, v_show.currency,
      v_now, p_payment_id, v_now, v_now, p_channel, true);
  insert into payments (show_id, payment_id, booking_id, attempt, provider, provider_payment_id, status, amount_minor, currency,
      created_at, updated_at)
    values (p_show_id, p_payment_id, p_booking_id, 1, 'free', p_payment_id::text, 'captured', 0, v_show.currency, v_now, v_now);
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, seat_id, price_code, 0, 0, 0
      from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
    select p_show_id, uuidv7(), p_booking_id, seat_id, p_user_id, v_now from unnest(p_seat_ids) as given (seat_id) order by seat_id;
  perform append_booking_event(p_show_id, p_booking_id, 'BookingConfirmed', jsonb_build_object(
    'totalMinor', 0, 'currency', v_show.currency,
    'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                        from tickets where show_id = p_show_id and booking_id = p_booking_id)));
  return jsonb_build_object('outcome', 'given', 'isRepeated', false);
end
$$;

create function comp_seats_with_news(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_request_hash text, p_payment_id uuid, p_channel text, p_grace_seconds integer)
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, comp_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_request_hash, p_payment_id,
    p_channel, p_grace_seconds))
$$;

create function confirm_booking(p_show_id uuid, p_booking_id uuid, p_payment_id uuid, p_amount_minor bigint, p_currency text)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_seats integer;
  v_show record;
  v_refused text;
begin
  select status, payment_id, seat_count, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'reason', 'absent');
  end if;
  if v_booking.status in ('confirmed', 'ticketed', 'refunded') then
    if v_booking.payment_id = p_payment_id then
      return jsonb_build_object('outcome', 'confirmed');
    end if;
    return jsonb_build_object('outcome', 'refused', 'reason', 'paid_otherwise');
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'closed');
  end if;
  -- Not locked: a cancellation looks again until no booking is left, so a confirm that has slipped by is found.
  select status, seats_per_card_max into v_show from shows where show_id = p_show_id;
  if v_show.status <> 'scheduled' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'show_cancelled');
  end if;
  if v_booking.total_minor <> p_amount_minor or v_booking.currency <> p_currency then
    return jsonb_build_object('outcome', 'refused', 'reason', 'amount_mismatch');
  end if;

  perform 1 from show_seats seat
    where seat.show_id = p_show_id and seat.seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id)
    order by seat.seat_id
    for update;
  select count(*) into v_seats
    from booking_seats wanted
    join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
    where wanted.show_id = p_show_id and wanted.booking_id = p_booking_id
      and seat.booking_id = p_booking_id and seat.status = 'held';
  if v_seats <> v_booking.seat_count then
    return jsonb_build_object('outcome', 'refused', 'reason', 'seats_lost');
  end if;
  v_refused := refuse_by_card(p_show_id, p_payment_id, v_booking.seat_count, v_show.seats_per_card_max);
  if v_refused is not null then
    return jsonb_build_object('outcome', 'refused', 'reason', v_refused);
  end if;

  v_now := clock_timestamp();
  update show_seats
    set status = 'booked', held_until = null, version = version + 1
    where show_id = p_show_id and booking_id = p_booking_id and seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id);
  update bookings set status = 'confirmed', payment_id = p_payment_id, confirmed_at = v_now
    where show_id = p_show_id and booking_id = p_booking_id;
  update payments set status = 'authorised', updated_at = v_now
    where show_id = p_show_id and payment_id = p_payment_id and status in ('creating', 'open');
  return jsonb_build_object('outcome', 'confirmed');
end
$$;

create function confirm_booking_with_news(p_show_id uuid, p_booking_id uuid, p_payment_id uuid, p_amount_minor bigint, p_currency text)
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    confirm_booking(p_show_id, p_booking_id, p_payment_id, p_amount_minor, p_currency))
$$;

create function count_seats(p_show_id uuid, p_user_id uuid, p_seat_ids text[], p_more integer, p_seats_max integer, p_overdue integer, p_own_overdue integer, p_held_at timestamp with time zone default null::timestamp with time zone)
 returns boolean
 language plpgsql
as $$
begin
  if p_overdue > 0 then
    perform 1 from show_buyers
      where show_id = p_show_id and (user_id = p_user_id or user_id in (
        select user_id from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'held'))
      order by user_id
      for update;
  end if;

  insert into show_buyers (show_id, user_id, seats)
    select p_show_id, p_user_id, greatest(p_more, 0)
      where p_more <= p_seats_max
    on conflict (show_id, user_id) do update set seats = show_buyers.seats + p_more - p_own_overdue
      where (p_more <= 0 or show_buyers.seats + p_more - p_own_overdue <= p_seats_max)
        and (paused_until(show_buyers.lettings, show_buyers.let_go_at) > p_held_at) is not true;
  if not found then
    return false;
  end if;

  if p_overdue > p_own_overdue then
    update show_buyers buyer set seats = buyer.seats - owner.seats
      from (select user_id, count(*)::integer as seats from show_seats
              where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'held' and user_id <> p_user_id
              group by user_id) owner
      where buyer.show_id = p_show_id and buyer.user_id = owner.user_id;
  end if;
  return true;
end
$$;

create function discount_of(p_amount_minor bigint, p_percent integer, p_off_minor bigint)
 returns bigint
 language sql
 immutable
as $$
  select least(p_amount_minor, coalesce(p_off_minor, (p_amount_minor * p_percent + 50) / 100))
$$;

create function extend_hold(p_show_id uuid, p_booking_id uuid, p_seconds integer, p_seconds_max integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_held_until timestamptz;
  v_seat_count integer;
  v_seats integer;
begin
  select least(greatest(held_until, clock_timestamp()) + make_interval(secs => p_seconds),
      created_at + make_interval(secs => p_seconds_max)), seat_count into v_held_until, v_seat_count
    from bookings where show_id = p_show_id and booking_id = p_booking_id and status = 'held'
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused');
  end if;

  perform 1 from show_seats seat
    where seat.show_id = p_show_id and seat.seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id)
    order by seat.seat_id
    for update;
  select count(*) into v_seats
    from booking_seats wanted
    join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
    where wanted.show_id = p_show_id and wanted.booking_id = p_booking_id
      and seat.booking_id = p_booking_id and seat.status = 'held';
  if v_seats <> v_seat_count then
    return jsonb_build_object('outcome', 'refused');
  end if;
  update show_seats set held_until = v_held_until
    where show_id = p_show_id and booking_id = p_booking_id and status = 'held' and seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id);
  update bookings set held_until = v_held_until where show_id = p_show_id and booking_id = p_booking_id;
  return jsonb_build_object('outcome', 'extended', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000));
end
$$;

create function extend_hold_with_news(p_show_id uuid, p_booking_id uuid, p_seconds integer, p_seconds_max integer)
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, extend_hold(p_show_id, p_booking_id, p_seconds, p_seconds_max))
$$;

create function free_refund_id(p_booking_id uuid, p_cause text)
 returns uuid
 language sql
 immutable
as $$
  select md5(p_booking_id::text || ' ' || p_cause)::uuid
$$;

create function has_free_seat(p_show_id uuid, p_apart text[], p_now timestamp with time zone)
 returns boolean
 language sql
 stable
as $$
  select exists (select 1 from show_seats seat
    where seat.show_id = p_show_id and seat.status = 'available' and seat.seat_id <> all(p_apart)
      and (seat.channel is null or exists (select 1 from show_channels closed
        where closed.show_id = p_show_id and closed.channel = seat.channel and closed.closes_at <= p_now))
      and not exists (select 1 from shows show
        join layout_stretches own on own.layout_hash = show.layout_hash and own.seat_id = seat.seat_id
        join layout_stretches near on near.layout_hash = own.layout_hash and near.stretch = own.stretch
          and near.nth between own.nth - show.seats_apart and own.nth + show.seats_apart
        join show_seats taken on taken.show_id = p_show_id and taken.seat_id = near.seat_id
        where show.show_id = p_show_id and show.seats_apart > 0 and taken.status in ('held', 'booked')))
$$;

create function hold_places(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_places jsonb, p_waits boolean, p_request_hash text, p_hold_seconds integer, p_grace_seconds integer, p_expected_total_minor bigint, p_promo_code text, p_channel text default null::text)
 returns jsonb
 language plpgsql
 set plan_cache_mode to 'force_generic_plan'
 set enable_seqscan to 'off'
as $$
declare
  v_wanted record;
  v_picked text[];
  v_seat_ids text[] := '{}';
  v_outcome jsonb;
begin
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if not found then
    for v_wanted in
      -- The seats beside those that are wanted too: hold_seats locks them, and would wait for them with places in hand.
      select seat_id as id, null as area, null::integer as quantity, null::text[] as candidates
        from unnest(p_seat_ids || near_seats(p_show_id, p_seat_ids)) as seat_id
      union all
      select area || ':', area, quantity, candidates
        from jsonb_to_recordset(p_places) as wanted (area text, quantity integer, candidates text[])
      order by id
    loop
      if v_wanted.area is null then
        perform 1 from show_seats where show_id = p_show_id and seat_id = v_wanted.id for update;
        v_seat_ids := v_seat_ids || array(select v_wanted.id where v_wanted.id = any(p_seat_ids));
        continue;
      end if;
      v_picked := pick_places(p_show_id, v_wanted.area, v_wanted.quantity, v_wanted.candidates, p_grace_seconds, p_waits, p_channel);
      if cardinality(v_picked) < v_wanted.quantity then
        if not p_waits then
          return jsonb_build_object('outcome', 'contended');
        end if;
        v_outcome := jsonb_build_object('outcome', 'refused', 'code', 'AREA_FULL', 'seatIds', jsonb_build_array(v_wanted.area));
        exit;
      end if;
      v_seat_ids := v_seat_ids || v_picked;
    end loop;
  end if;

  if v_outcome is null then
    v_outcome := hold_seats(p_show_id, p_booking_id, p_user_id, v_seat_ids, p_request_hash, p_hold_seconds, p_grace_seconds,
      p_expected_total_minor, p_promo_code, p_channel);
  end if;
  -- Another run of the same order may have committed meanwhile: it had other places, so no lock has kept the two apart.
  if v_outcome ->> 'outcome' = 'refused' then
    perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id;
    if found then
      v_outcome := hold_seats(p_show_id, p_booking_id, p_user_id, '{}', p_request_hash, p_hold_seconds, p_grace_seconds,
        p_expected_total_minor, p_promo_code, p_channel);
    end if;
  end if;
  if v_outcome ->> 'outcome' = 'held' then
    v_outcome := v_outcome || jsonb_build_object('seatIds', (
      select jsonb_agg(seat_id order by seat_id) from booking_seats where show_id = p_show_id and booking_id = p_booking_id));
  end if;
  return v_outcome;
end
$$;

create function hold_places_with_news(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_places jsonb, p_waits boolean, p_request_hash text, p_hold_seconds integer, p_grace_seconds integer, p_expected_total_minor bigint, p_promo_code text, p_channel text default null::text)
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, hold_places(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_places, p_waits,
    p_request_hash, p_hold_seconds, p_grace_seconds, p_expected_total_minor, p_promo_code, p_channel))
$$;

create function hold_seats(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_request_hash text, p_hold_seconds integer, p_grace_seconds integer, p_expected_total_minor bigint, p_promo_code text default null::text, p_channel text default null::text)
 returns jsonb
 language plpgsql
 set plan_cache_mode to 'force_generic_plan'
 set enable_seqscan to 'off'
as $$
declare
  v_locked integer;
  v_now timestamptz;
  v_held_until timestamptz;
  v_paused_until timestamptz;
  v_show record;
  v_booking record;
  v_wanted record;
  v_promo record;
  v_discount bigint := 0;
  v_near text[] := near_seats(p_show_id, p_seat_ids);
  v_left text[] := '{}';
  v_own_left integer := 0;
  v_refused jsonb;
  -- Of the waiting list, if this booking is an offer to it.
  v_entry_id uuid;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;

  -- Read after the locks: whoever held them may have been this same booking.
  select status, request_hash, held_until, total_minor, fee_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    if v_booking.request_hash <> p_request_hash then
      return jsonb_build_object('outcome', 'refused', 'code', 'IDEMPOTENCY_KEY_REUSED', 'seatIds', '[]'::jsonb);
    end if;
    return jsonb_build_object(
      'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_booking.held_until) * 1000),
      'totalMinor', v_booking.total_minor, 'feeMinor', v_booking.fee_minor, 'currency', v_booking.currency);
  end if;

  v_now := clock_timestamp();
  select status, sales_open_at, sales_close_at, currency, seats_per_buyer_max, waiting_since into v_show
    from shows where show_id = p_show_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if v_show.status <> 'scheduled' or (p_channel is null and v_now < v_show.sales_open_at) or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', '[]'::jsonb);
  end if;
  if p_channel is not null then
    v_refused := refuse_channel(p_show_id, p_channel, v_show.sales_open_at, v_now);
    if v_refused is not null then
      return v_refused;
    end if;
  end if;

  -- What is free while people wait is theirs. The checkout of an offer that was taken back holds nothing, also when nobody waits any
  -- more: it is known by its hash, which no order has, because those are digests.
  if v_show.waiting_since is not null or p_request_hash like 'offer %' then
    select entry_id into v_entry_id from waiting_offers
      where show_id = p_show_id and booking_id = p_booking_id and state = 'open'
      for share;
    if not found and (is_for_waiting_list(p_show_id, p_seat_ids, p_channel) or p_request_hash like 'offer %') then
      return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_FIRST', 'seatIds', to_jsonb(p_seat_ids));
    end if;
  end if;

  -- A seat that came into being after the locks is as unknown as one that does not exist: nobody holds its lock.
  if v_locked <> cardinality(p_seat_ids || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  select taken, has_channel, overdue, own_overdue, amount_minor, fee_minor into v_wanted
    from survey_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  if v_wanted.has_channel or p_channel is not null or cardinality(v_near) > 0 then
    v_refused := refuse_by_rule(p_show_id, p_booking_id, p_seat_ids, v_near, p_channel, v_show.sales_open_at, p_grace_seconds, v_now);
    if v_refused is not null then
      return v_refused;
    end if;
  end if;
  if p_promo_code is not null then
    select percent, amount_minor, valid_until, uses, uses_max into v_promo
      from promo_codes where show_id = p_show_id and code = p_promo_code
      for update;
    if not found then
      return jsonb_build_object('outcome', 'refused', 'code', 'PROMO_CODE_INVALID', 'seatIds', '[]'::jsonb);
    end if;
    if v_promo.valid_until <= v_now then
      return jsonb_build_object('outcome', 'refused', 'code', 'PROMO_CODE_ENDED', 'seatIds', '[]'::jsonb);
    end if;
    if v_promo.uses >= v_promo.uses_max then
      return jsonb_build_object('outcome', 'refused', 'code', 'PROMO_CODE_USED', 'seatIds', '[]'::jsonb);
    end if;
    v_discount := discount_of(v_wanted.amount_minor, v_promo.percent, v_promo.amount_minor);
  end if;
  if v_wanted.amount_minor + v_wanted.fee_minor - v_discount <> p_expected_total_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'PRICE_CHANGED', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_near) > 0 then
    select seat_ids, own into v_left, v_own_left from overdue_beside(p_show_id, p_booking_id, p_user_id, v_near);
  end if;
  if not count_seats(p_show_id, p_user_id, p_seat_ids || v_left, cardinality(p_seat_ids), v_show.seats_per_buyer_max,
      v_wanted.overdue + cardinality(v_left), v_wanted.own_overdue + v_own_left, v_now) then
    select paused_until(lettings, let_go_at) into v_paused_until
      from show_buyers where show_id = p_show_id and user_id = p_user_id;
    if v_paused_until > v_now then
      return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_COOLDOWN', 'seatIds', '[]'::jsonb,
        'retryAtMs', ceil(extract(epoch from v_paused_until) * 1000));
    end if;
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  if p_promo_code is not null then
    update promo_codes set uses = uses + 1 where show_id = p_show_id and code = p_promo_code;
  end if;
  if cardinality(v_left) > 0 then
    update show_seats
      set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
      where show_id = p_show_id and seat_id = any(v_left);
  end if;
  v_held_until := v_now + make_interval(secs => p_hold_seconds);
  update show_seats
    set status = 'held', booking_id = p_booking_id, user_id = p_user_id, held_until = v_held_until, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
      held_until, created_at, promo_code, discount_minor, channel)
    values (p_show_id, p_booking_id, p_user_id, 'held', p_request_hash, cardinality(p_seat_ids),
      v_wanted.amount_minor + v_wanted.fee_minor - v_discount, v_wanted.fee_minor, v_show.currency, v_held_until, v_now,
      p_promo_code, v_discount, p_channel);
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor
      from quote_seats(p_show_id, p_seat_ids, v_wanted.amount_minor, v_discount);
  perform append_booking_event(p_show_id, p_booking_id, 'BookingHeld',
    jsonb_build_object('heldUntilMs', floor(extract(epoch from v_held_until) * 1000)));
  if v_entry_id is not null then
    perform append_booking_event(p_show_id, p_booking_id, 'SeatsOffered', jsonb_build_object('entryId', v_entry_id,
      'heldUntilMs', floor(extract(epoch from v_held_until) * 1000), 'currency', v_show.currency,
      'totalMinor', v_wanted.amount_minor + v_wanted.fee_minor - v_discount));
  end if;

  return jsonb_build_object(
    'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000),
    'totalMinor', v_wanted.amount_minor + v_wanted.fee_minor - v_discount, 'feeMinor', v_wanted.fee_minor,
    'currency', v_show.currency,
    'overdueSeats', v_wanted.overdue);
end
$$;

create function hold_seats_with_news(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_request_hash text, p_hold_seconds integer, p_grace_seconds integer, p_expected_total_minor bigint, p_promo_code text, p_channel text default null::text)
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, hold_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_request_hash,
    p_hold_seconds, p_grace_seconds, p_expected_total_minor, p_promo_code, p_channel))
$$;

create function is_for_waiting_list(p_show_id uuid, p_seat_ids text[], p_channel text)
 returns boolean
 language sql
 stable
as $$
  select p_channel is null or exists (select 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids) and channel is distinct from p_channel)
$$;

create function issue_tickets(p_show_id uuid, p_booking_id uuid, p_captured_minor bigint)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_booking record;
begin
  select status, payment_id, user_id, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found or v_booking.status not in ('confirmed', 'ticketed', 'refunded') then
    return jsonb_build_object('outcome', 'refused');
  end if;

  if v_booking.status = 'confirmed' then
    insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
      select p_show_id, uuidv7(), p_booking_id, seat_id, v_booking.user_id, v_now
        from booking_seats where show_id = p_show_id and booking_id = p_booking_id
        order by seat_id;
    update payments set status = 'captured', captured_minor = p_captured_minor, updated_at = v_now
      where show_id = p_show_id and payment_id = v_booking.payment_id;
    update bookings set status = 'ticketed' where show_id = p_show_id and booking_id = p_booking_id;
    update show_buyers set lettings = 0 where show_id = p_show_id and user_id = v_booking.user_id and lettings > 0;
    perform append_booking_event(p_show_id, p_booking_id, 'BookingConfirmed', jsonb_build_object(
      'totalMinor', v_booking.total_minor, 'currency', v_booking.currency,
      'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                          from tickets where show_id = p_show_id and booking_id = p_booking_id)));
  end if;
  return jsonb_build_object('outcome', 'ticketed',
    'tickets', (select count(*) from tickets where show_id = p_show_id and booking_id = p_booking_id),
    'openPayments', (select count(*) from payments where show_id = p_show_id and booking_id = p_booking_id
                       and status in ('creating', 'open', 'authorised') and payment_id <> v_booking.payment_id));
end
$$;

create function join_waiting_list(p_show_id uuid, p_user_id uuid, p_party_size integer, p_price_codes text[], p_total_max_minor bigint, p_together boolean, p_accessible integer, p_companions integer, p_apart text[])
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_is_open boolean;
  v_show record;
  v_entry record;
  v_entry_id uuid := uuidv7();
  v_hold_end timestamptz;
begin
  select waiting_since is not null into v_is_open from shows where show_id = p_show_id;
  if v_is_open then
    select status, sales_open_at, sales_close_at, seats_per_buyer_max, waiting_since into v_show
      from shows where show_id = p_show_id for share;
    if v_show.waiting_since is null then
      return jsonb_build_object('outcome', 'contended');
    end if;
  else
    select status, sales_open_at, sales_close_at, seats_per_buyer_max, waiting_since into v_show
      from shows where show_id = p_show_id for no key update;
  end if;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_FOUND');
  end if;
  v_now := clock_timestamp();
  if v_show.status <> 'scheduled' then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED');
  end if;
  if v_now < v_show.sales_open_at or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE');
  end if;

  select entry_id, (party_size, price_codes, total_max_minor, is_together, accessible, companions)
      is not distinct from (p_party_size, p_price_codes, p_total_max_minor, p_together, p_accessible, p_companions) as is_same
    into v_entry
    from waiting_entries where show_id = p_show_id and user_id = p_user_id and state in ('waiting', 'offered');
  if found then
    if v_entry.is_same then
      return jsonb_build_object('outcome', 'known', 'entryId', v_entry.entry_id);
    end if;
    return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_JOINED');
  end if;
  if p_party_size + coalesce((select seats from show_buyers where show_id = p_show_id and user_id = p_user_id), 0)
      > v_show.seats_per_buyer_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED');
  end if;
  if v_show.waiting_since is null then
    if has_free_seat(p_show_id, p_apart, v_now) then
      return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_CLOSED');
    end if;
    v_hold_end := next_hold_end(p_show_id, p_apart, v_now);
    if v_hold_end is not null then
      return jsonb_build_object('outcome', 'refused', 'code', 'WAITING_LIST_CLOSED',
        'retryAtMs', ceil(extract(epoch from v_hold_end) * 1000));
    end if;
    update shows set waiting_since = v_now where show_id = p_show_id;
  end if;
  insert into waiting_entries (show_id, entry_id, user_id, party_size, price_codes, total_max_minor, is_together, accessible,
      companions, joined_at)
    values (p_show_id, v_entry_id, p_user_id, p_party_size, p_price_codes, p_total_max_minor, p_together, p_accessible,
      p_companions, v_now)
    on conflict (show_id, user_id) where state in ('waiting', 'offered') do nothing;
  -- The same person in another tab was faster.
  if not found then
    return jsonb_build_object('outcome', 'contended');
  end if;
  perform append_waiting_event(p_show_id, v_entry_id, 'WaitingListJoined', '{}');
  return jsonb_build_object('outcome', 'joined', 'entryId', v_entry_id);
end
$$;

create function keep_seats(p_show_id uuid, p_seat_ids text[], p_is_blocked boolean, p_channel text, p_skip_taken boolean)
 returns jsonb
 language plpgsql
as $$
declare
  v_locked integer;
  v_taken text[];
  v_allocated jsonb;
begin
  if p_channel is not null and not exists (
      select 1 from show_channels where show_id = p_show_id and channel = p_channel) then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_UNKNOWN', 'seatIds', '[]'::jsonb);
  end if;
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  if v_locked <> cardinality(p_seat_ids) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  v_taken := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids) and status in ('held', 'booked') order by seat_id);
  if cardinality(v_taken) > 0 and not p_skip_taken then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_taken));
  end if;
  v_allocated := allocate_seats(p_show_id, p_seat_ids, array_fill(p_is_blocked, array[cardinality(p_seat_ids)]),
    array_fill(p_channel, array[cardinality(p_seat_ids)]));
  return jsonb_build_object('outcome', 'kept', 'changed', jsonb_array_length(v_allocated -> 'seats'),
    'takenSeatIds', to_jsonb(v_taken), 'seats', v_allocated -> 'seats');
end
$$;

create function move_seats(p_show_id uuid, p_booking_id uuid, p_from text[], p_to text[])
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_near text[];
  v_locked integer;
  v_seat_ids text[];
  v_refused jsonb;
  v_ticket_ids uuid[];
begin
  select status, user_id, channel, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if not exists (
      select 1 from unnest(p_from, p_to) as move (from_id, to_id)
        where not exists (select 1 from tickets old where old.show_id = p_show_id and old.booking_id = p_booking_id
            and old.seat_id = move.from_id and old.moved_to = move.to_id)
          or not exists (select 1 from tickets new where new.show_id = p_show_id and new.booking_id = p_booking_id
            and new.seat_id = move.to_id and new.status = 'live')) then
    return jsonb_build_object('outcome', 'moved', 'isRepeated', true);
  end if;
  if v_booking.status = 'confirmed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'IN_PROGRESS', 'seatIds', '[]'::jsonb);
  end if;
  if v_booking.status <> 'ticketed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED', 'seatIds', '[]'::jsonb);
  end if;
  if exists (select 1 from shows where show_id = p_show_id and status <> 'scheduled') then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED', 'seatIds', '[]'::jsonb);
  end if;
  v_seat_ids := array(select unnest(p_from) except select seat_id from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live' order by 1);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  -- One that it has given back is the booking's for ever: its refund says so.
  v_seat_ids := array(select unnest(p_to) intersect select seat_id from booking_seats
    where show_id = p_show_id and booking_id = p_booking_id order by 1);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_OWN', 'seatIds', to_jsonb(v_seat_ids));
  end if;

  v_near := array(select unnest(near_seats(p_show_id, p_to)) except select unnest(p_from));
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_from || p_to || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  v_now := clock_timestamp();
  if v_locked <> cardinality(p_from || p_to || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_to)));
  end if;
  v_seat_ids := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_to) and status <> 'available' order by seat_id);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  v_refused := refuse_by_rule(p_show_id, p_booking_id, p_to, v_near, v_booking.channel, null, null, v_now);
  if v_refused is not null then
    return v_refused;
  end if;

  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_from) and booking_id = p_booking_id;
  get diagnostics v_locked = row_count;
  if v_locked <> cardinality(p_from) then
    raise exception 'booking % has live tickets for seats that are not its own', p_booking_id;
  end if;
  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_to);
  update booking_seats own set seat_id = move.to_id, moved_at = v_now
    from unnest(p_from, p_to) as move (from_id, to_id)
    where own.show_id = p_show_id and own.booking_id = p_booking_id and own.seat_id = move.from_id;
  v_ticket_ids := array(select ticket_id from tickets
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(p_from) and status = 'live');
  perform close_transfers(p_show_id, p_booking_id, p_from);
  update tickets old set status = 'void', moved_to = move.to_id, voided_at = clock_timestamp()
    from unnest(p_from, p_to) as move (from_id, to_id)
    where old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id and old.status = 'live';
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at, nth)
    select p_show_id, uuidv7(), p_booking_id, move.to_id, old.user_id, v_now,
        (select count(*) from tickets former
           where former.show_id = p_show_id and former.booking_id = p_booking_id and former.seat_id = move.to_id)
      from unnest(p_from, p_to) as move (from_id, to_id)
      join tickets old on old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id
        and old.ticket_id = any(v_ticket_ids);
  -- Each holder hears of their own seats, and gets their own tickets.
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsMoved', jsonb_build_object(
      'userId', holder.user_id, 'moves', holder.moves,
      'totalMinor', v_booking.total_minor, 'currency', v_booking.currency,
      'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                          from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
                            and user_id = holder.user_id)))
    from (select old.user_id, jsonb_agg(jsonb_build_object('fromSeatId', move.from_id, 'toSeatId', move.to_id)
              order by move.from_id) as moves
            from unnest(p_from, p_to) as move (from_id, to_id)
            join tickets old on old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id
              and old.ticket_id = any(v_ticket_ids)
            group by old.user_id
            order by old.user_id) holder;
  return jsonb_build_object('outcome', 'moved', 'isRepeated', false);
end
$$;

create function move_seats_with_news(p_show_id uuid, p_booking_id uuid, p_from text[], p_to text[])
 returns jsonb
 language plpgsql
as $$
declare
  v_outcome jsonb := coalesce(refuse_entered(p_show_id, p_booking_id, p_from), move_seats(p_show_id, p_booking_id, p_from, p_to));
begin
  if v_outcome ->> 'outcome' = 'refused' then
    return v_outcome;
  end if;
  return v_outcome || jsonb_build_object('seats', seat_news_of(p_show_id, p_from || p_to));
end
$$;

create function near_seats(p_show_id uuid, p_seat_ids text[])
 returns text[]
 language plpgsql
 stable
as $$
declare
  v_show record;
begin
  select layout_hash, seats_apart into v_show from shows where show_id = p_show_id and seats_apart > 0;
  if not found then
    return '{}';
  end if;
  return array(
    select distinct near.seat_id
      from layout_stretches own
      join layout_stretches near on near.layout_hash = own.layout_hash and near.stretch = own.stretch
        and near.nth between own.nth - v_show.seats_apart and own.nth + v_show.seats_apart
      join show_seats seat on seat.show_id = p_show_id and seat.seat_id = near.seat_id
      where own.layout_hash = v_show.layout_hash and own.seat_id = any(p_seat_ids) and near.seat_id <> all(p_seat_ids));
end
$$;

create function next_hold_end(p_show_id uuid, p_apart text[], p_now timestamp with time zone)
 returns timestamp with time zone
 language sql
 stable
as $$
  select min(seat.held_until) from show_seats seat
    where seat.show_id = p_show_id and seat.status = 'held' and seat.seat_id <> all(p_apart)
      and (seat.channel is null or exists (select 1 from show_channels closed
        where closed.show_id = p_show_id and closed.channel = seat.channel and closed.closes_at <= p_now))
$$;

create function open_offers(p_show_id uuid, p_offers jsonb)
 returns void
 language plpgsql
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_offer record;
  v_user_id uuid;
begin
  for v_offer in
    select "entryId" as entry_id, "seatIds" as seat_ids, area, quantity
      from jsonb_to_recordset(p_offers) as offer ("entryId" uuid, "seatIds" text[], area text, quantity integer)
      order by 1
  loop
    update waiting_entries set state = 'offered'
      where show_id = p_show_id and entry_id = v_offer.entry_id and state = 'waiting'
      returning user_id into v_user_id;
    continue when not found;
    insert into waiting_offers (show_id, booking_id, entry_id, user_id, seat_ids, area, quantity, offered_at)
      values (p_show_id, uuidv7(), v_offer.entry_id, v_user_id, v_offer.seat_ids, v_offer.area, v_offer.quantity, v_now);
  end loop;
end
$$;

create function open_payment(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_payment_id uuid, p_provider text, p_attempts_max integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_attempts integer;
  v_provider text;
begin
  select status, held_until, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  perform 1 from shows where show_id = p_show_id and status = 'cancelled';
  if found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED');
  end if;
  v_now := clock_timestamp();
  if v_booking.status = 'expired' or (v_booking.status = 'held' and v_booking.held_until <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_EXPIRED');
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED');
  end if;

  -- Nothing to pay, nobody to ask.
  v_provider := case when v_booking.total_minor = 0 then 'free' else p_provider end;
  select payment_id, attempt, provider_payment_id into v_payment
    from payments
    where show_id = p_show_id and booking_id = p_booking_id and provider = v_provider
      and status in ('creating', 'open', 'authorised')
    order by attempt desc
    limit 1;
  if not found then
    select count(*)::integer into v_attempts from payments where show_id = p_show_id and booking_id = p_booking_id;
    if v_attempts >= p_attempts_max then
      return jsonb_build_object('outcome', 'refused', 'code', 'PAYMENT_ATTEMPTS_EXHAUSTED');
    end if;
    insert into payments (show_id, payment_id, booking_id, attempt, provider, status, amount_minor, currency,
        created_at, updated_at)
      values (p_show_id, p_payment_id, p_booking_id, v_attempts + 1, v_provider, 'creating', v_booking.total_minor,
        v_booking.currency, v_now, v_now)
      returning payment_id, attempt, provider_payment_id into v_payment;
  end if;
  return jsonb_build_object(
    'outcome', 'open', 'paymentId', v_payment.payment_id, 'provider', v_provider, 'attempt', v_payment.attempt,
    'amountMinor', v_booking.total_minor, 'currency', v_booking.currency);
end
$$;

create function open_payment_from(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_payment_id uuid, p_provider text, p_attempts_max integer, p_network_digest bytea)
 returns jsonb
 language plpgsql
as $$
declare
  v_seats_max integer;
  v_own integer;
  v_others integer;
  v_opened jsonb;
begin
  select seats_per_address_max into v_seats_max from shows where show_id = p_show_id;
  if v_seats_max is not null and p_network_digest is not null then
    select seat_count into v_own
      from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
      for update;
    insert into show_networks (show_id, network_digest) values (p_show_id, p_network_digest) on conflict do nothing;
    perform 1 from show_networks where show_id = p_show_id and network_digest = p_network_digest for update;
    -- A statement after the lock: it sees what whoever had the lock before has committed.
    select count(*) into v_others
      from (select distinct booking_id from payments
              where show_id = p_show_id and network_digest = p_network_digest and booking_id <> p_booking_id) begun
      join booking_seats other on other.show_id = p_show_id and other.booking_id = begun.booking_id
      join show_seats seat on seat.show_id = p_show_id and seat.seat_id = other.seat_id
        and seat.booking_id = other.booking_id
      where seat.status = 'booked' or (seat.status = 'held' and seat.held_until > clock_timestamp());
    -- Who has no booking here is told so below.
    if v_others + v_own > v_seats_max then
      return jsonb_build_object('outcome', 'refused', 'code', 'ADDRESS_LIMIT_REACHED');
    end if;
  end if;
  v_opened := open_payment(p_show_id, p_booking_id, p_user_id, p_payment_id, p_provider, p_attempts_max);
  if v_seats_max is not null and v_opened ->> 'outcome' = 'open' then
    update payments set network_digest = p_network_digest
      where show_id = p_show_id and payment_id = (v_opened ->> 'paymentId')::uuid and network_digest is null;
  end if;
  return v_opened;
end
$$;

create function open_stray_refund(p_show_id uuid, p_payment_id uuid, p_cause text)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_refund record;
  v_left bigint;
  v_refund_id uuid := uuidv7();
begin
  select booking.booking_id, booking.status, booking.payment_id into v_booking
    from payments payment
    join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
    where payment.show_id = p_show_id and payment.payment_id = p_payment_id and booking.show_id = p_show_id
    for update of booking;
  select captured_minor, currency into v_payment
    from payments where show_id = p_show_id and payment_id = p_payment_id
    for update;
  select refund_id, attempt, amount_minor into v_refund
    from refunds where show_id = p_show_id and payment_id = p_payment_id and cause = p_cause;
  if found then
    return jsonb_build_object('outcome', 'open', 'refundId', v_refund.refund_id, 'amountMinor', v_refund.amount_minor);
  end if;
  if v_booking.payment_id = p_payment_id and v_booking.status in ('confirmed', 'ticketed', 'refunded') then
    return jsonb_build_object('outcome', 'in_use');
  end if;

  select v_payment.captured_minor - coalesce(sum(amount_minor), 0) into v_left
    from refunds where show_id = p_show_id and payment_id = p_payment_id;
  if v_left <= 0 then
    return jsonb_build_object('outcome', 'nothing_left');
  end if;
  v_now := clock_timestamp();
  insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
      created_at, updated_at)
    values (p_show_id, v_refund_id, p_payment_id, v_booking.booking_id, p_cause, v_left, v_payment.currency, 'requested', 1,
      v_now, v_now);
  return jsonb_build_object('outcome', 'open', 'refundId', v_refund_id, 'amountMinor', v_left);
end
$$;

create function open_transfer(p_show_id uuid, p_transfer_id uuid, p_ticket_id uuid, p_from_user_id uuid, p_to_user_id uuid, p_open_seconds integer, p_transfers_max integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking_id uuid;
  v_refused jsonb;
  v_transfer ticket_transfers;
begin
  select booking_id into v_booking_id
    from tickets where show_id = p_show_id and ticket_id = p_ticket_id and user_id = p_from_user_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_FOUND');
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = v_booking_id for update;
  v_now := clock_timestamp();
  select transfer.* into v_transfer
    from ticket_transfers transfer where transfer.show_id = p_show_id and transfer.transfer_id = p_transfer_id;
  if found then
    return jsonb_build_object('outcome', 'open', 'transfer', transfer_of(v_transfer, v_now));
  end if;
  v_refused := refuse_transfer(p_show_id, v_booking_id, p_ticket_id, v_now);
  if v_refused is not null then
    return v_refused;
  end if;
  update ticket_transfers set status = 'expired', ended_at = v_now
    where show_id = p_show_id and ticket_id = p_ticket_id and status = 'open' and expires_at <= v_now;
  if exists (select 1 from ticket_transfers where show_id = p_show_id and ticket_id = p_ticket_id and status = 'open') then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFER_OPEN');
  end if;
  -- Each sends a mail to whoever is named.
  if (select count(*) from ticket_transfers where show_id = p_show_id and ticket_id = p_ticket_id) >= p_transfers_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'TRANSFERS_EXHAUSTED');
  end if;
  insert into ticket_transfers (show_id, transfer_id, ticket_id, booking_id, from_user_id, receiver_id, to_user_id, status,
      created_at, expires_at)
    select p_show_id, p_transfer_id, p_ticket_id, v_booking_id, p_from_user_id, p_to_user_id, p_to_user_id, 'open', v_now,
        least(v_now + make_interval(secs => p_open_seconds), show.starts_at)
      from shows show where show.show_id = p_show_id
    returning * into v_transfer;
  perform append_booking_event(p_show_id, v_booking_id, 'TransferOpened', jsonb_build_object('userId', p_to_user_id,
    'transferId', p_transfer_id, 'ticketId', p_ticket_id,
    'seatId', (select seat_id from tickets where show_id = p_show_id and ticket_id = p_ticket_id),
    'expiresAtMs', floor(extract(epoch from v_transfer.expires_at) * 1000)));
  return jsonb_build_object('outcome', 'open', 'transfer', transfer_of(v_transfer, v_now));
end
$$;

create function overdue_beside(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_near text[])
 returns table(seat_ids text[], own integer)
 language sql
 stable
as $$
  select coalesce(array_agg(seat_id order by seat_id), '{}'), (count(*) filter (where user_id = p_user_id))::integer
    from show_seats
    where show_id = p_show_id and seat_id = any(p_near) and status = 'held' and booking_id <> p_booking_id
$$;

create function paused_until(p_lettings integer, p_let_go_at timestamp with time zone)
 returns timestamp with time zone
 language sql
 stable
as $$
  select case when p_lettings > 3 then
    p_let_go_at + make_interval(mins => least(15, 1 << least(p_lettings - 4, 4))) end
$$;

create function pick_places(p_show_id uuid, p_area text, p_quantity integer, p_candidates text[], p_grace_seconds integer, p_waits boolean, p_channel text)
 returns text[]
 language plpgsql
 set plan_cache_mode to 'force_generic_plan'
 set enable_seqscan to 'off'
as $$
declare
  -- The range of the area's ids. Where a collation does not mind colons, seats may lie in it: hence starts_with.
  v_first text := p_area || ':';
  v_last text := p_area || ':999999';
  v_from text := coalesce(p_candidates[1], v_first);
  -- Before this a hold is over, grace and all.
  v_overdue timestamptz := clock_timestamp() - make_interval(secs => p_grace_seconds);
  v_picked text[];
  -- Before the general sale a channel has its own places alone, and later not those of others.
  v_own_only boolean := p_channel is not null and exists (select 1 from shows where show_id = p_show_id and sales_open_at > clock_timestamp());
  v_closed text[] := array(select channel from show_channels where show_id = p_show_id and channel is distinct from p_channel
    and (closes_at is null or closes_at > clock_timestamp()));
begin
  if p_waits then
    return array(select seat_id from show_seats
      where show_id = p_show_id and seat_id between v_first and v_last and starts_with(seat_id, v_first)
        and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed)))
      order by seat_id limit p_quantity for update);
  end if;
  v_picked := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_candidates) and starts_with(seat_id, v_first)
      and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed)))
    limit p_quantity for update skip locked);
  if cardinality(v_picked) < p_quantity then
    v_picked := v_picked || array(select seat_id from show_seats
      where show_id = p_show_id and seat_id between v_from and v_last and starts_with(seat_id, v_first)
        and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed))) and seat_id <> all(v_picked)
      order by seat_id limit p_quantity - cardinality(v_picked) for update skip locked);
  end if;
  if cardinality(v_picked) < p_quantity then
    v_picked := v_picked || array(select seat_id from show_seats
      where show_id = p_show_id and seat_id between v_first and v_from and starts_with(seat_id, v_first)
        and (status = 'available' or status = 'held' and held_until <= v_overdue)
        and (channel = p_channel or not v_own_only and (channel is null or channel <> all(v_closed))) and seat_id <> all(v_picked)
      order by seat_id limit p_quantity - cardinality(v_picked) for update skip locked);
  end if;
  return v_picked;
end
$$;

create function quote_seats(p_show_id uuid, p_seat_ids text[], p_amount_minor bigint, p_discount_minor bigint)
 returns table(seat_id text, price_code text, amount_minor bigint, fee_minor bigint, tax_minor bigint)
 language sql
 stable
as $$
  select seat_id, price_code, amount_minor - discount_minor, fee_minor,
      (2 * (amount_minor - discount_minor + fee_minor) * tax_basis_points + 10000 + tax_basis_points)
        / (2 * (10000 + tax_basis_points))
    from (
      select seat.seat_id, seat.price_code, price.amount_minor, price.fee_minor, price.tax_basis_points,
          case when p_discount_minor = 0 then 0 else
            p_discount_minor * (sum(price.amount_minor) over upto)::bigint / p_amount_minor
              - p_discount_minor * ((sum(price.amount_minor) over upto)::bigint - price.amount_minor) / p_amount_minor
          end as discount_minor
        from show_seats seat
        join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
        where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids)
        window upto as (order by seat.seat_id)
    ) priced
$$;

create function record_capture(p_show_id uuid, p_payment_id uuid, p_captured_minor bigint)
 returns void
 language sql
as $$
  update payments set status = 'captured', captured_minor = p_captured_minor, updated_at = clock_timestamp()
    where show_id = p_show_id and payment_id = p_payment_id and status not in ('captured', 'refunded');
$$;

create function record_refund(p_show_id uuid, p_refund_id uuid, p_attempt integer, p_status text, p_provider_refund_id text, p_failure text)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_refund record;
begin
  select refund.booking_id, refund.payment_id into v_refund
    from refunds refund
    join bookings booking on booking.show_id = refund.show_id and booking.booking_id = refund.booking_id
    where refund.show_id = p_show_id and refund.refund_id = p_refund_id and booking.show_id = p_show_id
    for update of booking;
  if not found then
    raise exception 'no refund %', p_refund_id;
  end if;
  perform 1 from payments where show_id = p_show_id and payment_id = v_refund.payment_id for update;
  select booking_id, payment_id, status, attempt, amount_minor, currency into v_refund
    from refunds where show_id = p_show_id and refund_id = p_refund_id
    for update;
  if v_refund.attempt <> p_attempt or v_refund.status = 'settled' then
    return jsonb_build_object('status', v_refund.status, 'attempt', v_refund.attempt);
  end if;

  v_now := clock_timestamp();
  if p_status = 'failed' then
    update refunds
      set status = 'requested', attempt = attempt + 1, failure = p_failure, provider_refund_id = null, updated_at = v_now
      where show_id = p_show_id and refund_id = p_refund_id;
    if v_refund.status = 'succeeded' then
      update payments set refunded_minor = refunded_minor - v_refund.amount_minor, status = 'captured', updated_at = v_now
        where show_id = p_show_id and payment_id = v_refund.payment_id;
    end if;
    return jsonb_build_object('status', 'requested', 'attempt', p_attempt + 1);
  end if;

  update refunds
    set status = p_status, provider_refund_id = coalesce(p_provider_refund_id, provider_refund_id), updated_at = v_now
    where show_id = p_show_id and refund_id = p_refund_id
      and (status <> p_status or provider_refund_id is distinct from p_provider_refund_id);
  if p_status in ('succeeded', 'settled') and v_refund.status <> 'succeeded' then
    update payments
      set refunded_minor = refunded_minor + v_refund.amount_minor, updated_at = v_now,
        status = case when refunded_minor + v_refund.amount_minor = captured_minor then 'refunded' else status end
      where show_id = p_show_id and payment_id = v_refund.payment_id;
    perform append_booking_event(p_show_id, v_refund.booking_id, 'BookingRefunded', jsonb_build_object(
      'refundId', p_refund_id, 'amountMinor', v_refund.amount_minor, 'currency', v_refund.currency));
  end if;
  return jsonb_build_object('status', p_status, 'attempt', p_attempt);
end
$$;

create function refund_tickets(p_show_id uuid, p_booking_id uuid, p_cause text, p_seat_ids text[], p_with_fees boolean)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_refund record;
  v_seat_ids text[];
  v_amount bigint;
  v_refunded bigint;
  v_is_last boolean;
  v_refund_id uuid := uuidv7();
  v_free_id uuid := free_refund_id(p_booking_id, p_cause);
begin
  select status, payment_id, user_id, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  select captured_minor into v_payment
    from payments where show_id = p_show_id and payment_id = v_booking.payment_id
    for update;
  select refund_id, amount_minor into v_refund
    from refunds where show_id = p_show_id and payment_id = v_booking.payment_id and cause = p_cause;
  if found then
    return jsonb_build_object('outcome', 'open', 'refundId', v_refund.refund_id, 'amountMinor', v_refund.amount_minor,
      'seatIds', (select coalesce(jsonb_agg(seat_id order by seat_id), '[]') from refund_seats
                    where show_id = p_show_id and refund_id = v_refund.refund_id));
  end if;
  select array_agg(seat_id order by seat_id) into v_seat_ids
    from refund_seats where show_id = p_show_id and refund_id = v_free_id;
  if v_seat_ids is not null then
    return jsonb_build_object('outcome', 'nothing_to_pay', 'refundId', v_free_id, 'amountMinor', 0,
      'seatIds', to_jsonb(v_seat_ids));
  end if;
  if v_booking.status = 'confirmed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'IN_PROGRESS');
  end if;
  if v_booking.status <> 'ticketed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED');
  end if;

  select coalesce(array_agg(seat_id order by seat_id), '{}') into v_seat_ids
    from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
      and (p_seat_ids is null or seat_id = any(p_seat_ids));
  if cardinality(v_seat_ids) < coalesce(cardinality(p_seat_ids), 1) then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  select coalesce(sum(amount_minor + case when p_with_fees then fee_minor else 0 end), 0) into v_amount
    from booking_seats
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  select coalesce(sum(amount_minor), 0) into v_refunded
    from refunds where show_id = p_show_id and payment_id = v_booking.payment_id;
  -- Never more than was taken, whatever the provider would allow.
  if v_refunded + v_amount > v_payment.captured_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'REFUND_EXCEEDS_PAYMENT');
  end if;

  v_now := clock_timestamp();
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(v_seat_ids) and booking_id = p_booking_id
    order by seat_id
    for update;
  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(v_seat_ids) and booking_id = p_booking_id;
  update show_buyers set seats = seats - cardinality(v_seat_ids)
    where show_id = p_show_id and user_id = v_booking.user_id;
  perform tell_receivers(p_show_id, p_booking_id, v_booking.user_id, v_seat_ids, p_cause);
  perform close_transfers(p_show_id, p_booking_id, v_seat_ids);
  update tickets set status = 'void', voided_at = clock_timestamp()
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids) and status = 'live';
  select not exists (select 1 from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live')
    into v_is_last;
  if v_is_last then
    update bookings set status = 'refunded', end_reason = p_cause, ended_at = v_now
      where show_id = p_show_id and booking_id = p_booking_id;
  end if;
  if v_amount > 0 then
    insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
        created_at, updated_at)
      values (p_show_id, v_refund_id, v_booking.payment_id, p_booking_id, p_cause, v_amount, v_booking.currency,
        'requested', 1, v_now, v_now);
  else
    v_refund_id := v_free_id;
  end if;
  insert into refund_seats (show_id, refund_id, booking_id, seat_id, amount_minor, fee_minor)
    select p_show_id, v_refund_id, p_booking_id, seat_id, amount_minor, case when p_with_fees then fee_minor else 0 end
      from booking_seats
      where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsVoided',
    jsonb_build_object('voidedSeatIds', to_jsonb(v_seat_ids), 'cause', p_cause, 'refundMinor', v_amount,
      'currency', v_booking.currency));
  return jsonb_build_object('outcome', case when v_amount > 0 then 'open' else 'nothing_to_pay' end,
    'refundId', v_refund_id, 'amountMinor', v_amount, 'seatIds', to_jsonb(v_seat_ids));
end
$$;

create function refund_tickets_with_news(p_show_id uuid, p_booking_id uuid, p_cause text, p_seat_ids text[], p_with_fees boolean)
 returns jsonb
 language plpgsql
as $$
begin
  return coalesce(refuse_entered(p_show_id, p_booking_id, p_seat_ids), with_seat_news(p_show_id, p_booking_id,
    refund_tickets(p_show_id, p_booking_id, p_cause, p_seat_ids, p_with_fees)));
end
$$;

create function refuse_by_card(p_show_id uuid, p_payment_id uuid, p_seats integer, p_seats_max integer)
 returns text
 language plpgsql
as $$
declare
  v_payment record;
  v_seats integer;
begin
  if p_seats_max is null then
    return null;
  end if;
  select provider, card_digest into v_payment from payments where show_id = p_show_id and payment_id = p_payment_id;
  if not found or v_payment.provider = 'free' or v_payment.card_digest = '' then
    return null;
  end if;
  if v_payment.card_digest is null then
    return 'card_unknown';
  end if;
  insert into show_cards (show_id, card_digest) values (p_show_id, v_payment.card_digest) on conflict do nothing;
  perform 1 from show_cards where show_id = p_show_id and card_digest = v_payment.card_digest for update;
  -- A statement after the lock: it sees what whoever had the lock before has committed.
  select count(*) into v_seats
    from payments paid
    join bookings bought on bought.show_id = paid.show_id and bought.booking_id = paid.booking_id
      and bought.payment_id = paid.payment_id
    join booking_seats own on own.show_id = bought.show_id and own.booking_id = bought.booking_id
    join show_seats seat on seat.show_id = own.show_id and seat.seat_id = own.seat_id
      and seat.booking_id = own.booking_id and seat.status = 'booked'
    where paid.show_id = p_show_id and paid.card_digest = v_payment.card_digest;
  return case when v_seats + p_seats > p_seats_max then 'card_limit' end;
end
$$;

create function refuse_by_rule(p_show_id uuid, p_booking_id uuid, p_seat_ids text[], p_near text[], p_channel text, p_sales_open_at timestamp with time zone, p_grace_seconds integer, p_now timestamp with time zone)
 returns jsonb
 language plpgsql
 stable
as $$
declare
  v_seat_ids text[];
begin
  v_seat_ids := array(
    select seat.seat_id from show_seats seat
      where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids) and seat.booking_id is distinct from p_booking_id
        and seat.channel is not null and seat.channel is distinct from p_channel
        and not exists (select 1 from show_channels closed
          where closed.show_id = p_show_id and closed.channel = seat.channel and closed.closes_at <= p_now)
      order by seat.seat_id);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_HELD_BACK', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  if p_now < p_sales_open_at then
    v_seat_ids := array(
      select seat_id from show_seats
        where show_id = p_show_id and seat_id = any(p_seat_ids) and channel is distinct from p_channel
        order by seat_id);
    if cardinality(v_seat_ids) > 0 then
      return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', to_jsonb(v_seat_ids));
    end if;
  end if;
  if cardinality(p_near) > 0 then
    v_seat_ids := array(
      select distinct own.seat_id
        from shows show
        join layout_stretches own on own.layout_hash = show.layout_hash and own.seat_id = any(p_seat_ids)
        join layout_stretches near on near.layout_hash = own.layout_hash and near.stretch = own.stretch
          and near.nth between own.nth - show.seats_apart and own.nth + show.seats_apart
        join show_seats seat on seat.show_id = p_show_id and seat.seat_id = near.seat_id
        where show.show_id = p_show_id and near.seat_id = any(p_near) and seat.booking_id <> p_booking_id
          and (seat.status = 'booked' or p_grace_seconds is null
            or seat.held_until + make_interval(secs => p_grace_seconds) > p_now)
        order by own.seat_id);
    if cardinality(v_seat_ids) > 0 then
      return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TOO_CLOSE', 'seatIds', to_jsonb(v_seat_ids));
    end if;
  end if;
  return null;
end
$$;

create function refuse_channel(p_show_id uuid, p_channel text, p_sales_open_at timestamp with time zone, p_now timestamp with time zone)
 returns jsonb
 language plpgsql
 stable
as $$
declare
  v_channel record;
begin
  select opens_at, closes_at into v_channel from show_channels where show_id = p_show_id and channel = p_channel;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_UNKNOWN', 'seatIds', '[]'::jsonb);
  end if;
  if p_now < coalesce(v_channel.opens_at, p_sales_open_at) or p_now >= v_channel.closes_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_CLOSED', 'seatIds', '[]'::jsonb);
  end if;
  return null;
end
$$;

create function refuse_entered(p_show_id uuid, p_booking_id uuid, p_seat_ids text[])
 returns jsonb
 language plpgsql
as $$
declare
  v_seat_ids text[];
begin
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id for update;
  perform 1 from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
      and (p_seat_ids is null or seat_id = any(p_seat_ids))
    order by ticket_id
    for update;
  -- Behind the locks: tickets that all go back are locked in the order of their ids too.
  if exists (select 1 from shows where show_id = p_show_id and status = 'cancelled') then
    return null;
  end if;
  v_seat_ids := array(select ticket.seat_id from tickets ticket
    join entries entry on entry.show_id = ticket.show_id and entry.ticket_id = ticket.ticket_id
    where ticket.show_id = p_show_id and ticket.booking_id = p_booking_id and ticket.status = 'live'
      and (p_seat_ids is null or ticket.seat_id = any(p_seat_ids))
    order by ticket.seat_id);
  if cardinality(v_seat_ids) = 0 then
    return null;
  end if;
  return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_ENTERED', 'seatIds', to_jsonb(v_seat_ids));
end
$$;

create function refuse_transfer(p_show_id uuid, p_booking_id uuid, p_ticket_id uuid, p_now timestamp with time zone)
 returns jsonb
 language plpgsql
as $$
declare
  v_show record;
  v_seat_id text;
begin
  select status, starts_at into strict v_show from shows where show_id = p_show_id;
  if v_show.status = 'cancelled' then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED');
  end if;
  if v_show.starts_at <= p_now then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_BEGUN');
  end if;
  select seat_id into v_seat_id
    from tickets where show_id = p_show_id and ticket_id = p_ticket_id and status = 'live'
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  return refuse_entered(p_show_id, p_booking_id, array[v_seat_id]);
end
$$;

create function release_booking(p_show_id uuid, p_booking_id uuid, p_status text, p_reason text, p_payments_settled boolean, p_confirmed_too boolean)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_seat_ids text[];
  -- Who lets go without buying; not whom support, the show or a provider that did not answer has left without seats.
  v_let_go boolean;
begin
  select status, user_id, promo_code into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'absent');
  end if;
  if v_booking.status in ('expired', 'cancelled') then
    return jsonb_build_object('outcome', 'released', 'seatIds', '[]'::jsonb,
      'openPayments', (select count(*) from payments where show_id = p_show_id and booking_id = p_booking_id
                         and status in ('creating', 'open', 'authorised')));
  end if;
  if v_booking.status in ('ticketed', 'refunded') or (v_booking.status = 'confirmed' and not p_confirmed_too) then
    return jsonb_build_object('outcome', 'kept');
  end if;
  if not p_payments_settled and exists (
      select 1 from payments where show_id = p_show_id and booking_id = p_booking_id
        and status in ('creating', 'open', 'authorised')) then
    return jsonb_build_object('outcome', 'payments_open');
  end if;

  select coalesce(array_agg(seat_id order by seat_id), '{}') into v_seat_ids
    from (select seat.seat_id from show_seats seat
            where seat.show_id = p_show_id and seat.booking_id = p_booking_id and seat.seat_id in (
              select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id)
            order by seat.seat_id
            for update) own;
  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(v_seat_ids);
  -- The next buyer may use the code.
  update promo_codes set uses = uses - 1 where show_id = p_show_id and code = v_booking.promo_code;
  v_now := clock_timestamp();
  v_let_go := v_booking.status = 'held' and (p_reason = 'buyer' or (p_reason = 'hold_ended' and not p_payments_settled));
  update show_buyers set seats = seats - cardinality(v_seat_ids),
      lettings = case when not v_let_go then lettings when let_go_at > v_now - interval '1 hour' then lettings + 1 else 1 end,
      let_go_at = case when v_let_go then v_now else let_go_at end
    where show_id = p_show_id and user_id = v_booking.user_id;

  update bookings set status = p_status, end_reason = p_reason, ended_at = v_now
    where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id,
    case p_status when 'expired' then 'BookingExpired' else 'BookingCancelled' end,
    case p_status when 'expired' then '{}'::jsonb else jsonb_build_object('reason', p_reason) end);
  return jsonb_build_object('outcome', 'released', 'seatIds', to_jsonb(v_seat_ids),
    'openPayments', (select count(*) from payments where show_id = p_show_id and booking_id = p_booking_id
                       and status in ('creating', 'open', 'authorised')));
end
$$;

create function release_booking_with_news(p_show_id uuid, p_booking_id uuid, p_status text, p_reason text, p_payments_settled boolean, p_confirmed_too boolean)
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    release_booking(p_show_id, p_booking_id, p_status, p_reason, p_payments_settled, p_confirmed_too))
$$;

create function remind_of_show(p_show_id uuid, p_starts_at timestamp with time zone, p_due_at timestamp with time zone, p_limit integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_after uuid;
  v_page uuid[];
  v_reminded integer := 0;
  v_is_end boolean;
begin
  insert into show_reminders (show_id, starts_at, after)
    values (p_show_id, p_starts_at, '00000000-0000-0000-0000-000000000000')
    on conflict do nothing;
  select after into v_after
    from show_reminders where show_id = p_show_id and starts_at = p_starts_at and ended_at is null
    for update;
  if not found then
    return jsonb_build_object('reminded', 0, 'isEnd', true);
  end if;
  perform 1 from shows
    where show_id = p_show_id and status = 'scheduled' and starts_at = p_starts_at and starts_at > clock_timestamp();
  if not found then
    return jsonb_build_object('reminded', 0, 'isEnd', true);
  end if;
  select coalesce(array_agg(booking_id order by booking_id), '{}') into v_page
    from (select booking_id from bookings booking
            where booking.show_id = p_show_id and booking.status = 'ticketed' and booking.booking_id > v_after
              and exists (select 1 from tickets
                            where tickets.show_id = p_show_id and tickets.booking_id = booking.booking_id
                              and tickets.issued_at < p_due_at)
            order by booking_id
            limit p_limit) page;
  v_is_end := cardinality(v_page) < p_limit;
  -- A ticket may have been given to somebody else: whoever holds it goes to the show.
  perform append_booking_event(p_show_id, booking_id, 'ReminderDue', jsonb_build_object('userId', user_id,
      'startsAtMs', floor(extract(epoch from p_starts_at) * 1000)))
    from (select distinct booking_id, user_id from tickets
            where show_id = p_show_id and booking_id = any(v_page) and status = 'live') holder;
  get diagnostics v_reminded = row_count;
  update show_reminders
    set after = coalesce(v_page[cardinality(v_page)], v_after), ended_at = case when v_is_end then clock_timestamp() end
    where show_id = p_show_id and starts_at = p_starts_at;
  return jsonb_build_object('reminded', v_reminded, 'isEnd', v_is_end);
end
$$;

create function resend_own_tickets(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_pause_seconds integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_tickets jsonb;
begin
  select total_minor, currency, resent_at into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  v_now := clock_timestamp();
  select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id) into v_tickets
    from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live' and user_id = p_user_id;
  if v_tickets is null then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  if v_booking.resent_at + make_interval(secs => p_pause_seconds) > v_now then
    return jsonb_build_object('outcome', 'wait', 'leftMs',
      floor(extract(epoch from v_booking.resent_at + make_interval(secs => p_pause_seconds) - v_now) * 1000));
  end if;
  update bookings set resent_at = v_now where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsResent', jsonb_build_object(
    'totalMinor', v_booking.total_minor, 'currency', v_booking.currency, 'ticketDetails', v_tickets));
  return jsonb_build_object('outcome', 'sent');
end
$$;

create function resend_tickets(p_show_id uuid, p_booking_id uuid, p_action_id text)
 returns jsonb
 language plpgsql
as $$
declare
  v_buyer_id uuid;
  v_tickets jsonb;
begin
  select user_id into v_buyer_id from bookings where show_id = p_show_id and booking_id = p_booking_id for update;
  select coalesce(jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id), '[]') into v_tickets
    from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live' and user_id = v_buyer_id;
  if v_tickets = '[]'::jsonb then
    return jsonb_build_object('outcome', 'no_tickets');
  end if;
  update support_actions set outcome = 'sent', ended_at = clock_timestamp()
    where show_id = p_show_id and action_id = p_action_id and outcome is null;
  if found then
    perform append_booking_event(p_show_id, p_booking_id, 'TicketsResent', jsonb_build_object(
      'totalMinor', (select total_minor from bookings where show_id = p_show_id and booking_id = p_booking_id),
      'currency', (select currency from bookings where show_id = p_show_id and booking_id = p_booking_id),
      'ticketDetails', v_tickets));
  end if;
  return jsonb_build_object('outcome', 'sent');
end
$$;

create function return_payment(p_show_id uuid, p_payment_id uuid)
 returns text
 language plpgsql
as $$
declare
  v_booking record;
begin
  select booking.status, booking.payment_id into v_booking
    from payments payment
    join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
    where payment.show_id = p_show_id and payment.payment_id = p_payment_id and booking.show_id = p_show_id
    for update of booking;
  if v_booking.payment_id = p_payment_id and v_booking.status in ('confirmed', 'ticketed', 'refunded') then
    return 'kept';
  end if;
  update payments set returning_at = clock_timestamp()
    where show_id = p_show_id and payment_id = p_payment_id and returning_at is null;
  return 'returning';
end
$$;

create function revive_booking(p_show_id uuid, p_booking_id uuid, p_payment_id uuid, p_amount_minor bigint, p_currency text, p_seat_ids text[])
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_show record;
  v_old_prices text[];
  v_free_prices text[];
  v_buyer_seats integer;
  v_near text[];
  v_refused text;
begin
  select status, payment_id, user_id, seat_count, total_minor, currency, promo_code, channel into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'reason', 'absent');
  end if;
  if v_booking.status in ('confirmed', 'ticketed') and v_booking.payment_id = p_payment_id then
    return jsonb_build_object('outcome', 'confirmed');
  end if;
  if v_booking.status <> 'expired' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'closed');
  end if;
  -- Read after the lock that return_payment takes as well.
  if exists (select 1 from payments where show_id = p_show_id and payment_id = p_payment_id and returning_at is not null) then
    return jsonb_build_object('outcome', 'refused', 'reason', 'money_returned');
  end if;
  if v_booking.total_minor <> p_amount_minor or v_booking.currency <> p_currency then
    return jsonb_build_object('outcome', 'refused', 'reason', 'amount_mismatch');
  end if;
  v_now := clock_timestamp();
  select status, sales_open_at, sales_close_at, seats_per_buyer_max, seats_per_card_max into v_show from shows where show_id = p_show_id;
  if v_show.status <> 'scheduled' or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'reason', 'show_closed');
  end if;

  v_near := near_seats(p_show_id, p_seat_ids);
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids || v_near)
    order by seat_id
    for update;
  select array_agg(price_code order by price_code) into v_old_prices
    from booking_seats where show_id = p_show_id and booking_id = p_booking_id;
  select array_agg(price_code order by price_code) into v_free_prices
    from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'available';
  if v_free_prices is distinct from v_old_prices
      or refuse_by_rule(p_show_id, p_booking_id, p_seat_ids, v_near, v_booking.channel, v_show.sales_open_at, null,
        v_now) is not null then
    return jsonb_build_object('outcome', 'refused', 'reason', 'seats_taken');
  end if;
  -- The release has given the code back; whoever has used it since may keep it.
  if v_booking.promo_code is not null then
    perform 1 from promo_codes where show_id = p_show_id and code = v_booking.promo_code and uses < uses_max for update;
    if not found then
      return jsonb_build_object('outcome', 'refused', 'reason', 'promo_code_used');
    end if;
  end if;
  v_refused := refuse_by_card(p_show_id, p_payment_id, v_booking.seat_count, v_show.seats_per_card_max);
  if v_refused is not null then
    return jsonb_build_object('outcome', 'refused', 'reason', v_refused);
  end if;
  insert into show_buyers (show_id, user_id, seats)
    select p_show_id, v_booking.user_id, v_booking.seat_count
      where v_booking.seat_count <= v_show.seats_per_buyer_max
    on conflict (show_id, user_id) do update set seats = show_buyers.seats + excluded.seats
      where show_buyers.seats + excluded.seats <= v_show.seats_per_buyer_max
    returning seats into v_buyer_seats;
  if v_buyer_seats is null then
    return jsonb_build_object('outcome', 'refused', 'reason', 'seat_limit');
  end if;

  update promo_codes set uses = uses + 1 where show_id = p_show_id and code = v_booking.promo_code;
  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  -- Each new seat takes over the frozen price of an old one of its price code; the own seats keep theirs.
  with old as (
    delete from booking_seats
      where show_id = p_show_id and booking_id = p_booking_id
      returning seat_id, price_code, amount_minor, fee_minor, tax_minor
  ), numbered as (
    select price_code, amount_minor, fee_minor, tax_minor, row_number() over (partition by price_code order by seat_id) as place from old
  ), wanted as (
    select seat_id, price_code, row_number() over (partition by price_code order by seat_id) as place
      from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids)
  )
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, wanted.seat_id, wanted.price_code, numbered.amount_minor, numbered.fee_minor,
        numbered.tax_minor
      from wanted join numbered using (price_code, place);
  update bookings
    set status = 'confirmed', payment_id = p_payment_id, confirmed_at = v_now, end_reason = null, ended_at = null
    where show_id = p_show_id and booking_id = p_booking_id;
  update payments set status = 'authorised', updated_at = v_now
    where show_id = p_show_id and payment_id = p_payment_id and status in ('creating', 'open', 'voided');
  return jsonb_build_object('outcome', 'confirmed');
end
$$;

create function revive_booking_with_news(p_show_id uuid, p_booking_id uuid, p_payment_id uuid, p_amount_minor bigint, p_currency text, p_seat_ids text[])
 returns jsonb
 language sql
as $$
  select with_seat_news(p_show_id, p_booking_id,
    revive_booking(p_show_id, p_booking_id, p_payment_id, p_amount_minor, p_currency, p_seat_ids))
$$;

create function seat_news_of(p_show_id uuid, p_seat_ids text[])
 returns jsonb
 language sql
as $$
  select jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version,
      'heldUntilMs', floor(extract(epoch from held_until) * 1000)) order by seat_id)
    from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids)
$$;

create function settle_offers(p_show_id uuid, p_lost_seconds integer)
 returns void
 language plpgsql
as $$
declare
  v_offer record;
  v_booking record;
  v_state text;
begin
  for v_offer in
    select booking_id, entry_id, offered_at from waiting_offers
      where show_id = p_show_id and state = 'open'
      order by booking_id
      for update
  loop
    -- Read after the lock: a hold that was being made is visible now.
    select status, end_reason into v_booking from bookings where show_id = p_show_id and booking_id = v_offer.booking_id;
    if not found then
      if v_offer.offered_at < clock_timestamp() - make_interval(secs => p_lost_seconds) then
        perform void_offer(p_show_id, v_offer.booking_id, 0);
      end if;
      continue;
    end if;
    v_state := case v_booking.status when 'ticketed' then 'taken' when 'refunded' then 'taken' when 'expired' then 'lapsed'
      when 'cancelled' then 'declined' end;
    continue when v_state is null;
    update waiting_offers set state = v_state, ended_at = clock_timestamp()
      where show_id = p_show_id and booking_id = v_offer.booking_id;
    if v_booking.end_reason = 'show_cancelled' then
      -- To be closed with the others, and told why.
      update waiting_entries set state = 'waiting' where show_id = p_show_id and entry_id = v_offer.entry_id and state = 'offered';
      continue;
    end if;
    update waiting_entries set state = case v_state when 'taken' then 'served' else v_state end, ended_at = clock_timestamp()
      where show_id = p_show_id and entry_id = v_offer.entry_id and state = 'offered';
    if v_state = 'lapsed' then
      perform append_booking_event(p_show_id, v_offer.booking_id, 'OfferLapsed', jsonb_build_object('entryId', v_offer.entry_id));
    end if;
  end loop;
end
$$;

create function survey_seats(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_grace_seconds integer, p_now timestamp with time zone)
 returns table(taken text[], has_channel boolean, overdue integer, own_overdue integer, amount_minor bigint, fee_minor bigint)
 language sql
 stable
as $$
  select
      coalesce(array_agg(seat.seat_id order by seat.seat_id) filter (where seat.status in ('booked', 'blocked')
        or (seat.held_until + make_interval(secs => p_grace_seconds) > p_now and seat.booking_id <> p_booking_id)), '{}'),
      coalesce(bool_or(seat.channel is not null), false),
      (count(*) filter (where seat.status = 'held' and seat.booking_id <> p_booking_id))::integer,
      (count(*) filter (where seat.status = 'held' and seat.booking_id <> p_booking_id and seat.user_id = p_user_id))::integer,
      coalesce(sum(price.amount_minor), 0)::bigint,
      coalesce(sum(price.fee_minor), 0)::bigint
    from show_seats seat
    left join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
    where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids)
$$;

create function sweep_hold(p_show_id uuid, p_booking_id uuid, p_grace_seconds integer, p_payments_settled boolean)
 returns jsonb
 language plpgsql
as $$
declare
  v_booking record;
begin
  select status, held_until into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found or v_booking.status <> 'held'
      or v_booking.held_until + make_interval(secs => p_grace_seconds) > clock_timestamp() then
    return jsonb_build_object('outcome', 'kept');
  end if;
  return release_booking(p_show_id, p_booking_id, 'expired', 'hold_swept', p_payments_settled, false);
end
$$;

create function tell_of_reschedule(p_show_id uuid, p_change_id uuid, p_after uuid, p_limit integer)
 returns uuid
 language plpgsql
as $$
declare
  v_change record;
  v_page uuid[];
  v_told uuid[];
begin
  select starts_at_before, starts_at, refund_until, rescheduled_at into strict v_change
    from show_reschedules where show_id = p_show_id and change_id = p_change_id;
  select coalesce(array_agg(booking_id order by booking_id), '{}') into v_page
    from (select booking_id from bookings
            where show_id = p_show_id and status = 'ticketed' and created_at < v_change.rescheduled_at
              and booking_id > p_after
            order by booking_id
            limit p_limit) page;
  with told as (
    insert into show_reschedule_notices (show_id, change_id, booking_id)
      select p_show_id, p_change_id, booking_id from unnest(v_page) as page (booking_id)
      on conflict do nothing
      returning booking_id
  )
  select array_agg(booking_id) into v_told from told;
  perform append_booking_event(p_show_id, booking_id, 'BookingRescheduled', jsonb_build_object(
      'startsAtBeforeMs', floor(extract(epoch from v_change.starts_at_before) * 1000),
      'startsAtMs', floor(extract(epoch from v_change.starts_at) * 1000),
      'refundUntilMs', floor(extract(epoch from v_change.refund_until) * 1000)))
    from unnest(v_told) as told (booking_id);
  perform append_booking_event(p_show_id, booking_id, 'ReceivedTicketsRescheduled', jsonb_build_object('userId', user_id,
      'startsAtBeforeMs', floor(extract(epoch from v_change.starts_at_before) * 1000),
      'startsAtMs', floor(extract(epoch from v_change.starts_at) * 1000)))
    from (select distinct ticket.booking_id, ticket.user_id
            from tickets ticket
            join bookings booking on booking.show_id = ticket.show_id and booking.booking_id = ticket.booking_id
            where ticket.show_id = p_show_id and ticket.booking_id = any(v_told) and ticket.status = 'live'
              and ticket.user_id <> booking.user_id) holder;
  return v_page[p_limit];
end
$$;

create function tell_receivers(p_show_id uuid, p_booking_id uuid, p_buyer_id uuid, p_seat_ids text[], p_cause text)
 returns void
 language sql
as $$
  select append_booking_event(p_show_id, p_booking_id, 'ReceivedTicketsVoided', jsonb_build_object(
      'userId', holder.user_id, 'voidedSeatIds', to_jsonb(holder.seat_ids), 'cause', p_cause))
    from (select user_id, array_agg(seat_id order by seat_id) as seat_ids from tickets
            where show_id = p_show_id and booking_id = p_booking_id and status = 'live' and seat_id = any(p_seat_ids)
              and user_id <> p_buyer_id
            group by user_id
            order by user_id) holder
$$;

create function transfer_of(p_transfer ticket_transfers, p_now timestamp with time zone)
 returns jsonb
 language sql
as $$
  select jsonb_build_object('transferId', p_transfer.transfer_id, 'showId', p_transfer.show_id,
    'ticketId', p_transfer.ticket_id, 'fromUserId', p_transfer.from_user_id, 'receiverId', p_transfer.receiver_id,
    'toUserId', p_transfer.to_user_id,
    'status', case when p_transfer.status = 'open' and p_transfer.expires_at <= p_now then 'expired' else p_transfer.status end,
    'newTicketId', p_transfer.new_ticket_id,
    'expiresAtMs', floor(extract(epoch from p_transfer.expires_at) * 1000))
$$;

create function unknown_seats(p_show_id uuid, p_seat_ids text[])
 returns text[]
 language sql
 stable
as $$
  select coalesce(array_agg(wanted.seat_id order by wanted.seat_id), '{}')
    from unnest(p_seat_ids) as wanted (seat_id)
    where not exists (select 1 from show_seats seat where seat.show_id = p_show_id and seat.seat_id = wanted.seat_id)
$$;

create function void_offer(p_show_id uuid, p_booking_id uuid, p_pass_seconds integer)
 returns boolean
 language plpgsql
as $$
declare
  v_entry_id uuid;
begin
  select entry_id into v_entry_id from waiting_offers
    where show_id = p_show_id and booking_id = p_booking_id and state = 'open'
    for update;
  if not found then
    return false;
  end if;
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    return false;
  end if;
  update waiting_offers set state = 'void', ended_at = clock_timestamp() where show_id = p_show_id and booking_id = p_booking_id;
  update waiting_entries set state = 'waiting', passed_until = clock_timestamp() + make_interval(secs => p_pass_seconds)
    where show_id = p_show_id and entry_id = v_entry_id and state = 'offered';
  return true;
end
$$;

create function with_seat_news(p_show_id uuid, p_booking_id uuid, p_outcome jsonb)
 returns jsonb
 language plpgsql
as $$
begin
  if p_outcome ->> 'outcome' in ('refused', 'absent', 'kept', 'payments_open') then
    return p_outcome;
  end if;
  return p_outcome || jsonb_build_object('seats', (
    select jsonb_agg(jsonb_build_object('seatId', seat.seat_id, 'status', seat.status, 'version', seat.version,
        'heldUntilMs', floor(extract(epoch from seat.held_until) * 1000)) order by seat.seat_id)
      from booking_seats wanted
      join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
      where wanted.show_id = p_show_id and wanted.booking_id = p_booking_id));
end
$$;
