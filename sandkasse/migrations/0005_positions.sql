-- Part-time positions for students: the seats an agency has planned, who applies, who works there.
--
-- As in 0001: times are UTC, no foreign keys, a unique key only where two writers must not both
-- win.

CREATE SEQUENCE position_ids;
CREATE SEQUENCE application_ids;

-- One row a position. It describes; what its seats are is planned_seat, and whether it is open is
-- position_event. The lower part, its standing, follows from them and is kept with them.
CREATE TABLE position (
    position_id  BIGINT NOT NULL DEFAULT nextval('position_ids'),
    ref          VARCHAR,                      -- what an imported log calls it
    agency_id    VARCHAR NOT NULL,
    agreement_id VARCHAR,                      -- as in data/agreements.toml
    title_nb     VARCHAR NOT NULL,
    title_en     VARCHAR NOT NULL,
    text_nb      VARCHAR NOT NULL DEFAULT '',
    text_en      VARCHAR NOT NULL DEFAULT '',
    hours        DOUBLE NOT NULL,              -- a week, a seat
    place        VARCHAR NOT NULL DEFAULT '',
    contact_id   BIGINT,
    level        VARCHAR,                      -- wanted: BSc, MSc, PhD; NULL: any
    programmes   VARCHAR NOT NULL DEFAULT '',  -- wanted study programmes, in words
    created_by   BIGINT,
    created_at   TIMESTAMP NOT NULL,
    search_text  VARCHAR NOT NULL DEFAULT '',  -- folded words of titles, place, programmes

    last_seq     INTEGER NOT NULL,
    status       VARCHAR NOT NULL,             -- draft, open, closed
    status_at    TIMESTAMP NOT NULL,
    deadline     DATE,                         -- the last day to apply
    seats        INTEGER NOT NULL,
    begins_on    DATE NOT NULL,
    ends_on      DATE NOT NULL                 -- the last day of the last seat
);

-- One row each time something was decided about a position. Appended, never changed.
--   planned  its seats became those of planned_seat with the same seq
--   opened   students can apply, until the day `deadline` (NULL: until it is closed)
--   closed   students can no longer apply
CREATE TABLE position_event (
    position_id BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    kind        VARCHAR NOT NULL CHECK (kind IN ('planned', 'opened', 'closed')),
    deadline    DATE,
    timing      VARCHAR NOT NULL DEFAULT 'exact'
        CHECK (timing IN ('exact', 'estimated', 'imported')),
    occurred_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    actor_id    BIGINT,
    UNIQUE (position_id, seq)
);

-- One row a seat of a plan, numbered from 1: the days from begins_on to ends_on, both included, on
-- which somebody is to work there.
CREATE TABLE planned_seat (
    position_id BIGINT NOT NULL,
    seq         INTEGER NOT NULL,              -- of the event that planned it
    seat_no     INTEGER NOT NULL,
    begins_on   DATE NOT NULL,
    ends_on     DATE NOT NULL
);

-- One row an application of a student for a position. The lower part, its standing, is what its
-- events say.
CREATE TABLE application (
    application_id BIGINT NOT NULL DEFAULT nextval('application_ids'),
    ref            VARCHAR,
    position_id    BIGINT NOT NULL,
    person_id      BIGINT,                     -- NULL: known by `name` alone, from an import
    name           VARCHAR NOT NULL DEFAULT '',
    words          VARCHAR NOT NULL DEFAULT '',
    source         VARCHAR NOT NULL DEFAULT 'unknown',  -- how the applicant heard of it
    graduation     DATE,                       -- expected, as the applicant says
    created_at     TIMESTAMP NOT NULL,

    last_seq       INTEGER NOT NULL,
    state          VARCHAR NOT NULL,
    state_at       TIMESTAMP NOT NULL,
    received_at    TIMESTAMP NOT NULL,
    furthest       INTEGER NOT NULL,           -- 0 received, 1 screened, … as in `candidacy`
    seat_no        INTEGER,                    -- once it has started
    started_on     DATE,
    until_on       DATE,                       -- the last day agreed; NULL: that of the seat
    ended_on       DATE,                       -- the last day there was
    next_step      VARCHAR                     -- what came after, when it was asked
);

-- One row each time something happened to an application. Appended, never changed.
--   received  came in                       screened  looked at, goes on
--   interview invited to an interview       offer     offered a seat
--   accepted  the applicant said yes        declined  the applicant said no to the offer
--   rejected  the agency said no            withdrawn the applicant took it back
--   started   first day in seat `seat_no`   ended     last day in it
--   next      what came after the job       note      internal words alone
--   void      the row voids_seq never was
CREATE TABLE application_event (
    application_id BIGINT NOT NULL,
    seq            INTEGER NOT NULL,
    kind           VARCHAR NOT NULL CHECK (kind IN
        ('received', 'screened', 'interview', 'offer', 'accepted', 'declined', 'rejected',
         'withdrawn', 'started', 'ended', 'next', 'note', 'void')),
    reason         VARCHAR,
    seat_no        INTEGER,
    until_on       DATE,
    next_step      VARCHAR CHECK (next_step IN ('agency', 'job', 'company', 'moved', 'unknown')),
    voids_seq      INTEGER,
    note           VARCHAR,                    -- for the agency; the applicant never sees it
    timing         VARCHAR NOT NULL DEFAULT 'exact'
        CHECK (timing IN ('exact', 'estimated', 'imported')),
    occurred_at    TIMESTAMP NOT NULL,
    recorded_at    TIMESTAMP NOT NULL,
    actor_id       BIGINT,
    actor_name     VARCHAR,
    UNIQUE (application_id, seq)
);

-- One row a PDF that came with an application. It is kept here, beside the application: one backup,
-- one transaction, and no file that a web server could be talked into showing.
CREATE TABLE application_paper (
    application_id BIGINT NOT NULL UNIQUE,
    name           VARCHAR NOT NULL,
    pages          INTEGER NOT NULL,
    size           INTEGER NOT NULL,           -- in bytes
    content        BLOB NOT NULL,
    added_at       TIMESTAMP NOT NULL
);

-- One row each time an assessor gave a mark and words on one criterion after an interview. The last
-- row of an application, assessor and criterion counts.
CREATE TABLE assessment (
    application_id BIGINT NOT NULL,
    seq            INTEGER NOT NULL,
    criterion      VARCHAR NOT NULL,
    mark           INTEGER NOT NULL CHECK (mark BETWEEN 1 AND 5),
    note           VARCHAR NOT NULL DEFAULT '',
    assessor_id    BIGINT NOT NULL,
    recorded_at    TIMESTAMP NOT NULL,
    UNIQUE (application_id, seq)
);

-- One row each time a student said how many hours a week may go to job and idea, and how many the
-- idea takes. The last row counts; NULL takes the limit back.
CREATE TABLE weekly_hours (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    most        DOUBLE,
    idea        DOUBLE NOT NULL DEFAULT 0,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);

ALTER TABLE notice ADD COLUMN application_id BIGINT;

-- ── What figures share ──────────────────────────────────────────────────────────────────────

-- The day in Europe/Oslo of a moment.
CREATE MACRO oslo_day(moment) AS timezone('Europe/Oslo', timezone('UTC', moment))::DATE;

-- The events of applications that count at (as_of, known_at), as `effective` is for the ledger.
CREATE MACRO effective_application_event(as_of, known_at) AS TABLE
SELECT e.*
FROM application_event AS e
ANTI JOIN (
    SELECT ledger_key(application_id, voids_seq) AS voided
    FROM application_event
    WHERE kind = 'void' AND recorded_at <= known_at
) AS v ON v.voided = ledger_key(e.application_id, e.seq)
WHERE e.kind <> 'void'
  AND e.occurred_at <= as_of
  AND e.recorded_at <= known_at;

-- One row an application at (as_of, known_at): the standing that `application` keeps, and how far
-- it ever came (`furthest`: 0 received, 1 screened, 2 interview, 3 offer, 4 accepted, 5 started).
CREATE MACRO candidacy(as_of, known_at) AS TABLE
SELECT application_id,
       min(occurred_at) FILTER (kind = 'received')                       AS received_at,
       arg_max(kind, happened(occurred_at, seq))
           FILTER (kind NOT IN ('note', 'next'))                         AS state,
       arg_max(occurred_at, happened(occurred_at, seq))
           FILTER (kind NOT IN ('note', 'next'))                         AS state_at,
       max(CASE kind WHEN 'screened' THEN 1 WHEN 'interview' THEN 2 WHEN 'offer' THEN 3
                     WHEN 'accepted' THEN 4 WHEN 'started' THEN 5 ELSE 0 END)::INTEGER AS furthest,
       max(seat_no) FILTER (kind = 'started')                            AS seat_no,
       oslo_day(max(occurred_at) FILTER (kind = 'started'))              AS started_on,
       max(until_on) FILTER (kind = 'started')                           AS until_on,
       oslo_day(max(occurred_at) FILTER (kind = 'ended'))                AS ended_on,
       max(next_step) FILTER (kind = 'next')                             AS next_step
FROM effective_application_event(as_of, known_at)
GROUP BY application_id;

-- One row a seat at (as_of, known_at): those of the plan that was last made by then, with the
-- status its position had.
CREATE MACRO seat(as_of, known_at) AS TABLE
WITH told AS (
    SELECT position_id,
           arg_max(seq, happened(occurred_at, seq)) FILTER (kind = 'planned') AS plan_seq,
           coalesce(arg_max(kind, happened(occurred_at, seq)) FILTER (kind <> 'planned'), 'draft')
                                                                         AS last_kind,
           min(occurred_at) FILTER (kind = 'opened')                     AS opened_at
    FROM position_event
    WHERE occurred_at <= as_of AND recorded_at <= known_at
    GROUP BY position_id
)
SELECT s.position_id, s.seat_no, s.begins_on, s.ends_on, oslo_day(t.opened_at) AS opened_on,
       CASE t.last_kind WHEN 'opened' THEN 'open' ELSE t.last_kind END   AS status
FROM told AS t
JOIN planned_seat AS s ON s.position_id = t.position_id AND s.seq = t.plan_seq;

-- One row a time in which somebody worked in a seat at (as_of, known_at): from the first day to the
-- last, both included; `last_day` is NULL while it lasts.
CREATE MACRO occupation(as_of, known_at) AS TABLE
SELECT a.position_id, c.seat_no, c.application_id, c.started_on AS first_day,
       c.ended_on AS last_day, c.until_on
FROM candidacy(as_of, known_at) AS c
JOIN application AS a ON a.application_id = c.application_id
WHERE c.started_on IS NOT NULL;
