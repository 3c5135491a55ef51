-- In a transaction of its own: looking through the rows must not keep the tables locked against readers.

alter table bookings validate constraint bookings_status_check;
alter table payments validate constraint payments_provider_check;
