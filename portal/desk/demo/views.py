"""The demo's two conveniences: signing in by one click, and a mailbox that one can open.

portal/urls.py includes these only where settings.DEMO is set, which no environment variable can do; and each view
asks again.
"""

from functools import wraps

from csp.decorators import csp
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.accounts.guards import public
from portal.accounts.models import User
from portal.desk import demo
from portal.mail.backends import read_folder, read_mail
from portal.ui.returning import safe_return

SHOWN_MAILS = 100


def demo_only(view):
    """A page for everybody in the demo, and nowhere else."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return public(guarded)


@demo_only
def sign_in(request):
    """Who can sign in, by role; one click is enough."""
    here = safe_return(request, request.POST.get("next") or request.GET.get("next"))
    people = demo.people()
    if request.method == "POST":
        addresses = [email for _role, _name, email in people]
        user = get_object_or_404(
            User.objects.active().filter(email__in=addresses), email=request.POST.get("email")
        )
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(here or settings.LOGIN_REDIRECT_URL)
    groups = {}
    for role, name, email in people:
        groups.setdefault(str(role), []).append({"name": name, "email": email})
    return render(request, "demo/sign_in.html", {"groups": groups, "next": here})


@demo_only
def mail_list(request):
    """What the portal has mailed, latest first."""
    mails = read_folder()
    return render(request, "demo/mail_list.html", {"mails": mails[:SHOWN_MAILS], "count": len(mails)})


@demo_only
def mail_detail(request, name):
    """One mail as its reader gets it: the text, and links to its HTML version and attachments."""
    return render(request, "demo/mail_detail.html", {"mail": _mail(name)})


@demo_only
@csp(
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        # A document of its own without script, form or origin: whatever a mail contains stays in it.
        "sandbox": [
            "allow-popups",
            "allow-popups-to-escape-sandbox",
            "allow-top-navigation-by-user-activation",
        ],
    }
)
def mail_html(request, name):
    """The HTML version alone, as a page of its own."""
    mail = _mail(name)
    if not mail["html"]:
        raise Http404
    return HttpResponse(mail["html"])


@demo_only
def mail_attachment(request, name, number):
    """An attachment, as a download."""
    attachments = _mail(name)["attachments"]
    if number >= len(attachments):
        raise Http404
    attachment = attachments[number]
    response = HttpResponse(attachment["content"], content_type=attachment["type"])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{_ascii(attachment["name"] or "attachment")}"'
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _ascii(name):
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name
    )


def _mail(name):
    try:
        return read_mail(name)
    except FileNotFoundError as error:
        raise Http404 from error
