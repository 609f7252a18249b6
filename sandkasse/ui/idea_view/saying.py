"""What an idea says, to whom, and what is said about it."""

import streamlit as st

from sandkasse import agencies, comments, ideas, journeys
from sandkasse.access import Action
from sandkasse.i18n import _, date_text, language, time_text
from sandkasse.ideas import FIELD_NAMES, PUBLICATION_NAMES, Idea, Published
from sandkasse.people import LEVEL_NAMES
from sandkasse.texts import LIMITS
from sandkasse.themes import THEMES
from sandkasse.ui import forms, listing, page
from sandkasse.ui.forms import Faults
from sandkasse.ui.listing import Row
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import paragraphs, plain


def published(visit: Visit, idea: Published) -> None:
    """What everybody may read of a published idea."""
    journey = visit.know(journeys.get, idea.journey_id)
    st.title(plain(idea.title), anchor=False)
    told = [journey.stage(idea.stage_id).name.in_(language())]
    if idea.level:
        told.append(_(LEVEL_NAMES.get(idea.level, idea.level)))
    if idea.theme:
        told.append(_(THEMES.get(idea.theme, idea.theme)))
    st.caption(plain(" · ".join(told)))
    st.text(idea.public_text)


def text(idea: Idea) -> None:
    """What the team says of the idea, as it was written."""
    st.header(_("What it is about"), anchor=False)
    told = [
        f"**{_(FIELD_NAMES[field])}**\n\n{paragraphs(written)}"
        for field in ("problem", "solution", "audience", "needs")
        if (written := getattr(idea.description, field))
    ]
    if told:
        st.markdown("\n\n".join(told))
    if not idea.description.problem and not idea.description.solution:
        st.caption(_("The team has not described the idea yet."))


def people(visit: Visit, idea: Idea) -> None:
    """The team, its expected graduation, and the agencies it thinks it will meet."""
    with st.container(border=True):
        st.header(_("Team"), anchor=False)
        told = list(visit.read(ideas.team, idea.idea_id))
        if idea.description.graduation:
            day = date_text(idea.description.graduation, "long")
            told.append(_("Expected graduation: {date}").format(date=day))
        known = {one.id: one.name.in_(language()) for one in visit.know(agencies.listed)}
        met = [known[one] for one in idea.description.agencies if one in known]
        if met:
            told.append(_("Agencies: {names}").format(names=", ".join(met)))
        st.markdown(paragraphs("\n".join(told)))


def publication(visit: Visit, idea: Idea) -> None:
    """Who sees the idea; asking to be published, and the mentor's answer."""
    may_ask = visit.may_for(Action.ASK_TO_PUBLISH, idea.idea_id)
    may_decide = visit.may_for(Action.DECIDE_PUBLICATION, idea.idea_id)
    with st.container(border=True):
        st.header(_("Who sees it"), anchor=False)
        st.markdown(_(PUBLICATION_NAMES[idea.publication]))
        if idea.public_text:
            st.text(idea.public_text)
        with st.container(horizontal=True):
            if idea.publication == "requested" and may_decide:
                if st.button(_("Approve the public text"), key="publish-yes", type="primary"):
                    _decide(visit, idea, approved=True)
                if st.button(_("Do not approve"), key="publish-no"):
                    _decide(visit, idea, approved=False)
            if may_ask and idea.publication != "requested":
                label = _("Ask to be published")
                if idea.publication == "published":
                    label = _("Change the public text")
                if st.button(label, key="publish-ask"):
                    st.dialog(_("Show the idea in the idea bank"))(_ask)(visit, idea)
            shown = idea.publication in ("published", "requested")
            if may_ask and shown and st.button(_("Take it back"), key="publish-undo"):
                visit.write(ideas.unpublish, idea.idea_id)
                st.rerun()


def _decide(visit: Visit, idea: Idea, *, approved: bool) -> None:
    answer = visit.write(ideas.decide_publication, idea.idea_id, approved)
    if isinstance(answer, Refused):
        page.toast_next(answer.message)
    st.rerun()


def _ask(visit: Visit, idea: Idea) -> None:
    st.markdown(
        _(
            "Title, theme, level, stage and this text will be seen by everybody who signs in, once "
            "a mentor has approved it. The rest stays with the team, the mentors and the leads."
        )
    )
    faults = Faults()
    written = st.text_area(
        _("Public text (must be filled in)"), value=idea.public_text,
        max_chars=LIMITS["public_text"], key=f"public-{idea.idea_id}",
    )  # fmt: skip
    faults.beside("public_text")
    send = st.button(_("Ask a mentor to approve it"), type="primary", key="publish-send")
    if forms.careful(send, [written or ""], f"public-{idea.idea_id}"):
        answer = visit.write(ideas.ask_to_publish, idea.idea_id, written or "")
        forms.finish(answer, faults, _("Sent. A mentor reads the text before it is shown."))


def conversation(visit: Visit, idea: Idea) -> None:
    """The comments between team and mentors, and a field for one more."""
    st.header(_("Conversation"), anchor=False)
    said = visit.read(comments.listed, idea.idea_id)
    if not said:
        st.caption(_("Nobody has said anything yet. Only the team, mentors and leads read this."))
    else:
        rows = [
            Row(number, one.author, None, (time_text(one.recorded_at),), text=one.body)
            for number, one in enumerate(said)
        ]
        listing.draw(_("Conversation"), rows, "conversation")
    if not visit.may_for(Action.COMMENT, idea.idea_id):
        return
    faults = Faults()
    with st.form("comment", clear_on_submit=True, border=False):
        body = st.text_area(
            _("Write to the team and the mentors"),
            max_chars=LIMITS["comment"],
            height=90,
            key="comment-body",
        )
        send = st.form_submit_button(_("Send"))
    faults.beside("comment")
    key = f"comment-{idea.idea_id}"
    if forms.careful(send, [body or ""], key, shown=True):
        said_text = forms.kept_text(key, body or "")
        answer = visit.write(comments.say, idea.idea_id, said_text)
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            st.rerun()
