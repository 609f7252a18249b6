"""Notices on the own page, how to get them by mail, and the ties one has to agencies."""

import streamlit as st

from sandkasse import config, impartiality, notices
from sandkasse.i18n import _, number_text, time_text
from sandkasse.impartiality import TIE_NAMES, Tie
from sandkasse.notices import MAIL_NAMES, SENTENCES, Mail, Notice, Told
from sandkasse.ui import forms, holder, listing, page
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit


def unread(visit: Visit) -> None:
    """The notices not read yet, and a way to the earlier ones."""
    found = visit.read(notices.mine, 1, unread_only=True)
    if found.rows:
        told = _("News for you ({n})").format(n=number_text(found.unread))
        st.header(told, anchor=False)
        _list(visit, found.rows, "unread")
        if st.button(_("Mark all as read"), key="read-all", icon=":material/done_all:"):
            visit.write(notices.mark_read)
            st.rerun()


def settings(visit: Visit) -> None:
    """Earlier notices, mail, and ties, behind a fold that reads nothing while it is closed."""
    with st.expander(_("Earlier news, mail and ties"), on_change="rerun") as opened:
        if not opened.open:
            return
        found = visit.read(notices.mine, 1)
        if found.rows:
            _list(visit, found.rows, "earlier")
        else:
            st.caption(_("Nothing has been told to you yet."))
        if config.settings().smtp_host:
            _mail(visit)
        _ties(visit)


def _list(visit: Visit, rows: tuple[Told, ...], key: str) -> None:
    opened = listing.draw(_("News for you"), [_row(one) for one in rows], key)
    if opened is None:
        return
    one = next(one for one in rows if one.notice_id == opened)
    visit.write(notices.mark_read, [one.notice_id])
    if one.application_id is not None:
        st.switch_page(
            "pages/application.py", query_params={"application": str(one.application_id)}
        )
    if one.idea_id is None:
        st.rerun()
    if one.touchpoint_id is not None and one.kind is not Notice.IMPARTIALITY:
        st.switch_page("pages/touchpoint.py", query_params={"touchpoint": str(one.touchpoint_id)})
    st.switch_page("pages/idea.py", query_params={"idea": str(one.idea_id)})


def _row(one: Told) -> Row:
    # What is about no idea is found on the own page itself.
    href = "./" if one.idea_id is None else f"idea?idea={one.idea_id}"
    if one.touchpoint_id is not None and one.kind is not Notice.IMPARTIALITY:
        href = f"touchpoint?touchpoint={one.touchpoint_id}"
    if one.application_id is not None:
        href = f"application?application={one.application_id}"
    facts = (one.idea_title, time_text(one.created_at)) if one.idea_title else (
        time_text(one.created_at),
    )  # fmt: skip
    marks = (Mark(_("New")),) if one.unread else ()
    return Row(one.notice_id, _(SENTENCES[one.kind]), href, facts, marks)


def _mail(visit: Visit) -> None:
    chosen = visit.read(notices.own_mail_choice)
    words = {mail.value: _(name) for mail, name in MAIL_NAMES.items()}
    wanted = st.radio(
        _("News by mail"), list(words), format_func=words.__getitem__, horizontal=True,
        index=list(Mail).index(chosen), key="mail-choice",
    )  # fmt: skip
    if wanted != chosen:
        visit.write(notices.choose_mail, wanted)
        st.rerun()


def _ties(visit: Visit) -> None:
    st.markdown(_("**Your ties to agencies**"))
    st.caption(
        _(
            "A job at an agency, or somebody close who works there. When an idea you take part in "
            "deals with that agency, the others in it and the project leads are told."
        )
    )
    names = holder.agency_names(visit)
    for agency_id, tie in visit.read(impartiality.own).items():
        words = f"{names.get(agency_id, agency_id)}: {_(TIE_NAMES[tie])}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(words)
            if st.button(_("Take it back"), key=f"tie-{agency_id}", type="tertiary"):
                visit.write(impartiality.declare, agency_id, None)
                st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Agency"), list(names), index=None, format_func=names.__getitem__,
            placeholder=_("Choose an agency"), key=forms.worded("tie-agency", list(names)),
            width=260,
        )  # fmt: skip
        kinds = {tie.value: _(TIE_NAMES[tie]) for tie in (Tie.JOB, Tie.RELATION)}
        kind = st.selectbox(
            _("Tie"), list(kinds), format_func=kinds.__getitem__, width=260,
            placeholder=_("Choose"), key=forms.worded("tie-kind", list(kinds), Tie.JOB.value),
        )  # fmt: skip
        if st.button(_("Declare"), key="tie-do") and chosen and kind:
            answer = visit.write(impartiality.declare, chosen, Tie(kind))
            page.toast_next(answer.message if isinstance(answer, Refused) else _("Saved."))
            st.rerun()


def ties_of_idea(visit: Visit, idea_id: int) -> None:
    """Who takes part in an idea and has a tie to an agency that it deals with."""
    found = visit.read(impartiality.of_idea, idea_id)
    if not found:
        return
    names = holder.agency_names(visit)
    st.markdown(_("**Ties to agencies in this idea**"))
    for one in found:
        agency = names.get(one.agency_id, one.agency_id)
        st.text(f"{one.name} – {agency}: {_(TIE_NAMES[one.tie])}")
