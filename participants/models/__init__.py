from .consents import Consent
from .documents import Document
from .duplicates import Duplicate
from .passports import Passport
from .people import FollowUp, Graduation, Trainee

__all__ = ["Consent", "Document", "Duplicate", "FollowUp", "Graduation", "Passport", "Trainee"]
