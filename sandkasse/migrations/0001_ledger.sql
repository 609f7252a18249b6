-- The ledger and what it is about.
--
-- Times are UTC. No foreign keys and few indexes: DuckDB checks both eagerly, and they are its
-- weakest part under updates; `sandkasse check` verifies references instead. A unique key stands
-- only where two writers must not both win.

CREATE SEQUENCE person_ids;
CREATE SEQUENCE idea_ids;
CREATE SEQUENCE comment_ids;
CREATE SEQUENCE audit_ids;
CREATE SEQUENCE meeting_ids;

-- One row a journey: its definition as JSON, as it was last loaded.
CREATE TABLE journey (
    journey_id VARCHAR NOT NULL,
    definition VARCHAR NOT NULL,
    source     VARCHAR NOT NULL,
    loaded_at  TIMESTAMP NOT NULL
);

-- One row a stage of a journey; position counts from 0.
CREATE TABLE stage (
    journey_id    VARCHAR NOT NULL,
    stage_id      VARCHAR NOT NULL,
    position      INTEGER NOT NULL,
    expected_days INTEGER
);

-- One row a stage and level where another length is expected than in general.
CREATE TABLE expected_at_level (
    journey_id    VARCHAR NOT NULL,
    stage_id      VARCHAR NOT NULL,
    level         VARCHAR NOT NULL,
    expected_days INTEGER NOT NULL
);

-- One row a way out of a journey.
CREATE TABLE exit (
    journey_id VARCHAR NOT NULL,
    exit_id    VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL
        CHECK (kind IN ('completed', 'declined', 'withdrawn', 'closed', 'merged'))
);

-- One row an agency that ideas may need something from.
CREATE TABLE agency (
    agency_id VARCHAR NOT NULL,
    position  INTEGER NOT NULL,
    name_nb   VARCHAR NOT NULL,
    name_en   VARCHAR NOT NULL,
    orgnr     VARCHAR
);

-- One row a person who has signed in, or, for imports and demonstrations, has been named.
-- `subject` is the identity provider's issuer and subject; an e-mail address may change.
CREATE TABLE person (
    person_id  BIGINT NOT NULL DEFAULT nextval('person_ids'),
    subject    VARCHAR UNIQUE,
    name       VARCHAR NOT NULL,
    email      VARCHAR,
    level      VARCHAR,
    agency_id  VARCHAR,
    language   VARCHAR,
    created_at TIMESTAMP NOT NULL,
    blocked_at TIMESTAMP
);

-- One row each time somebody was given, or lost, a role. The last row of a person and role counts.
CREATE TABLE role_change (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    role        VARCHAR NOT NULL CHECK (role IN ('student', 'mentor', 'member', 'lead')),
    granted     BOOLEAN NOT NULL,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);

CREATE VIEW current_role_of AS
SELECT person_id, role
FROM role_change
GROUP BY person_id, role
HAVING arg_max(granted, seq);

-- One row an idea. The upper part describes it and is edited (see idea_edit). The lower part, its
-- standing, is where the ledger says it is now: written in the transaction of each ledger row,
-- never on its own, and compared with the ledger by `sandkasse check`.
CREATE TABLE idea (
    idea_id      BIGINT NOT NULL DEFAULT nextval('idea_ids'),
    ref          VARCHAR,           -- what an imported log calls it
    journey_id   VARCHAR NOT NULL,
    level        VARCHAR,
    theme        VARCHAR,
    title        VARCHAR NOT NULL,
    problem      VARCHAR NOT NULL DEFAULT '',
    solution     VARCHAR NOT NULL DEFAULT '',
    audience     VARCHAR NOT NULL DEFAULT '',
    needs        VARCHAR NOT NULL DEFAULT '',
    agencies     VARCHAR NOT NULL DEFAULT '',   -- agency ids, space-separated
    graduation   DATE,
    submitted_by BIGINT,
    created_at   TIMESTAMP NOT NULL,            -- when it was recorded
    public_text  VARCHAR NOT NULL DEFAULT '',
    publication  VARCHAR NOT NULL DEFAULT 'private'
        CHECK (publication IN ('private', 'requested', 'published', 'refused')),
    search_text  VARCHAR NOT NULL DEFAULT '',   -- folded title, problem, solution, audience, theme

    last_seq     INTEGER NOT NULL,              -- the ledger's last row
    stage_id     VARCHAR NOT NULL,              -- where it is, or was when it left
    furthest     INTEGER NOT NULL,              -- position of the furthest stage reached
    first_at     TIMESTAMP NOT NULL,            -- entered its first stage
    stage_at     TIMESTAMP NOT NULL,            -- began the present (or last) visit
    earlier_days DOUBLE NOT NULL DEFAULT 0,     -- days of earlier visits to the same stage
    visits       INTEGER NOT NULL DEFAULT 1,    -- visits to the same stage, this one included
    exit_id      VARCHAR,                       -- how it left; NULL while it is open
    exit_kind    VARCHAR,
    exit_at      TIMESTAMP,
    held_at      TIMESTAMP,                     -- on hold since; NULL while active
    ball         VARCHAR NOT NULL,              -- who owes the next step
    ball_at      TIMESTAMP NOT NULL,
    merged_into  BIGINT
);

-- The ledger: one row each time something happened to an idea. Appended, never changed.
--   enter    came into the journey at stage_id
--   move     went from from_stage to stage_id, forward or back
--   hold     was put on hold            resume   was taken up again
--   exit     left by exit_id            reopen   came back to stage_id after an exit
--   handover the ball went to `ball`    void     the row voids_seq is declared never to have been
-- The rows that count at (as of, known at) are those with occurred_at <= as of and
-- recorded_at <= known at that no void with recorded_at <= known at names; their order is
-- (occurred_at, seq).
CREATE TABLE ledger (
    idea_id     BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        VARCHAR NOT NULL CHECK (kind IN
        ('enter', 'move', 'hold', 'resume', 'exit', 'reopen', 'handover', 'void')),
    from_stage  VARCHAR,             -- where it was, as known when this was recorded
    stage_id    VARCHAR,
    exit_id     VARCHAR,
    ball        VARCHAR,             -- who owes the next step from here on; NULL: as before
    merged_into BIGINT,
    voids_seq   INTEGER,
    reason      VARCHAR,             -- a code
    note        VARCHAR,             -- in words
    timing      VARCHAR NOT NULL DEFAULT 'exact'
        CHECK (timing IN ('exact', 'estimated', 'imported')),
    occurred_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    actor_id    BIGINT,              -- who recorded it
    actor_name  VARCHAR,             -- who did it, as an imported log says
    UNIQUE (idea_id, seq)
);

-- One row each time a gate of an idea was marked. The last row of an idea and gate counts.
CREATE TABLE gate_mark (
    idea_id     BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    stage_id    VARCHAR NOT NULL,
    gate_id     VARCHAR NOT NULL,
    outcome     VARCHAR NOT NULL CHECK (outcome IN ('met', 'not_met', 'waived')),
    note        VARCHAR,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (idea_id, seq)
);

-- One row each time a mentor took, was given, or left an idea. The last row of a pair counts.
CREATE TABLE mentoring (
    idea_id     BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    mentor_id   BIGINT NOT NULL,
    active      BOOLEAN NOT NULL,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (idea_id, seq)
);

CREATE VIEW mentor_of AS
SELECT idea_id, mentor_id
FROM mentoring
GROUP BY idea_id, mentor_id
HAVING arg_max(active, seq);

-- One row a member of a team beside the one who submitted. Only a known person gets access.
CREATE TABLE team_member (
    idea_id   BIGINT NOT NULL,
    name      VARCHAR NOT NULL,
    person_id BIGINT,
    added_at  TIMESTAMP NOT NULL,
    left_at   TIMESTAMP
);

-- Who sees an idea as its team: who submitted it, and the known people added.
CREATE VIEW team_of AS
SELECT idea_id, submitted_by AS person_id FROM idea WHERE submitted_by IS NOT NULL
UNION
SELECT idea_id, person_id FROM team_member WHERE person_id IS NOT NULL AND left_at IS NULL;

-- One row each time a field of an idea was edited.
CREATE TABLE idea_edit (
    idea_id     BIGINT NOT NULL,
    version     INTEGER NOT NULL,
    field       VARCHAR NOT NULL,
    before      VARCHAR,
    after       VARCHAR,
    actor_id    BIGINT,
    recorded_at TIMESTAMP NOT NULL
);

-- One row a comment between team and mentors.
CREATE TABLE comment (
    comment_id  BIGINT NOT NULL DEFAULT nextval('comment_ids'),
    idea_id     BIGINT NOT NULL,
    author_id   BIGINT NOT NULL,
    body        VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);

-- One row a sub-project meeting.
CREATE TABLE meeting (
    meeting_id   BIGINT NOT NULL DEFAULT nextval('meeting_ids'),
    title        VARCHAR NOT NULL,
    starts_at    TIMESTAMP NOT NULL,
    place        VARCHAR NOT NULL DEFAULT '',   -- a room, or a link
    created_at   TIMESTAMP NOT NULL,
    cancelled_at TIMESTAMP
);

-- One row a person's unfinished idea in a journey: what the form holds, as JSON.
CREATE TABLE draft (
    person_id  BIGINT NOT NULL,
    content    VARCHAR NOT NULL,
    saved_at   TIMESTAMP NOT NULL
);

-- One row a write: who did what to what, and the particulars as JSON.
CREATE TABLE audit (
    audit_id    BIGINT NOT NULL DEFAULT nextval('audit_ids'),
    recorded_at TIMESTAMP NOT NULL,
    actor_id    BIGINT,
    action      VARCHAR NOT NULL,
    subject     VARCHAR,
    detail      VARCHAR
);

-- Facts about the file itself, such as whether its people and ideas are synthetic.
CREATE TABLE fact (
    name  VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);

-- ── What figures share ──────────────────────────────────────────────────────────────────────

-- When something happened, as one number that also tells apart rows of the same time: the order
-- of an idea's ledger.
CREATE MACRO happened(occurred_at, seq) AS epoch_us(occurred_at)::HUGEINT * 4294967296 + seq;

-- A ledger row's key as one number, so that looking up the few voids costs little.
CREATE MACRO ledger_key(idea_id, seq) AS (idea_id << 32) + seq;

-- The rows of the ledger that count at (as_of, known_at); the voids themselves are not among them.
CREATE MACRO effective(as_of, known_at) AS TABLE
SELECT l.*
FROM ledger AS l
ANTI JOIN (
    SELECT ledger_key(idea_id, voids_seq) AS voided
    FROM ledger
    WHERE kind = 'void' AND recorded_at <= known_at
) AS v ON v.voided = ledger_key(l.idea_id, l.seq)
WHERE l.kind <> 'void'
  AND l.occurred_at <= as_of
  AND l.recorded_at <= known_at;

-- One row an idea and stay in a stage: consecutive rows with one stage are one visit. `left_at` is
-- NULL while it lasts. A hold or a handover neither begins nor ends a visit.
CREATE MACRO visit(as_of, known_at) AS TABLE
WITH stay AS (
    SELECT idea_id, seq, occurred_at, stage_id, exit_id,
           lag(coalesce(stage_id, '')) OVER one_idea AS came_from
    FROM effective(as_of, known_at)
    WHERE kind IN ('enter', 'move', 'reopen', 'exit')
    WINDOW one_idea AS (PARTITION BY idea_id ORDER BY occurred_at, seq)
),
boundary AS (
    SELECT idea_id, seq, occurred_at, stage_id,
           lead(occurred_at) OVER one_idea AS left_at
    FROM stay
    WHERE came_from IS DISTINCT FROM coalesce(stage_id, '')
    WINDOW one_idea AS (PARTITION BY idea_id ORDER BY occurred_at, seq)
)
SELECT idea_id, seq, stage_id, occurred_at AS entered_at, left_at
FROM boundary
WHERE stage_id IS NOT NULL;

-- One row an idea of the journey at (as_of, known_at), with its level and theme: when it entered
-- its first stage, the position of the furthest stage that any counting row reached, the stage it
-- is in (or was in when it left), how and when it had left (NULL: still open), whether on hold.
-- Rows are grouped before anything large is joined, which halves the time.
CREATE MACRO outcome(journey, as_of, known_at) AS TABLE
WITH positions AS (
    SELECT stage_id, position FROM stage WHERE journey_id = journey
),
told AS (
    SELECT l.idea_id,
           min(l.occurred_at)                                          AS first_at,
           max(p.position)                                             AS furthest,
           arg_max(l.stage_id, happened(l.occurred_at, l.seq))
               FILTER (l.kind IN ('enter', 'move', 'reopen'))          AS stage_id,
           arg_max(coalesce(l.exit_id, ''), happened(l.occurred_at, l.seq))
               FILTER (l.kind IN ('enter', 'move', 'reopen', 'exit'))  AS exit_id,
           max(l.occurred_at) FILTER (l.kind = 'exit')                 AS last_exit_at,
           arg_max(l.kind, happened(l.occurred_at, l.seq))
               FILTER (l.kind <> 'handover')                           AS last_kind
    FROM effective(as_of, known_at) AS l
    LEFT JOIN positions AS p ON p.stage_id = l.stage_id
    GROUP BY l.idea_id
)
SELECT t.idea_id, i.level, i.theme, t.first_at, coalesce(t.furthest, 0) AS furthest, t.stage_id,
       e.kind                                               AS exit_kind,
       CASE WHEN e.kind IS NOT NULL THEN t.last_exit_at END AS exit_at,
       t.last_kind = 'hold'                                 AS on_hold
FROM told AS t
JOIN idea AS i ON i.idea_id = t.idea_id AND i.journey_id = journey
LEFT JOIN exit AS e ON e.journey_id = journey AND e.exit_id = t.exit_id;

-- One row an idea: the standing that `idea` keeps, worked out from the whole ledger.
CREATE VIEW standing_of_ledger AS
WITH counting AS (
    FROM effective('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP)
),
numbered AS (
    SELECT idea_id, max(seq) AS last_seq FROM ledger GROUP BY idea_id
),
told AS (
    SELECT l.idea_id,
           min(l.occurred_at)                                             AS first_at,
           coalesce(max(s.position), 0)                                   AS furthest,
           arg_max(struct_pack(kind := l.kind, exit_id := l.exit_id, occurred_at := l.occurred_at,
                               merged_into := l.merged_into), (l.occurred_at, l.seq))
               FILTER (l.kind IN ('enter', 'move', 'reopen', 'exit'))     AS last_step,
           max((l.occurred_at, l.seq)) FILTER (l.kind = 'hold')           AS last_hold,
           max((l.occurred_at, l.seq)) FILTER (l.kind NOT IN ('hold', 'handover')) AS last_other
    FROM counting AS l
    JOIN idea AS i ON i.idea_id = l.idea_id
    LEFT JOIN stage AS s ON s.journey_id = i.journey_id AND s.stage_id = l.stage_id
    GROUP BY l.idea_id
),
stays AS (
    FROM visit('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP)
),
latest AS (
    SELECT idea_id,
           arg_max(stage_id, (entered_at, seq))   AS stage_id,
           arg_max(entered_at, (entered_at, seq)) AS stage_at,
           arg_max(seq, (entered_at, seq))        AS seq
    FROM stays
    GROUP BY idea_id
),
same_stage AS (
    SELECT v.idea_id, count(*) AS visits,
           coalesce(sum(epoch_us(v.left_at) - epoch_us(v.entered_at))
                        FILTER (v.seq <> t.seq), 0) / 86_400e6 AS earlier_days
    FROM stays AS v
    JOIN latest AS t ON t.idea_id = v.idea_id AND t.stage_id = v.stage_id
    GROUP BY v.idea_id
),
handed AS (
    SELECT idea_id, seq, occurred_at, ball,
           lag(ball) OVER (PARTITION BY idea_id ORDER BY occurred_at, seq) AS ball_before
    FROM counting
    WHERE ball IS NOT NULL
),
held_by AS (
    SELECT idea_id,
           arg_max(ball, (occurred_at, seq)) AS ball,
           arg_max(occurred_at, (occurred_at, seq))
               FILTER (ball IS DISTINCT FROM ball_before) AS ball_at
    FROM handed
    GROUP BY idea_id
)
SELECT t.idea_id, n.last_seq, l.stage_id, t.furthest, t.first_at, l.stage_at, s.earlier_days,
       s.visits,
       t.last_step.exit_id     AS exit_id,
       e.kind                  AS exit_kind,
       CASE WHEN t.last_step.kind = 'exit' THEN t.last_step.occurred_at END AS exit_at,
       CASE WHEN t.last_hold > t.last_other THEN t.last_hold[1] END         AS held_at,
       coalesce(h.ball, 'mentor')     AS ball,
       coalesce(h.ball_at, t.first_at) AS ball_at,
       t.last_step.merged_into AS merged_into
FROM told AS t
JOIN numbered AS n ON n.idea_id = t.idea_id
JOIN latest AS l ON l.idea_id = t.idea_id
JOIN same_stage AS s ON s.idea_id = t.idea_id
JOIN idea AS i ON i.idea_id = t.idea_id
LEFT JOIN exit AS e ON e.journey_id = i.journey_id AND e.exit_id = t.last_step.exit_id
LEFT JOIN held_by AS h ON h.idea_id = t.idea_id;
