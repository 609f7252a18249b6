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
    decided_days  DOUBLE,                       -- days with the agency before its first decision
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

-- One row something that concerns a person. `about` tells apart what would be told again.
CREATE TABLE notice (
    notice_id     BIGINT NOT NULL DEFAULT nextval('notice_ids'),
    person_id     BIGINT NOT NULL,
    kind          VARCHAR NOT NULL,
    idea_id       BIGINT,
    touchpoint_id BIGINT,
    about         VARCHAR NOT NULL DEFAULT '',
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

-- ── What figures share ──────────────────────────────────────────────────────────────────────

-- The events that count at (as_of, known_at), as `effective` is for the ledger.
CREATE MACRO effective_event(as_of, known_at) AS TABLE
SELECT e.*
FROM touchpoint_event AS e
ANTI JOIN (
    SELECT ledger_key(touchpoint_id, voids_seq) AS voided
    FROM touchpoint_event
    WHERE kind = 'void' AND recorded_at <= known_at
) AS v ON v.voided = ledger_key(e.touchpoint_id, e.seq)
WHERE e.kind <> 'void'
  AND e.occurred_at <= as_of
  AND e.recorded_at <= known_at;

-- One row a time with the agency: from when a matter was sent, or a question answered, until the
-- agency asked or decided, or the matter was closed. `ends_at` is NULL while it lasts.
CREATE MACRO agency_wait(as_of, known_at) AS TABLE
WITH turned AS (
    SELECT touchpoint_id, seq, kind, occurred_at AS begins_at,
           lead(occurred_at) OVER one AS ends_at,
           lead(seq) OVER one         AS ends_seq,
           lead(kind) OVER one        AS ended_by
    FROM effective_event(as_of, known_at)
    WHERE kind IN ('prepared', 'sent', 'question', 'answer', 'decided', 'closed', 'reopened')
    WINDOW one AS (PARTITION BY touchpoint_id ORDER BY occurred_at, seq)
)
SELECT touchpoint_id, seq, begins_at, ends_at, ends_seq, ended_by
FROM turned
WHERE kind IN ('sent', 'answer');

-- One row a touchpoint at (as_of, known_at): the standing that `touchpoint` keeps.
CREATE MACRO matter(as_of, known_at) AS TABLE
WITH told AS (
    SELECT touchpoint_id,
           min(occurred_at)                                        AS opened_at,
           arg_max(struct_pack(kind := kind, at := occurred_at, outcome := outcome),
                   happened(occurred_at, seq))
               FILTER (kind NOT IN ('receipt', 'note'))            AS last_turn,
           count(*) FILTER (kind = 'question')                     AS questions,
           min(happened(occurred_at, seq)) FILTER (kind = 'decided') AS first_decision
    FROM effective_event(as_of, known_at)
    GROUP BY touchpoint_id
),
waited AS (
    SELECT w.touchpoint_id,
           min(w.begins_at)                                                  AS sent_at,
           coalesce(sum(epoch_us(w.ends_at) - epoch_us(w.begins_at)), 0)     AS micros,
           coalesce(sum(epoch_us(w.ends_at) - epoch_us(w.begins_at)) FILTER (
               happened(w.ends_at, w.ends_seq) <= t.first_decision), 0)      AS decided_micros
    FROM agency_wait(as_of, known_at) AS w
    JOIN told AS t ON t.touchpoint_id = w.touchpoint_id
    GROUP BY w.touchpoint_id
)
SELECT t.touchpoint_id,
       CASE t.last_turn.kind
           WHEN 'prepared' THEN 'prepared' WHEN 'reopened' THEN 'prepared'
           WHEN 'sent' THEN 'agency'       WHEN 'answer' THEN 'agency'
           WHEN 'question' THEN 'student'  ELSE t.last_turn.kind
       END                                                             AS state,
       t.last_turn.at                                                  AS state_at,
       t.opened_at, w.sent_at,
       coalesce(w.micros, 0) / 86_400e6                                AS agency_days,
       CASE WHEN t.first_decision IS NOT NULL
            THEN coalesce(w.decided_micros, 0) / 86_400e6 END          AS decided_days,
       t.questions::INTEGER                                            AS questions,
       CASE WHEN t.last_turn.kind = 'decided' THEN t.last_turn.outcome END AS outcome
FROM told AS t
LEFT JOIN waited AS w ON w.touchpoint_id = t.touchpoint_id;

-- One row an idea and moment at which something happened that can change whose turn it is, with
-- what holds from then on: the law of ball.py. `setter` is who was handed the ball last; sending
-- hands it to the agencies, and it is the student's again when none of them has it any more.
CREATE MACRO owing(as_of, known_at) AS TABLE
WITH step AS (
    SELECT idea_id, occurred_at, 0 AS source, 0 AS touchpoint_id, seq, ball AS setter, 0 AS delta,
           CASE WHEN kind IN ('enter', 'move', 'reopen') THEN stage_id END        AS stage_id,
           CASE WHEN kind IN ('enter', 'move', 'reopen') THEN true
                WHEN kind = 'exit' THEN false END                                 AS inside,
           CASE WHEN kind = 'hold' THEN true
                WHEN kind IN ('enter', 'move', 'reopen', 'exit', 'resume') THEN false END AS held
    FROM effective(as_of, known_at)
    UNION ALL
    SELECT t.idea_id, w.begins_at, 1, w.touchpoint_id, w.seq, 'agency', 1, NULL, NULL, NULL
    FROM agency_wait(as_of, known_at) AS w
    JOIN touchpoint AS t ON t.touchpoint_id = w.touchpoint_id
    UNION ALL
    SELECT t.idea_id, w.ends_at, 1, w.touchpoint_id, w.ends_seq, NULL, -1, NULL, NULL, NULL
    FROM agency_wait(as_of, known_at) AS w
    JOIN touchpoint AS t ON t.touchpoint_id = w.touchpoint_id
    WHERE w.ends_at IS NOT NULL
),
settled AS (
    SELECT idea_id, occurred_at,
           last_value(stage_id IGNORE NULLS) OVER so_far            AS stage_id,
           coalesce(last_value(inside IGNORE NULLS) OVER so_far, false) AS inside,
           coalesce(last_value(held IGNORE NULLS) OVER so_far, false)   AS held,
           coalesce(last_value(setter IGNORE NULLS) OVER so_far, 'mentor') AS setter,
           sum(delta) OVER so_far                                   AS unanswered,
           row_number() OVER (PARTITION BY idea_id, occurred_at
                              ORDER BY source DESC, touchpoint_id DESC, seq DESC) AS from_last
    FROM step
    WINDOW so_far AS (PARTITION BY idea_id ORDER BY occurred_at, source, touchpoint_id, seq
                      ROWS UNBOUNDED PRECEDING)
)
SELECT idea_id, occurred_at, stage_id, inside, held,
       CASE WHEN setter = 'agency' AND unanswered = 0 THEN 'student' ELSE setter END AS owner
FROM settled
WHERE from_last = 1;

-- One row a turn at (as_of, known_at): a time in one stage in which one party owed the next step.
-- `ends_at` is NULL while it lasts. Turns of an idea do not overlap and leave out only the time
-- after an exit.
CREATE MACRO turn_of(as_of, known_at) AS TABLE
WITH moment AS (
    SELECT idea_id, occurred_at,
           CASE WHEN inside THEN stage_id END                                     AS stage_id,
           CASE WHEN NOT inside THEN NULL WHEN held THEN 'parked' ELSE owner END  AS party,
    FROM owing(as_of, known_at)
),
changed AS (
    SELECT *
    FROM moment
    WINDOW told AS (PARTITION BY idea_id ORDER BY occurred_at)
    QUALIFY row_number() OVER told = 1
         OR stage_id IS DISTINCT FROM lag(stage_id) OVER told
         OR party IS DISTINCT FROM lag(party) OVER told
)
SELECT idea_id, stage_id, party, occurred_at AS begins_at,
       lead(occurred_at) OVER (PARTITION BY idea_id ORDER BY occurred_at) AS ends_at
FROM changed
QUALIFY stage_id IS NOT NULL;

-- One row an idea: the ball that `idea` keeps, worked out from ledger and events.
CREATE VIEW ball_of_ledger AS
WITH owner AS (
    SELECT idea_id, occurred_at, owner,
           lag(owner) OVER (PARTITION BY idea_id ORDER BY occurred_at) AS owner_before
    FROM owing('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP)
),
latest AS (
    SELECT idea_id,
           arg_max(owner, occurred_at)                                       AS ball,
           max(occurred_at) FILTER (owner IS DISTINCT FROM owner_before)     AS ball_at
    FROM owner
    GROUP BY idea_id
),
unanswered AS (
    SELECT t.idea_id, string_agg(DISTINCT t.agency_id, ' ' ORDER BY t.agency_id) AS agencies
    FROM agency_wait('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP) AS w
    JOIN touchpoint AS t ON t.touchpoint_id = w.touchpoint_id
    WHERE w.ends_at IS NULL
    GROUP BY t.idea_id
),
lasting AS (
    SELECT idea_id, max(begins_at) AS turn_at
    FROM turn_of('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP)
    WHERE ends_at IS NULL
    GROUP BY idea_id
)
SELECT l.idea_id, l.ball, l.ball_at,
       CASE WHEN l.ball = 'agency' THEN coalesce(u.agencies, '') ELSE '' END AS ball_agencies,
       t.turn_at
FROM latest AS l
LEFT JOIN unanswered AS u ON u.idea_id = l.idea_id
LEFT JOIN lasting AS t ON t.idea_id = l.idea_id;
