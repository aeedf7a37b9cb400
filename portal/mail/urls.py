from django.urls import path

from .views import mailings, outgoingmails

app_name = "mail"
urlpatterns = [
    path("outgoingmails/", outgoingmails.outgoingmail_list, name="outgoingmail-list"),
    path("outgoingmails/<int:pk>/", outgoingmails.outgoingmail_detail, name="outgoingmail-detail"),
    path("outgoingmails/<int:pk>/cancel/", outgoingmails.outgoingmail_cancel, name="outgoingmail-cancel"),
    path("outgoingmails/<int:pk>/retry/", outgoingmails.outgoingmail_retry, name="outgoingmail-retry"),
    path("outgoingmails/<int:pk>/settle/", outgoingmails.outgoingmail_settle, name="outgoingmail-settle"),
    path("mailings/<int:pk>/", mailings.mailing_detail, name="mailing-detail"),
    path("mailings/<int:pk>/call-back/", mailings.mailing_call_back, name="mailing-call-back"),
    path("mailings/<int:pk>/release/", mailings.mailing_release, name="mailing-release"),
]
