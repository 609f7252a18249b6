"""Positions and applications: the rules of their rows, seats that are held twice, and standings
that are not what the events tell. Only an application whose events break the law is replayed."""

from collections.abc import Iterator

from sandkasse.application import (
    ALLOWED,
    ASIDE,
    RULES,
    Broken,
    Event,
    Kind,
    NextStep,
    replay,
)
from sandkasse.database import Reader
from sandkasse.i18n import N_, _
from sandkasse.integrity.finding import Finding, shown
from sandkasse.integrity.rules import TOLERANCE, Rule

_EVER = "'infinity'::TIMESTAMP, 'infinity'::TIMESTAMP"
_AT_A_TIME = 5_000
_PLACE = "'application ' || application_id || ', event ' || seq"

SEAT_RULES = (
    Rule(
        "seat",
        f"""
        SELECT NULL, NULL, 'position ' || a.position_id || ', seat ' || a.seat_no
        FROM occupation({_EVER}) AS a
        JOIN occupation({_EVER}) AS b
            ON b.position_id = a.position_id AND b.seat_no = a.seat_no
            AND b.application_id > a.application_id
            AND b.first_day <= coalesce(a.last_day, DATE '9999-12-31')
            AND a.first_day <= coalesce(b.last_day, DATE '9999-12-31')
        ORDER BY ALL
        """,  # noqa: S608
        N_("Two hold {what} on the same day."),
    ),
    Rule(
        "seat",
        f"""
        SELECT NULL, NULL, 'application ' || o.application_id
        FROM occupation({_EVER}) AS o
        LEFT JOIN seat({_EVER}) AS s
            ON s.position_id = o.position_id AND s.seat_no = o.seat_no
            AND o.first_day BETWEEN s.begins_on AND s.ends_on
        WHERE s.seat_no IS NULL
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} began outside the days of a planned seat."),
    ),
    Rule(
        "shape",
        f"""
        SELECT NULL, NULL, {_PLACE}
        FROM application_event
        WHERE (kind = 'started') <> (seat_no IS NOT NULL)
           OR (kind = 'next') <> (next_step IS NOT NULL)
           OR (kind = 'void') <> (voids_seq IS NOT NULL)
           OR (kind <> 'started' AND until_on IS NOT NULL)
           OR (kind NOT IN ('rejected', 'ended') AND reason IS NOT NULL)
           OR voids_seq >= seq
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} lacks what it is about, or says too much."),
    ),
    Rule(
        "time",
        f"""
        SELECT NULL, NULL, {_PLACE} FROM application_event
        WHERE occurred_at > recorded_at + {TOLERANCE}
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} happened after it was recorded."),
    ),
    Rule(
        "shape",
        """
        SELECT NULL, NULL, 'position ' || p.position_id
        FROM position AS p
        LEFT JOIN (
            SELECT position_id, max(seq) AS last_seq,
                   max(seq) FILTER (kind = 'planned') AS plan_seq,
                   coalesce(arg_max(kind, seq) FILTER (kind <> 'planned'), 'draft') AS last_kind
            FROM position_event GROUP BY position_id
        ) AS e ON e.position_id = p.position_id
        LEFT JOIN (
            SELECT position_id, seq, count(*) AS seats, max(seat_no) AS most,
                   min(begins_on) AS begins_on, max(ends_on) AS ends_on
            FROM planned_seat GROUP BY position_id, seq
        ) AS s ON s.position_id = p.position_id AND s.seq = e.plan_seq
        WHERE p.last_seq IS DISTINCT FROM e.last_seq
           OR p.status IS DISTINCT FROM
              CASE e.last_kind WHEN 'opened' THEN 'open' ELSE e.last_kind END
           OR (p.seats, p.begins_on, p.ends_on) IS DISTINCT FROM (s.seats, s.begins_on, s.ends_on)
           OR s.most <> s.seats
        ORDER BY ALL
        """,
        N_("{what} is not kept as its events and its plan say."),
    ),
)

_PAIRS = {
    "last_seq": ("a.last_seq", "n.last_seq"),
    **{
        name: (f"a.{name}", f"c.{name}")
        for name in (
            "state", "state_at", "received_at", "furthest", "seat_no", "started_on", "until_on",
            "ended_on", "next_step",
        )
    },
}  # fmt: skip


def broken_applications(reader: Reader) -> Iterator[Finding]:
    """Applications whose events cannot follow each other, and standings that are not theirs."""
    yield from _unlawful(reader)
    columns = ", ".join(f"{kept}, {told}" for kept, told in _PAIRS.values())
    unlike = " OR ".join(f"{kept} IS DISTINCT FROM {told}" for kept, told in _PAIRS.values())
    rows = reader.rows(
        f"""
        SELECT a.application_id, {columns}
        FROM application AS a
        LEFT JOIN candidacy({_EVER}) AS c ON c.application_id = a.application_id
        LEFT JOIN (
            SELECT application_id, max(seq) AS last_seq FROM application_event GROUP BY ALL
        ) AS n ON n.application_id = a.application_id
        WHERE {unlike}
        ORDER BY a.application_id
        """  # noqa: S608
    )
    said = _("The {column} of {place} is kept as {kept}, but its events say {told}.")
    for key, *values in rows:
        both = zip(values[::2], values[1::2], strict=True)
        for name, (kept, told) in zip(_PAIRS, both, strict=True):
            if kept != told:
                what = {"column": name, "kept": shown(kept), "told": shown(told)}
                sentence = said.format(place=f"application {key}", **what)
                yield Finding("standing", None, None, sentence)


def _unlawful(reader: Reader) -> Iterator[Finding]:
    suspects = [key for (key,) in reader.rows(_suspects())]
    for start in range(0, len(suspects), _AT_A_TIME):
        some = suspects[start : start + _AT_A_TIME]
        told = _events(reader, some)
        for key in some:
            try:
                replay(told.get(key, []))
            except Broken as broken:
                sentence = _("Application {application}, event {seq}: {rule}").format(
                    application=key, seq=broken.seq, rule=_(RULES[broken.rule])
                )
                yield Finding("history", None, None, sentence)


def _events(reader: Reader, application_ids: list[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    for key, seq, kind, occurred_at, recorded_at, after, voids_seq in reader.rows(
        """
        SELECT application_id, seq, kind, occurred_at, recorded_at, next_step, voids_seq
        FROM application_event WHERE application_id IN (SELECT unnest(?::BIGINT[]))
        ORDER BY application_id, seq
        """,
        [application_ids],
    ):
        after = NextStep(after) if after else None
        event = Event(
            seq, Kind(kind), occurred_at, recorded_at, next_step=after, voids_seq=voids_seq
        )
        found.setdefault(key, []).append(event)
    return found


def _suspects() -> str:
    """Every application in which an event may not follow the one before it, or none counts."""
    turning = ", ".join(f"'{kind}'" for kind in Kind if kind not in (*ASIDE, Kind.VOID))
    lawful = ", ".join(
        f"'{before or ''} {kind}'" for kind, states in ALLOWED.items() for before in states
    )
    return f"""
    WITH told AS (
        SELECT application_id, kind,
               coalesce(last_value(CASE WHEN kind IN ({turning}) THEN kind END IGNORE NULLS) OVER (
                   PARTITION BY application_id ORDER BY occurred_at, seq
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '') AS after
        FROM effective_application_event({_EVER})
    )
    SELECT DISTINCT a.application_id
    FROM application AS a
    LEFT JOIN told AS e ON e.application_id = a.application_id
    WHERE e.kind IS NULL OR e.after || ' ' || e.kind NOT IN ({lawful})
    UNION
    SELECT application_id FROM told WHERE kind = 'next'
    GROUP BY application_id HAVING count(*) > 1
    ORDER BY ALL
    """  # noqa: S608
