"""The rules of the database that a query can ask about: what breaks each is a row of (idea or
NULL, row number or NULL, what it is about)."""

from typing import NamedTuple

from sandkasse.i18n import N_

#: Clocks of two processes may differ by this much.
TOLERANCE = "INTERVAL 1 MINUTE"


class Rule(NamedTuple):
    """A rule's name, the query that finds what breaks it, and the sentence to say of each."""

    name: str
    sql: str
    sentence: str


class _Link(NamedTuple):
    """A column that names a row elsewhere. ``idea`` and ``seq`` are where its own row stands."""

    table: str
    column: str
    target: str
    key: str
    idea: str = "NULL"
    seq: str = "NULL"


_LINKS = (
    _Link("idea", "journey_id", "journey", "journey_id", "t.idea_id"),
    _Link("idea", "submitted_by", "person", "person_id", "t.idea_id"),
    _Link("idea", "merged_into", "idea", "idea_id", "t.idea_id"),
    _Link("ledger", "idea_id", "idea", "idea_id", "t.idea_id", "t.seq"),
    _Link("ledger", "merged_into", "idea", "idea_id", "t.idea_id", "t.seq"),
    _Link("ledger", "actor_id", "person", "person_id", "t.idea_id", "t.seq"),
    _Link("gate_mark", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("gate_mark", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("mentoring", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("mentoring", "mentor_id", "person", "person_id", "t.idea_id"),
    _Link("mentoring", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("team_member", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("team_member", "person_id", "person", "person_id", "t.idea_id"),
    _Link("idea_edit", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("idea_edit", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("comment", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("comment", "author_id", "person", "person_id", "t.idea_id"),
    _Link("draft", "person_id", "person", "person_id"),
    _Link("person", "agency_id", "agency", "agency_id"),
    _Link("role_change", "person_id", "person", "person_id"),
    _Link("role_change", "actor_id", "person", "person_id"),
    _Link("sign_in", "person_id", "person", "person_id"),
    _Link("access_extension", "person_id", "person", "person_id"),
    _Link("access_extension", "actor_id", "person", "person_id"),
    _Link("audit", "actor_id", "person", "person_id"),
    _Link("audit", "erasure_id", "erasure", "erasure_id"),
    _Link("erasure", "asked_by", "person", "person_id"),
    _Link("erasure", "actor_id", "person", "person_id"),
    _Link("erasure_request", "person_id", "person", "person_id"),
    _Link("erasure_request", "actor_id", "person", "person_id"),
    _Link("stage", "journey_id", "journey", "journey_id"),
    _Link("exit", "journey_id", "journey", "journey_id"),
    _Link("contact", "agency_id", "agency", "agency_id"),
    _Link("contact_edit", "contact_id", "contact", "contact_id"),
    _Link("contact_edit", "actor_id", "person", "person_id"),
    _Link("touchpoint", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("touchpoint", "agency_id", "agency", "agency_id", "t.idea_id"),
    _Link("touchpoint", "contact_id", "contact", "contact_id", "t.idea_id"),
    _Link("touchpoint", "barrier_id", "barrier", "barrier_id", "t.idea_id"),
    _Link("touchpoint", "opened_by", "person", "person_id", "t.idea_id"),
    _Link("touchpoint_event", "touchpoint_id", "touchpoint", "touchpoint_id"),
    _Link("touchpoint_event", "actor_id", "person", "person_id"),
    _Link("turn", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("barrier", "agency_id", "agency", "agency_id"),
    _Link("barrier", "created_by", "person", "person_id"),
    _Link("proposal_mark", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("proposal_mark", "touchpoint_id", "touchpoint", "touchpoint_id", "t.idea_id"),
    _Link("proposal_mark", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("need_mark", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("need_mark", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("idea_day", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("idea_day", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("own_day", "person_id", "person", "person_id"),
    _Link("company", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("company", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("notice", "person_id", "person", "person_id"),
    _Link("notice", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("notice", "touchpoint_id", "touchpoint", "touchpoint_id", "t.idea_id"),
    _Link("notice_choice", "person_id", "person", "person_id"),
    _Link("mail_event", "notice_id", "notice", "notice_id"),
    _Link("declared_tie", "person_id", "person", "person_id"),
    _Link("declared_tie", "agency_id", "agency", "agency_id"),
    _Link("meeting", "journey_id", "journey", "journey_id"),
    _Link("attendance", "meeting_id", "meeting", "meeting_id"),
    _Link("attendance", "person_id", "person", "person_id"),
    _Link("attendance", "actor_id", "person", "person_id"),
    _Link("agenda_item", "meeting_id", "meeting", "meeting_id", "t.idea_id"),
    _Link("agenda_item", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("agenda_item", "touchpoint_id", "touchpoint", "touchpoint_id", "t.idea_id"),
    _Link("agenda_item", "resolution_id", "resolution", "resolution_id", "t.idea_id"),
    _Link("agenda_item", "agency_id", "agency", "agency_id", "t.idea_id"),
    _Link("agenda_item", "created_by", "person", "person_id", "t.idea_id"),
    _Link("resolution", "meeting_id", "meeting", "meeting_id", "t.idea_id"),
    _Link("resolution", "item_id", "agenda_item", "item_id", "t.idea_id"),
    _Link("resolution", "idea_id", "idea", "idea_id", "t.idea_id"),
    _Link("resolution", "owner_id", "person", "person_id", "t.idea_id"),
    _Link("resolution", "supersedes", "resolution", "resolution_id", "t.idea_id"),
    _Link("resolution", "actor_id", "person", "person_id", "t.idea_id"),
    _Link("resolution_event", "resolution_id", "resolution", "resolution_id"),
    _Link("resolution_event", "actor_id", "person", "person_id"),
    _Link("frozen_figure", "meeting_id", "meeting", "meeting_id"),
    _Link("frozen_figure", "actor_id", "person", "person_id"),
    _Link("number_receipt", "actor_id", "person", "person_id"),
    _Link("position", "agency_id", "agency", "agency_id"),
    _Link("position", "contact_id", "contact", "contact_id"),
    _Link("position", "created_by", "person", "person_id"),
    _Link("position_event", "position_id", "position", "position_id"),
    _Link("position_event", "actor_id", "person", "person_id"),
    _Link("planned_seat", "position_id", "position", "position_id"),
    _Link("application", "position_id", "position", "position_id"),
    _Link("application", "person_id", "person", "person_id"),
    _Link("application_event", "application_id", "application", "application_id"),
    _Link("application_event", "actor_id", "person", "person_id"),
    _Link("application_paper", "application_id", "application", "application_id"),
    _Link("assessment", "application_id", "application", "application_id"),
    _Link("assessment", "assessor_id", "person", "person_id"),
    _Link("weekly_hours", "person_id", "person", "person_id"),
    _Link("notice", "application_id", "application", "application_id"),
)

#: Tables and the columns by which each of their rows is known.
_KEYS = (
    ("person", ("person_id",)),
    ("person", ("subject",)),
    ("idea", ("idea_id",)),
    ("ledger", ("idea_id", "seq")),
    ("gate_mark", ("idea_id", "seq")),
    ("mentoring", ("idea_id", "seq")),
    ("role_change", ("person_id", "seq")),
    ("comment", ("comment_id",)),
    ("meeting", ("meeting_id",)),
    ("audit", ("audit_id",)),
    ("erasure", ("erasure_id",)),
    ("journey", ("journey_id",)),
    ("stage", ("journey_id", "stage_id")),
    ("exit", ("journey_id", "exit_id")),
    ("agency", ("agency_id",)),
    ("contact", ("contact_id",)),
    ("contact_edit", ("contact_id", "version", "field")),
    ("touchpoint", ("touchpoint_id",)),
    ("touchpoint", ("ref", "idea_id")),
    ("touchpoint_event", ("touchpoint_id", "seq")),
    ("barrier", ("barrier_id",)),
    ("notice", ("notice_id",)),
    ("company_reading", ("orgnr", "read_at")),
    ("agenda_item", ("item_id",)),
    ("resolution", ("resolution_id",)),
    ("resolution", ("supersedes",)),
    ("frozen_figure", ("freeze_id",)),
    ("number_receipt", ("code",)),
    ("position", ("position_id",)),
    ("position", ("ref",)),
    ("position_event", ("position_id", "seq")),
    ("planned_seat", ("position_id", "seq", "seat_no")),
    ("application", ("application_id",)),
    ("application", ("ref", "position_id")),
    ("application_event", ("application_id", "seq")),
    ("application_paper", ("application_id",)),
)

#: Tables whose rows are numbered from 1 within an owner, with the idea that they are about.
_NUMBERED = (
    ("gate_mark", "idea_id", "idea_id"),
    ("mentoring", "idea_id", "idea_id"),
    ("role_change", "person_id", "NULL"),
    ("touchpoint_event", "touchpoint_id", "NULL"),
    ("proposal_mark", "idea_id", "idea_id"),
    ("need_mark", "idea_id", "idea_id"),
    ("idea_day", "idea_id", "idea_id"),
    ("company", "idea_id", "idea_id"),
    ("own_day", "person_id", "NULL"),
    ("notice_choice", "person_id", "NULL"),
    ("declared_tie", "person_id", "NULL"),
    ("mail_event", "notice_id", "NULL"),
    ("attendance", "meeting_id", "NULL"),
    ("resolution_event", "resolution_id", "NULL"),
    ("position_event", "position_id", "NULL"),
    ("application_event", "application_id", "NULL"),
    ("assessment", "application_id", "NULL"),
    ("weekly_hours", "person_id", "NULL"),
    ("erasure_request", "person_id", "NULL"),
    ("sign_in", "person_id", "NULL"),
    ("access_extension", "person_id", "NULL"),
)


def all_rules() -> list[Rule]:
    """Every rule that a query can ask about."""
    return [
        *map(_resolves, _LINKS),
        *(_is_unique(*key) for key in _KEYS),
        *(_numbered(*numbered) for numbered in _NUMBERED),
        *_OTHERS,
    ]


def _resolves(link: _Link) -> Rule:
    # Person 0 is whoever runs the server, who is not in the table.
    not_operator = f"AND t.{link.column} <> 0" if link.target == "person" else ""
    return Rule(
        "reference",
        f"""
        SELECT {link.idea}, {link.seq}, '{link.table}.{link.column} = ' || t.{link.column}
        FROM {link.table} AS t
        ANTI JOIN {link.target} AS o ON o.{link.key} = t.{link.column}
        WHERE t.{link.column} IS NOT NULL {not_operator}
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} names something that is not there."),
    )


def _is_unique(table: str, columns: tuple[str, ...]) -> Rule:
    key = ", ".join(columns)
    shown = " || ', ' || ".join(columns)
    return Rule(
        "key",
        f"""
        SELECT NULL, NULL, '{table} ({key}) = ' || {shown}
        FROM {table}
        WHERE {columns[0]} IS NOT NULL
        GROUP BY {key}
        HAVING count(*) > 1
        ORDER BY ALL
        """,  # noqa: S608
        N_("{what} is there more than once."),
    )


def _numbered(table: str, owner: str, idea: str) -> Rule:
    return Rule(
        "sequence",
        f"""
        SELECT {idea}, NULL, '{table} ({owner} ' || {owner} || ')'
        FROM {table}
        GROUP BY {owner}
        HAVING min(seq) <> 1 OR max(seq) <> count(*)
        ORDER BY ALL
        """,  # noqa: S608
        N_("The rows of {what} are not numbered from 1 without holes."),
    )


_OTHERS = (
    Rule(
        "reference",
        """
        SELECT l.idea_id, l.seq, l.stage_id
        FROM (
            SELECT idea_id, seq, unnest([stage_id, from_stage]) AS stage_id FROM ledger
            UNION
            SELECT idea_id, NULL, stage_id FROM gate_mark
            UNION
            SELECT idea_id, NULL, stage_id FROM idea
        ) AS l
        JOIN idea AS i USING (idea_id)
        ANTI JOIN stage AS s ON s.journey_id = i.journey_id AND s.stage_id = l.stage_id
        WHERE l.stage_id IS NOT NULL
        ORDER BY ALL
        """,
        N_("Its journey has no stage {what}."),
    ),
    Rule(
        "reference",
        """
        SELECT l.idea_id, l.seq, l.exit_id
        FROM ledger AS l
        JOIN idea AS i USING (idea_id)
        ANTI JOIN exit AS e ON e.journey_id = i.journey_id AND e.exit_id = l.exit_id
        WHERE l.exit_id IS NOT NULL
        ORDER BY ALL
        """,
        N_("Its journey has no exit {what}."),
    ),
    Rule(
        "reference",
        """
        SELECT i.idea_id, NULL, i.agency_id
        FROM (
            SELECT idea_id, unnest(string_split(agencies, ' ')) AS agency_id
            FROM idea
            WHERE agencies <> ''
        ) AS i
        ANTI JOIN agency AS a ON a.agency_id = i.agency_id
        ORDER BY ALL
        """,
        N_("It needs something from {what}, which is not among the agencies."),
    ),
    Rule(
        "shape",
        """
        SELECT idea_id, seq, kind
        FROM ledger
        WHERE (kind IN ('enter', 'move', 'reopen')) <> (stage_id IS NOT NULL)
           OR (kind = 'exit') <> (exit_id IS NOT NULL)
           OR (kind = 'void') <> (voids_seq IS NOT NULL)
           OR (kind = 'handover' AND ball IS NULL)
           OR (kind <> 'exit' AND merged_into IS NOT NULL)
           OR merged_into = idea_id
        ORDER BY ALL
        """,
        N_("A row of kind {what} lacks what it is about, or says too much."),
    ),
    Rule(
        "time",
        f"""
        SELECT idea_id, seq, occurred_at
        FROM ledger
        WHERE occurred_at > recorded_at + {TOLERANCE}
        ORDER BY ALL
        """,  # noqa: S608
        N_("It happened ({what}) after it was recorded."),
    ),
    Rule(
        "time",
        """
        SELECT idea_id, seq, occurred_at
        FROM ledger
        WHERE occurred_at < TIMESTAMP '1900-01-01'
        ORDER BY ALL
        """,
        N_("It happened ({what}) before 1900."),
    ),
    Rule(
        "visit",
        """
        SELECT idea_id, NULL, count(*)::VARCHAR
        FROM visit('infinity'::TIMESTAMP, 'infinity'::TIMESTAMP)
        WHERE left_at IS NULL
        GROUP BY idea_id
        HAVING count(*) > 1
        ORDER BY ALL
        """,
        N_("It is in {what} stages at once."),
    ),
)
