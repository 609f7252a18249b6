-- Sub-project meetings: who was there, what was to be discussed, what was decided, and the figures
-- as they were known then.

CREATE SEQUENCE agenda_ids;
CREATE SEQUENCE resolution_ids;
CREATE SEQUENCE freeze_ids;

ALTER TABLE meeting ADD COLUMN subproject_id VARCHAR;    -- as in data/subprojects.toml
ALTER TABLE meeting ADD COLUMN journey_id VARCHAR;       -- whose funnel it reviews
ALTER TABLE meeting ADD COLUMN began_at TIMESTAMP;       -- when somebody opened it
ALTER TABLE meeting ADD COLUMN closed_at TIMESTAMP;      -- when its minutes were closed

-- One row each time somebody was invited, came, sent word, or was taken off the list: a known
-- person, or somebody named only. The last row of a meeting and person (or name) counts.
CREATE TABLE attendance (
    meeting_id  BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    person_id   BIGINT,
    name        VARCHAR,
    standing    VARCHAR NOT NULL CHECK (standing IN ('invited', 'present', 'absent', 'removed')),
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (meeting_id, seq)
);

-- One row an item of an agenda. What a person may see of its idea is decided when it is read.
CREATE TABLE agenda_item (
    item_id       BIGINT NOT NULL DEFAULT nextval('agenda_ids'),
    meeting_id    BIGINT NOT NULL,
    position      INTEGER NOT NULL,
    source        VARCHAR NOT NULL CHECK (source IN
        ('own', 'action', 'decision_due', 'past_band', 'overdue_matter', 'changed', 'seat')),
    title         VARCHAR NOT NULL DEFAULT '',   -- empty: told by what it is about
    note          VARCHAR NOT NULL DEFAULT '',
    idea_id       BIGINT,
    touchpoint_id BIGINT,
    resolution_id BIGINT,                        -- the open action it follows up
    agency_id     VARCHAR,                       -- whose seats it is about
    created_by    BIGINT,
    created_at    TIMESTAMP NOT NULL,
    removed_at    TIMESTAMP
);

-- One row a result of a meeting: an information, a decision, or an action with an owner. Appended;
-- what came of it is in resolution_event.
CREATE TABLE resolution (
    resolution_id BIGINT NOT NULL DEFAULT nextval('resolution_ids'),
    meeting_id    BIGINT NOT NULL,
    item_id       BIGINT,
    kind          VARCHAR NOT NULL CHECK (kind IN ('information', 'decision', 'action')),
    idea_id       BIGINT,
    body          VARCHAR NOT NULL,              -- what
    reason        VARCHAR NOT NULL DEFAULT '',   -- why
    next_step     VARCHAR NOT NULL DEFAULT '',   -- what can be done now
    due           DATE,                          -- by when
    owner_id      BIGINT,                        -- whose action it is
    move_to       VARCHAR,                       -- the stage it decides a move to
    exit_id       VARCHAR,                       -- or the way out
    reason_code   VARCHAR,                       -- the move's reason, where it needs one
    supersedes    BIGINT,                        -- the resolution it takes the place of
    actor_id      BIGINT,
    recorded_at   TIMESTAMP NOT NULL
);

-- One row each time something came of a resolution. Appended.
--   published  the idea's team may read it     carried   the move it decided was made (ledger_seq)
--   done       the action was done             reopened  it was not done after all
CREATE TABLE resolution_event (
    resolution_id BIGINT NOT NULL,
    seq           INTEGER NOT NULL,
    kind          VARCHAR NOT NULL CHECK (kind IN ('published', 'carried', 'done', 'reopened')),
    ledger_seq    INTEGER,
    note          VARCHAR NOT NULL DEFAULT '',
    actor_id      BIGINT,
    recorded_at   TIMESTAMP NOT NULL,
    UNIQUE (resolution_id, seq)
);

-- One row a freeze: the figures of a choice, as of and as known at a moment. Never changed.
CREATE TABLE frozen_figure (
    freeze_id   BIGINT NOT NULL DEFAULT nextval('freeze_ids'),
    meeting_id  BIGINT NOT NULL,
    choice      VARCHAR NOT NULL,              -- as JSON
    as_of       TIMESTAMP NOT NULL,
    known_at    TIMESTAMP NOT NULL,
    definition  INTEGER NOT NULL,              -- the version of the figures' definitions
    content     VARCHAR NOT NULL,              -- the figures as JSON
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL
);

-- One row a short code that stands for a number: the view it opens and what it said.
CREATE TABLE number_receipt (
    code        VARCHAR NOT NULL UNIQUE,
    figure      VARCHAR NOT NULL,
    choice      VARCHAR NOT NULL,              -- as JSON
    as_of       TIMESTAMP NOT NULL,
    known_at    TIMESTAMP NOT NULL,
    definition  INTEGER NOT NULL,
    content     VARCHAR NOT NULL,              -- what it said, as JSON
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL
);
