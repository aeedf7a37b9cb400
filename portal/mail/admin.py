"""Mails in Django's admin: to look at, and to use the verbs on. Nothing here edits a row."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.records.transitions import NotNow
from portal.ui.admin_pages import ReadOnlyAdmin

from . import workflow
from .links import without_secrets
from .models import BouncedAddress, Mailing, OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    list_display = ["recipient_name", "state", "due", "attempts", "kind_words", "address", "subject"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["recipient_name", "address", "subject", "key"]
    date_hierarchy = "due"
    actions = ["retry_selected", "cancel_selected"]
    # The text is shown without the links that let its recipient in; the bytes are not shown at all.
    exclude = ["text", "html", "context"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("raw", "html")

    def get_readonly_fields(self, request, obj=None):
        fields = [
            field.name for field in OutgoingMail._meta.fields if field.name not in {*self.exclude, "raw"}
        ]
        return [*fields, "attachments", "shown_text"]

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_words(self, mail):
        return mail.kind_label

    @admin.display(description=gettext_lazy("text"))
    def shown_text(self, mail):
        return without_secrets(mail.text)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=gettext_lazy("Send again"))
    def retry_selected(self, request, mails):
        self._use(workflow.retry, request, mails)

    @admin.action(description=gettext_lazy("Cancel the mail"))
    def cancel_selected(self, request, mails):
        self._use(workflow.cancel, request, mails, reason=_("Cancelled in the admin."))

    def _use(self, verb, request, mails, **details):
        """The verb on each row; the rows it does not fit are named and stay as they are."""
        done = 0
        for mail in mails:
            try:
                verb(mail, by=request.user, **details)
                done += 1
            except (NotNow, PermissionDenied) as error:
                why = " ".join(getattr(error, "messages", [])) or _("You may not do this.")
                messages.warning(request, f"{mail}: {why}")
        text = ngettext("%(count)s mail changed.", "%(count)s mails changed.", done)
        messages.info(request, text % {"count": done})


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    list_display = ["label", "made_by", "made_at", "leaves_at"]
    search_fields = ["label"]
    list_select_related = ["made_by"]
    date_hierarchy = "made_at"


@admin.register(BouncedAddress)
class BouncedAddressAdmin(ReadOnlyAdmin):
    list_display = ["address", "at", "error"]
    search_fields = ["address"]
