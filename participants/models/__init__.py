from .consents import Consent
from .duplicates import Duplicate
from .passports import Passport
from .people import FollowUp, Graduation, Trainee

__all__ = ["Consent", "Duplicate", "FollowUp", "Graduation", "Passport", "Trainee"]
