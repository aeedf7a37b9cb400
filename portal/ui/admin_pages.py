"""What the pages of Django's admin share: records that are kept, and records that are only read."""

from django.contrib import admin


class KeptAdmin(admin.ModelAdmin):
    """Records that are never deleted. Where new ones come from elsewhere, `add_hint` says so above the list."""

    add_hint = ""
    change_list_template = "admin/kept_change_list.html"
    save_on_top = True

    def has_add_permission(self, request):
        return not self.add_hint

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"add_hint": self.add_hint, **(extra_context or {})})


class ReadOnlyAdmin(KeptAdmin):
    """Records that are only added to, by the portal itself."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows shown with the record they belong to, and changed on their own page."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
