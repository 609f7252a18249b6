"""The parts of one's own page, by role."""

from datetime import timedelta

import streamlit as st

from sandkasse import figures, idea_bank, journeys, membership
from sandkasse.access import Action
from sandkasse.i18n import _, date_text, language, ngettext_, number_text
from sandkasse.idea_bank import Filter, Sort
from sandkasse.ledger import Party
from sandkasse.ui import holder, identity, listing, states
from sandkasse.ui.listing import Mark, Row
from sandkasse.ui.page import Visit
from sandkasse.ui.text import plain

_SHOWN = 5


def ending(visit: Visit) -> None:
    """Tell somebody who is no longer seen to belong until when the access lasts."""
    found = identity.belonging(visit.db, visit.actor)
    if found is None or found.ends_at is None:
        return
    st.warning(
        _(
            "{provider} no longer says that you are a student or an employee. Your access lasts "
            "until {date}; a project lead can extend it."
        ).format(
            provider=plain(identity.rules().label(found.provider)),
            date=date_text(found.ends_at - timedelta(seconds=1), "long"),
        ),
        icon=":material/schedule:",
    )


def awaiting(visit: Visit) -> None:
    """Tell a lead that somebody waits for a role."""
    n = len(visit.read(membership.awaiting))
    if n:
        words = ngettext_("{n} person waits for a role", "{n} people wait for a role", n)
        st.page_link(
            "pages/people.py",
            label=words.format(n=number_text(n)),
            icon=":material/person_add:",
        )


def queue(visit: Visit) -> None:
    """A mentor's work: what waits for an answer, what is new, and what has taken too long."""
    waiting = Filter(waiting_for_me=True, mine=True, sort=Sort.LONGEST)
    new = Filter(unmentored=True, sort=Sort.OLDEST)
    late = Filter(mine=True, overdue=True, sort=Sort.LONGEST)
    _part(visit, _("Waiting for your answer"), waiting, "waiting", _("Nobody waits for you."))
    _part(visit, _("New ideas without a mentor"), new, "new", _("Every idea has a mentor."))
    _part(
        visit,
        _("Yours, over the expected time"),
        late,
        "late",
        _("None of your ideas is over its time."),
    )


def _part(visit: Visit, heading: str, wanted: Filter, key: str, empty: str) -> None:
    found = visit.read(idea_bank.find, wanted, 1, _SHOWN)
    st.header(f"{heading} ({number_text(found.total)})", anchor=False)
    if not found.rows:
        st.caption(empty)
        return
    states.idea_list(visit, heading, found.rows, key=key)
    if found.total > _SHOWN:
        st.page_link(
            "pages/idea_bank.py",
            label=_("See all {n}").format(n=number_text(found.total)),
            icon=":material/arrow_forward:",
            query_params=_address(wanted),
        )


def _address(wanted: Filter) -> dict[str, str]:
    flags = {
        "mine": wanted.mine,
        "waiting": wanted.waiting_for_me,
        "overdue": wanted.overdue,
        "unmentored": wanted.unmentored,
    }
    return {"sort": wanted.sort.value, **{name: "1" for name, on in flags.items() if on}}


def own_ideas(visit: Visit) -> None:
    """A student's ideas, each with what to do next."""
    found = visit.read(idea_bank.find, Filter(mine=True), 1, 20)
    st.header(_("Your ideas"), anchor=False)
    if not found.rows:
        states.nothing(
            _("You have no idea here yet. It does not have to be finished to be submitted."),
            page="submit",
            label=_("Submit an idea"),
        )
        return
    known = states.journeys_by_id(visit)
    rows = []
    for idea in found.rows:
        journey = known[idea.journey_id].for_level(idea.level)
        stage = journey.stage(idea.stage_id)
        where = _("Stage {n} of {all}: {stage}").format(
            n=stage.position + 1, all=len(journey.stages), stage=stage.name.in_(language())
        )
        if idea.exit_id is not None:
            mark = Mark(journey.exit(idea.exit_id).name.in_(language()))
            told = _("It has left the journey.")
        elif idea.held:
            mark, told = Mark(_("On hold"), strong=True), _("Nobody is waited for.")
        elif idea.ball == Party.STUDENT:
            mark, told = Mark(_("Your turn"), strong=True), stage.help.in_(language())
        else:
            party = holder.named(visit, idea.ball, idea.ball_agencies)
            mark = Mark(_("With {party}").format(party=party))
            told = _("You do not have to do anything just now.")
        rows.append(
            Row(idea.idea_id, idea.title, f"idea?idea={idea.idea_id}", (where,), (mark,), told)
        )
    opened = listing.draw(_("Your ideas"), rows, key="own")
    if opened is not None:
        st.switch_page("pages/idea.py", query_params={"idea": str(opened)})


def funnel_in_brief(visit: Visit) -> None:
    """One sentence a sandbox on what is where now, and the way to the figures."""
    st.header(_("The funnel in brief"), anchor=False)
    for journey in visit.know(journeys.all_journeys):
        now = visit.read(figures.snapshot, figures.Choice(journey.id))
        st.markdown(f"**{journey.name.in_(language())}.** {figures.sentence(now)}")
    if visit.may(Action.SEE_FUNNEL):
        st.page_link("pages/funnel.py", label=_("Open the funnel"), icon=":material/arrow_forward:")


def published(visit: Visit) -> None:
    """The ideas that everybody may read, for those who see no others."""
    found = visit.read(idea_bank.find, Filter(), 1, _SHOWN)
    st.header(_("Published ideas"), anchor=False)
    if not found.rows:
        st.caption(_("No team has published its idea yet."))
        return
    states.idea_list(visit, _("Published ideas"), found.rows, key="published")
    if found.total > _SHOWN:
        st.page_link(
            "pages/idea_bank.py",
            label=_("See all {n}").format(n=number_text(found.total)),
            icon=":material/arrow_forward:",
        )
