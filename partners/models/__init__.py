from .mous import EXPIRING_DAYS, Mou, MouParty, Status, joined
from .places import Contact, Institution, Region

__all__ = ["EXPIRING_DAYS", "Contact", "Institution", "Mou", "MouParty", "Region", "Status", "joined"]
