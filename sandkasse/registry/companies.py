"""The companies that ideas became: joining them, and what the register said of them, and when.

The register is asked before anything is written, so that a slow register holds nobody up. When it
cannot be reached the number is kept all the same, and read at the next refresh.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandkasse import clock, limits, orgnr
from sandkasse.access import Action, require_for_idea, writing
from sandkasse.database import Database, Reader, Transaction
from sandkasse.errors import Invalid, RegisterFailed
from sandkasse.i18n import _
from sandkasse.people import Actor
from sandkasse.registry.client import Client, Company, Finding

#: A company is asked about at most once in this time, unless somebody asks for it.
FRESH = timedelta(days=1)

_COLUMNS = """
orgnr, outcome, name, form, registered_on, in_business_register, in_vat_register, bankrupt,
winding_up, forced_winding_up, deleted_on
"""


@dataclass(frozen=True)
class Reading:
    """An idea's company: its number, and what the register said when it was last read (None: it
    has not been read yet)."""

    orgnr: str
    company: Company | None
    read_at: datetime | None


def of_idea(db: Database, actor: Actor, idea_id: int) -> Reading | None:
    """The company of an idea, None while it has none. :raises NotFound: out of reach."""
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    number = _joined(db, idea_id)
    if number is None:
        return None
    row = db.one(
        f"SELECT read_at, {_COLUMNS} FROM company_reading WHERE orgnr = ? "  # noqa: S608
        "ORDER BY read_at DESC LIMIT 1",
        [number],
    )
    if row is None:
        return Reading(number, None, None)
    return Reading(number, Company(row[1], Finding(row[2]), *row[3:]), row[0])


def join(db: Database, actor: Actor, idea_id: int, text: str, client: Client) -> Reading:
    """Join an idea to the company with this organisation number, as people write it.

    :raises Invalid: a number with a wrong control digit, or one that the register does not know.
    :raises NotAllowed, NotFound: as usual.
    """
    require_for_idea(db, actor, Action.JOIN_COMPANY, idea_id)
    number = orgnr.checked(text)
    limits.count("lookups", actor)
    try:
        company: Company | None = client.company(number)
    except RegisterFailed:
        company = None
    if company is not None and company.finding is Finding.UNKNOWN:
        raise Invalid(
            _("The company register does not know this number. Check its digits."), "orgnr"
        )
    with writing(db, actor, Action.JOIN_COMPANY, idea_id=idea_id) as write:
        _append(write.tx, idea_id, number, actor)
        if company is not None:
            store(write.tx, company)
        write.detail["orgnr"] = number
    return Reading(number, company, clock.now() if company else None)


def part(db: Database, actor: Actor, idea_id: int) -> None:
    """Part an idea from its company; what was read stays. Errors as for :func:`join`."""
    with writing(db, actor, Action.JOIN_COMPANY, idea_id=idea_id) as write:
        if _joined(write.tx, idea_id) is None:
            raise Invalid(_("No company is joined to this idea."))
        _append(write.tx, idea_id, None, actor)
        write.detail["orgnr"] = None


def read_again(db: Database, actor: Actor, idea_id: int, client: Client) -> Reading:
    """Ask the register about an idea's company again.

    :raises Invalid: when it has none. :raises RegisterFailed: when the register cannot be reached.
    """
    require_for_idea(db, actor, Action.JOIN_COMPANY, idea_id)
    number = _joined(db, idea_id)
    if number is None:
        raise Invalid(_("No company is joined to this idea."))
    limits.count("lookups", actor)
    company = client.company(number)
    with writing(db, actor, Action.JOIN_COMPANY, idea_id=idea_id) as write:
        store(write.tx, company)
        write.detail["read"] = number
    return Reading(number, company, clock.now())


def portfolio(reader: Database | Reader) -> list[str]:
    """The numbers of all companies that ideas are joined to."""
    rows = reader.rows(
        "SELECT DISTINCT last FROM (SELECT arg_max(orgnr, seq) AS last FROM "
        "(SELECT idea_id, seq, coalesce(orgnr, '') AS orgnr FROM company) GROUP BY idea_id) "
        "WHERE last <> '' ORDER BY last"
    )
    return [number for (number,) in rows]


def store(tx: Transaction, company: Company) -> None:
    """Append what the register says of a company now."""
    tx.execute(
        f"INSERT INTO company_reading (read_at, {_COLUMNS}) "  # noqa: S608
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            clock.now(), company.orgnr, company.finding, company.name, company.form,
            company.registered_on, company.in_business_register, company.in_vat_register,
            company.bankrupt, company.winding_up, company.forced_winding_up, company.deleted_on,
        ],
    )  # fmt: skip


def _joined(reader: Database | Reader, idea_id: int) -> str | None:
    found = reader.value(
        "SELECT arg_max(coalesce(orgnr, ''), seq) FROM company WHERE idea_id = ?", [idea_id]
    )
    return str(found) if found else None


def _append(tx: Transaction, idea_id: int, number: str | None, actor: Actor) -> None:
    tx.execute(
        """
        INSERT INTO company (idea_id, seq, orgnr, actor_id, recorded_at)
        SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ? FROM company WHERE idea_id = ?
        """,
        [idea_id, number, actor.person_id, clock.now(), idea_id],
    )
