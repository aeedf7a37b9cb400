from .certificates import Certificate, CertificateCounter
from .cohorts import Cohort, HeadCount
from .enrollments import Enrollment
from .placements import Placement
from .programs import Program
from .sessions import Session

__all__ = [
    "Certificate",
    "CertificateCounter",
    "Cohort",
    "Enrollment",
    "HeadCount",
    "Placement",
    "Program",
    "Session",
]
