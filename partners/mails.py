"""The reminders about MOUs: what each needs to know when it leaves, and when it need not leave any more."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url
from portal.records.approximate import ApproximateDate

from .models import Mou
from .workflow import reminders


def _still_wanted(mail):
    """The MOU as it is now; raises where it was renewed or ended meanwhile, or is another one's to care for."""
    mou = Mou.objects.with_parties().select_related("owner").get(pk=mail.about.pk)
    if mou.superseded_by_id:
        raise NoLongerWanted(gettext_noop("the MOU is renewed"))
    if mou.terminated:
        raise NoLongerWanted(gettext_noop("the MOU is terminated"))
    editors = list(User.objects.who_may(Permission.EDIT_PARTNERS))
    if mail.recipient_id not in [user.pk for user in reminders.readers(mou, editors)]:
        raise NoLongerWanted(gettext_noop("the MOU is somebody else’s to care for"))
    return mou


def _link(context):
    mou = context.get("renewal") or context["mou"]
    return absolute_url(reverse("partners:mou-detail", args=[mou.pk]))


ABOUT_AN_MOU = (
    Variable("link", _("the page of the MOU"), _link, required=True, button=_("Open the MOU")),
    Variable("mou", _("the MOU"), lambda context: context["mou"]),
    Variable("signed", _("when it was signed"), lambda context: context["mou"].signed.words()),
)


@kind(
    "mou_expiring",
    template="partners/mou_expiring",
    label=_("Reminder: an MOU expires"),
    variables=[
        *ABOUT_AN_MOU,
        Variable(
            "expires", _("when it expires"), lambda context: context["mou"].expires.words(), required=True
        ),
    ],
)
def mou_expiring(mail):
    """180, 90 and 30 days before: what expires, when, and what can be done."""
    mou = _still_wanted(mail)
    if str(mou.expires or "") != mail.context["expires"]:
        raise NoLongerWanted(gettext_noop("the MOU has another date now"))
    renewal = mou.renewals.filter(succession=Mou.Succession.RENEWAL).first()
    return {"mou": mou, "days": mail.context["days"], "renewal": renewal}


@kind(
    "mou_dormant",
    template="partners/mou_dormant",
    label=_("Reminder: nothing has happened under an MOU"),
    variables=[
        *ABOUT_AN_MOU,
        Variable("since", _("since when nothing has happened"), lambda context: context["since"].words()),
    ],
)
def mou_dormant(mail):
    """After 18 months without a cohort or a signature: whom one might write to."""
    mou = _still_wanted(mail)
    since = ApproximateDate.of(mail.context["since"])
    if reminders.last_signature(mou) > since.earliest:
        raise NoLongerWanted(gettext_noop("there is activity again"))
    return {"mou": mou, "since": since, "months": reminders.DORMANT_MONTHS}
