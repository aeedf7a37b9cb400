from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("invitations/<str:token>/accept/", views.invitation_accept, name="invitation-accept"),
    path("profile/", views.profile, name="profile"),
    path("language/set/", views.language_set, name="language-set"),
]
