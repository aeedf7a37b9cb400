"""Who may sign in, and as what: inviting, roles, closing and opening accounts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.models import User
from portal.accounts.roles import TEAM, Permission, Role
from portal.desk import workflow
from portal.desk.columns import USERS
from portal.desk.forms import (
    GiveRoleForm,
    InviteForm,
    ReasonForm,
    TakeRoleForm,
    UserFilter,
    roles_to_give,
)
from portal.mail import invitations
from portal.records import trail
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing

SORTS = {"name": ["name"], "email": ["email"], "seen": ["-last_login", "name"]}


@requires(Permission.INVITE_USERS)
def user_list(request):
    people = User.objects.visible_to(request.user)
    users = listing(request, people, filterset=UserFilter, sorts=SORTS, default_sort="name", export=USERS)
    for person in users.rows:
        person.role_labels = [Role(role).label for role in person.roles]
    return render_listing(request, "desk/user_list.html", users)


@requires(Permission.INVITE_USERS)
def user_invite(request):
    """The account, its role, what it is for and the invitation mail, in one go."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = workflow.invite(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("The invitation to %(name)s is on its way to %(email)s.")
            messages.success(request, words % {"name": user, "email": user.email})
            return redirect("desk:user-detail", pk=user.pk)
    return render(request, "desk/user_invite.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.INVITE_USERS)
def user_detail(request, pk):
    user = visible_or_404(User.objects, request.user, pk=pk)
    page = {
        "person": user,
        "roles": [Role(role).label for role in user.roles],
        "grants": user.grants.select_related("by"),
        "events": trail.lines(Event.objects.about(user).for_history()[:20]),
        "hospitals": [c.hospital for c in user.coordinates.filter(until=None).select_related("hospital")],
        "trainee": getattr(user, "trainee", None),
        "may_close": _may_close(user, request.user),
        "may_give": _givable(user, request.user),
        "may_take": _takable(user, request.user),
        "may_invite_again": user.is_active and user.last_login is None,
    }
    return render(request, "desk/user_detail.html", page)


def _givable(user, by):
    return [] if user == by else [role for role in roles_to_give(by) if role not in user.roles]


def _takable(user, by):
    return [] if user == by else [role for role in roles_to_give(by) if role in user.roles]


def _may_close(user, by):
    """As accounts.workflow decides; here only whether the button is shown."""
    return user != by and (by.has(Permission.ASSIGN_ROLES) or TEAM.isdisjoint(user.roles))


@requires(Permission.INVITE_USERS)
def user_invite_again(request, pk):
    user = visible_or_404(User.objects.active().filter(last_login=None), request.user, pk=pk)
    if request.method == "POST":
        invitations.invite(user.email, name=user.name, roles=[], by=request.user)
        messages.success(
            request, _("The invitation is on its way. One a day is sent, however often you ask.")
        )
        return redirect("desk:user-detail", pk=user.pk)
    effects = [_("1 mail will be sent to %(name)s (%(email)s).") % {"name": user, "email": user.email}]
    return render(request, "desk/user_invite_again.html", {"person": user, "effects": effects})


@requires(Permission.INVITE_USERS, Permission.ASSIGN_ROLES)
def user_give_role(request, pk):
    user = visible_or_404(User.objects, request.user, pk=pk)
    form = GiveRoleForm(request.POST or None, by=request.user, roles=_givable(user, request.user))
    return _ask(request, user, form, verb=workflow.give_role, template="desk/user_give_role.html")


@requires(Permission.INVITE_USERS, Permission.ASSIGN_ROLES)
def user_take_role(request, pk):
    user = visible_or_404(User.objects, request.user, pk=pk)
    form = TakeRoleForm(request.POST or None, roles=_takable(user, request.user))
    return _ask(request, user, form, verb=workflow.take_role, template="desk/user_take_role.html")


@requires(Permission.INVITE_USERS)
def user_deactivate(request, pk):
    user = visible_or_404(User.objects.active(), request.user, pk=pk)
    form = ReasonForm(request.POST or None)
    return _ask(
        request,
        user,
        form,
        verb=workflow.deactivate,
        template="desk/user_deactivate.html",
        effects=_closing(user),
    )


@requires(Permission.INVITE_USERS)
def user_reactivate(request, pk):
    user = visible_or_404(User.objects.filter(is_active=False), request.user, pk=pk)
    form = ReasonForm(request.POST or None)
    return _ask(request, user, form, verb=workflow.reactivate, template="desk/user_reactivate.html")


def _closing(user):
    effects = [_("%(name)s is out at their next click.") % {"name": user}]
    if user.roles:
        effects.append(_("The roles stay with the account; everything they did stays in the trail."))
    return effects


def _ask(request, user, form, *, verb, template, effects=()):
    """Ask before the verb, use it on POST. Who may not close this person or has no role to give gets a 403 at once."""
    # The first choice is the one that chooses nothing.
    if not (form.fields["role"].choices[1:] if "role" in form.fields else _may_close(user, request.user)):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            verb(user, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            words = _("Done. The change holds from the next page %(name)s opens.")
            messages.success(request, words % {"name": user})
            return redirect("desk:user-detail", pk=user.pk)
    page = {"person": user, "form": form, "effects": effects}
    return render(request, template, page, status=422 if form.is_bound else 200)
