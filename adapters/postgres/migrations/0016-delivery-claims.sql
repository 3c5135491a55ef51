-- When somebody began to send: until it is old, nobody else sends the same.
alter table deliveries add column begun_at timestamptz;
