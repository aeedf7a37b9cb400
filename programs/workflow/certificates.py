"""A certificate's way: eligible → approved → issued → revoked or superseded. Issued bytes never change."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.models import PrivateFile
from portal.records.transitions import NotNow, move_together, transition
from programs import completion, home_copies, paper
from programs.models import Certificate, CertificateCounter, Enrollment

from . import correction_answers, letters

State = Certificate.State
PREFIX = "GG"
# What a certificate gets when it is issued.
GIVEN = ("year", "serial", "number", "issued_on", "printed", "issue_problem", "file")


def number_of(day, serial):
    """As it is printed and asked for."""
    return f"{PREFIX}-{day.year}-{serial:04d}"


@transition(
    Certificate,
    source=[State.ELIGIBLE],
    target=State.APPROVED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Approve"),
)
def approve(certificate, *, by, note=""):
    """A named manager stands for it, while the rules of completion are met: what was corrected since counts."""
    refused = completion.against(certificate.enrollment)
    if refused:
        raise NotNow(refused)
    certificate.approved_by = by
    certificate.approved_at = clock.now()


@transition(
    Certificate,
    source=[State.APPROVED],
    target=State.ISSUED,
    permission=Permission.ISSUE_CERTIFICATES,
    label=gettext_lazy("Issue"),
)
def issue(certificate, *, by):
    """Give the number, render and seal the paper, keep it, and put the mail; all of it or nothing: no number is lost.

    Raises NotNow naming the letter when the fonts cannot print the name.
    """
    if erased := _of_erased([certificate]):
        raise NotNow(erased[certificate])
    day = clock.today()
    serial = CertificateCounter.take(day.year)
    words = paper.words_of(certificate, number_of(day, serial), day)
    _give([certificate], day, serial, [(words, paper.sealed(words))])


@transaction.atomic
def issue_together(certificates, *, by):
    """Issue several of one cohort, whose rows the caller has locked; return why not, by certificate, of the others.

    A paper that cannot be printed leaves its number to the next one, so there is no gap (decision 0021).
    """
    if not issue.verb.may(by):
        raise PermissionDenied
    day = clock.today()
    erased = _of_erased(certificates)
    if not (named := [certificate for certificate in certificates if certificate not in erased]):
        return erased
    papers, refused = _printed(named, paper.words_of_all(named, day), day)
    refused |= erased
    issued = [certificate for certificate in certificates if certificate not in refused]
    if issued:
        last = CertificateCounter.take(day.year, len(issued))
        _give(issued, day, last - len(issued) + 1, papers)
        move_together(issue.verb, issued, by=by, fields=GIVEN)
    return refused


def _of_erased(certificates):
    """Why not, by certificate, of those whose holder has been erased since: there is no name to print.

    Asked by itself, under the locks that erasing waits for: what was read together with these may be older than them.
    """
    holders = Certificate.objects.filter(pk__in=[certificate.pk for certificate in certificates])
    erased = set(holders.filter(enrollment__trainee__erased_at__isnull=False).values_list("pk", flat=True))
    words = _("This person is erased already.")
    return {certificate: words for certificate in certificates if certificate.pk in erased}


def _printed(certificates, words, day):
    """The papers (words, PDF) of those that can be printed, with numbers that nobody else gets; and why not the others.

    Printing takes long, so it goes by the number that should be next. Then the year is locked: if somebody else has
    taken numbers meanwhile, all is printed once more, under the lock.
    """
    expected = CertificateCounter.objects.filter(year=day.year).values_list("last", flat=True).first() or 0
    found = _printed_after(expected, certificates, words, day)
    last = CertificateCounter.take(day.year, 0)
    return found if last == expected else _printed_after(last, certificates, words, day)


def _printed_after(last, certificates, words, day):
    papers, refused = [], {}
    for certificate, own in zip(certificates, words, strict=True):
        numbered = {**own, "number": number_of(day, last + len(papers) + 1)}
        try:
            papers.append((numbered, paper.sealed(numbered)))
        except NotNow as error:
            refused[certificate] = " ".join(error.messages)
    return papers, refused


def _give(certificates, day, serial, papers):
    """Note number, words and file with each certificate, the first of which gets the `serial`; and put the mails."""
    files = PrivateFile.objects.store_all(
        [(content, f"{words['number']}.pdf") for words, content in papers], content_type="application/pdf"
    )
    for place, certificate in enumerate(certificates):
        certificate.year, certificate.serial = day.year, serial + place
        certificate.printed, certificate.file = papers[place][0], files[place]
        certificate.number = certificate.printed["number"]
        certificate.issued_on, certificate.issue_problem = day, ""
    outbox.put_all(
        "certificate",
        [
            {
                "to": one.enrollment.trainee,
                "about": one,
                "key": f"certificate:{one.pk}",
                "attachments": [one.file],
            }
            for one in certificates
        ],
    )
    _tell_home(certificates)


def _tell_home(certificates):
    """A copy for the contacts at home, where the program says so and the graduate has not said no to it."""
    by_enrollment = {one.enrollment_id: one for one in certificates}
    wanted = home_copies.wanted_by([one.enrollment for one in certificates])
    contacts = letters.contacts_at({one.trainee.institution_id for one in wanted})
    outbox.put_all(
        "certificate_home",
        [
            {
                "to": contact,
                "about": by_enrollment[one.pk],
                "key": f"certificate_home:{by_enrollment[one.pk].pk}:{contact.pk}",
                "attachments": [by_enrollment[one.pk].file],
            }
            for one in wanted
            for contact in contacts
            if contact.institution_id == one.trainee.institution_id
        ],
    )


# Taking one back -----------------------------------------------------------------------------------
# A certificate is taken back by two people: one asks and says why, another one does it. Nothing is deleted.


def _require_asked(certificate):
    if certificate.revocation_asked_by_id is None:
        raise NotNow(_("Nobody has asked for its revocation."))


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES),
    label=gettext_lazy("Ask for its revocation"),
)
def ask_revocation(certificate, *, by, reason):
    """Somebody says why the certificate should not be valid. It stays valid until another person revokes it."""
    if certificate.revocation_asked_by_id:
        raise NotNow(_("Its revocation has been asked for already."))
    certificate.revocation_asked_by = by
    certificate.revocation_asked_at = clock.now()
    certificate.revocation_reason = reason


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=(Permission.ISSUE_CERTIFICATES, Permission.APPROVE_CERTIFICATES),
    label=gettext_lazy("Leave it valid"),
)
def keep_valid(certificate, *, by, note=""):
    """The revocation that was asked for does not happen; the trail keeps who had asked, and why."""
    _require_asked(certificate)
    certificate.revocation_asked_by = certificate.revocation_asked_at = None
    certificate.revocation_reason = ""


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.REVOKED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Revoke"),
)
def revoke(certificate, *, by, note=""):
    """The certificate is not valid any more; verification says so. Whoever asked for it cannot do it."""
    _require_asked(certificate)
    if certificate.revocation_asked_by_id == getattr(by, "pk", None):
        raise NotNow(_("You asked for it, so another person has to revoke it."))
    certificate.revoked_reason = certificate.revocation_reason
    outbox.cancel_about(certificate, reason=_("revoked"), by=by)
    if certificate.correction_asked_at:
        stamp, reason = certificate.correction_asked_at.isoformat(), certificate.revoked_reason
        asked = correction_answers.clear(certificate)
        correction_answers.tell_not_corrected(certificate, asked=asked, stamp=stamp, reason=reason)


# Issuing another in its place ------------------------------------------------------------------------


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.SUPERSEDED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Supersede"),
)
def supersede(certificate, *, by, reason, successor):
    """Another certificate takes its place; verification sends its readers there."""
    certificate.superseded_by = successor
    correction_answers.clear(certificate)  # answered with the new one, see `reissue`
    certificate.revocation_asked_by = certificate.revocation_asked_at = None
    certificate.revocation_reason = ""
    outbox.cancel_about(certificate, reason=_("superseded"), by=by)


@transaction.atomic
def reissue(certificate, *, by, reason, corrects=False):
    """Issue the certificate anew, with a number of its own, as the record stands now; return the new one.

    The manager who does it stands for the new one by name. All of it or nothing: when the new one cannot be printed
    the old one stays valid. Whoever has asked for a correction of the name is told what became of it; `corrects`
    says that it is what they asked for, perhaps tidied. Raises NotNow.
    """
    Enrollment.objects.select_for_update(no_key=True).get(pk=certificate.enrollment_id)
    certificate.refresh_from_db()
    if certificate.state != State.ISSUED:
        raise NotNow(_("Only a valid certificate can be issued anew."))
    asked, asked_at = certificate.correction_name, certificate.correction_asked_at
    fresh = Certificate.objects.create(enrollment=certificate.enrollment)
    approve(fresh, by=by, note=reason)
    supersede(certificate, by=by, reason=reason, successor=fresh)
    fresh = issue(fresh, by=by)
    if asked and (corrects or fresh.printed["name"] == asked):
        correction_answers.tell_corrected(fresh, before=certificate.number)
    elif asked:
        stamp = asked_at.isoformat()
        correction_answers.tell_not_corrected(fresh, asked=asked, stamp=stamp, reason=reason)
    return fresh


# Giving it into a hand -------------------------------------------------------------------------------


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.ISSUED,
    permission=Permission.ISSUE_CERTIFICATES,
    label=gettext_lazy("Note that it was handed over"),
)
def hand_over(certificate, *, by, note=""):
    """The paper was given to its holder, at the ceremony or later."""
    if certificate.handed_over_at:
        raise NotNow(_("It is noted already that this certificate was handed over."))
    certificate.handed_over_by = by
    certificate.handed_over_at = clock.now()
