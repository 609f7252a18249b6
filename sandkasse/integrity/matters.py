"""The matters that ideas have with agencies, and whose turn it has been: compared in SQL with what
ledger and events tell. Only a matter whose events break the law is replayed, to say which."""

from collections.abc import Iterator
from typing import Any

from sandkasse.database import Reader
from sandkasse.i18n import N_, _
from sandkasse.integrity.finding import Finding, shown
from sandkasse.integrity.rules import TOLERANCE, Rule
from sandkasse.matter import ALLOWED, RULES, STATE_AFTER, Broken, Kind, Outcome, replay
from sandkasse.standing import events

_EVER = "'infinity'::TIMESTAMP, 'infinity'::TIMESTAMP"
_AT_A_TIME = 5_000

_PLACE = "'touchpoint ' || e.touchpoint_id || ', event ' || e.seq"
_EVENTS = "touchpoint_event AS e LEFT JOIN touchpoint AS t ON t.touchpoint_id = e.touchpoint_id"

MATTER_RULES = (
    Rule(
        "reference",
        """
        SELECT t.idea_id, NULL, 'touchpoint ' || t.touchpoint_id
        FROM touchpoint AS t JOIN contact AS c ON c.contact_id = t.contact_id
        WHERE c.agency_id <> t.agency_id
        ORDER BY ALL
        """,
        N_("The contact person of {what} is at another agency."),
    ),
    Rule(
        "void",
        f"""
        SELECT t.idea_id, NULL, {_PLACE}
        FROM {_EVENTS}
        LEFT JOIN touchpoint_event AS o
            ON o.touchpoint_id = e.touchpoint_id AND o.seq = e.voids_seq
        WHERE e.kind = 'void' AND (o.seq IS NULL OR o.kind = 'void' OR o.seq >= e.seq)
        UNION
        SELECT t.idea_id, NULL, {_PLACE}
        FROM {_EVENTS}
        WHERE e.kind = 'void' AND e.voids_seq IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY e.touchpoint_id, e.voids_seq ORDER BY e.seq) > 1
        ORDER BY ALL
        """,  # noqa: S608
        N_("What {what} corrects is not there, or is corrected already."),
    ),
    Rule(
        "shape",
        f"""
        SELECT t.idea_id, NULL, {_PLACE}
        FROM {_EVENTS}
        WHERE (e.kind = 'decided') <> (e.outcome IS NOT NULL)
           OR (e.kind = 'void') <> (e.voids_seq IS NOT NULL)
           OR e.outcome NOT IN ({", ".join(f"'{outcome}'" for outcome in Outcome)})
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} lacks what it is about, or says too much."),
    ),
    Rule(
        "shape",
        """
        SELECT idea_id, NULL, 'touchpoint ' || touchpoint_id
        FROM touchpoint
        WHERE purpose_id IS NULL AND title = ''
        ORDER BY ALL
        """,
        N_("{what} does not say what it is about."),
    ),
    Rule(
        "time",
        f"""
        SELECT t.idea_id, NULL, {_PLACE}
        FROM {_EVENTS}
        WHERE e.occurred_at > e.recorded_at + {TOLERANCE}
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} happened after it was recorded."),
    ),
    Rule(
        "time",
        f"""
        SELECT t.idea_id, NULL, {_PLACE}
        FROM {_EVENTS}
        WHERE e.occurred_at < TIMESTAMP '1900-01-01'
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} happened before 1900."),
    ),
    Rule(
        "turn",
        f"""
        WITH told AS (
            SELECT idea_id, stage_id, party, begins_at, ends_at
            FROM turn_of({_EVER}) WHERE ends_at IS NOT NULL
        ),
        kept AS (SELECT idea_id, stage_id, party, begins_at, ends_at FROM turn),
        unlike AS ((FROM told EXCEPT ALL FROM kept) UNION ALL (FROM kept EXCEPT ALL FROM told))
        SELECT idea_id, NULL, min(begins_at)
        FROM unlike
        GROUP BY idea_id
        ORDER BY ALL
        """,  # noqa: S608
        N_("The turns kept from {what} on are not those that ledger and matters tell."),
    ),
)

_MATTER = f"""
SELECT t.idea_id, 'touchpoint ' || t.touchpoint_id AS place, {{columns}}
FROM touchpoint AS t
JOIN matter({_EVER}) AS m ON m.touchpoint_id = t.touchpoint_id
JOIN (SELECT touchpoint_id, max(seq) AS last_seq FROM touchpoint_event GROUP BY ALL) AS n
    ON n.touchpoint_id = t.touchpoint_id
WHERE {{unlike}}
ORDER BY t.touchpoint_id
"""  # noqa: S608
_MATTER_PAIRS = {
    "last_seq": ("t.last_seq", "n.last_seq"),
    **{
        name: (f"t.{name}", f"m.{name}")
        for name in ("state", "state_at", "opened_at", "sent_at", "questions", "outcome")
    },
    **{
        name: (f"round(t.{name}, 6)", f"round(m.{name}, 6)")
        for name in ("agency_days", "decided_days")
    },
}

_BALL = """
SELECT i.idea_id, NULL AS place, {columns}
FROM idea AS i
JOIN ball_of_ledger AS b ON b.idea_id = i.idea_id
WHERE {unlike}
ORDER BY i.idea_id
"""
_BALL_PAIRS = {
    name: (f"i.{name}", f"b.{name}") for name in ("ball", "ball_at", "ball_agencies", "turn_at")
}


def broken_matters(reader: Reader) -> Iterator[Finding]:
    """Matters whose events cannot follow each other, and standings, of matters and of the ball,
    that are not what ledger and events tell."""
    yield from _unlawful(reader)
    yield from _unlike(reader, _MATTER, _MATTER_PAIRS)
    yield from _unlike(reader, _BALL, _BALL_PAIRS)


def _unlawful(reader: Reader) -> Iterator[Finding]:
    suspects: dict[int, int] = dict(reader.rows(_suspects()))
    ids = list(suspects)
    for start in range(0, len(ids), _AT_A_TIME):
        some = ids[start : start + _AT_A_TIME]
        told = events(reader, some)
        for touchpoint_id in some:
            try:
                replay(told.get(touchpoint_id, []))
            except Broken as broken:
                sentence = _("Touchpoint {touchpoint}, event {seq}: {rule}").format(
                    touchpoint=touchpoint_id, seq=broken.seq, rule=_(RULES[broken.rule])
                )
                yield Finding("history", suspects[touchpoint_id], None, sentence)


def _suspects() -> str:
    """(touchpoint, idea) wherever an event may not follow the one before it, or none counts."""
    turning = ", ".join(f"'{kind}'" for kind in STATE_AFTER)
    return f"""
    WITH told AS (
        SELECT touchpoint_id, kind,
               coalesce(last_value(CASE WHEN kind IN ({turning}) THEN kind END IGNORE NULLS) OVER (
                   PARTITION BY touchpoint_id ORDER BY occurred_at, seq
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '') AS after
        FROM effective_event({_EVER})
    )
    SELECT DISTINCT t.touchpoint_id, t.idea_id
    FROM touchpoint AS t
    LEFT JOIN told AS e ON e.touchpoint_id = t.touchpoint_id
    WHERE e.kind IS NULL OR e.after || ' ' || e.kind NOT IN ({_lawful()})
    ORDER BY ALL
    """  # noqa: S608


def _lawful() -> str:
    """Every pair of a turning event and one that may follow it, as the law has it."""
    pairs = [
        f"'{before} {kind}'"
        for kind, states in ALLOWED.items()
        for before in ("", *STATE_AFTER)
        if (STATE_AFTER[Kind(before)] if before else None) in states
    ]
    return ", ".join(pairs)


def _unlike(reader: Reader, sql: str, pairs: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    """A finding for each column that is kept otherwise than it is told."""
    columns = ", ".join(f"{kept}, {told}" for kept, told in pairs.values())
    unlike = " OR ".join(f"{kept} IS DISTINCT FROM {told}" for kept, told in pairs.values())
    for idea_id, place, *values in reader.rows(sql.format(columns=columns, unlike=unlike)):
        both = zip(values[::2], values[1::2], strict=True)
        for name, (kept, told) in zip(pairs, both, strict=True):
            if kept != told:
                yield Finding("standing", idea_id, None, _sentence(place, name, kept, told))


def _sentence(place: str | None, name: str, kept: Any, told: Any) -> str:
    what = {"column": name, "kept": shown(kept), "told": shown(told)}
    if place is None:
        return _("Its {column} is kept as {kept}, but its ledger says {told}.").format(**what)
    said = _("The {column} of {place} is kept as {kept}, but its events say {told}.")
    return said.format(place=place, **what)
