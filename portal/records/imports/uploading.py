"""The upload screen, for the common address and for upper apps whose files belong to an object of theirs."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from . import workflow
from .forms import UploadForm, refused
from .models import ImportBatch


def upload(request, kind, *, parent=None, template_url=""):
    """Take a file of that kind and go on to its columns or its preview; show the form, or what is wrong with the file.

    An app whose importer has a `parent_model` calls this from a view of its own, after its own guard and scope:
    `return upload(request, NominationImport, parent=cohort, template_url=reverse(…))`.
    """
    importer = kind(parent)
    form = UploadForm(request.POST or None, request.FILES or None, kind=kind.key)
    if request.method == "POST" and form.is_valid():
        file, sender = form.cleaned_data["file"], form.cleaned_data["sender"]
        try:
            batch = workflow.upload(
                file.read(), file.name, kind, by=request.user, sender=sender, parent=parent
            )
        except ValidationError as error:
            refused(form, error)
        else:
            if batch.state == ImportBatch.State.CHECKING:
                workflow.start_checking(batch)
            return redirect("records:importbatch-detail", pk=batch.pk)
    page = {
        "importer": importer,
        "form": form,
        "crumbs": crumbs_of(importer),
        "template_url": template_url or reverse("records:importbatch-template", args=[kind.key]),
        "columns": importer.columns,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "records/importbatch_create.html", page, status=status)


def crumbs_of(importer):
    """The way back: the parent's page where there is one, the list of what is brought in, the imports."""
    crumbs = list(importer.crumbs())
    return [*crumbs, (_("Imports"), reverse("records:importbatch-list"))]
