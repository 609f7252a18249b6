"""Number receipts: a short code that stands for a figure exactly as it was.

The code opens that view again and tells whether the figure would differ today, and why: because
time has passed, or because something was back-dated or corrected since.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sandkasse import access, clock
from sandkasse.access import Action, Writing, writing
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotFound
from sandkasse.figures import bridge as bridges
from sandkasse.figures import frozen, seats
from sandkasse.figures.bridge import Bridge
from sandkasse.figures.frozen import DEFINITION, SEATS, AnyChoice, Change, Numbers
from sandkasse.figures.seats import SeatsChoice
from sandkasse.i18n import _
from sandkasse.people import Actor

# Crockford's alphabet: no letter that is read as a digit, and none that makes words.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LENGTH = 8


@dataclass(frozen=True)
class Receipt:
    """A code, the kind of figure and the choice, with its moments, that it stands for, what it
    said, and by which version of the definitions."""

    code: str
    kind: str
    choice: AnyChoice
    definition: int
    numbers: Numbers
    recorded_at: datetime


def issue(db: Database, actor: Actor, kind: str, choice: AnyChoice) -> str:
    """The code for a figure as it is now, or as it is at the moments of ``choice``. The same
    figure of the same moments has the same code; a member's of seats is of the own agency's.

    :raises NotAllowed: without the right; else as for :func:`sandkasse.figures.frozen.numbers`.
    """
    access.require(actor, Action.ISSUE_RECEIPT)
    now = clock.now()
    if isinstance(choice, SeatsChoice):
        choice = seats.narrowed(actor, choice)
        access.require_for_agency(actor, Action.SEE_SEATS, choice.agency_id or "")
    exact = replace(choice, as_of=choice.as_of or now, known_at=choice.known_at or now)
    exact = frozen.settled(db, actor, kind, exact)
    found = frozen.numbers(db, actor, kind, exact)
    with writing(db, actor, Action.ISSUE_RECEIPT) as write:
        return keep(write, actor, kind, exact, found, clock.now())


def keep(
    write: Writing, actor: Actor, kind: str, exact: AnyChoice, found: Numbers, recorded_at: datetime
) -> str:
    """Keep numbers under their code, within a write; ``exact`` has both its moments."""
    code = _code(kind, exact)
    write.subject = f"receipt:{code}"
    if write.tx.one("SELECT 1 FROM number_receipt WHERE code = ?", [code]) is None:
        write.tx.execute(
            """
            INSERT INTO number_receipt (code, figure, choice, as_of, known_at, definition, content,
                                        actor_id, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                code, kind, frozen.choice_as_text(exact), exact.as_of, exact.known_at, DEFINITION,
                json.dumps(found), actor.person_id, recorded_at,
            ],
        )  # fmt: skip
    return code


def find(db: Database, actor: Actor, code: str) -> Receipt:
    """The receipt with this code, as people write it.

    :raises NotFound: when there is none. :raises NotAllowed: for those who may not see figures, or
        not the seats that it is about.
    """
    access.require(actor, Action.SEE_FUNNEL)
    plain = code.upper().translate(_READ_AS)
    row = db.one(
        "SELECT figure, choice, as_of, known_at, definition, content, recorded_at "
        "FROM number_receipt WHERE code = ?",
        [plain],
    )
    if row is None:
        raise NotFound(_("No number receipt has this code. Check its letters and digits."))
    kind, text, as_of, known_at, definition, content, recorded_at = row
    choice: AnyChoice
    if kind == SEATS:
        choice = frozen.choice_from_text(text, as_of, known_at, SeatsChoice)
        access.require_for_agency(actor, Action.SEE_SEATS, choice.agency_id or "")
    else:
        choice = frozen.choice_from_text(text, as_of, known_at)
    return Receipt(plain, kind, choice, definition, json.loads(content), recorded_at)


def compare(db: Database, actor: Actor, code: str) -> list[Change]:
    """What the receipt's figure said, what is known of that moment now, and what it is now.

    Errors as for :func:`find`.
    """
    receipt = find(db, actor, code)
    return changes_of(db, actor, receipt.kind, receipt.choice, receipt.numbers)


def bridge_to_now(db: Database, actor: Actor, code: str) -> Bridge:
    """What has come and gone, and been found later, since a receipt's moments among the ideas it
    is about. Errors as for :func:`find`; :raises Invalid: for one of seats, which have none."""
    choice = find(db, actor, code).choice
    if isinstance(choice, SeatsChoice):
        raise Invalid(_("Figures about seats have no bridge."), "kind")
    as_of, known_at = choice.as_of or clock.now(), choice.known_at or clock.now()
    now = replace(choice, since=None, until=None, as_of=None, known_at=None)
    return bridges.bridge(db, actor, now, as_of, known_at)


def changes_of(
    db: Database, actor: Actor, kind: str, choice: AnyChoice, then: Numbers
) -> list[Change]:
    """A figure's numbers as they were kept, beside what they are for the same choice."""
    known = frozen.numbers(db, actor, kind, replace(choice, known_at=None))
    now = frozen.numbers(db, actor, kind, replace(choice, as_of=None, known_at=None))
    return frozen.changes(then, known, now)


def shown(code: str) -> str:
    """A code as it is printed: in two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def _code(kind: str, exact: AnyChoice) -> str:
    moments = [
        moment.astimezone(UTC).isoformat() if moment else ""
        for moment in (exact.as_of, exact.known_at)
    ]
    told = "|".join([kind, frozen.choice_as_text(exact), *moments, str(DEFINITION)])
    number = int.from_bytes(hashlib.sha256(told.encode()).digest()[:8])
    digits = []
    for _place in range(_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)
