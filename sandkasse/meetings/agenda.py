"""The agenda of a meeting: what was taken up of what the data proposes, and what people added.

An item tells what it is about by the idea, the matter or the action that it points to; what a
reader may see of these is decided when it is read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandkasse import access, agencies, clock
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import Conflict, Invalid, InvalidFields, NotFound
from sandkasse.i18n import _, language
from sandkasse.meetings import calling, grounds, proposing, receipts
from sandkasse.meetings.proposing import (
    AT_MOST,
    DUE_DAYS,
    SOURCE_NAMES,
    SOURCE_NAMES_THEN,
    Proposal,
    Source,
    Why,
    on_seats,
    proposed,
    seats_due,
)
from sandkasse.people import Actor
from sandkasse.texts import problem_with, tidy
from sandkasse.touchpoints import title_of

__all__ = [
    "AT_MOST",
    "DUE_DAYS",
    "SOURCE_NAMES",
    "SOURCE_NAMES_THEN",
    "Item",
    "Proposal",
    "Source",
    "Why",
    "add_own",
    "edit_item",
    "items",
    "move_item",
    "on_seats",
    "prepare",
    "proposed",
    "remove_item",
    "seats_due",
    "seats_of",
    "take_up",
]


@dataclass(frozen=True)
class Item:
    """An item of an agenda. ``title`` and ``note`` are what somebody wrote.

    ``idea_title`` is None where the reader may not know it, and where the item is about no idea
    (then ``idea_id`` is None as well); ``whole`` tells whether the reader may open the idea. Where
    the reader may not know what is written about the idea, it is ``withheld``, and empty here.
    ``matter`` is what its touchpoint is about (None: none, or out of the reader's reach),
    ``action`` what the action that it follows up was, and ``seats`` tells, in the language of the
    moment, whose seats it is about (``agency_id``). ``why`` has the numbers for which the data
    proposed it, as they were at ``proposed_at``; None where it did not, or they were not kept.
    """

    item_id: int
    meeting_id: int
    position: int
    source: Source
    title: str
    note: str
    idea_id: int | None
    idea_title: str | None
    whole: bool
    touchpoint_id: int | None
    matter: str | None
    resolution_id: int | None
    action: str | None
    withheld: bool = False
    agency_id: str | None = None
    seats: str | None = None
    why: Why | None = None
    proposed_at: datetime | None = None


def items(db: Database, actor: Actor, meeting_id: int) -> list[Item]:
    """The items of a meeting's agenda, in their order.

    :raises NotAllowed: without the right. :raises NotFound: when there is no such meeting.
    """
    calling.get(db, actor, meeting_id)
    seen = access.in_idea_bank(actor)
    whole = access.reach(actor, Action.SEE_IDEA)
    matter = access.reach_touchpoint(actor, Action.SEE_TOUCHPOINT)
    seats = access.reach_agency(actor, Action.SEE_SEATS, "a.agency_id")
    open_words = _words_open(seen)
    # Why the data proposed an item is told to whoever may see what it is about.
    why = f"(a.agency_id IS NULL OR {seats.sql}) AND (t.touchpoint_id IS NULL OR ({matter.sql}))"
    rows = db.rows(
        f"""
        SELECT a.item_id, a.meeting_id, a.position, a.source,
               CASE WHEN {open_words} THEN a.title ELSE '' END,
               CASE WHEN {open_words} THEN a.note ELSE '' END, a.idea_id,
               CASE WHEN ({seen.sql}) THEN i.title END,
               i.idea_id IS NOT NULL AND ({whole.sql}),
               a.touchpoint_id, t.touchpoint_id IS NOT NULL AND ({matter.sql}),
               t.purpose_id, t.title, a.resolution_id,
               CASE WHEN {receipts.told(seen.sql)} THEN r.body END, NOT ({open_words}),
               a.agency_id, CASE WHEN {why} THEN a.proposed END, a.created_at
        FROM agenda_item AS a
        LEFT JOIN idea AS i ON i.idea_id = a.idea_id
        LEFT JOIN touchpoint AS t ON t.touchpoint_id = a.touchpoint_id
        LEFT JOIN resolution AS r ON r.resolution_id = a.resolution_id
        WHERE a.meeting_id = $meeting_id AND a.removed_at IS NULL
        ORDER BY a.position
        """,  # noqa: S608
        {
            **seen.parameters, **whole.parameters, **matter.parameters, **seats.parameters,
            "meeting_id": meeting_id, "reader": actor.person_id,
        },
    )  # fmt: skip
    names = {one.id: one.name.in_(language()) for one in agencies.listed(db)}
    return [_item(row, names) for row in rows]


def seats_of(agency: str) -> str:
    """What an item about the seats of the agency of this name is called."""
    return _("Student seats: {agency}").format(agency=agency)


def take_up(db: Database, actor: Actor, meeting_id: int, proposal: Proposal) -> int:
    """Put a proposal last on the agenda, and return the item's id.

    :raises Conflict: when it is no longer proposed, as when somebody has taken it up.
    :raises Invalid: when the meeting is closed or cancelled. :raises NotAllowed: without the right.
    :raises NotFound: when there is no such meeting.
    """
    access.require(actor, Action.HOLD_MEETING)
    known = proposing.known(db, actor, meeting_id)
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        meeting = calling.not_over(write.tx, meeting_id)
        for one in proposing.found(write.tx, actor, meeting, known):
            if one.same_as(proposal):
                return _take_up(write, actor, meeting_id, one)
        raise Conflict(_("It is on the agenda already, or no longer proposed. Look again."))


def prepare(db: Database, actor: Actor, meeting_id: int) -> int:
    """Put all that is proposed on the agenda, in its order, and return how many items that made.

    Errors as for :func:`take_up`.
    """
    access.require(actor, Action.HOLD_MEETING)
    known = proposing.known(db, actor, meeting_id)
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        meeting = calling.not_over(write.tx, meeting_id)
        taken = proposing.found(write.tx, actor, meeting, known)
        for one in taken:
            _take_up(write, actor, meeting_id, one)
    return len(taken)


def add_own(db: Database, actor: Actor, meeting_id: int, title: str, note: str = "") -> int:
    """Put something of one's own last on the agenda, and return the item's id.

    :raises InvalidFields: a missing title, or a faulty text. Others as for :func:`take_up`.
    """
    written = {"title": tidy(title), "note": tidy(note)}
    with writing(db, actor, Action.HOLD_MEETING, subject=f"meeting:{meeting_id}") as write:
        calling.not_over(write.tx, meeting_id)
        _check(written, Source.OWN)
        return _insert(
            write, actor, meeting_id, Source.OWN, title=written["title"], note=written["note"]
        )


def edit_item(db: Database, actor: Actor, item_id: int, *, title: str, note: str) -> None:
    """Say an item anew. What it said before is kept in the audit record.

    :raises InvalidFields: a missing title of an own item, or a faulty text. :raises Invalid: when
        the meeting is closed or cancelled. :raises NotAllowed: without the right, and for those who
        may not know what the item says. :raises NotFound: when there is no such item.
    """
    written = {"title": tidy(title), "note": tidy(note)}
    with writing(db, actor, Action.HOLD_MEETING) as write:
        _meeting_id, source, *before = _found(write, item_id)
        _require_words(write.tx, actor, item_id)
        _check(written, source)
        write.tx.execute(
            "UPDATE agenda_item SET title = ?, note = ? WHERE item_id = ?",
            [written["title"], written["note"], item_id],
        )
        for (field, text), was in zip(written.items(), before, strict=True):
            if text != was:
                write.detail[field] = [was, text]


def move_item(db: Database, actor: Actor, item_id: int, to_position: int) -> None:
    """Give an item another place, from 1; those between make room.

    :raises Invalid: a place that the agenda does not have. Others as for :func:`edit_item`.
    """
    with writing(db, actor, Action.HOLD_MEETING) as write:
        meeting_id = _found(write, item_id)[0]
        order = [one for one in _order(write.tx, meeting_id) if one != item_id]
        if not 1 <= to_position <= len(order) + 1:
            raise Invalid(_("Choose a place on the agenda."), "to_position")
        order.insert(to_position - 1, item_id)
        _number(write.tx, order)
        write.detail["position"] = to_position


def remove_item(db: Database, actor: Actor, item_id: int) -> None:
    """Take an item off the agenda. What was recorded under it stays. Errors as for
    :func:`edit_item`."""
    with writing(db, actor, Action.HOLD_MEETING) as write:
        meeting_id = _found(write, item_id)[0]
        write.tx.execute(
            "UPDATE agenda_item SET removed_at = ? WHERE item_id = ?", [clock.now(), item_id]
        )
        _number(write.tx, _order(write.tx, meeting_id))
        write.detail["removed"] = True


def _item(row: tuple[Any, ...], names: dict[str, str]) -> Item:
    (
        item_id, meeting_id, position, source, title, note, idea_id, idea_title, whole,
        touchpoint_id, in_reach, purpose_id, own_title, resolution_id, action, withheld,
        agency_id, proposed_for, created_at,
    ) = row  # fmt: skip
    matter = title_of(purpose_id, own_title) if in_reach else None
    return Item(
        item_id, meeting_id, position, Source(source), title, note, idea_id, idea_title,
        bool(whole), touchpoint_id, matter, resolution_id, action, bool(withheld),
        agency_id, seats_of(names.get(agency_id, agency_id)) if agency_id else None,
        grounds.from_text(proposed_for) if proposed_for else None,
        created_at if proposed_for else None,
    )  # fmt: skip


def _words_open(seen: access.Condition) -> str:
    """The condition that what an item (as ``a``) says may be told, by its idea (as ``i``)."""
    return f"(a.idea_id IS NULL OR ({seen.sql}))"


def _require_words(tx: Transaction, actor: Actor, item_id: int) -> None:
    seen = access.in_idea_bank(actor)
    if not tx.value(
        f"""
        SELECT count(*) FROM agenda_item AS a LEFT JOIN idea AS i ON i.idea_id = a.idea_id
        WHERE a.item_id = $item_id AND {_words_open(seen)}
        """,  # noqa: S608
        {**seen.parameters, "item_id": item_id},
    ):
        told = _("Only those who see the idea can change what is written about it.")
        raise access.refused(Action.HOLD_MEETING, sentence=told)


def _check(written: dict[str, str], source: Source) -> None:
    problems = {
        field: fault for field, text in written.items() if (fault := problem_with(text, field))
    }
    if source is Source.OWN and not written["title"]:
        problems["title"] = _("Say in a few words what it is about.")
    if problems:
        raise InvalidFields(problems)


def _found(write: Writing, item_id: int) -> tuple[int, Source, str, str]:
    """An item of a meeting that is not over: its meeting, source, title and note.

    :raises NotFound: when there is none. :raises Invalid: when the meeting is over.
    """
    row = write.tx.one(
        """
        SELECT meeting_id, source, title, note FROM agenda_item
        WHERE item_id = ? AND removed_at IS NULL
        """,
        [item_id],
    )
    if row is None:
        raise NotFound(_("It is not on the agenda."))
    meeting_id, source, title, note = row
    calling.not_over(write.tx, meeting_id)
    write.subject = f"meeting:{meeting_id}"
    write.detail["item"] = item_id
    return meeting_id, Source(source), title, note


def _order(tx: Transaction, meeting_id: int) -> list[int]:
    rows = tx.rows(
        """
        SELECT item_id FROM agenda_item
        WHERE meeting_id = ? AND removed_at IS NULL ORDER BY position, item_id
        """,
        [meeting_id],
    )
    return [item_id for (item_id,) in rows]


def _number(tx: Transaction, order: list[int]) -> None:
    tx.executemany(
        "UPDATE agenda_item SET position = ? WHERE item_id = ?",
        [[position, item_id] for position, item_id in enumerate(order, start=1)],
    )


def _take_up(write: Writing, actor: Actor, meeting_id: int, proposal: Proposal) -> int:
    return _insert(
        write,
        actor,
        meeting_id,
        proposal.source,
        idea_id=proposal.idea_id,
        touchpoint_id=proposal.touchpoint_id,
        resolution_id=proposal.resolution_id,
        agency_id=proposal.agency_id,
        why=proposal.why,
    )


def _insert(
    write: Writing,
    actor: Actor,
    meeting_id: int,
    source: Source,
    *,
    title: str = "",
    note: str = "",
    idea_id: int | None = None,
    touchpoint_id: int | None = None,
    resolution_id: int | None = None,
    agency_id: str | None = None,
    why: Why | None = None,
) -> int:
    item_id = int(
        write.tx.value(
            """
            INSERT INTO agenda_item (meeting_id, position, source, title, note, idea_id,
                                     touchpoint_id, resolution_id, agency_id, proposed,
                                     created_by, created_at)
            SELECT $meeting_id, count(*) + 1, $source, $title, $note, $idea_id, $touchpoint_id,
                   $resolution_id, $agency_id, $proposed, $actor, $now
            FROM agenda_item WHERE meeting_id = $meeting_id AND removed_at IS NULL
            RETURNING item_id
            """,
            {
                "meeting_id": meeting_id, "source": str(source), "title": title, "note": note,
                "idea_id": idea_id, "touchpoint_id": touchpoint_id,
                "resolution_id": resolution_id,
                "agency_id": agency_id, "proposed": grounds.as_text(why) if why else None,
                "actor": actor.person_id, "now": clock.now(),
            },
        )
    )  # fmt: skip
    write.detail.setdefault("items", []).append(item_id)
    return item_id
