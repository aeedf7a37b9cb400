from django.urls import path

from .views import my, placements

app_name = "programs"
urlpatterns = [
    path("programs/placements/to-answer/", placements.placement_to_answer, name="placement-to-answer"),
    path("programs/placements/create/<int:enrollment>/", placements.placement_create, name="placement-create"),
    path("programs/placements/<int:pk>/", placements.placement_detail, name="placement-detail"),
    path("programs/placements/<int:pk>/confirm/", placements.placement_confirm, name="placement-confirm"),
    path(
        "programs/placements/<int:pk>/confirm-with-conditions/",
        placements.placement_confirm_with_conditions,
        name="placement-confirm-with-conditions",
    ),
    path("programs/placements/<int:pk>/decline/", placements.placement_decline, name="placement-decline"),
    path("programs/placements/<int:pk>/cancel/", placements.placement_cancel, name="placement-cancel"),
    path("my/schedule/", my.my_schedule, name="my-schedule"),
    path("my/certificates/", my.my_certificates, name="my-certificates"),
]
