-- What lists and searches say of a show's seats, so that nobody counts seats to show a list: what is left of those that everybody may
-- buy, and how many are sold, in steps of five per cent. Written by the search indexer a moment after the sale, and only when it
-- changes: a hold never touches it, and a show that sells out raises its version some twenty times in all.
alter table shows add column availability text not null default 'available';
alter table shows add column sold_percent integer not null default 0;
