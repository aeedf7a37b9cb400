from django.urls import path

from .views import contacts, institutions, mou_writing, mous, putting_away, regions

app_name = "partners"
urlpatterns = [
    path("regions/", regions.region_list, name="region-list"),
    path("regions/create/", regions.region_create, name="region-create"),
    path("regions/<int:pk>/", regions.region_detail, name="region-detail"),
    path("regions/<int:pk>/edit/", regions.region_edit, name="region-edit"),
    path("regions/<int:pk>/archive/", putting_away.region_archive, name="region-archive"),
    path("regions/<int:pk>/unarchive/", putting_away.region_unarchive, name="region-unarchive"),
    path("regions/<int:pk>/merge/", putting_away.region_merge, name="region-merge"),
    path("institutions/", institutions.institution_list, name="institution-list"),
    path("institutions/create/", institutions.institution_create, name="institution-create"),
    path("institutions/<int:pk>/", institutions.institution_detail, name="institution-detail"),
    path("institutions/<int:pk>/edit/", institutions.institution_edit, name="institution-edit"),
    path("institutions/<int:pk>/archive/", putting_away.institution_archive, name="institution-archive"),
    path(
        "institutions/<int:pk>/unarchive/", putting_away.institution_unarchive, name="institution-unarchive"
    ),
    path("institutions/<int:pk>/merge/", putting_away.institution_merge, name="institution-merge"),
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/create/", contacts.contact_create, name="contact-create"),
    path("contacts/<int:pk>/", contacts.contact_detail, name="contact-detail"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/archive/", putting_away.contact_archive, name="contact-archive"),
    path("contacts/<int:pk>/unarchive/", putting_away.contact_unarchive, name="contact-unarchive"),
    path("contacts/<int:pk>/merge/", putting_away.contact_merge, name="contact-merge"),
    path("contacts/<int:pk>/invite/", contacts.contact_invite, name="contact-invite"),
    path("mous/", mous.mou_list, name="mou-list"),
    path("mous/timeline/", mous.mou_timeline, name="mou-timeline"),
    path("mous/create/", mou_writing.mou_create, name="mou-create"),
    path("mous/<int:pk>/", mous.mou_detail, name="mou-detail"),
    path("mous/<int:pk>/edit/", mou_writing.mou_edit, name="mou-edit"),
    path("mous/<int:pk>/sign/", mou_writing.mou_sign, name="mou-sign"),
    path("mous/<int:pk>/renew/", mou_writing.mou_renew, name="mou-renew"),
    path("mous/<int:pk>/amend/", mou_writing.mou_amend, name="mou-amend"),
    path("mous/<int:pk>/terminate/", mou_writing.mou_terminate, name="mou-terminate"),
    path("mous/<int:pk>/add-scan/", mou_writing.mou_add_scan, name="mou-add-scan"),
    path("mous/<int:pk>/download/<int:file>/", mous.mou_download, name="mou-download"),
]
