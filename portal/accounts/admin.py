"""Users in Django's admin: found and looked at. Roles move on the portal's own screens, with their register."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin

from .models import Grant, User
from .roles import Role


@admin.register(User)
class UserAdmin(KeptAdmin):
    add_hint = _("People are invited, given roles and deactivated on the portal’s page of users.")
    list_display = ["name", "email", "role_names", "is_active", "last_login"]
    list_filter = ["is_active", "language", "is_invented"]
    search_fields = ["name", "email"]
    fields = [
        "email",
        "name",
        "phone",
        "language",
        "time_zone",
        "role_names",
        "is_active",
        "last_login",
        "created_at",
    ]
    readonly_fields = ["email", "role_names", "is_active", "last_login", "created_at"]

    @admin.display(description=_("roles"))
    def role_names(self, user):
        return ", ".join(str(Role(role).label) for role in user.roles)


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "role", "action", "by", "reason"]
    list_filter = ["role", "action"]
    list_select_related = ["user", "by"]
    search_fields = ["user__name", "user__email", "reason"]
    date_hierarchy = "at"
