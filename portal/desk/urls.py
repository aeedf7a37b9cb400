from django.urls import path

from .views import access, health, search, today, users

app_name = "desk"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("access/", access.access_list, name="access-list"),
    path("access/review/", access.access_review, name="access-review"),
    path("health/", health.health, name="health"),
    path("users/", users.user_list, name="user-list"),
    path("users/invite/", users.user_invite, name="user-invite"),
    path("users/<int:pk>/", users.user_detail, name="user-detail"),
    path("users/<int:pk>/invite-again/", users.user_invite_again, name="user-invite-again"),
    path("users/<int:pk>/give-role/", users.user_give_role, name="user-give-role"),
    path("users/<int:pk>/take-role/", users.user_take_role, name="user-take-role"),
    path("users/<int:pk>/deactivate/", users.user_deactivate, name="user-deactivate"),
    path("users/<int:pk>/reactivate/", users.user_reactivate, name="user-reactivate"),
]
