"""What the privacy notice says of the body that runs Sandkasse (``data/privacy.toml``)."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sandkasse.config import PROJECT_FOLDER
from sandkasse.reference_file import reading

FILE = PROJECT_FOLDER / "data" / "privacy.toml"


class Body(BaseModel):
    """The body that answers for the data; what is empty is not set yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    controller: str = ""
    contact: str = ""
    officer: str = ""
    host: str = ""
    basis: str = ""


@cache
def body(path: Path = FILE) -> Body:
    """What the file says. :raises NotConfigured: when it cannot be used."""
    with reading(path) as content:
        return Body(**content)
