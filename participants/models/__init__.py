from .consents import Consent
from .documents import Document
from .duplicates import Duplicate
from .followups import FollowUp
from .graduates import Post, Visit
from .passports import Passport
from .people import Graduation, Trainee

__all__ = [
    "Consent",
    "Document",
    "Duplicate",
    "FollowUp",
    "Graduation",
    "Passport",
    "Post",
    "Trainee",
    "Visit",
]
