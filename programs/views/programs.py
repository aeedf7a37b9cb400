"""Programs: what the province offers again and again, with the rules that its cohorts go by."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import trail
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.queries import counted
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from programs.forms.programs import BrandLines, CriterionLines, ProgramFilter, ProgramForm
from programs.lines import lines_screen
from programs.models import Cohort, Program
from programs.program_page import rules_of
from programs.workflow import lines, programs


@requires(Permission.SEE_COHORTS)
def program_list(request):
    cohorts = Cohort.objects.filter(program=OuterRef("pk"))
    found = listing(
        request,
        Program.objects.visible_to(request.user).select_related("part_of").annotate(runs=counted(cohorts)),
        filterset=ProgramFilter,
        sorts={"name": ["name"], "kind": ["kind", "name"], "runs": ["runs", "name"]},
        default_sort="name",
    )
    page = {"may_edit": request.user.has(Permission.EDIT_PROGRAMS)}
    return render_listing(request, "programs/program_list.html", found, page)


@requires(Permission.SEE_COHORTS)
def program_detail(request, pk):
    program = visible_or_404(Program.objects.select_related("part_of"), request.user, pk=pk)
    cohorts = Cohort.objects.visible_to(request.user).for_list().filter(program=program)
    page = {
        "program": program,
        "brands": list(program.brands.all()),
        "criteria": list(program.criteria.all()),
        "parts": list(program.parts.all()),
        "sources": list(program.sources.all()),
        "rules": rules_of(program),
        "cohorts": list(cohorts[:20]),
        "cohort_count": cohorts.count(),
        "may_edit": request.user.has(Permission.EDIT_PROGRAMS),
        "lines": trail.lines(Event.objects.about(program).for_history()[:10]),
    }
    return render(request, "programs/program_detail.html", page)


@requires(Permission.EDIT_PROGRAMS)
def program_create(request):
    form = ProgramForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        program = programs.create(form.save(commit=False), by=request.user)
        messages.success(request, _("%(name)s is entered.") % {"name": program})
        return redirect("programs:program-detail", pk=program.pk)
    return render(
        request, "programs/program_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


@requires(Permission.EDIT_PROGRAMS)
def program_edit(request, pk):
    program = visible_or_404(Program.objects, request.user, pk=pk)
    form = ProgramForm(request.POST or None, user=request.user, instance=program)
    if request.method == "POST" and form.is_valid():
        try:
            programs.change(
                form.save(commit=False), by=request.user, fields=form.fields_changed, seen=form.seen
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("programs:program-detail", pk=pk)
    page = {"form": form, "program": program}
    return render(request, "programs/program_edit.html", page, status=422 if form.is_bound else 200)


def _crumbs(program, here):
    return [
        (_("Programs"), reverse("programs:program-list")),
        (str(program), reverse("programs:program-detail", args=[program.pk])),
        (here, ""),
    ]


@requires(Permission.EDIT_PROGRAMS)
def program_brands(request, pk):
    program = visible_or_404(Program.objects, request.user, pk=pk)
    title = _("Names over the years")
    return lines_screen(
        request,
        BrandLines(request.POST or None, instance=program),
        lambda formset: lines.keep(formset, "change_brands", by=request.user),
        title=title,
        lede=_("A cohort shows the name of its year; where none is given, the program’s own."),
        back=reverse("programs:program-detail", args=[pk]),
        crumbs=_crumbs(program, title),
        noun=_("name"),
    )


@requires(Permission.EDIT_PROGRAMS)
def program_criteria(request, pk):
    program = visible_or_404(Program.objects, request.user, pk=pk)
    title = _("Selection criteria")
    return lines_screen(
        request,
        CriterionLines(request.POST or None, instance=program),
        lambda formset: lines.keep(formset, "change_criteria", by=request.user),
        title=title,
        lede=_("Reviewers score each nominee on these. A weight of 2 counts twice as much as a weight of 1."),
        back=reverse("programs:program-detail", args=[pk]),
        crumbs=_crumbs(program, title),
        noun=_("criterion"),
    )


def _confirmed(request, program, verb, done):
    """Use the verb and go back; why it does not fit now is said in a message."""
    try:
        verb(program, by=request.user)
    except NotNow as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done % {"name": program})
    return redirect("programs:program-detail", pk=program.pk)


@requires(Permission.EDIT_PROGRAMS)
def program_archive(request, pk):
    program = visible_or_404(Program.objects, request.user, pk=pk)
    if request.method == "POST":
        return _confirmed(request, program, programs.archive, _("%(name)s is put away."))
    page = {
        "program": program,
        "effects": [
            _("It is not offered any more when a cohort is planned."),
            _("Its cohorts, its graduates and their certificates stay as they are."),
            _("No mail is sent."),
        ],
    }
    return render(request, "programs/program_archive.html", page)


@requires(Permission.EDIT_PROGRAMS)
def program_restore(request, pk):
    program = visible_or_404(Program.objects, request.user, pk=pk)
    if request.method == "POST":
        return _confirmed(request, program, programs.restore, _("%(name)s is offered again."))
    page = {
        "program": program,
        "effects": [_("Cohorts can be planned after it again."), _("No mail is sent.")],
    }
    return render(request, "programs/program_restore.html", page)
