"""What a person says about themselves: their details, and what they agree to."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from participants import consent_texts, workflow
from participants.forms.papers import MyProfileForm
from participants.forms.passports import MyPassportForm
from participants.models import Consent, Document, Passport, Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.records.transitions import NotNow

PASSPORTS_AN_HOUR = 10


@requires(Permission.OWN_TRAINING)
def my_profile(request):
    trainee = Trainee.objects.filter(user=request.user).select_related("institution__region").first()
    form = MyProfileForm(request.POST or None, instance=trainee) if trainee else None
    if request.method == "POST" and form and form.is_valid():
        changed = {"fields": form.fields_changed, "seen": form.seen}
        try:
            workflow.trainees.change_own(form.save(commit=False), by=request.user, **changed)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("participants:my-profile")
    passport = Passport.objects.visible_to(request.user).filter(trainee=trainee).first() if trainee else None
    page = {"trainee": trainee, "form": form, "passport": passport}
    status = 422 if form and form.is_bound else 200
    return render(request, "participants/my_profile.html", page, status=status)


@requires(Permission.OWN_TRAINING)
@never_cache
@sensitive_post_parameters("number")
@sensitive_variables("form")
def my_passport(request):
    """One's own passport: what stands is shown by its last characters, what is typed comes back in no page."""
    trainee = Trainee.objects.filter(user=request.user).first()
    if trainee is None:
        return render(request, "participants/my_passport.html", {"trainee": None})
    own = Passport.objects.visible_to(request.user).filter(trainee=trainee)
    passport = own.select_related("sent_by").first()
    text = None if _agreed(trainee) else consent_texts.latest(Consent.Purpose.PASSPORT, get_language())
    form = MyPassportForm(
        request.POST or None, trainee=trainee, passport=passport, ask_consent=text is not None
    )
    if request.method == "POST" and form.is_valid() and _keep_passport(request, trainee, form):
        messages.success(request, _("Your passport is kept."))
        return redirect("participants:my-passport")
    page = {"trainee": trainee, "passport": passport, "consent": text, "form": form}
    return render(request, "participants/my_passport.html", page, status=422 if form.is_bound else 200)


def _agreed(trainee):
    word = workflow.consents.standing(trainee).get(Consent.Purpose.PASSPORT)
    return word is not None and word.action == Consent.Action.GIVEN


@sensitive_variables("form", "facts")
def _keep_passport(request, trainee, form):
    """Whether it was kept; the form says why not."""
    if too_often_for(f"trainee:{trainee.pk}", "passport", limit=PASSPORTS_AN_HOUR, seconds=3600):
        form.add_error(None, _("That was too often. Wait an hour, then try again."))
        return False
    facts = {"agrees": False, **form.cleaned_data}
    try:
        workflow.own.enter_passport(trainee, by=request.user, language=get_language(), **facts)
    except NotNow as error:
        form.add_error(None, error)
        return False
    return True


@requires(Permission.OWN_TRAINING)
def my_consents(request):
    trainee = Trainee.objects.filter(user=request.user).first()
    if request.method == "POST" and trainee and request.POST.get("purpose") in Consent.Purpose.values:
        purpose, language = request.POST["purpose"], get_language()
        workflow.consents.give(trainee, by=request.user, purpose=purpose, language=language)
        messages.success(request, _("Thank you. Your consent is kept."))
        return redirect("participants:my-consents")
    purposes = _purposes(trainee, get_language()) if trainee else []
    page = {"trainee": trainee, "purposes": purposes}
    return render(request, "participants/my_consents.html", page)


@requires(Permission.OWN_TRAINING)
def my_consent_withdraw(request, purpose):
    """The step before a consent is taken back or refused: what is erased then, and what goes on."""
    trainee = Trainee.objects.filter(user=request.user).first()
    if trainee is None or purpose not in Consent.Purpose.values:
        raise Http404
    given = purpose in workflow.consents.standing(trainee)
    refused, status = [], 200
    if request.method == "POST":
        try:
            workflow.consents.withdraw(trainee, by=request.user, purpose=purpose, language=get_language())
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(request, _("Your consent is withdrawn.") if given else _("Your no is kept."))
            return redirect("participants:my-consents")
    text = consent_texts.latest(purpose, get_language())
    page = {"text": text, "effects": _withdrawn(trainee, purpose), "refused": refused, "given": given}
    return render(request, "participants/my_consent_withdraw.html", page, status=status)


def _withdrawn(trainee, purpose):
    """What follows when this consent is taken back, as sentences."""
    passport = Passport.objects.filter(trainee=trainee).first()
    scans = Document.objects.filter(trainee=trainee, kind=Document.Kind.PASSPORT, file__isnull=False).count()
    kept = [_("What you said, and when, stays on record.")]
    if purpose == Consent.Purpose.PARTICIPATION:
        return [_("Without it you cannot take part. Tell the office, so that your place is not lost."), *kept]
    if purpose == Consent.Purpose.ABROAD:
        told = _("Your institution at home is told nothing more: not whether you were accepted or completed.")
        return [told, _("You hand in your certificate yourself."), *kept]
    if purpose == Consent.Purpose.GRADUATE:
        return [_("We ask you nothing more after the training, and no reminder is sent."), *kept]
    erased = []
    if passport:
        erased.append(_("Your passport number (%(number)s) is erased at once.") % {"number": passport.masked})
    if scans:
        words = ngettext(
            "%(count)s scan of your passport is erased at once.",
            "%(count)s scans of your passport are erased at once.",
            scans,
        )
        erased.append(words % {"count": scans})
    visa = _("Without it we cannot write the letter that your visa needs.")
    return [*(erased or [_("No number and no scan of your passport is kept now.")]), visa, *kept]


def _purposes(trainee, language):
    """Each purpose with its text and with what the person has said."""
    said = workflow.consents.standing(trainee)
    found = []
    for purpose in Consent.Purpose:
        text, word = consent_texts.latest(purpose, language), said.get(purpose)
        given = word is not None and word.action == Consent.Action.GIVEN
        is_old = given and word.version != text.version
        found.append({"code": purpose, "text": text, "word": word, "given": given, "is_old": is_old})
    return found
