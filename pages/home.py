"""One's own page: what to do next."""

from sandkasse.access import Action
from sandkasse.i18n import N_
from sandkasse.people import Role
from sandkasse.ui import (
    deadline_view,
    home_view,
    meeting_view,
    notice_view,
    page,
    recruitment_view,
    results_view,
    touchpoint_view,
)

visit = page.begin(N_("My page"))

home_view.ending(visit)
if visit.may(Action.SEE_PEOPLE):
    home_view.awaiting(visit)
notice_view.unread(visit)
results_view.own_actions(visit)
if visit.may(Action.SEE_QUEUE):
    home_view.queue(visit)
if visit.may(Action.DESCRIBE_TOUCHPOINT):
    touchpoint_view.due(visit)
if visit.actor.has(Role.MEMBER):
    touchpoint_view.of_own_agency(visit)
    recruitment_view.own_seats(visit)
if visit.actor.has(Role.STUDENT):
    home_view.own_ideas(visit)
    deadline_view.mine(visit)
    recruitment_view.own_applications(visit)
if visit.may(Action.SEE_PEOPLE):
    recruitment_view.warned(visit)
if visit.may(Action.SEE_FUNNEL):
    home_view.funnel_in_brief(visit)
if visit.may(Action.SEE_MEETINGS):
    meeting_view.soon(visit)
if visit.actor.has(Role.MEMBER):
    home_view.published(visit)
notice_view.settings(visit)
