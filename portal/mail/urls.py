from django.urls import path

from . import views

app_name = "mail"
urlpatterns = [
    path("outgoingmails/", views.outgoingmail_list, name="outgoingmail-list"),
    path("outgoingmails/<int:pk>/", views.outgoingmail_detail, name="outgoingmail-detail"),
    path("outgoingmails/<int:pk>/cancel/", views.outgoingmail_cancel, name="outgoingmail-cancel"),
    path("outgoingmails/<int:pk>/retry/", views.outgoingmail_retry, name="outgoingmail-retry"),
    path("outgoingmails/<int:pk>/settle/", views.outgoingmail_settle, name="outgoingmail-settle"),
]
