"""What a verb of certificates will do, in the sentences of its confirm box, with the mails counted."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from partners.models import joined

from . import home_copies
from .effects import counted


def of_approve_certificates(certificates, user):
    facts = {"count": len(certificates), "name": user.name}
    return [
        ngettext(
            "%(count)s certificate is approved in your name, %(name)s.",
            "%(count)s certificates are approved in your name, %(name)s.",
            len(certificates),
        )
        % facts,
        *_of_names_not_confirmed(certificates),
        _("Nothing is printed or sent yet."),
    ]


def _of_names_not_confirmed(certificates):
    """How many of the names nobody has confirmed, if any: they stand as staff entered them."""
    trainees = [certificate.enrollment.trainee for certificate in certificates]
    count = sum(trainee.certificate_name_confirmed_at is None for trainee in trainees)
    if not count:
        return []
    return [
        counted(
            ngettext_lazy(
                "%(count)s name is not confirmed by the trainee.",
                "%(count)s names are not confirmed by the trainees.",
                "count",
            ),
            count,
        )
    ]


def of_issue_certificates(certificates):
    without = [certificate for certificate in certificates if not certificate.enrollment.trainee.email]
    found = [
        counted(
            ngettext_lazy(
                "%(count)s certificate gets its number and is printed.",
                "%(count)s certificates get their numbers and are printed.",
                "count",
            ),
            len(certificates),
        ),
        counted(
            ngettext_lazy(
                "%(count)s mail with the certificate is sent.",
                "%(count)s mails with the certificates are sent.",
                "count",
            ),
            len(certificates) - len(without),
        ),
        *_of_names_not_confirmed(certificates),
    ]
    if without:
        names = joined([str(certificate.enrollment.trainee) for certificate in without])
        found.append(_("No e-mail address is known, so no mail is sent: %(names)s.") % {"names": names})
    return [
        *found,
        *home_copies.effects_of(certificates),
        _("A number and what is printed under it never change afterwards."),
    ]


def of_ask_revocation(certificate):
    return [
        _("%(number)s stays valid until another person, a manager, revokes it.")
        % {"number": certificate.number},
        _("No mail is sent."),
    ]


def of_keep_valid(certificate):
    facts = {"name": certificate.revocation_asked_by, "reason": certificate.revocation_reason}
    found = [_("The certificate stays valid; the history keeps that a revocation was asked for.")]
    if certificate.revocation_asked_by_id:
        found.insert(0, _("%(name)s had asked for it: “%(reason)s”") % facts)
    return [*found, _("No mail is sent.")]


def of_reissue(certificate):
    mail = _("1 mail with the new certificate is sent.")
    if not certificate.enrollment.trainee.email:
        mail = _("No e-mail address is known, so no mail is sent.")
    return [
        _("A new certificate with a number of its own is approved in your name and issued at once."),
        _("Whoever verifies %(number)s is told that a newer one has taken its place.")
        % {"number": certificate.number},
        mail,
    ]


def of_accept_correction(certificate):
    words = _("The holder is told that the name is corrected, in a second mail.")
    told = [words] if certificate.enrollment.trainee.email else []
    return [_("The name on the trainee’s record is changed too."), *of_reissue(certificate), *told]


def of_decline_correction(certificate):
    facts = {"name": certificate.correction_name}
    return [
        _("The certificate stays as it is; “%(name)s” was asked for.") % facts,
        _("The holder gets a mail with the reason.")
        if certificate.enrollment.trainee.email
        else _("No e-mail address is known, so no mail is sent."),
    ]


def of_revoke(certificate):
    asked = certificate.revocation_asked_by
    facts = {"name": asked, "reason": certificate.revocation_reason}
    return [
        *([_("%(name)s asks for it: “%(reason)s”") % facts] if asked else []),
        _("Whoever verifies %(number)s is told that it is not valid.") % {"number": certificate.number},
        _("A mail with it that has not left is cancelled."),
        _("Nothing is deleted; the reason stays with the certificate."),
    ]
