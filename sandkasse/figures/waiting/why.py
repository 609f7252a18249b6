"""Why an idea is counted in a party's time, or is not: the turns that its days are made of."""

from sandkasse.access import Action, require, require_for_idea
from sandkasse.database import Database
from sandkasse.errors import Invalid
from sandkasse.figures.waiting.choice import WaitingChoice, ask
from sandkasse.figures.waiting.division import PARTIES, spent
from sandkasse.figures.waiting.sentences import PARTY_WORDS
from sandkasse.figures.why import Used, Why
from sandkasse.i18n import _, language, number_text
from sandkasse.people import Actor


def why(
    db: Database, actor: Actor, choice: WaitingChoice, stage_id: str | None, party: str,
    idea_id: int,
) -> Why:  # fmt: skip
    """Why an idea has, or has not, spent time with a party in a stage (None: in any).

    ``used`` are its turns, numbered from 1: with whom, where and for how many of the chosen days.

    :raises NotAllowed, NotFound: for those who do not see the idea or the ideas behind figures.
    :raises Invalid: for an unknown party; else as for
        :func:`sandkasse.figures.waiting.choice.ask`.
    """
    require(actor, Action.SEE_FUNNEL_RECORDS)
    require_for_idea(db, actor, Action.SEE_IDEA, idea_id)
    question = ask(db, actor, choice)
    if party not in PARTIES:
        raise Invalid(_("Choose one of the numbers of the figure."), "part")
    names = {
        stage.id: stage.name.in_(language())
        for journey in question.journeys
        for stage in journey.stages
    }
    sql, values = spent(question)
    turns = db.rows(
        f"{sql} SELECT stage_id, party, begins, micros / 86_400e6 AS days FROM spent"  # noqa: S608
        " WHERE idea_id = $idea_id ORDER BY begins",
        {**values, "idea_id": idea_id},
    )
    used = tuple(
        Used(number, begins, _("{party}, in {stage}: {days} days").format(
            party=_(PARTY_WORDS[whose]), stage=names[stage], days=number_text(days, 1)))
        for number, (stage, whose, begins, days) in enumerate(turns, 1)
    )  # fmt: skip
    counted = any(whose == party and stage_id in (None, at) for at, whose, _begins, _days in turns)
    where = names.get(stage_id or "", _("any stage"))
    return Why(
        counted=counted,
        rule=_("It was with {party} for some of the chosen time, in {stage}.").format(
            party=_(PARTY_WORDS[party]), stage=where
        ),
        used=used,
        missing="" if counted else _("It has no such turn in the chosen time."),
    )
