from .attendance import Attendance, CheckIn
from .calendars import CalendarFeed
from .certificates import Certificate, CertificateCounter, WithdrawnBadge
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
from .hostings import Hosting, HostingRequest, HostingSeats
from .nominations import Call
from .placements import Placement
from .programs import Brand, Criterion, Program
from .proposals import Proposal, ProposedLine, Wish
from .releases import Release
from .results import ResultBlock
from .selection import Offer, Review, Reviewer, Score, Waiver
from .session_files import SessionFile
from .sessions import ScheduleLook, ScheduleRelease, Session
from .signatories import Signatory, SignatoryMark

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
    "Hosting",
    "HostingRequest",
    "HostingSeats",
    "Objective",
    "ObjectiveRating",
    "Offer",
    "Placement",
    "Program",
    "ProgramFeedback",
    "Proposal",
    "ProposedLine",
    "Quota",
    "Release",
    "ResultBlock",
    "Review",
    "Reviewer",
    "ScheduleLook",
    "ScheduleRelease",
    "Score",
    "Session",
    "SessionFile",
    "Signatory",
    "SignatoryMark",
    "Waiver",
    "Wish",
    "WithdrawnBadge",
]
