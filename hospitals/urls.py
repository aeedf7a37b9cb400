from django.urls import path

from .views import hospitals

app_name = "hospitals"
urlpatterns = [
    path("hospitals/", hospitals.hospital_list, name="hospital-list"),
    path("hospitals/<int:pk>/", hospitals.hospital_detail, name="hospital-detail"),
    path("hospitals/<int:pk>/archive/", hospitals.hospital_archive, name="hospital-archive"),
    path("hospitals/<int:pk>/unarchive/", hospitals.hospital_unarchive, name="hospital-unarchive"),
    path("hospitals/<int:pk>/merge/", hospitals.hospital_merge, name="hospital-merge"),
]
