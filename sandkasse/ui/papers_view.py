"""Papers to take along: those of a meeting, and the figure on the screen. Each is made when it is
asked for."""

from collections.abc import Callable

import streamlit as st

from sandkasse import i18n
from sandkasse.access import Action
from sandkasse.documents import papers
from sandkasse.documents.audience import AUDIENCE_NAMES, Audience
from sandkasse.documents.inside import KINDS
from sandkasse.documents.papers import MIME, PAPERS
from sandkasse.figures import Choice
from sandkasse.i18n import _, language
from sandkasse.meetings import Meeting
from sandkasse.ui import downloads
from sandkasse.ui.page import Visit


def draw(visit: Visit, meeting: Meeting) -> None:
    """For whom and in which language, and the papers one by one or all in a zip."""
    st.caption(
        _(
            "Agenda and minutes for Word, slides, a spreadsheet and a calendar file. They show the "
            "figures frozen in the meeting, each with its number receipt; where none are frozen, "
            "those of now. To have the meeting on paper, take these rather than print the screen."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        audience = _audience("papers")
        chosen = st.selectbox(
            _("Language"), list(i18n.LANGUAGES), format_func=i18n.LANGUAGES.__getitem__,
            index=list(i18n.LANGUAGES).index(language()), key="papers-language", width=180,
        )  # fmt: skip
    _explain(audience)

    def made(*only: str) -> dict[str, bytes]:
        if audience is Audience.PROJECT:
            visit.looked_up(Action.SEE_MEETINGS, f"meeting:{meeting.meeting_id}:papers")
        with i18n.in_language(chosen):
            return papers.papers(
                visit.db, visit.still(), meeting.meeting_id, audience, only or PAPERS
            )

    def all_packed() -> bytes:
        return papers.packed(made())

    with i18n.in_language(chosen):
        name = papers.file_name(meeting, audience)
    _button(_("All papers (zip)"), all_packed, f"{name}.zip", first=True)
    with st.container(horizontal=True):
        for kind, words in PAPERS.items():
            _button(_(words), _one(made, kind), f"{name}-{kind}")


def _one(made: Callable[..., dict[str, bytes]], kind: str) -> Callable[[], bytes]:
    return lambda: next(iter(made(kind).values()))


def of_view(visit: Visit, kind: str, choice: Choice) -> None:
    """The figure on the screen as slides or as a spreadsheet."""
    if kind not in KINDS or not visit.may(Action.ISSUE_RECEIPT):
        return
    audience = _audience("view")
    _explain(audience)
    spoken = language()

    def made(form: str) -> Callable[[], bytes]:
        def write() -> bytes:
            if audience is Audience.PROJECT:
                visit.looked_up(Action.SEE_FUNNEL_RECORDS, f"figure:{kind}")
            with i18n.in_language(spoken):
                return papers.of_view(visit.db, visit.still(), kind, choice, audience, form)

        return write

    with st.container(horizontal=True):
        for form, words in (("pptx", _("Slides")), ("xlsx", _("Spreadsheet"))):
            _button(words, made(form), f"{kind}-{audience}-{spoken}.{form}")


def _audience(key: str) -> Audience:
    words = {str(one): _(AUDIENCE_NAMES[one]) for one in Audience}
    chosen = st.radio(
        _("For whom"), list(words), format_func=words.__getitem__, horizontal=True,
        key=f"{key}-audience",
    )  # fmt: skip
    return Audience(str(chosen))


def _explain(audience: Audience) -> None:
    if audience is Audience.OUTSIDE:
        told = _(
            "Can be handed on: numbers below 5 are hidden, the people on the lists are not named, "
            "and nothing is told of ideas that are not published. Words about other matters stand "
            "as they were written: read them first."
        )
    else:
        told = _("Shows what you see, with every number. Do not pass it on.")
    st.caption(told)


def _button(label: str, made: Callable[[], bytes], file_name: str, *, first: bool = False) -> None:
    st.download_button(
        label, downloads.when_asked(made), file_name=file_name,
        mime=MIME[file_name.rpartition(".")[2]], key=f"paper-{file_name}",
        icon=":material/download:", on_click="ignore",
        type="primary" if first else "secondary",
    )  # fmt: skip
