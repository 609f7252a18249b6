-- The turns of what the file holds already. Rows and tables change in different transactions.

UPDATE idea SET turn_at = b.turn_at FROM ball_of_ledger AS b WHERE b.idea_id = idea.idea_id;
INSERT INTO turn (idea_id, stage_id, party, begins_at, ends_at)
SELECT idea_id, stage_id, party, begins_at, ends_at
FROM turn_of('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP)
WHERE ends_at IS NOT NULL;
