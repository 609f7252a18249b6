"""How many of the companies still live: 1, 3 and 5 years after they were registered.

A company lives on a day when the register had not deleted it by then, and it was neither bankrupt
nor being wound up when it was first read on or after that day. Only companies registered at least
so many years before are counted; the others are too young to say. Of those not read after their
day, it is not known.

Beside it stand Statistics Norway's rates for all new firms (of 2019 after one year, of 2015 after
five), which count as active whoever has employees or turnover: another definition than ours.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandkasse import clock
from sandkasse.access import Action, require
from sandkasse.database import Database
from sandkasse.figures.statistics import wilson
from sandkasse.people import Actor

YEARS = (1, 3, 5)

#: Statistics Norway's published shares of firms active after so many years; None: not found.
BASE_RATES: dict[int, float | None] = {1: 0.44, 3: None, 5: 0.265}
BASE_RATES_SOURCE = (
    "https://www.ssb.no/virksomheter-foretak-og-regnskap/virksomheter-og-foretak/statistikk/"
    "nyetablerte-foretaks-overlevelse-og-vekst/artikler/"
    "kun-1-av-3-enkeltpersonforetak-aktive-etter-1-aar"
)


@dataclass(frozen=True)
class Survival:
    """Of ``n`` companies that are old enough and were read since, ``living`` still lived after
    ``years``; ``too_young`` are not old enough, of ``unknown`` it is not known."""

    years: int
    n: int
    living: int
    too_young: int
    unknown: int
    base_rate: float | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval for the share that lives; None without a company."""
        return wilson(self.living, self.n)


_LIVES = """
WITH joined AS (
    SELECT DISTINCT last AS orgnr FROM (
        SELECT arg_max(coalesce(orgnr, ''), seq) AS last
        FROM company WHERE recorded_at <= $known_at GROUP BY idea_id
    ) WHERE last <> ''
),
known AS (
    SELECT r.orgnr, max(r.registered_on) AS registered_on, min(r.deleted_on) AS deleted_on,
           list(struct_pack(read_at := r.read_at, gone := r.outcome IN ('deleted', 'removed'),
                            ending := coalesce(r.bankrupt, false) OR coalesce(r.winding_up, false)
                                      OR coalesce(r.forced_winding_up, false))
                ORDER BY r.read_at) AS readings
    FROM company_reading AS r
    SEMI JOIN joined AS j ON j.orgnr = r.orgnr
    WHERE r.read_at <= $known_at AND r.outcome <> 'unknown'
    GROUP BY r.orgnr
),
aged AS (
    SELECT k.*, y.years, k.registered_on + to_years(y.years) AS day
    FROM known AS k, (SELECT unnest($years::INTEGER[]) AS years) AS y
    WHERE k.registered_on IS NOT NULL
),
read_then AS (
    SELECT years, day, deleted_on,
           list_first(list_filter(readings, lambda r: r.read_at >= day)) AS reading
    FROM aged
)
SELECT years, day <= $today AS old_enough,
       CASE WHEN deleted_on <= day OR reading.ending THEN false
            WHEN deleted_on IS NOT NULL THEN true
            ELSE NOT reading.gone
       END AS lived, count(*)
FROM read_then
GROUP BY ALL
"""


def survival(
    db: Database,
    actor: Actor,
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> list[Survival]:
    """How many companies lived 1, 3 and 5 years after their registration.

    :param as_of: an aware time; years are counted up to its day in Europe/Oslo. None is now.
    :param known_at: an aware time; only what had been read by then counts. None is now.
    :raises NotAllowed: without the right to figures.
    """
    require(actor, Action.SEE_FUNNEL)
    now = clock.now()
    values = {
        "known_at": known_at or now, "today": clock.local(as_of or now).date(),
        "years": list(YEARS),
    }  # fmt: skip
    counted: dict[int, dict[str, int]] = {years: {} for years in YEARS}
    for years, old_enough, lived, n in db.rows(_LIVES, values):
        fate = {True: "living", False: "ended", None: "unknown"}[lived]
        counts = counted[years]
        key = fate if old_enough else "too_young"
        counts[key] = counts.get(key, 0) + n
    return [
        Survival(
            years=years,
            n=counts.get("living", 0) + counts.get("ended", 0),
            living=counts.get("living", 0),
            too_young=counts.get("too_young", 0),
            unknown=counts.get("unknown", 0),
            base_rate=BASE_RATES[years],
        )
        for years, counts in counted.items()
    ]


def survival_to_json(figure: list[Survival]) -> list[dict[str, Any]]:
    """The figure as JSON can say it; shares from 0 to 1."""
    return [
        {
            "years": one.years, "n": one.n, "living": one.living, "interval": one.interval,
            "too_young": one.too_young, "unknown": one.unknown, "base_rate": one.base_rate,
        }
        for one in figure
    ]  # fmt: skip
