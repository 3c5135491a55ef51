-- The payments worker tells checkouts what they have not heard, of all shows, the oldest first. With the show first in the index it read
-- every event that waits, and sorted them, for each part of twenty. Events that nobody has heard are few unless something is away, so
-- that the auditor, who asks by show, finds them here as well: one index, as before, since every payment writes to it.
-- The table is scanned once, and news of payments cannot be written meanwhile: providers send them again. Where it is large, build the
-- index before, with create index concurrently and this name.
-- squawk-ignore require-concurrent-index-creation
create index if not exists payment_events_unheard on payment_events (received_at) where signalled_at is null;
-- squawk-ignore require-concurrent-index-deletion
drop index payment_events_unsignalled;
