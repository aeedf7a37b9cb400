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


def _each(context):
    """The MOUs of a digest, each with the last day and its page, as the mail's own text has them."""
    lines = []
    for mou, last in context["silent"]:
        page = absolute_url(reverse("partners:mou-detail", args=[mou.pk]))
        lines.append(f"- {mou} ({ApproximateDate.of(last).words()})\n  {page}")
    return "\n".join(lines)


@kind(
    "mou_dormant",
    template="partners/mou_dormant",
    label=_("Reminder: nothing has happened under MOUs"),
    variables=[
        Variable(
            "mous", _("the MOUs, each with the last day on which something happened"), _each, required=True
        ),
        Variable("count", _("how many MOUs"), lambda context: context["count"]),
        Variable("months", _("after how many months"), lambda context: context["months"]),
    ],
)
def mou_dormant(mail):
    """After 18 months without a cohort or a signature, all in one mail: whom one might write to."""
    silent = reminders.still_silent(mail.context.get("silent", ()), mail.recipient_id)
    if not silent:
        raise NoLongerWanted(gettext_noop("no MOU in it is silent and theirs to care for any more"))
    return {"silent": silent, "count": len(silent), "months": reminders.DORMANT_MONTHS}
