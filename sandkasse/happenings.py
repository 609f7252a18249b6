"""What ledgers of all kinds have in common: a row says what happened and when, a later one can void
it, and only some rows can follow others."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

VOID = "void"


class Happening(Protocol):
    """A row of a ledger: its number, its kind, when it happened (aware UTC), and for a void the
    number of the row that it voids."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def voids_seq(self) -> int | None: ...


Row = TypeVar("Row", bound=Happening)


class Broken(ValueError):
    """A sequence of happenings that cannot be; ``seq`` is the row that breaks it."""

    def __init__(self, seq: int, rule: str) -> None:
        super().__init__(rule)
        self.seq = seq
        self.rule = rule


def effective(rows: Iterable[Row]) -> list[Row]:
    """The rows that count, in the order in which they happened."""
    kept = list(rows)
    voided = {row.voids_seq for row in kept if row.kind == VOID}
    counting = [row for row in kept if row.kind != VOID and row.seq not in voided]
    return sorted(counting, key=lambda row: (row.occurred_at, row.seq))
