from django.urls import path

from .views import clinicians, closures, coordinators, departments, hospitals, specialties

app_name = "hospitals"
urlpatterns = [
    path("hospitals/", hospitals.hospital_list, name="hospital-list"),
    path("hospitals/create/", hospitals.hospital_create, name="hospital-create"),
    path("hospitals/<int:pk>/", hospitals.hospital_detail, name="hospital-detail"),
    path("hospitals/<int:pk>/edit/", hospitals.hospital_edit, name="hospital-edit"),
    path("hospitals/<int:pk>/address/", hospitals.hospital_address, name="hospital-address"),
    path("hospitals/<int:pk>/history/", hospitals.hospital_history, name="hospital-history"),
    path("hospitals/<int:pk>/archive/", hospitals.hospital_archive, name="hospital-archive"),
    path("hospitals/<int:pk>/unarchive/", hospitals.hospital_unarchive, name="hospital-unarchive"),
    path("hospitals/<int:pk>/merge/", hospitals.hospital_merge, name="hospital-merge"),
    path(
        "departments/create/<int:hospital>/",
        departments.department_create,
        name="department-create",
    ),
    path("departments/<int:pk>/edit/", departments.department_edit, name="department-edit"),
    path("departments/<int:pk>/archive/", departments.department_archive, name="department-archive"),
    path(
        "departments/<int:pk>/unarchive/",
        departments.department_unarchive,
        name="department-unarchive",
    ),
    path(
        "closures/create/<int:department>/",
        closures.closure_create,
        name="closure-create",
    ),
    path("closures/<int:pk>/edit/", closures.closure_edit, name="closure-edit"),
    path("closures/<int:pk>/remove/", closures.closure_remove, name="closure-remove"),
    path("clinicians/create/<int:hospital>/", clinicians.clinician_create, name="clinician-create"),
    path("clinicians/<int:pk>/edit/", clinicians.clinician_edit, name="clinician-edit"),
    path("clinicians/<int:pk>/archive/", clinicians.clinician_archive, name="clinician-archive"),
    path("clinicians/<int:pk>/unarchive/", clinicians.clinician_unarchive, name="clinician-unarchive"),
    path(
        "coordinators/invite/<int:hospital>/",
        coordinators.coordinator_invite,
        name="coordinator-invite",
    ),
    path("coordinators/<int:pk>/end/", coordinators.coordinator_end, name="coordinator-end"),
    path("specialties/", specialties.specialty_list, name="specialty-list"),
    path("specialties/create/", specialties.specialty_create, name="specialty-create"),
    path("specialties/<int:pk>/", specialties.specialty_detail, name="specialty-detail"),
    path("specialties/<int:pk>/edit/", specialties.specialty_edit, name="specialty-edit"),
    path("specialties/<int:pk>/archive/", specialties.specialty_archive, name="specialty-archive"),
    path(
        "specialties/<int:pk>/unarchive/",
        specialties.specialty_unarchive,
        name="specialty-unarchive",
    ),
    path("specialties/<int:pk>/merge/", specialties.specialty_merge, name="specialty-merge"),
]
