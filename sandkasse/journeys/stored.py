"""Journeys in the database: kept in step with their files, and read from there by everybody."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from sandkasse import clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Transaction
from sandkasse.errors import InvalidJourney, NotFound
from sandkasse.i18n import _, list_text, number_text
from sandkasse.journeys.journey import Journey
from sandkasse.people import OPERATOR
from sandkasse.standing import refresh_standing

_known: WeakKeyDictionary[Database, tuple[tuple[int, int], dict[str, Journey]]] = (
    WeakKeyDictionary()
)


def all_journeys(db: Database) -> list[Journey]:
    """All journeys, in their own order; those without one last, by id."""
    return list(_by_id(db).values())


def get(db: Database, journey_id: str) -> Journey:
    """The journey with this id.

    :raises NotFound: when there is none, naming those there are.
    """
    known = _by_id(db)
    if journey_id in known:
        return known[journey_id]
    if not known:
        raise NotFound(_("There are no journeys yet."))
    raise NotFound(
        _("There is no such journey. There are: {ids}.").format(ids=list_text(list(known)))
    )


def sync(db: Database, journeys: Iterable[Journey], source: str) -> None:
    """Keep these journeys, all or none. Nothing is written when nothing has changed, and journeys
    that are not among them stay.

    :raises InvalidJourney: as :func:`store`.
    """
    kept = dict(db.rows("SELECT journey_id, definition FROM journey"))
    changed = [journey for journey in journeys if kept.get(journey.id) != journey.to_json()]
    if changed:
        with writing(db, OPERATOR, Action.KEEP_JOURNEYS, subject="journeys") as write:
            for journey in changed:
                store(write.tx, journey, source)
            write.detail.update(source=source, journeys=[journey.id for journey in changed])


def store(tx: Transaction, journey: Journey, source: str) -> None:
    """Keep one journey, new or changed. ``source`` says where it came from.

    Stages may come, change places and be renamed; the standing of its ideas follows.

    :raises InvalidJourney: when it lacks a stage or an exit that is on an idea's ledger.
    """
    kept = tx.one("SELECT definition FROM journey WHERE journey_id = ?", [journey.id])
    definition = journey.to_json()
    if kept is not None and kept[0] == definition:
        return
    tx.redefines = True
    _refuse_losses(tx, journey)
    values = [definition, source, clock.now(), journey.id]
    if kept is None:
        tx.execute(
            "INSERT INTO journey (definition, source, loaded_at, journey_id) VALUES (?, ?, ?, ?)",
            values,
        )
    else:
        tx.execute(
            "UPDATE journey SET definition = ?, source = ?, loaded_at = ? WHERE journey_id = ?",
            values,
        )
    _store_parts(tx, journey)


def _refuse_losses(tx: Transaction, journey: Journey) -> None:
    """Refuse to lose a stage or an exit that is on any idea's ledger, voided rows included: the
    timeline shows those too."""
    lost = _used_elsewhere(tx, "stage_id", journey.id, [stage.id for stage in journey.stages])
    lost += _used_elsewhere(tx, "exit_id", journey.id, [way.id for way in journey.exits])
    if lost:
        told = [
            _("{journey} no longer has {part}, where {n} ideas have been. Put it back.").format(
                journey=journey.id, part=part, n=number_text(n)
            )
            for part, n in lost
        ]
        raise InvalidJourney("\n".join(told))


def _used_elsewhere(
    tx: Transaction, column: str, journey_id: str, present: Sequence[str]
) -> list[tuple[str, int]]:
    """What the ledger names in ``column`` that is not ``present``, and how many ideas have it."""
    found = tx.rows(
        f"""
        SELECT l.{column}, count(DISTINCT l.idea_id)
        FROM ledger AS l
        JOIN idea AS i ON i.idea_id = l.idea_id
        WHERE i.journey_id = ? AND l.{column} <> '' AND NOT list_contains(?::VARCHAR[], l.{column})
        GROUP BY ALL
        ORDER BY ALL
        """,  # noqa: S608  (the column is one of two of ours)
        [journey_id, list(present)],
    )
    return [(str(key), int(n)) for key, n in found]


def _store_parts(tx: Transaction, journey: Journey) -> None:
    """The rows of the stages and exits, and the standing of ideas where it hangs on them."""
    places = {stage.id: stage.position for stage in journey.stages}
    kinds = {way.id: way.kind for way in journey.exits}
    before = (
        dict(tx.rows("SELECT stage_id, position FROM stage WHERE journey_id = ?", [journey.id])),
        dict(tx.rows("SELECT exit_id, kind FROM exit WHERE journey_id = ?", [journey.id])),
    )
    for table in ("stage", "expected_at_level", "exit"):
        tx.execute(f"DELETE FROM {table} WHERE journey_id = ?", [journey.id])  # noqa: S608
    tx.executemany(
        "INSERT INTO stage (journey_id, stage_id, position, expected_days) VALUES (?, ?, ?, ?)",
        [(journey.id, stage.id, stage.position, stage.expected_days) for stage in journey.stages],
    )
    tx.executemany(
        """
        INSERT INTO expected_at_level (journey_id, stage_id, level, expected_days)
        VALUES (?, ?, ?, ?)
        """,
        [
            (journey.id, one.stage_id, one.level, one.expected_days)
            for one in journey.variants
            if one.expected_days is not None
        ],
    )
    tx.executemany(
        "INSERT INTO exit (journey_id, exit_id, kind) VALUES (?, ?, ?)",
        [(journey.id, way.id, way.kind) for way in journey.exits],
    )
    if before != (places, kinds):
        ideas = tx.rows("SELECT idea_id FROM idea WHERE journey_id = ?", [journey.id])
        if ideas:
            refresh_standing(tx, [idea_id for (idea_id,) in ideas])


def _by_id(db: Database) -> dict[str, Journey]:
    version = db.definitions_version
    cached = _known.get(db)
    if cached is None or cached[0] != version:
        found = [_parsed(text) for (text,) in db.rows("SELECT definition FROM journey")]
        found.sort(key=lambda one: (one.order is None, one.order or 0, one.id))
        cached = _known[db] = (version, {journey.id: journey for journey in found})
    return cached[1]


@lru_cache(maxsize=64)
def _parsed(definition: str) -> Journey:
    return Journey.from_json(definition)
