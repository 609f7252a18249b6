-- Agencies: whom to call, what ideas have with them, and who has the ball.
--
-- As in 0001: times are UTC, no foreign keys, a unique key only where two writers must not both
-- win.

CREATE SEQUENCE contact_ids;
CREATE SEQUENCE touchpoint_ids;
CREATE SEQUENCE barrier_ids;
CREATE SEQUENCE notice_ids;

ALTER TABLE agency ADD COLUMN website VARCHAR DEFAULT '';
ALTER TABLE agency ADD COLUMN active BOOLEAN DEFAULT true;     -- takes part in the pilot
ALTER TABLE agency ADD COLUMN note_nb VARCHAR DEFAULT '';      -- about taking part
ALTER TABLE agency ADD COLUMN note_en VARCHAR DEFAULT '';
-- What it does for a founder: JSON, [{nb, en, source, checked, dated}].
ALTER TABLE agency ADD COLUMN help VARCHAR DEFAULT '[]';

-- One row a contact person. `valid_to` is the last day; NULL: still there.
CREATE TABLE contact (
    contact_id  BIGINT NOT NULL DEFAULT nextval('contact_ids'),
    agency_id   VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    title       VARCHAR NOT NULL DEFAULT '',
    phone       VARCHAR NOT NULL DEFAULT '',
    email       VARCHAR NOT NULL DEFAULT '',
    subject     VARCHAR NOT NULL DEFAULT '',    -- what to ask this person about
    valid_from  DATE,
    valid_to    DATE,
    created_at  TIMESTAMP NOT NULL,
    search_text VARCHAR NOT NULL DEFAULT ''     -- folded words of name, title, subject, e-mail
);

-- One row each time a field of a contact person was changed; version 1 is the first writing.
CREATE TABLE contact_edit (
    contact_id  BIGINT NOT NULL,
    version     INTEGER NOT NULL,
    field       VARCHAR NOT NULL,
    before      VARCHAR,
    after       VARCHAR,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL
);

-- One row a touchpoint: one matter between an idea and an agency. The upper part describes it. The
-- lower part, its standing, is what its events say: written in the transaction of each event, never
-- on its own, and compared with them by `sandkasse check`.
CREATE TABLE touchpoint (
    touchpoint_id BIGINT NOT NULL DEFAULT nextval('touchpoint_ids'),
    ref           VARCHAR,                      -- what an imported log calls it
    idea_id       BIGINT NOT NULL,
    agency_id     VARCHAR NOT NULL,
    purpose_id    VARCHAR,                      -- from the catalogue; NULL: `title` says it
    title         VARCHAR NOT NULL DEFAULT '',
    contact_id    BIGINT,
    barrier_id    BIGINT,
    follow_up     DATE,                         -- when somebody is to ask again
    opened_by     BIGINT,
    created_at    TIMESTAMP NOT NULL,

    last_seq      INTEGER NOT NULL,
    state         VARCHAR NOT NULL,             -- prepared, agency, student, decided, closed
    state_at      TIMESTAMP NOT NULL,
    opened_at     TIMESTAMP NOT NULL,
    sent_at       TIMESTAMP,                    -- first sent
    agency_days   DOUBLE NOT NULL DEFAULT 0,    -- days with the agency before state_at
    questions     INTEGER NOT NULL DEFAULT 0,
    outcome       VARCHAR                       -- of the last decision
);

-- One row each time something happened in a touchpoint. Appended, never changed.
--   prepared  opened, nothing sent yet       sent      went to the agency
--   receipt   the agency has it              question  the agency asks, and gives it back
--   answer    went back to the agency        decided   the agency decided, with an outcome
--   closed    ended without a decision       reopened  taken up again, to be sent again
--   note      words alone                    void      the row voids_seq never was
-- The rows that count, and their order, are as in the ledger.
CREATE TABLE touchpoint_event (
    touchpoint_id BIGINT NOT NULL,
    seq           INTEGER NOT NULL,
    kind          VARCHAR NOT NULL CHECK (kind IN
        ('prepared', 'sent', 'receipt', 'question', 'answer', 'decided', 'closed', 'reopened',
         'note', 'void')),
    outcome       VARCHAR,
    voids_seq     INTEGER,
    note          VARCHAR,
    timing        VARCHAR NOT NULL DEFAULT 'exact'
        CHECK (timing IN ('exact', 'estimated', 'imported')),
    occurred_at   TIMESTAMP NOT NULL,
    recorded_at   TIMESTAMP NOT NULL,
    actor_id      BIGINT,
    actor_name    VARCHAR,
    UNIQUE (touchpoint_id, seq)
);

-- The idea's ball can now be with agencies.
ALTER TABLE idea ADD COLUMN ball_agencies VARCHAR DEFAULT '';  -- their ids, space-separated
ALTER TABLE idea ADD COLUMN turn_at TIMESTAMP;                 -- when the present turn began

-- One row a turn that has ended: a time in which an idea was in one stage and one party owed the
-- next step. The present turn of an open idea is in `idea` (turn_at, stage_id, ball; parked while
-- held). Kept in step with ledger and events like the standing.
CREATE TABLE turn (
    idea_id   BIGINT NOT NULL,
    stage_id  VARCHAR NOT NULL,
    party     VARCHAR NOT NULL,     -- student, mentor, project, agency, parked
    begins_at TIMESTAMP NOT NULL,
    ends_at   TIMESTAMP NOT NULL
);

-- One row an obstacle that ideas meet, named once. `review_on` is when the answer is to be read
-- again.
CREATE TABLE barrier (
    barrier_id  BIGINT NOT NULL DEFAULT nextval('barrier_ids'),
    agency_id   VARCHAR,
    title       VARCHAR NOT NULL,
    description VARCHAR NOT NULL DEFAULT '',
    answer      VARCHAR NOT NULL DEFAULT '',
    source      VARCHAR NOT NULL DEFAULT '',
    review_on   DATE,
    created_by  BIGINT,
    created_at  TIMESTAMP NOT NULL,
    search_text VARCHAR NOT NULL DEFAULT ''
);

-- One row each time a proposal of the journey's contact rules was taken up (as a touchpoint, or as
-- done by oneself), set aside with a reason, or opened again. The last row of an idea and rule
-- counts.
CREATE TABLE proposal_mark (
    idea_id       BIGINT NOT NULL,
    seq           INTEGER NOT NULL,
    rule_id       VARCHAR NOT NULL,
    outcome       VARCHAR NOT NULL CHECK (outcome IN ('taken_up', 'done', 'set_aside', 'open')),
    note          VARCHAR,
    touchpoint_id BIGINT,
    actor_id      BIGINT,
    recorded_at   TIMESTAMP NOT NULL,
    UNIQUE (idea_id, seq)
);

-- One row each time the team said that a need applies to its idea, or no longer does.
CREATE TABLE need_mark (
    idea_id     BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    need        VARCHAR NOT NULL,
    applies     BOOLEAN NOT NULL,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (idea_id, seq)
);

-- One row each time the team gave, changed or took back a day (or an amount) from which a deadline
-- follows. The last row of an idea, kind and label counts; `on_day` NULL takes it back.
CREATE TABLE idea_day (
    idea_id     BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        VARCHAR NOT NULL,
    label       VARCHAR NOT NULL DEFAULT '',
    on_day      DATE,
    amount      BIGINT,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (idea_id, seq)
);

-- One row a day that a person wants to be reminded of, seen by nobody else.
CREATE TABLE own_day (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    label       VARCHAR NOT NULL,
    on_day      DATE,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);

-- One row each time an idea was joined to a company, or parted from it (orgnr NULL).
CREATE TABLE company (
    idea_id     BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    orgnr       VARCHAR,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (idea_id, seq)
);

-- One row each time Enhetsregisteret was read about a company. Appended; the last counts.
CREATE TABLE company_reading (
    orgnr              VARCHAR NOT NULL,
    read_at            TIMESTAMP NOT NULL,
    outcome            VARCHAR NOT NULL
        CHECK (outcome IN ('found', 'deleted', 'removed', 'unknown')),
    name               VARCHAR,
    form               VARCHAR,
    registered_on      DATE,
    in_business_register BOOLEAN,
    in_vat_register    BOOLEAN,
    bankrupt           BOOLEAN,
    winding_up         BOOLEAN,
    forced_winding_up  BOOLEAN,
    deleted_on         DATE
);

-- One row something that concerns a person. `facts` is JSON: what the sentence names.
CREATE TABLE notice (
    notice_id     BIGINT NOT NULL DEFAULT nextval('notice_ids'),
    person_id     BIGINT NOT NULL,
    kind          VARCHAR NOT NULL,
    idea_id       BIGINT,
    touchpoint_id BIGINT,
    facts         VARCHAR NOT NULL DEFAULT '{}',
    created_at    TIMESTAMP NOT NULL,
    read_at       TIMESTAMP
);

-- One row each time a person chose how notices are mailed. The last row counts.
CREATE TABLE notice_choice (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    mail        VARCHAR NOT NULL CHECK (mail IN ('none', 'at_once', 'daily')),
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);

-- One row each time a notice was queued for mail, tried, sent or given up. Appended; the last row
-- of a notice counts.
CREATE TABLE mail_event (
    notice_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        VARCHAR NOT NULL CHECK (kind IN ('queued', 'trying', 'failed', 'sent', 'given_up')),
    due_at      TIMESTAMP,          -- not to be tried before
    detail      VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (notice_id, seq)
);

-- One row a tie of a person to an agency that they have declared: a job, or a relation.
CREATE TABLE declared_tie (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    agency_id   VARCHAR NOT NULL,
    tie         VARCHAR NOT NULL CHECK (tie IN ('job', 'relation', 'none')),
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);
