-- Privacy: an audit in which a missing or changed row shows, erasure, and what is held back.
--
-- As in 0001: times are UTC, no foreign keys, a unique key only where two writers must not both
-- win.

-- The audit is a chain: `hash` is the SHA-256 of the row before's hash and of what this row says.
-- What `detail` says is in it by `digest` (the SHA-256 of `salt` and `detail`), so that erasure can
-- empty `detail` and `salt` while the chain still holds. Rows from before the chain have neither;
-- all of them together are in `audit_origin`.
CREATE TABLE audit_origin AS
SELECT count(*) AS entries,
       list_reduce(
           list_prepend('', coalesce(list(
               epoch_us(recorded_at) || '|' || coalesce(actor_id::VARCHAR, '-') || '|' || action
               || '|' || coalesce(sha256(detail), '-') || '|' || coalesce(subject, '-')
               ORDER BY audit_id), [])),
           lambda before, said: sha256(before || '|' || said)) AS hash
FROM audit;

ALTER TABLE audit ADD COLUMN salt VARCHAR;
ALTER TABLE audit ADD COLUMN digest VARCHAR;
ALTER TABLE audit ADD COLUMN hash VARCHAR;
ALTER TABLE audit ADD COLUMN erasure_id BIGINT;     -- the erasure that emptied `detail`

CREATE SEQUENCE erasure_ids;

-- One row an erasure: what it was about, who asked and who did it, and how many rows of each table
-- were scrubbed (JSON). No personal data.
CREATE TABLE erasure (
    erasure_id  BIGINT NOT NULL DEFAULT nextval('erasure_ids'),
    kind        VARCHAR NOT NULL
        CHECK (kind IN ('person', 'idea', 'application', 'contact', 'retention')),
    about_id    BIGINT,
    keep_record BOOLEAN NOT NULL,   -- what the Archives Act may require was kept, blocked
    asked_by    BIGINT,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    counts      VARCHAR NOT NULL
);

-- One row each time a person asked to be erased, took it back, or was answered. The last counts.
CREATE TABLE erasure_request (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        VARCHAR NOT NULL CHECK (kind IN ('asked', 'taken_back', 'refused', 'erased')),
    reason      VARCHAR NOT NULL DEFAULT '',
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);

-- What the Archives Act may require is blocked: leads alone see it.
ALTER TABLE idea ADD COLUMN blocked_at TIMESTAMP;
ALTER TABLE application ADD COLUMN blocked_at TIMESTAMP;

ALTER TABLE person ADD COLUMN erased_at TIMESTAMP;
