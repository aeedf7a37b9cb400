from django.urls import path

from . import views

app_name = "ui"

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("theme/set/", views.theme_set, name="theme-set"),
]
