from .attendance import Attendance, CheckIn
from .calendars import CalendarFeed
from .certificates import Certificate, CertificateCounter
from .cohorts import Cohort, HeadCount, Quota
from .enrollments import Enrollment
from .evaluations import (
    Evaluation,
    Exemption,
    HospitalFeedback,
    Objective,
    ObjectiveRating,
    ProgramFeedback,
)
from .nominations import Call
from .placements import Placement
from .programs import Brand, Criterion, Program
from .releases import Release
from .selection import Offer, Review, Reviewer, Score, Waiver
from .sessions import ScheduleLook, ScheduleRelease, Session

__all__ = [
    "Attendance",
    "Brand",
    "CalendarFeed",
    "Call",
    "Certificate",
    "CertificateCounter",
    "CheckIn",
    "Cohort",
    "Criterion",
    "Enrollment",
    "Evaluation",
    "Exemption",
    "HeadCount",
    "HospitalFeedback",
    "Objective",
    "ObjectiveRating",
    "Offer",
    "Placement",
    "Program",
    "ProgramFeedback",
    "Quota",
    "Release",
    "Review",
    "Reviewer",
    "ScheduleLook",
    "ScheduleRelease",
    "Score",
    "Session",
    "Waiver",
]
