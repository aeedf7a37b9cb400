"""Invented passports and papers of those who come: some whole, some missing, some refused or expiring too early."""

from datetime import timedelta

from participants import passports
from participants.models import Document
from participants.scans import Scan
from participants.workflow import consents, documents
from participants.workflow import passports as passport_verbs
from portal.records.actors import PORTAL, System
from programs.checklists import STILL_IN, needed_until
from programs.models import Enrollment

from . import invented

A_PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip
# How many of the program's papers each of four in turn has handed in.
HANDED_IN = (6, 4, 2, 0)


def load():
    officer = invented.acting("officer")
    rows = Enrollment.objects.filter(state__in=STILL_IN).select_related("cohort__program", "trainee")
    for index, enrollment in enumerate(rows.order_by("pk")):
        count = HANDED_IN[index % len(HANDED_IN)]
        if count:
            _hand_in(enrollment, index, count, officer)


def _hand_in(enrollment, index, count, officer):
    trainee, cohort = enrollment.trainee, enrollment.cohort
    by = System(str(trainee))
    for purpose in ("participation", "passport"):
        consents.give(trainee, by=by, purpose=purpose, language="en")
    number = passports.normalize(f"E{7340000 + 137 * index}")
    until = needed_until(Document.Kind.PASSPORT, cohort)
    early = index % 5 == 1
    expires = until - timedelta(days=60) if early else until + timedelta(days=900)
    passport_verbs.enter(
        trainee, by=PORTAL, number=number, issuing_country=trainee.nationality, expires=expires
    )
    for place, kind in enumerate([kind for kind in cohort.program.papers if kind != "photo"][:count]):
        scan = Scan(A_PAGE, "application/pdf", "pdf")
        document = documents.receive(trainee, by=by, kind=kind, scan=scan)
        if place == 3:
            documents.refuse(document, by=officer, reason="The second page is missing.")
        elif place % 2 == 0:
            documents.check(document, by=officer)
