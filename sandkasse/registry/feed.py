"""Following the companies: the register's update feed, read from where it stopped."""

from dataclasses import dataclass

from sandkasse import clock
from sandkasse.access import Action, writing
from sandkasse.database import Database, Transaction
from sandkasse.people import OPERATOR
from sandkasse.registry.client import Client
from sandkasse.registry.companies import FRESH, portfolio, store

_CURSOR = "registry.cursor"


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: how many companies are followed, how many were read anew, and the last
    number of the feed that was seen."""

    followed: int
    read: int
    cursor: int


def refresh(db: Database, client: Client) -> Refreshed:
    """Read the feed for the companies of all ideas since the last time, and then each company that
    it names or that was never read. Every reading is kept with its time.

    :raises RegisterFailed: when the register cannot be reached; what was read until then is kept.
    """
    numbers = portfolio(db)
    cursor = int(db.value("SELECT value FROM fact WHERE name = ?", [_CURSOR]) or 0)
    changed = dict.fromkeys(_never_read(db, numbers))
    for update in client.updates(numbers, cursor) if numbers else ():
        changed[update.orgnr] = None
        cursor = max(cursor, update.number)
    read = 0
    for number in changed:
        company = client.company(number)
        with writing(db, OPERATOR, Action.KEEP_REGISTER, subject=f"company:{number}") as write:
            store(write.tx, company)
        read += 1
    with writing(db, OPERATOR, Action.KEEP_REGISTER) as write:
        _keep_cursor(write.tx, cursor)
        write.detail.update(followed=len(numbers), read=read, cursor=cursor)
    return Refreshed(len(numbers), read, cursor)


def _never_read(db: Database, numbers: list[str]) -> list[str]:
    """The numbers that nothing is known of, or nothing but what is older than a month."""
    since = clock.now() - 30 * FRESH
    known = {
        number
        for (number,) in db.rows(
            "SELECT DISTINCT orgnr FROM company_reading WHERE read_at >= ?", [since]
        )
    }
    return [number for number in numbers if number not in known]


def _keep_cursor(tx: Transaction, cursor: int) -> None:
    if tx.value("SELECT count(*) FROM fact WHERE name = ?", [_CURSOR]):
        tx.execute("UPDATE fact SET value = ? WHERE name = ?", [str(cursor), _CURSOR])
    else:
        tx.execute("INSERT INTO fact (name, value) VALUES (?, ?)", [_CURSOR, str(cursor)])
