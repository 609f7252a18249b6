"""Lives that lead where a demonstration wants them: see :class:`sandkasse.demo.personas.Wish`."""

from contextlib import suppress

from sandkasse.demo.lives import Life, Route, Teller, Today
from sandkasse.demo.personas import Wish
from sandkasse.demo.seasons import DAY
from sandkasse.ledger import Kind, Party


def tell(teller: Teller, route: Route, wish: Wish) -> Life:
    """A life that began ``wish.age`` days ago and has come where it was wished to be."""
    chance = teller.chance
    entered = teller.now - int(wish.age * DAY) - chance.below(5 * 3600)
    end = teller.now - int(wish.quiet * DAY)
    life = teller.begin(entered)
    target = round(wish.reach * (len(route.stages) - 1))
    with suppress(Today):
        for left_to_pass in range(target, 0, -1):
            _pass_stage(teller, life, route, (end - life.last) / DAY / (left_to_pass + 1))
        _come_to_rest(teller, life, route, wish, (end - life.last) / DAY)
    return life


def _pass_stage(teller: Teller, life: Life, route: Route, days: float) -> None:
    if life.ball is Party.STUDENT:
        teller.ready(life, days * 0.75)
    teller.go_on(life, route, days * 0.25, plainly=True)


def _come_to_rest(teller: Teller, life: Life, route: Route, wish: Wish, days: float) -> None:
    """The last days: the wished exit, hold, or owner of the next step."""
    if wish.exit_kind is not None:
        teller.leave(life, route, wish.exit_kind, days, for_good=True)
    elif wish.held:
        teller.act(life, Kind.HOLD, days, Party.MENTOR, reason="studies", note="hold")
    elif wish.ball is Party.STUDENT:
        if life.ball is Party.STUDENT:
            teller.ready(life, days * 0.7)
            days *= 0.3
        teller.ask(life, days)
    elif life.ball is Party.STUDENT and wish.ball is not Party.AGENCY:
        teller.ready(life, days)
