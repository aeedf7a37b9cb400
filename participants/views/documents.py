"""A person's papers for the team: every version, opened, checked and refused."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from participants import workflow
from participants.forms.papers import CheckAgainForm, CheckForm, RefuseForm, UploadForm
from participants.models import Document, Trainee
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.files import serve
from portal.records.lookup import visible_or_404
from portal.records.screens import verb_screen
from portal.records.transitions import NotNow


@requires(Permission.SEE_PAPERS)
def trainee_papers(request, pk):
    trainee = visible_or_404(Trainee.objects, request.user, pk=pk)
    may_check = request.user.has(Permission.CHECK_PAPERS)
    bound = (request.POST, request.FILES) if request.method == "POST" and may_check else ()
    form = UploadForm(*bound, kinds=Document.Kind.values)
    if form.is_bound and form.is_valid():
        try:
            workflow.documents.receive(trainee, by=request.user, **form.paper)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The paper is kept."))
            return redirect("participants:trainee-papers", pk=trainee.pk)
    page = {
        "trainee": trainee,
        "documents": Document.objects.visible_to(request.user).filter(trainee=trainee).for_list(),
        "form": form if may_check else None,
    }
    return render(request, "participants/trainee_papers.html", page, status=422 if form.is_bound else 200)


def _document(request, pk):
    return visible_or_404(Document.objects.for_list(), request.user, pk=pk)


@requires(Permission.SEE_PAPERS, Permission.OWN_TRAINING)
def document_download(request, pk):
    return serve(workflow.documents.open_file(_document(request, pk), by=request.user, request=request))


@requires(Permission.CHECK_PAPERS)
def document_check(request, pk):
    document = _document(request, pk)
    return _verb_screen(
        request,
        document,
        workflow.documents.check,
        form=CheckForm,
        question=_("Is this paper right?"),
        effects=[_("Your name and the time stand beside it.")],
        done=_("The paper is checked."),
    )


@requires(Permission.CHECK_PAPERS)
def document_refuse(request, pk):
    document = _document(request, pk)
    return _verb_screen(
        request,
        document,
        workflow.documents.refuse,
        form=RefuseForm,
        danger=True,
        question=_("Refuse this paper?"),
        effects=[_("It counts as missing again."), _("No mail is sent before you ask for missing papers.")],
        done=_("The paper is refused."),
    )


@requires(Permission.CHECK_PAPERS)
def document_check_again(request, pk):
    document = _document(request, pk)
    return _verb_screen(
        request,
        document,
        workflow.documents.check_again,
        form=CheckAgainForm,
        question=_("Check this paper again?"),
        effects=[_("It counts as received and not checked until somebody has looked at it.")],
        done=_("The paper is to be checked again."),
    )


def _verb_screen(request, document, verb, **page):
    back = reverse("participants:trainee-papers", args=[document.trainee_id])
    crumbs = [(_("Trainees"), reverse("participants:trainee-list")), (document.trainee, back)]
    return verb_screen(request, document, verb, back=back, crumbs=crumbs, **page)
