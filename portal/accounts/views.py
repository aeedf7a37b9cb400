"""The account itself: accepting an invitation, one's own profile, and the language pages are read in."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from portal.ui.returning import safe_return

from . import invitations, languages, links
from .forms import ProfileForm
from .guards import public, signed_in
from .roles import Role


@public
@never_cache
@sensitive_variables("token")
def invitation_accept(request, token):
    """GET shows who is invited and what will happen; only POST signs in."""
    try:
        user = invitations.user_for(token)
    except links.BadLink:
        return render(request, "accounts/invitation_ended.html", status=410)
    if request.method == "POST":
        # Through allauth, as any sign-in: the link proves the mailbox, as a mailed code would.
        return perform_login(request, user, redirect_url=resolve_url(settings.LOGIN_REDIRECT_URL))
    page = {
        "invited": user,
        "roles": _labels(user),
        "effects": _effects(request, user),
        "home": reverse("public:home"),
    }
    return render(request, "accounts/invitation_accept.html", page)


@signed_in
def profile(request):
    """Name, phone, language and time zone: everyone's own, nobody else's."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.reading_language):
            messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    page = {"form": form, "roles": _labels(request.user)}
    return render(request, "accounts/profile.html", page, status=422 if form.is_bound else 200)


@public
@require_POST
def language_set(request):
    """Keep the language of pages in a cookie, and with the account where there is one; then back to the page."""
    response = redirect(safe_return(request, request.POST.get("next"), reverse("public:home")))
    language = request.POST.get("language")
    if language in dict(languages.offered_to(request.user)):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def _labels(user):
    """The user's roles in words."""
    return [Role(role).label for role in user.roles]


def _effects(request, user):
    """What accepting does, for the confirm box."""
    effects = [_("You are signed in on this device; this link then stops working.")]
    if request.user.is_authenticated and request.user != user:
        effects.append(_("%(name)s is signed out here.") % {"name": request.user})
    if settings.SECOND_FACTOR_REQUIRED and user.is_team:
        effects.append(_("Next you set up an app on your phone as the second step."))
    effects.append(
        _("From then on you sign in with a code that we mail to %(email)s.") % {"email": user.email}
    )
    return effects
