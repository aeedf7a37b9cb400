"""Users in Django's admin, with the verb that belongs to the desk because it writes the trail."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from portal.accounts.admin import UserAdmin
from portal.accounts.models import User

from . import workflow

admin.site.unregister(User)


@admin.register(User)
class DeskUserAdmin(UserAdmin):
    actions = [*UserAdmin.actions, "take_off_second_factor"]

    @admin.action(description=gettext_lazy("Take off the second factor"))
    def take_off_second_factor(self, request, queryset):
        self.each(request, queryset, lambda user: workflow.take_off_second_factor(user, by=request.user))
