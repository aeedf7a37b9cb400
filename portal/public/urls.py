from django.urls import path

from . import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify-code"),
    path("verify/<str:code>/badge/", views.verify_badge, name="verify-badge"),
    path("issuer/", views.issuer, name="issuer"),
    path("issuer/keys/", views.issuer_keys, name="issuer-keys"),
    path("issuer/revoked/", views.issuer_revoked, name="issuer-revoked"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
