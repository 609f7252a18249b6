-- Signing in: when, through which provider, and what it said of belonging.
--
-- As in 0001: times are UTC, no foreign keys, a unique key only where two writers must not both
-- win. All of it is appended and never changed.

-- One row a sign-in: what the provider said then. `session` stands for the token that somebody
-- signed in with, and is the same for every window that was opened with it.
CREATE TABLE sign_in (
    person_id    BIGINT NOT NULL,
    seq          INTEGER NOT NULL,       -- counts the person's sign-ins from 1
    session      VARCHAR NOT NULL UNIQUE,
    provider     VARCHAR NOT NULL,       -- its name in the secrets file
    issued_at    TIMESTAMP NOT NULL,     -- when the provider made the token
    recorded_at  TIMESTAMP NOT NULL,
    affiliations VARCHAR,                -- such as 'employee student'; NULL: nobody was asked
    belongs      BOOLEAN                 -- one of them keeps the access; NULL: nothing is asked for
);

-- One row a session that was ended by signing out, so that no copy of its cookie opens anything.
CREATE TABLE sign_out (
    session     VARCHAR NOT NULL UNIQUE,
    recorded_at TIMESTAMP NOT NULL
);

-- One row each time a lead said how long somebody keeps the access though the affiliation ended.
-- The last row of a person counts; NULL takes an earlier one back.
CREATE TABLE access_extension (
    person_id   BIGINT NOT NULL,
    seq         INTEGER NOT NULL,
    until       DATE,                    -- the last day, in Europe/Oslo
    actor_id    BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    UNIQUE (person_id, seq)
);
