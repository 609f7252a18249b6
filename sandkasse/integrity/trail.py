"""Whether the audit is as it was written."""

from collections.abc import Iterator

from sandkasse import audit
from sandkasse.database import Reader
from sandkasse.integrity.finding import Finding


def broken_trail(reader: Reader) -> Iterator[Finding]:
    """What shows that the audit was tampered with."""
    for flaw in audit.flaws(reader):
        yield Finding("audit", None, flaw.audit_id, flaw.sentence)
