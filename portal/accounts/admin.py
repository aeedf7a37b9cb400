"""Users and the register of roles in Django's admin. Roles and accounts move by verbs: the actions call them."""

# The admins of the libraries are registered by these imports, so that they can be taken off below.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline

from . import workflow
from .models import Grant, User
from .roles import Role

# Nothing of these is settled by hand: roles are the register's, addresses the user's, and codes of a second factor
# belong to the person who set it up.
admin.site.unregister([Authenticator, EmailAddress, Group])


class RoleFilter(admin.SimpleListFilter):
    """Users who hold a role."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        return queryset.with_role(self.value()) if self.value() else queryset


class GrantInline(ReadOnlyInline):
    """The user's part of the register of roles."""

    model = Grant
    fk_name = "user"
    fields = readonly_fields = ["role", "action", "at", "by", "reason"]
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


def _role_action(verb, role, label):
    """An admin action that gives or takes `role` through the verb, which writes the register."""

    def action(model_admin, request, queryset):
        model_admin.each(
            request, queryset, lambda user: verb(user, role, by=request.user, reason=_("in the admin"))
        )

    return action, f"{verb.__name__}_{role.value}", label % {"role": role.label}


@admin.register(User)
class UserAdmin(KeptAdmin):
    add_hint = gettext_lazy("People are invited on the portal’s page of users, which also asks for reasons.")
    list_display = ["name", "email", "role_names", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active", "language", "is_invented"]
    search_fields = ["name", "email"]
    fields = [
        "name",
        "email",
        "phone",
        "language",
        "time_zone",
        "role_names",
        "is_active",
        "last_login",
        "created_at",
    ]
    readonly_fields = ["role_names", "is_active", "last_login", "created_at"]
    inlines = [GrantInline]
    actions = ["deactivate", "reactivate"]

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, user):
        return ", ".join(str(Role(role).label) for role in user.roles)

    def get_actions(self, request):
        actions = super().get_actions(request)
        verbs = {
            workflow.give_role: _("Give the role: %(role)s"),
            workflow.take_role: _("Take the role: %(role)s"),
        }
        for verb, label in verbs.items():
            for role in Role:
                action = _role_action(verb, role, label)
                actions[action[1]] = action
        return actions

    @admin.action(description=gettext_lazy("Close the account"))
    def deactivate(self, request, queryset):
        self.each(request, queryset, lambda user: workflow.deactivate(user, by=request.user))

    @admin.action(description=gettext_lazy("Open the account again"))
    def reactivate(self, request, queryset):
        self.each(request, queryset, lambda user: workflow.reactivate(user, by=request.user))

    def each(self, request, users, verb):
        """Use the verb on each user, and say how many it was done for and whom it refused."""
        done = 0
        for user in users:
            try:
                verb(user)
            except PermissionDenied as refusal:
                self.message_user(request, f"{user}: {refusal}", messages.ERROR)
            else:
                done += 1
        if done:
            words = ngettext("Done for %(count)s person.", "Done for %(count)s people.", done)
            self.message_user(request, words % {"count": done}, messages.SUCCESS)


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "role", "action", "by", "reason"]
    list_filter = ["role", "action"]
    list_select_related = ["user", "by"]
    search_fields = ["user__name", "user__email", "reason"]
    date_hierarchy = "at"
