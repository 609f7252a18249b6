"""Reference files in ``data``: read as TOML, with what is wrong in one told in one way."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandkasse.errors import NotConfigured
from sandkasse.i18n import _
from sandkasse.journeys import Text


class Words(BaseModel):
    """A text in both languages, as a file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self) -> Text:
        """The text."""
        return Text(self.nb, self.en)


@contextmanager
def reading(path: Path) -> Iterator[dict[str, Any]]:
    """The content of a file, for the block to make sense of.

    :raises NotConfigured: naming the file and what is wrong with it: it cannot be read, or the
        block finds something missing or of the wrong form.
    """
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
        yield content
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise faulty(path, str(error)) from None
    except (KeyError, TypeError) as error:
        raise faulty(path, _("{what} is missing").format(what=error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise faulty(path, f"{where}: {first['msg']}") from None


def require_once(path: Path, ids: Iterable[str]) -> None:
    """Refuse ids that are there more than once. :raises NotConfigured: naming the first."""
    for key, n in Counter(ids).items():
        if n > 1:
            raise faulty(path, _("{id} is there more than once").format(id=key))


def faulty(path: Path, reason: str) -> NotConfigured:
    """What to raise of a file that cannot be used, for a reason in words."""
    return NotConfigured(_("{file} cannot be used: {reason}.").format(file=path, reason=reason))
