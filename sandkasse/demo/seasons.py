"""When things happen at a university: by semester, on weekdays, in the daytime.

Moments are whole seconds since 1970 in UTC.
"""

import numpy as np

from sandkasse.demo.chance import Chance

DAY = 86_400
_SPAN_DAYS = 730

#: How many ideas a month brings, January first, compared with each other.
_BY_MONTH = (1.6, 1.5, 1.0, 0.75, 0.5, 0.25, 0.1, 0.7, 1.9, 1.8, 1.1, 0.4)
_WEEKEND = 0.3


def entries(chance: Chance, n: int, now: int) -> list[int]:
    """When ``n`` ideas come in over the last two years up to ``now``, earliest first.

    Many come early in a semester, few at weekends, and the second year brings more than the first.
    """
    if n == 0:
        return []
    days = np.arange(now // DAY - _SPAN_DAYS, now // DAY + 1)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    weights = np.array(_BY_MONTH)[months] * np.where((days + 3) % 7 >= 5, _WEEKEND, 1.0)
    weights *= np.linspace(0.7, 1.3, len(days))
    chosen = chance.generator.choice(days, size=n, p=weights / weights.sum())
    moments = chosen * DAY + chance.generator.integers(6 * 3600, 21 * 3600, size=n)
    recent = now - chance.generator.integers(600, 6 * 3600, size=n)
    return [int(moment) for moment in np.sort(np.where(moments < now - 300, moments, recent))]


def in_daytime(chance: Chance, moment: float, *, weekdays: bool) -> int:
    """``moment`` moved to the daytime of its day, or of Monday for those who keep weekdays."""
    day = int(moment) // DAY
    weekday = (day + 3) % 7
    if weekdays and weekday >= 5:
        day += 7 - weekday
    return day * DAY + int(chance.between(6.5, 15.5 if weekdays else 20.5) * 3600)
