"""The audit on the screen: what is asked for, its rows, and its head to keep elsewhere."""

from collections.abc import Sequence

import streamlit as st

from sandkasse import audit
from sandkasse.access import Action
from sandkasse.documents import exhibit
from sandkasse.documents.exhibit import Column, Table
from sandkasse.i18n import _, language, time_text
from sandkasse.lookups import REFUSED
from sandkasse.privacy import trail
from sandkasse.privacy.action_names import action_name, done, subject_meant, subject_name
from sandkasse.privacy.particulars import in_words
from sandkasse.privacy.trail import Filter, Row
from sandkasse.ui import choices, states, table
from sandkasse.ui.page import Visit


def chosen(visit: Visit) -> Filter:
    """Whose rows, of what, about what, and from when."""
    there = visit.fetch(trail.actions)
    kinds = {"": _("Everything"), "writes": _("What was written"), "look_ups": _("Look-ups")}
    kinds[REFUSED] = _("What was refused")
    named = ((one, action_name(one)) for one in there if one != REFUSED)
    kinds |= dict(sorted(named, key=lambda pair: pair[1]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choices.search(_("Who"))
        action = choices.one_of("action", _("What"), list(kinds), kinds.__getitem__, width=260)
        about = choices.text("about", _("About"), _("for example Idea 12"))
        since = choices.day("from", _("From"), None)
        until = choices.day("to", _("To"), None)
    return Filter(name, subject_meant(about), action, since, until)


def listed(visit: Visit, rows: Sequence[Row]) -> None:
    """Each row: when, who, what, and about what."""
    journeys = {key: one.name.in_(language()) for key, one in states.journeys_by_id(visit).items()}
    words = exhibit.in_words({
        _("When"): [time_text(row.recorded_at) for row in rows],
        _("Who"): [row.name or _("Whoever runs the server") for row in rows],
        _("What"): [done(row.action, row.detail) for row in rows],
        _("About"): [subject_name(row.subject, journeys) for row in rows],
        _("Particulars"): [
            _("Erased") if row.erased else in_words(row.detail, journeys) for row in rows
        ],
    })  # fmt: skip
    numbers = Column(_("Row"), tuple(row.audit_id for row in rows))
    shown = Table((*words, numbers), _("The rows of the audit, the latest first"))
    table.show(shown, key="audit-rows")


def take_along(visit: Visit, wanted: Filter) -> None:
    """All that is asked for as a file."""

    def made() -> bytes:
        visit.looked_up(Action.SEE_AUDIT, "audit:export")
        return trail.as_csv(visit.db, visit.actor, wanted)

    st.download_button(
        _("Download as CSV"), made, file_name="sandkasse-audit.csv", mime="text/csv",
        icon=":material/download:", on_click="ignore", key="audit-csv",
    )  # fmt: skip


def head(visit: Visit) -> None:
    """The end of the chain, to be kept where the file's keeper cannot write."""
    with st.expander(_("Proof against rewriting"), on_change="rerun") as opened:
        if not opened.open:
            return
        st.markdown(
            _(
                "Whoever can write the whole database file can also work out all its hashes anew. "
                "Keep this line somewhere else, as in the archive: "
                "`sandkasse audit --verify LINE` then tells whether the rows up to it are the same."
            )
        )
        st.code(str(audit.head(visit.db)), language=None, wrap_lines=True)
