"""What synthetic teams say that their ideas involve, and the companies that some of them become."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from stdnum.no import orgnr

from sandkasse.demo.chance import Chance, Odds
from sandkasse.demo.columns import Gathered
from sandkasse.demo.records import Story
from sandkasse.demo.seasons import DAY
from sandkasse.needs import NEEDS

#: No company has a number that begins with 2 or 3: they are for tests.
_NUMBERS = range(310_000_000, 400_000_000)
_ENDS = Odds({"lives": 0.78, "deleted": 0.11, "bankrupt": 0.06, "winding_up": 0.05})
#: The gate that a registered company passes.
_REGISTERED = "registered"
_SAYS_NEEDS, _HAS_COMPANY = 0.55, 0.8


class Registrar:
    """Keeps the needs and companies of one story after another."""

    def __init__(self, chance: Chance, gathered: Gathered, now: int) -> None:
        self._chance, self._rows, self._now = chance, gathered.rows, now
        self._numbers = _numbers()

    def keep(self, story: Story, created: int) -> None:
        """The needs of an idea that came in at ``created``, and the company it became, if any."""
        chance, life = self._chance, story.life
        until = life.exit_at or self._now
        if chance.happens(_SAYS_NEEDS):
            some = chance.shuffled(list(NEEDS))[: 1 + chance.below(3)]
            when = created + int((until - created) * chance.between(0.0, 0.2))
            for seq, need in enumerate(some, start=1):
                self._rows["need_mark"].append(
                    (story.idea_id, seq, need, True, story.author_id, min(when, self._now))
                )
        registered = _when_registered(story)
        if registered is not None and chance.happens(_HAS_COMPANY):
            self._register(story, registered)

    def _register(self, story: Story, at: int) -> None:
        number = next(self._numbers)
        joined = min(at + int(self._chance.between(0, 3 * DAY)), self._now)
        self._rows["company"].append((story.idea_id, 1, number, story.author_id, joined))
        registered_on = _day(at) - timedelta(days=self._chance.below(10))
        name = f"Prøveselskap {int(number[3:])} AS"
        in_vat_register = self._chance.happens(0.7)
        self._read(number, joined, name, registered_on, vat=in_vat_register)
        end = self._chance.of(_ENDS)
        ended = at + int(self._chance.around(200.0, 0.6) * DAY)
        last = self._now - int(self._chance.between(0.5, 6) * DAY)
        if end != "lives" and joined < ended < last:
            self._read(number, last, name, registered_on, end=end, ended=_day(ended))
        elif joined < last:
            self._read(number, last, name, registered_on, vat=in_vat_register)

    def _read(
        self,
        number: str,
        when: int,
        name: str,
        registered_on: date,
        *,
        vat: bool = False,
        end: str = "lives",
        ended: date | None = None,
    ) -> None:
        """What the register said of a company at ``when``."""
        deleted = end == "deleted"
        self._rows["company_reading"].append((
            number, when, "deleted" if deleted else "found", name, "AS", registered_on,
            not deleted, vat, end == "bankrupt", end == "winding_up", False,
            ended if deleted else None,
        ))  # fmt: skip


def _when_registered(story: Story) -> int | None:
    """When an idea passed the stage in which a company is registered, if it did."""
    for place, gates in enumerate(story.route.gates):
        if _REGISTERED in (gate for gate, _ in gates):
            return next(
                (row.at for row in story.life.rows if row.place is not None and row.place > place),
                None,
            )
    return None


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def _numbers() -> Iterator[str]:
    """Organisation numbers with a right control digit that no company has."""
    return filter(orgnr.is_valid, map(str, _NUMBERS))
