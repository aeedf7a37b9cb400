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
        "hospitals/<int:hospital>/departments/create/",
        departments.department_create,
        name="department-create",
    ),
    path("hospitals/departments/<int:pk>/edit/", departments.department_edit, name="department-edit"),
    path(
        "hospitals/departments/<int:pk>/archive/", departments.department_archive, name="department-archive"
    ),
    path(
        "hospitals/departments/<int:pk>/unarchive/",
        departments.department_unarchive,
        name="department-unarchive",
    ),
    path(
        "hospitals/departments/<int:department>/closures/create/",
        closures.closure_create,
        name="closure-create",
    ),
    path("hospitals/closures/<int:pk>/edit/", closures.closure_edit, name="closure-edit"),
    path("hospitals/closures/<int:pk>/remove/", closures.closure_remove, name="closure-remove"),
    path("hospitals/<int:hospital>/clinicians/create/", clinicians.clinician_create, name="clinician-create"),
    path("hospitals/clinicians/<int:pk>/edit/", clinicians.clinician_edit, name="clinician-edit"),
    path("hospitals/clinicians/<int:pk>/archive/", clinicians.clinician_archive, name="clinician-archive"),
    path(
        "hospitals/clinicians/<int:pk>/unarchive/", clinicians.clinician_unarchive, name="clinician-unarchive"
    ),
    path(
        "hospitals/<int:hospital>/coordinators/invite/",
        coordinators.coordinator_invite,
        name="coordinator-invite",
    ),
    path("hospitals/coordinators/<int:pk>/end/", coordinators.coordinator_end, name="coordinator-end"),
    path("hospitals/specialties/", specialties.specialty_list, name="specialty-list"),
    path("hospitals/specialties/create/", specialties.specialty_create, name="specialty-create"),
    path("hospitals/specialties/<int:pk>/", specialties.specialty_detail, name="specialty-detail"),
    path("hospitals/specialties/<int:pk>/edit/", specialties.specialty_edit, name="specialty-edit"),
    path("hospitals/specialties/<int:pk>/archive/", specialties.specialty_archive, name="specialty-archive"),
    path(
        "hospitals/specialties/<int:pk>/unarchive/",
        specialties.specialty_unarchive,
        name="specialty-unarchive",
    ),
    path("hospitals/specialties/<int:pk>/merge/", specialties.specialty_merge, name="specialty-merge"),
]
