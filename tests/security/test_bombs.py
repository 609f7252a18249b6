"""Small files that are made to keep the server busy: refused in words, and soon."""

import time
import zlib

import pytest

from sandkasse.errors import Invalid, InvalidImport
from sandkasse.exchange import preview_positions
from sandkasse.recruitment import papers

_ROOT = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"


def _unpacks_to(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _n in range(megabytes))
    return zlib.compress(packed + packer.flush(), 9)


def _chain(length: int, megabytes: int, more: bytes = b"") -> bytes:
    """A PDF whose tables of contents each point to the one before, and unpack to a lot."""
    packed, made, before = _unpacks_to(megabytes), b"%PDF-1.7\n" + _ROOT, b""
    for number in range(3, 3 + length):
        at = len(made)
        made += (
            b"%d 0 obj\n<< /Type /XRef /W [1 4 2] /Size 4 /Root 1 0 R %s %s /Length %d"
            b" /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream\nendobj\n"
            % (number, before, more, len(packed), packed)
        )
        before = b"/Prev %d" % at
    return made + b"startxref\n%d\n%%%%EOF" % at


@pytest.mark.parametrize(
    "content",
    [
        _chain(400, 60),
        _chain(400, 4),
        _chain(1, 60, b"/DecodeParms [null << /Predictor 12 /Columns 1 >>]"),
        _chain(400, 4, b"/DecodeParms [null << /Predictor 12 /Columns 1 >>]"),
    ],
    ids=["large", "many", "rows", "many-rows"],
)
def test_a_pdf_that_unpacks_to_a_lot_is_refused_soon(content):
    began = time.thread_time()
    with pytest.raises(Invalid, match="damaged"):
        papers.checked("cv.pdf", content)
    # Read to its end, each needs ten seconds to an hour.
    assert time.thread_time() - began < 5


@pytest.mark.parametrize(
    "table", [b";".join(b"c%d" % one for one in range(300_000)), b";" * 1_000_000],
    ids=["named", "empty"],
)  # fmt: skip
def test_a_table_of_a_million_columns_is_refused_soon(db, cast, table):
    began = time.thread_time()
    with pytest.raises(InvalidImport, match="Missing"):
        preview_positions(db, cast.lead, table)
    with pytest.raises(InvalidImport, match="more than once"):
        preview_positions(db, cast.lead, _HEADS + table + b";note;note\n" + b";" * 1_000_000)
    assert time.thread_time() - began < 5


_HEADS = b"position;agency;title;title_en;seats;hours;from;to;occurred_at;"
