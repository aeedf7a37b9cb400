"""The words of the mails: what each kind says in each language, in the built-in words or in staff's own."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import kinds, workflow
from portal.mail.examples import example_texts, examples_of, first_words, shown_in_example
from portal.mail.forms import WordingForm
from portal.mail.models import Wording
from portal.records.transitions import NotNow


@dataclass(frozen=True)
class Row:
    """One kind of mail, and for each language whether it is written in it, and the wording in use (None: built-in)."""

    kind: kinds.Kind
    wordings: list


@requires(Permission.SEE_MAILS)
def wording_list(request):
    latest = {
        (words.kind, words.language): words
        for words in Wording.objects.visible_to(request.user).latest().select_related("made_by")
    }
    rows = [
        Row(
            kind,
            [
                (code, label, code in dict(kind.languages), latest.get((kind.name, code)))
                for code, label in settings.LANGUAGES
            ],
        )
        for kind in map(kinds.get, (name for name, _label in kinds.choices()))
        if kind.variables
    ]
    return render(request, "mail/wording_list.html", {"rows": rows, "languages": settings.LANGUAGES})


@requires(Permission.SEE_MAILS)
def wording_detail(request, kind, language):
    page = _page(request, kind, language)
    page["texts"] = shown_in_example(page["kind"], language)
    page["may_act"] = request.user.has(Permission.REWORD_MAILS)
    return render(request, "mail/wording_detail.html", page)


@requires(Permission.REWORD_MAILS)
def wording_edit(request, kind, language):
    page = _page(request, kind, language)
    examples = examples_of(page["kind"])
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        initial=page["words"] or first_words(page["kind"], language),
        kind=page["kind"],
        examples=examples,
    )
    if form.is_bound and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("subject", "text")}
        if "save" in request.POST:
            workflow.write_wording(page["kind"], language, by=request.user, **words)
            messages.success(request, _("Mails of this kind are written in these words from now on."))
            return redirect("mail:wording-detail", kind, language)
        tried = Wording(kind=kind, language=language, version=0, **words)
        page["texts"] = example_texts(language, form.cleaned_data["example"], tried)
    page["form"] = form
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "mail/wording_edit.html", page, status=status)


@requires(Permission.REWORD_MAILS)
def wording_restore(request, kind, language, version):
    """Back to an earlier version; 0 are the built-in words."""
    page = _page(request, kind, language)
    versions = Wording.objects.visible_to(request.user).versions(kind, language)
    earlier = get_object_or_404(versions, version=version) if version else None
    words = {"subject": earlier.subject, "text": earlier.text} if earlier else {"subject": "", "text": ""}
    if request.method == "POST":
        try:
            workflow.write_wording(page["kind"], language, by=request.user, **words)
        except NotNow as error:
            messages.error(request, "\n".join([_("This version cannot be used any more."), *error.messages]))
        else:
            messages.success(request, _("Mails of this kind are written in these words from now on."))
        return redirect("mail:wording-detail", kind, language)
    page["texts"] = example_texts(language, examples_of(page["kind"]).first(), earlier)
    return render(request, "mail/wording_restore.html", page | {"version": version})


def _page(request, name, language):
    """What every page about one wording shows. 404 for what cannot be reworded."""
    try:
        kind = kinds.get(name)
    except LookupError:
        raise Http404 from None
    if language not in dict(kind.languages) or not kind.variables:
        raise Http404
    versions = list(
        Wording.objects.visible_to(request.user).versions(name, language).select_related("made_by")
    )
    current = versions[0] if versions and not versions[0].is_builtin else None
    return {
        "kind": kind,
        "language": language,
        "language_name": dict(kind.languages)[language],
        "versions": versions,
        "current": current,
        "words": {"subject": current.subject, "text": current.text} if current else {},
    }
