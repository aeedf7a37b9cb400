"""What a person says about themselves: their details, and what they agree to."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from participants import consent_texts, workflow
from participants.forms.papers import MyProfileForm
from participants.models import Consent, Passport, Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.transitions import NotNow


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
def my_consents(request):
    trainee = Trainee.objects.filter(user=request.user).first()
    if request.method == "POST" and trainee and request.POST.get("purpose") in Consent.Purpose.values:
        _say(request, trainee, request.POST["purpose"], request.POST.get("act"))
        return redirect("participants:my-consents")
    purposes = _purposes(trainee, get_language()) if trainee else []
    page = {"trainee": trainee, "purposes": purposes}
    return render(request, "participants/my_consents.html", page)


def _say(request, trainee, purpose, act):
    consents = workflow.consents
    try:
        if act == "withdraw":
            consents.withdraw(trainee, by=request.user, purpose=purpose)
            messages.success(request, _("Your consent is withdrawn."))
        else:
            consents.give(trainee, by=request.user, purpose=purpose, language=get_language())
            messages.success(request, _("Thank you. Your consent is kept."))
    except NotNow as error:
        messages.error(request, error.messages[0])


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
