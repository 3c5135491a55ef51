-- By which scanners ask for changes. Each table is scanned once to make its index, and refunds wait for that.
-- squawk-ignore require-concurrent-index-creation
create index tickets_by_void_time on tickets (show_id, voided_at) where status = 'void';
-- squawk-ignore require-concurrent-index-creation
create index undone_entries_by_time on undone_entries (show_id, undone_at);
