"""What erasing a person would take away and what it would leave, in words, before anybody does it."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import Consent, Document, FollowUp, Graduation, Passport, Post, Trainee, Visit
from portal.mail.models import OutgoingMail
from portal.records import forgetting
from portal.records.models import Event

from .models import Certificate, Enrollment
from .workflow.erasing import records_of


def preview(trainee):
    """Pairs of sentences: what goes, and what stays."""
    owned = forgetting.belongings(*records_of(trainee))

    def count(model):
        return len(owned.get(model, ()))

    mails = OutgoingMail.objects.filter(
        forgetting.about(owned, "about_type", "about_id")
        | forgetting.about({Trainee: owned[Trainee]}, "recipient_type", "recipient_id")
    ).count()
    lines = Event.objects.filter(forgetting.about(owned, "subject_type", "subject_id")).count()
    goes = [
        _("Names, birth date, home institution, addresses, needs and emergency contact"),
        _("Papers: %(papers)s, passports: %(passports)s, consents: %(consents)s")
        % {"papers": count(Document), "passports": count(Passport), "consents": count(Consent)},
        _("The words of %(count)s mails, and where other mails name the person") % {"count": mails},
        _("Answers in words to %(followups)s follow-ups, %(posts)s posts and %(visits)s visits")
        % {"followups": count(FollowUp), "posts": count(Post), "visits": count(Visit)},
        _(
            "The name in %(count)s lines of the trail, every earlier version of the record, rows of spreadsheets"
        )
        % {"count": lines},
        _("The account, where it serves nothing else"),
    ]
    stays = [
        _("A stub without a name: country and specialty"),
        ngettext(
            "That somebody took part in %(count)s cohort, so that every count is as before",
            "That somebody took part in %(count)s cohorts, so that every count is as before",
            count(Enrollment),
        )
        % {"count": count(Enrollment)},
        _("%(count)s entries of the alumni register: program, year and hospitals")
        % {"count": count(Graduation)},
        _("What was introduced at home, and the numbers of colleagues and patients"),
    ]
    if Certificate.objects.filter(~Q(number=""), pk__in=owned.get(Certificate, ())).exists():
        stays.append(_("The number and digest of the certificate; its name and code only if they agree"))
    return goes, stays
