"""Each idea's history replayed by the ledger's law, and compared with the standing it keeps."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sandkasse.database import Reader
from sandkasse.i18n import _
from sandkasse.integrity.finding import Finding, shown
from sandkasse.ledger import RULES, Broken, Kind, Party, Row, Standing, replay, stage_before

_AT_A_TIME = 5_000
_SMALLEST_DIFFERENCE = 1e-6
#: Of these the agencies' matters tell a part: see :mod:`sandkasse.integrity.matters`.
_WITH_MATTERS = ("ball", "ball_at")


class _Idea(NamedTuple):
    """An idea's journey and the standing that its row keeps."""

    idea_id: int
    journey_id: str
    last_seq: int
    exit_kind: str | None
    standing: Standing


def broken_histories(reader: Reader) -> Iterator[Finding]:
    """What is wrong with the histories of all ideas, a few thousand ideas at a time."""
    journeys = _positions(reader)
    exit_kinds = {
        (journey_id, exit_id): kind
        for journey_id, exit_id, kind in reader.rows("SELECT journey_id, exit_id, kind FROM exit")
    }
    ids = [idea_id for (idea_id,) in reader.rows("SELECT idea_id FROM idea ORDER BY idea_id")]
    for start in range(0, len(ids), _AT_A_TIME):
        some = ids[start : start + _AT_A_TIME]
        histories = dict(_histories(reader, some[0], some[-1]))
        for idea in _ideas(reader, some[0], some[-1]):
            rows = histories.get(idea.idea_id, [])
            if idea.journey_id not in journeys:
                continue  # told by the rule about references
            yield from _of_history(idea, rows, journeys[idea.journey_id], exit_kinds)


def _positions(reader: Reader) -> dict[str, dict[str, int]]:
    positions: dict[str, dict[str, int]] = {
        journey_id: {} for (journey_id,) in reader.rows("SELECT journey_id FROM journey")
    }
    for journey_id, stage_id, position in reader.rows(
        "SELECT journey_id, stage_id, position FROM stage"
    ):
        positions.setdefault(journey_id, {})[stage_id] = position
    return positions


def _histories(reader: Reader, first: int, last: int) -> Iterator[tuple[int, list[Row]]]:
    found = reader.rows(
        """
        SELECT idea_id, seq, kind, occurred_at, recorded_at, stage_id, from_stage, exit_id, ball,
               merged_into, voids_seq
        FROM ledger
        WHERE idea_id BETWEEN ? AND ?
        ORDER BY idea_id, seq
        """,
        [first, last],
    )
    for idea_id, group in groupby(found, key=lambda row: int(row[0])):
        yield idea_id, [_row(row) for row in group]


def _row(values: tuple[Any, ...]) -> Row:
    _idea_id, seq, kind, occurred_at, recorded_at, stage_id, from_stage, exit_id, ball, *rest = (
        values
    )
    merged_into, voids_seq = rest
    return Row(
        seq=seq,
        kind=Kind(kind),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        stage_id=stage_id,
        from_stage=from_stage,
        exit_id=exit_id,
        ball=Party(ball) if ball else None,
        merged_into=merged_into,
        voids_seq=voids_seq,
    )


def _ideas(reader: Reader, first: int, last: int) -> list[_Idea]:
    found = reader.rows(
        """
        SELECT idea_id, journey_id, last_seq, exit_kind, stage_id, furthest, first_at, stage_at,
               earlier_days, visits, ball, ball_at, exit_id, exit_at, held_at, merged_into
        FROM idea
        WHERE idea_id BETWEEN ? AND ?
        ORDER BY idea_id
        """,
        [first, last],
    )
    return [
        _Idea(idea_id, journey_id, last_seq, exit_kind, Standing(*standing))
        for idea_id, journey_id, last_seq, exit_kind, *standing in found
    ]


def _of_history(
    idea: _Idea,
    rows: Sequence[Row],
    positions: dict[str, int],
    exit_kinds: dict[tuple[str, str], str],
) -> Iterator[Finding]:
    yield from _of_sequence(idea.idea_id, rows)
    yield from _of_voids(idea.idea_id, rows)
    yield from _of_from_stages(idea.idea_id, rows)
    try:
        standing = replay(rows, positions)
    except Broken as broken:
        yield Finding("history", idea.idea_id, broken.seq or None, _(RULES[broken.rule]))
        return
    kind = exit_kinds.get((idea.journey_id, standing.exit_id or ""))
    told = {**vars(standing), "last_seq": rows[-1].seq, "exit_kind": kind}
    kept = {**vars(idea.standing), "last_seq": idea.last_seq, "exit_kind": idea.exit_kind}
    for name, value in told.items():
        if name not in _WITH_MATTERS and not _alike(value, kept[name]):
            sentence = _("Its {column} is kept as {kept}, but its ledger says {told}.").format(
                column=name, kept=shown(kept[name]), told=shown(value)
            )
            yield Finding("standing", idea.idea_id, None, sentence)


def _of_sequence(idea_id: int, rows: Sequence[Row]) -> Iterator[Finding]:
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected:
            sentence = _("The row before it should be number {n}.").format(n=row.seq - 1)
            yield Finding("sequence", idea_id, row.seq, sentence)
            return


def _of_voids(idea_id: int, rows: Sequence[Row]) -> Iterator[Finding]:
    correctable: set[int] = set()
    for row in rows:
        if row.kind is not Kind.VOID:
            correctable.add(row.seq)
        elif row.voids_seq in correctable:
            correctable.discard(row.voids_seq)
        else:
            yield Finding("void", idea_id, row.seq, _(RULES["nothing"]))


def _of_from_stages(idea_id: int, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        before = stage_before(rows, row)
        if row.from_stage != before:
            sentence = _("It says that the idea was in {said}, but it was in {told}.").format(
                said=shown(row.from_stage), told=shown(before)
            )
            yield Finding("from_stage", idea_id, row.seq, sentence)


def _alike(told: Any, kept: Any) -> bool:
    if isinstance(told, float) and isinstance(kept, int | float):
        return abs(told - kept) < _SMALLEST_DIFFERENCE
    return bool(told == kept)
