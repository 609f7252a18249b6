"""How tables are described."""

from typing import TypeAlias

#: By table: what a row is, and what each column holds.
Tables: TypeAlias = dict[str, tuple[str, dict[str, str]]]
