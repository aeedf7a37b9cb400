"""The pages anybody may read, and the check of a certificate."""

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from portal.accounts.guards import public
from portal.accounts.throttle import too_often
from portal.records import clock
from portal.records.models import Source
from programs import badges
from programs.models import Certificate, Cohort

from . import figures
from .forms import VerifyForm, normalized
from .verdict import certificate_with, verdict_on

SHOWN_NEWS = 6
CHECKS_PER_MINUTE = 20


@public
def home(request):
    """What the province offers, to how many, what is open now, and what was published."""
    page = {
        "participants": figures.participants(),
        "published": figures,
        "cohorts": _open_cohorts(),
        "office": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "news": Source.objects.order_by("-published", "pk")[:SHOWN_NEWS],
    }
    return render(request, "public/home.html", page)


def _open_cohorts():
    """Cohorts that partners may nominate for now; these are announced, so everybody may see them."""
    nominating = Cohort.objects.filter(state=Cohort.State.NOMINATING).for_list()
    return nominating.exclude(nominate_by__lt=clock.today()).order_by("nominate_by", "starts", "pk")


@public
@never_cache
def verify(request):
    """The check by hand: number and code, as printed. A POST, so that neither stays in an address."""
    form = VerifyForm(request.POST or None)
    if request.method != "POST":
        return _answer(request, form)
    if not form.is_valid():
        return _answer(request, form, status=422)
    asked = form.cleaned_data
    return _checked(request, form, asked["code"], asked["number"])


@public
@never_cache
def verify_code(request, code):
    """The check by the QR mark, which carries the code in its address."""
    return _checked(request, VerifyForm(), normalized(code))


@public
@never_cache
def verify_badge(request, code):
    """The certificate as an Open Badge, for whoever holds its code; of one that does not stand, why."""
    if _is_too_often(request):
        return _wait_a_minute(request)
    found = certificate_with(normalized(code))
    if found is None or found.state != Certificate.State.ISSUED:
        return redirect("public:verify-code", code=code)
    response = HttpResponse(badges.token(found), content_type="application/jwt")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.jwt"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@public
def issuer(request):
    """Who issues our badges, for programs that check one."""
    return JsonResponse({"@context": badges.CONTEXTS, **badges.issuer()})


@public
def issuer_keys(request):
    """The keys that check our badges (JWKS)."""
    return JsonResponse({"keys": badges.public_jwks()})


@public
def issuer_revoked(request):
    """The badges that do not stand any more; it names nobody."""
    return JsonResponse(badges.revoked())


def _is_too_often(request):
    return too_often(request, "verify", limit=CHECKS_PER_MINUTE, seconds=60)


def _wait_a_minute(request):
    return render(request, "429.html", status=429)


def _checked(request, form, code, number=None):
    if _is_too_often(request):
        return _wait_a_minute(request)
    verdict = verdict_on(code, number)
    asked = {"number": number, "code": code, "checked_at": clock.now()}
    return _answer(request, form, {"verdict": verdict, "asked": asked}, status=200 if verdict.facts else 404)


def _answer(request, form, page=None, status=200):
    response = render(request, "public/verify.html", {"form": form, **(page or {})}, status=status)
    # A certificate names a person; no search engine is to list it. (Other sites never learn the address: the policy
    # of all pages is same-origin. A stricter one here would hide the origin from our own form, which Django refuses.)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@public
def accessibility(request):
    return render(request, "public/accessibility.html")


@public
def privacy(request):
    return render(request, "public/privacy.html")
