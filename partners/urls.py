from django.urls import path

from . import views

app_name = "partners"
urlpatterns = [
    path("regions/", views.region_list, name="region-list"),
    path("regions/<int:pk>/", views.region_detail, name="region-detail"),
    path("institutions/", views.institution_list, name="institution-list"),
    path("institutions/<int:pk>/", views.institution_detail, name="institution-detail"),
    path("mous/", views.mou_list, name="mou-list"),
    path("mous/<int:pk>/", views.mou_detail, name="mou-detail"),
    path("mous/<int:pk>/download/<int:file>/", views.mou_download, name="mou-download"),
]
