"""One's own data: fetching it, who looked it up, correcting it, and asking to be erased."""

import streamlit as st

from sandkasse import i18n, people, sessions
from sandkasse.i18n import _, language, time_text
from sandkasse.people import LEVEL_NAMES, LEVELS
from sandkasse.privacy import correction, erasure, my_data, trail
from sandkasse.privacy.action_names import action_name, subject_name
from sandkasse.ui import identity, listing, page
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import plain

_ANSWERS = {"asked", "refused"}


def mine(visit: Visit) -> None:
    """All of it, from the file to the request."""
    _fetch(visit)
    _look_ups(visit)
    _signed_in(visit)
    _correct(visit)
    _erase(visit)


def _fetch(visit: Visit) -> None:
    st.header(_("All that is kept about you"), anchor=False)
    st.markdown(
        _(
            "A zip file with a page to read, the same for a program to read (JSON), and the PDFs "
            "you sent. It holds what you wrote, what happened to your ideas and applications, and "
            "who looked them up."
        )
    )
    spoken = language()

    def made() -> bytes:
        with i18n.in_language(spoken):
            return my_data.packed(visit.db, visit.still())

    name = _("my-data")
    st.download_button(
        _("Fetch my data"), made, file_name=f"sandkasse-{name}.zip", mime="application/zip",
        icon=":material/download:", on_click="ignore", key="my-data", type="primary",
    )  # fmt: skip


def _look_ups(visit: Visit) -> None:
    st.header(_("Who looked up what is yours"), anchor=False)
    found = visit.fetch(trail.of_mine)
    if not found:
        st.caption(_("Nobody but you has looked up your ideas, applications or details yet."))
        return
    st.dataframe(
        {
            _("When"): [time_text(one.recorded_at) for one in found],
            _("Who"): [one.name or _("Whoever runs the server") for one in found],
            _("What"): [action_name(one.action) for one in found],
            _("About"): [subject_name(one.subject) for one in found],
        },
        hide_index=True,
        alt=_("Who looked up your ideas, applications and details, the latest first"),
    )


def _signed_in(visit: Visit) -> None:
    found = visit.fetch(identity.open_sessions)
    if not found:
        return
    st.header(_("Where you are signed in"), anchor=False)
    rows = [
        Row(
            one.seq,
            identity.rules().label(one.provider),
            None,
            (_("since {time}").format(time=time_text(one.signed_in_at)),),
            (Mark(_("This browser")),) if one.here else (),
            action="" if one.here else _("End it"),
        )
        for one in found
    ]
    _opened, ended = listing.draw_with_actions(_("Where you are signed in"), rows, key="sessions")
    st.caption(_("Is there one that is not yours? End it, and tell the project lead."))
    if ended is not None:
        _answered(visit.write(sessions.end_own, ended))


def _correct(visit: Visit) -> None:
    st.header(_("Is something wrong?"), anchor=False)
    st.markdown(
        _(
            "Your name and address come from the sign-in service each time you sign in: have them "
            "corrected there. What you wrote about an idea, days, hours and ties you change where "
            "they stand. What happened is corrected by a new row: ask a mentor. Your level you can "
            "change here."
        )
    )
    known = people.find(visit.db, visit.actor.person_id).level
    words = {"": _("None"), **{one: _(LEVEL_NAMES[one]) for one in LEVELS}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Level"), list(words), index=list(words).index(known or ""), width=200,
            format_func=words.__getitem__, key=f"own-level-{language()}",
        )  # fmt: skip
        if st.button(_("Save"), key="own-level-do"):
            _answered(visit.write(correction.correct_level, chosen or None))


def _erase(visit: Visit) -> None:
    st.header(_("Being erased"), anchor=False)
    st.markdown(
        _(
            "Your name, address and everything you alone wrote are deleted, and you cannot sign in "
            "as before. What belongs to a public case may have to be kept by the Archives Act: "
            "then it is blocked, and only project leads see it. Times and stages stay, without "
            "you. A project lead decides."
        )
    )
    request = visit.fetch(erasure.own_request)
    state = request.kind if request else ""
    if request is not None and state in _ANSWERS:
        said = {
            "asked": _("You asked on {time}. A project lead decides within a month."),
            "refused": _("Your request was refused on {time}: {reason}"),
        }[state]
        told = said.format(time=time_text(request.recorded_at), reason=request.reason)
        st.info(plain(told), icon=":material/info:")
    if state == "asked":
        if st.button(_("Take the request back"), key="erase-back"):
            _answered(visit.write(erasure.take_back))
        return
    sure = st.checkbox(_("I understand that this cannot be undone"), key="erase-sure")
    if st.button(_("Ask to be erased"), key="erase-ask", disabled=not sure):
        _answered(visit.write(erasure.ask))


def _answered(answer: object) -> None:
    page.toast_next(answer.message if isinstance(answer, Refused) else _("Saved."))
    st.rerun()
