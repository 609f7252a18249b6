"""Whose turn it is, what was asked of them, and giving the next step to somebody else."""

import streamlit as st

from sandkasse import mentoring, pipeline
from sandkasse.access import Action
from sandkasse.i18n import _, days_text, since_days
from sandkasse.ideas import Idea
from sandkasse.ledger import Party
from sandkasse.people import Role
from sandkasse.ui import forms, holder, receipt
from sandkasse.ui.forms import Faults
from sandkasse.ui.page import Refused, Visit
from sandkasse.ui.text import paragraphs, plain


def banner(visit: Visit, idea: Idea) -> None:
    """Whose turn it is; to whoever it is, also the words with which they got it."""
    days = _for_days(since_days(idea.ball_at))
    if not _is_mine(visit, idea):
        party = plain(holder.named(visit, idea.ball, idea.ball_agencies))
        told = _("The ball is with {party}: {days}.").format(party=party, days=days)
    else:
        told = "\n\n".join(
            [_("**It is your turn**, {days}.").format(days=days), *_asked(visit, idea)]
        )
    st.info(told, icon=":material/sports_handball:")


def _is_mine(visit: Visit, idea: Idea) -> bool:
    """Whether the next step is the reader's own."""
    if idea.ball == Party.STUDENT:
        # A right that nobody has but for the ideas of their own team.
        return visit.may_for(Action.ASK_TO_PUBLISH, idea.idea_id)
    if idea.ball == Party.MENTOR:
        found = visit.know(mentoring.mentors_of, (idea.idea_id,)).get(idea.idea_id, [])
        return visit.actor.person_id in {mentor_id for mentor_id, _name in found}
    return idea.ball == Party.PROJECT and visit.actor.has(Role.LEAD)


def _asked(visit: Visit, idea: Idea) -> list[str]:
    happenings = visit.read(pipeline.timeline, idea.idea_id)
    given = pipeline.gave_ball(happenings, Party(idea.ball), idea.ball_at)
    if given is None or not given.row.note:
        return []
    note = paragraphs(given.row.note)
    return [
        _("{name} wrote: {note}").format(name=plain(given.actor), note=note)
        if given.actor
        else note,
        _("Answer in the conversation below, or with a few words when you hand over."),
    ]


def _for_days(days: float) -> str:
    return _("from today") if days < 1 else _("for {days}").format(days=days_text(days))


def buttons(visit: Visit, idea: Idea, *, as_mentor: bool) -> None:
    """«Ready for review» for the team; for the mentors back to the student, or to the project."""
    ways = (Party.STUDENT, Party.PROJECT) if as_mentor else (Party.MENTOR,)
    for to in ways:
        if to != idea.ball and st.button(
            _label(to), key=f"hand-over-{to}", icon=":material/sports_handball:"
        ):
            # The idea is the one seen when the dialog opened: a change meanwhile is a conflict.
            st.dialog(_label(to))(form)(visit, idea, to)


def _label(to: Party) -> str:
    return {
        Party.STUDENT: _("Back to the student"),
        Party.PROJECT: _("Over to the project"),
        Party.MENTOR: _("Ready for review"),
    }[to]


def form(visit: Visit, idea: Idea, to: Party) -> None:
    """What the dialog holds: a few words to whoever gets the next step, and the button."""
    faults = Faults()
    key = f"hand-over-{idea.idea_id}-{idea.last_seq}-{to}"
    note = forms.note_field(faults, key, _("What should they look at or answer? (optional)"))
    if st.button(_label(to), type="primary", key=f"{key}-do"):
        answer = visit.write(
            pipeline.hand_over, idea.idea_id, to=to, expected_seq=idea.last_seq, note=note
        )
        if isinstance(answer, Refused):
            faults.show(answer)
        else:
            receipt.keep(receipt.of_idea(_label(to), idea.idea_id, answer.seq))
            st.rerun()
