from .contacts import Contact
from .mous import EXPIRING_DAYS, IN_FORCE, STATUSES, Mou, MouParty, MouScan, Status, joined
from .places import DEPTH, Institution, Region

__all__ = [
    "DEPTH",
    "EXPIRING_DAYS",
    "IN_FORCE",
    "STATUSES",
    "Contact",
    "Institution",
    "Mou",
    "MouParty",
    "MouScan",
    "Region",
    "Status",
    "joined",
]
