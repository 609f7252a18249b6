"""The barriers as a table for an agency: one row a barrier, to be printed or opened as a sheet."""

import csv
import io

from sandkasse import agencies, barriers
from sandkasse.database import Database
from sandkasse.exchange.formulas import neutralised
from sandkasse.i18n import _, date_text, language, number_text
from sandkasse.people import Actor

_MOST = 10_000


def barrier_table(db: Database, actor: Actor, agency_id: str | None = None) -> bytes:
    """A CSV file (UTF-8 with a mark, semicolons) of the barriers of an agency, or of all, with the
    ideas that met each, the days lost, the answer, its source and its review date.

    :raises NotAllowed: for somebody without a role.
    """
    names = {one.id: one.name.in_(language()) for one in agencies.listed(db)}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        [
            _("Barrier"), _("Agency"), _("Ideas that met it"), _("Days with the agency"),
            _("Recurring"), _("What it is"), _("Answer"), _("Source"), _("To be read again"),
        ]
    )  # fmt: skip
    for one in barriers.listed(db, actor, agency_id, 1, _MOST).rows:
        row = [
            one.title, names.get(one.agency_id or "", ""), number_text(one.ideas),
            number_text(one.days), _("yes") if one.recurring else _("no"), one.description,
            one.answer, one.source, date_text(one.review_on) if one.review_on else "",
        ]  # fmt: skip
        writer.writerow([neutralised(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
