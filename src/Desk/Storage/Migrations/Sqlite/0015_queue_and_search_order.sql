-- The queue's whole order stands in its indexes, so that a page is read from them and nothing is sorted: see ListQueue.

DROP INDEX matters_queue;
CREATE INDEX matters_queue ON matters (department, state, urgent DESC, deadline_at, letter_id);
DROP INDEX matters_closed_queue;
CREATE INDEX matters_closed_queue ON matters (department, closed_at DESC, letter_id) WHERE state = 'closed';
-- What is urgent anywhere, for the officers on duty.
DROP INDEX matters_urgent;
CREATE INDEX matters_urgent ON matters (state, deadline_at, letter_id) WHERE urgent = 1;
