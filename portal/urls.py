"""Every address of the portal, app by app."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

# The admin's own login form knows nothing of codes and second factors; allauth's does.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = _("Medical Training, Gyeonggi Province")
admin.site.index_title = _("Records, for administrators")

handler400 = "portal.ui.refusals.unreadable"

urlpatterns = [
    path("", include("portal.public.urls")),
    path("", include("portal.desk.urls")),
    # These two have pages below /my/ too, so they write their addresses whole.
    path("", include("programs.urls")),
    path("", include("participants.urls")),
    path("partners/", include("partners.urls")),
    path("hospitals/", include("hospitals.urls")),
    path("mail/", include("portal.mail.urls")),
    path("records/", include("portal.records.urls")),
    path("ui/", include("portal.ui.urls")),
    path("accounts/", include("portal.accounts.urls")),
    path("accounts/", include("portal.accounts.allauth_urls")),
    path("admin/", admin.site.urls),
]

# Only portal.settings.demo sets DEMO, as a constant: no environment variable can switch these on in production.
if settings.DEMO:
    urlpatterns.append(path("demo/", include("portal.desk.demo.urls")))
