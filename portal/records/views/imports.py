"""The screens of an import: upload, name the columns, look, write, revert. Upper apps hand over to `uploading`."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.ui.lists import listing, render_listing

from ..files import serve
from ..imports import presentation, sheets, storing, workflow
from ..imports.forms import BatchFilter, ColumnsForm, RevertForm, RowFilter, RowForm
from ..imports.importers import kind_of, kinds_for
from ..imports.models import ImportBatch
from ..imports.uploading import crumbs_of, upload
from ..screens import verb_screen
from ..transitions import NotNow

BATCH_SORTS = {
    "uploaded": ["uploaded_at"],
    "kind": ["kind", "-uploaded_at"],
    "state": ["state", "-uploaded_at"],
}
ROW_SORTS = {"attention": ["rank", "number"], "row": ["number"]}
STATE = ImportBatch.State


@requires(Permission.IMPORT_FILES)
def importbatch_list(request):
    batches = listing(
        request,
        ImportBatch.objects.visible_to(request.user).for_list(),
        filterset=BatchFilter,
        sorts=BATCH_SORTS,
        default_sort="-uploaded",
    )
    kinds = [kind_of(key) for key in kinds_for(request.user) if kind_of(key).parent_model is None]
    return render_listing(request, "records/importbatch_list.html", batches, {"kinds": kinds})


@requires(Permission.IMPORT_FILES)
def importbatch_create(request, kind):
    return upload(request, _kind(request, kind))


@requires(Permission.IMPORT_FILES)
def importbatch_template(request, kind):
    return sheets.template(_kind(request, kind)())


@requires(Permission.IMPORT_FILES)
def importbatch_detail(request, pk):
    batch = _batch(request, pk)
    if batch.state == STATE.MAPPING:
        return redirect("records:importbatch-columns", pk=pk)
    if batch.state == STATE.CHECKING:
        return _progress(request, batch)
    if request.htmx:  # the page of the progress asks; its work is done
        return HttpResponseClientRefresh()
    page = {"batch": batch, "crumbs": crumbs_of(batch.importer)}
    everything, taken = presentation.counts(batch)
    rows = batch.rows.all() if request.GET.get("show") else batch.rows.needing_eye()
    page["listing"] = listing(
        request, rows, filterset=RowFilter, sorts=ROW_SORTS, default_sort="attention", per_page=25
    )
    page |= {"rows": presentation.shown(batch, page["listing"].rows), "everything": everything}
    page |= presentation.summary(batch, everything, taken)
    return render(request, "records/importbatch_detail.html", page)


@requires(Permission.IMPORT_FILES)
def importbatch_columns(request, pk):
    batch = _batch(request, pk)
    if batch.state not in workflow.begin_check.verb.sources:
        return redirect("records:importbatch-detail", pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, batch=batch, examples=storing.table_of(batch).examples)
    if form.is_bound and form.is_valid():
        _check_anew(request, batch, targets=form.targets)
        return redirect("records:importbatch-detail", pk=pk)
    page = {"batch": batch, "form": form, "crumbs": crumbs_of(batch.importer)}
    return render(request, "records/importbatch_columns.html", page, status=422 if form.is_bound else 200)


@requires(Permission.IMPORT_FILES)
@require_POST
def importbatch_check(request, pk):
    """Take up a check that stands still, or check again what has been checked."""
    batch = _batch(request, pk)
    if batch.state == STATE.CHECKED:
        _check_anew(request, batch)
    else:
        workflow.start_checking(batch)
    return redirect("records:importbatch-detail", pk=pk)


@requires(Permission.IMPORT_FILES)
def importbatch_row(request, pk, number):
    """One row with everything that can be said about it. A button of the preview posts its choice here."""
    batch = _batch(request, pk)
    row = get_object_or_404(batch.rows, number=number)
    shown = presentation.shown(batch, [row])[0]
    data = request.POST if request.method == "POST" else None
    if data is not None and "choose" in data:
        return _decided(request, batch, row, presentation.decision(shown, data["choose"]))
    form = RowForm(data, shown=shown, batch=batch)
    if form.is_bound and form.is_valid():
        return _decided(request, batch, row, form.decision_facts)
    page = {"batch": batch, "row": row, "shown": shown, "form": form, "crumbs": crumbs_of(batch.importer)}
    return render(request, "records/importbatch_row.html", page, status=422 if form.is_bound else 200)


@requires(Permission.IMPORT_FILES)
@require_POST
def importbatch_write(request, pk):
    batch = _batch(request, pk)
    try:
        workflow.write(batch, by=request.user)
    except workflow.Moved as error:
        _check_anew(request, _batch(request, pk))
        messages.error(request, " ".join(error.messages))
    except NotNow as error:
        messages.info(request, " ".join(error.messages))
    else:
        count = batch.rows.taken().count()
        messages.success(
            request,
            ngettext("%(count)s row was written.", "%(count)s rows were written.", count) % {"count": count},
        )
    return redirect("records:importbatch-detail", pk=pk)


@requires(Permission.IMPORT_FILES)
def importbatch_revert(request, pk):
    batch = _batch(request, pk)
    return verb_screen(
        request,
        batch,
        workflow.revert,
        question=_("Put everything back as it was before this file?"),
        effects=lambda: presentation.revert_effects(batch),
        form=RevertForm,
        done=_("Everything is as it was before the file."),
        back=reverse("records:importbatch-detail", args=[pk]),
        crumbs=[*crumbs_of(batch.importer), (batch, reverse("records:importbatch-detail", args=[pk]))],
        danger=True,
    )


@requires(Permission.IMPORT_FILES)
def importbatch_abandon(request, pk):
    batch = _batch(request, pk)
    return verb_screen(
        request,
        batch,
        workflow.abandon,
        question=_("Put this file aside?"),
        effects=[_("Nothing of it is written. The file and what was found in it are kept.")],
        done=_("The file was put aside. Nothing of it was written."),
        back=reverse("records:importbatch-list"),
        crumbs=[*crumbs_of(batch.importer), (batch, reverse("records:importbatch-detail", args=[pk]))],
    )


@requires(Permission.IMPORT_FILES)
def importbatch_left_out(request, pk):
    batch = _batch(request, pk)
    return sheets.left_out(batch, batch.rows.left_out().order_by("number"))


@requires(Permission.IMPORT_FILES)
def importbatch_download(request, pk):
    """The file as it was sent; one that is kept sealed is handed out to nobody."""
    batch = _batch(request, pk)
    if batch.is_sealed:
        raise Http404
    return serve(batch.file)


def _progress(request, batch):
    """How far the check is: the whole page, or for htmx the part that moves."""
    page = {"batch": batch, "crumbs": crumbs_of(batch.importer)}
    page["is_stuck"] = ImportBatch.objects.stuck().filter(pk=batch.pk).exists()
    part = "#progress" if request.htmx else ""
    return render(request, f"records/importbatch_checking.html{part}", page)


def _kind(request, key):
    """The importer class that this user may use and that needs no parent."""
    if key not in kinds_for(request.user) or kind_of(key).parent_model is not None:
        raise Http404
    return kind_of(key)


def _batch(request, pk):
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.select_related("file", "uploaded_by", "parent_type"), pk=pk)


def _check_anew(request, batch, **said):
    """Begin the check. Where somebody else has just begun it, or has written the rows, that is said in words."""
    try:
        workflow.begin_check(batch, by=request.user, **said)
    except NotNow as error:
        messages.info(request, " ".join(error.messages))
    else:
        workflow.start_checking(batch)


def _decided(request, batch, row, facts):
    """Keep a person's word on a row and go back to where they came from in the preview."""
    try:
        workflow.decide(batch, row.number, by=request.user, **facts)
    except NotNow as error:
        messages.error(request, " ".join(error.messages))
    query = request.GET.urlencode()
    back = reverse("records:importbatch-detail", args=[batch.pk])
    return redirect(f"{back}?{query}" if query else back)
