from django.urls import path

from .views import mailings, outgoingmails, selections, wordings

app_name = "mail"
urlpatterns = [
    path("outgoingmails/", outgoingmails.outgoingmail_list, name="outgoingmail-list"),
    path("outgoingmails/<int:pk>/", outgoingmails.outgoingmail_detail, name="outgoingmail-detail"),
    path("outgoingmails/<int:pk>/cancel/", outgoingmails.outgoingmail_cancel, name="outgoingmail-cancel"),
    path("outgoingmails/<int:pk>/retry/", outgoingmails.outgoingmail_retry, name="outgoingmail-retry"),
    path("outgoingmails/<int:pk>/settle/", outgoingmails.outgoingmail_settle, name="outgoingmail-settle"),
    path("outgoingmails/<int:pk>/reword/", outgoingmails.outgoingmail_reword, name="outgoingmail-reword"),
    path(
        "outgoingmails/<int:pk>/send-now/", outgoingmails.outgoingmail_send_now, name="outgoingmail-send-now"
    ),
    path(
        "outgoingmails/retry-selected/",
        selections.outgoingmail_retry_selected,
        name="outgoingmail-retry-selected",
    ),
    path(
        "outgoingmails/cancel-selected/",
        selections.outgoingmail_cancel_selected,
        name="outgoingmail-cancel-selected",
    ),
    path("wordings/", wordings.wording_list, name="wording-list"),
    path("wordings/<slug:kind>/<str:language>/", wordings.wording_detail, name="wording-detail"),
    path("wordings/<slug:kind>/<str:language>/edit/", wordings.wording_edit, name="wording-edit"),
    path(
        "wordings/<slug:kind>/<str:language>/restore/<int:version>/",
        wordings.wording_restore,
        name="wording-restore",
    ),
    path("mailings/<int:pk>/", mailings.mailing_detail, name="mailing-detail"),
    path("mailings/<int:pk>/call-back/", mailings.mailing_call_back, name="mailing-call-back"),
    path("mailings/<int:pk>/release/", mailings.mailing_release, name="mailing-release"),
]
