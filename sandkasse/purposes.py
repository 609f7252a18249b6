"""placeholder until merged"""
from dataclasses import dataclass
from sandkasse.journeys import Text
@dataclass(frozen=True)
class Purpose:
    id: str
    agency_id: str
    name: Text
    typical_days: int | None = None
_ALL = {"vat": Purpose("vat", "skatteetaten", Text(nb="Mva", en="VAT"), 21)}
def find(purpose_id):
    return _ALL.get(purpose_id or "")
