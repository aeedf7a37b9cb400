from django.urls import path

from .views import consents, documents, duplicates, followups, graduations, my, passports, trainees

app_name = "participants"
urlpatterns = [
    path("participants/trainees/", trainees.trainee_list, name="trainee-list"),
    path("participants/trainees/create/", trainees.trainee_create, name="trainee-create"),
    path("participants/trainees/<int:pk>/", trainees.trainee_detail, name="trainee-detail"),
    path("participants/trainees/<int:pk>/photo/", trainees.trainee_photo, name="trainee-photo"),
    path("participants/trainees/<int:pk>/edit/", trainees.trainee_edit, name="trainee-edit"),
    path("participants/duplicates/", duplicates.duplicate_list, name="duplicate-list"),
    path("participants/duplicates/look/", duplicates.duplicate_look, name="duplicate-look"),
    path("participants/duplicates/<int:pk>/", duplicates.duplicate_detail, name="duplicate-detail"),
    path(
        "participants/duplicates/<int:pk>/not-same/", duplicates.duplicate_not_same, name="duplicate-not-same"
    ),
    path("participants/trainees/<int:pk>/papers/", documents.trainee_papers, name="trainee-papers"),
    path("participants/documents/<int:pk>/check/", documents.document_check, name="document-check"),
    path(
        "participants/documents/<int:pk>/check-again/",
        documents.document_check_again,
        name="document-check-again",
    ),
    path("participants/documents/<int:pk>/refuse/", documents.document_refuse, name="document-refuse"),
    path("participants/documents/<int:pk>/download/", documents.document_download, name="document-download"),
    path("participants/passports/find/", passports.passport_find, name="passport-find"),
    path("participants/passports/<int:pk>/edit/", passports.passport_edit, name="passport-edit"),
    path("participants/passports/<int:pk>/erase/", passports.passport_erase, name="passport-erase"),
    path("participants/passports/<int:pk>/reveal/", passports.passport_reveal, name="passport-reveal"),
    path("participants/trainees/<int:pk>/merge/", trainees.trainee_merge, name="trainee-merge"),
    path("participants/graduations/", graduations.graduation_list, name="graduation-list"),
    path("participants/graduations/create/", graduations.graduation_create, name="graduation-create"),
    path("participants/graduations/<int:pk>/", graduations.graduation_detail, name="graduation-detail"),
    path("participants/graduations/<int:pk>/post/", graduations.graduation_post, name="graduation-post"),
    path("participants/graduations/<int:pk>/visit/", graduations.graduation_visit, name="graduation-visit"),
    path("participants/consents/renew/<str:token>/", consents.consent_renew, name="consent-renew"),
    path("participants/follow-ups/", followups.followup_list, name="followup-list"),
    path("participants/follow-ups/reply/<str:token>/", followups.followup_reply, name="followup-reply"),
    path("participants/follow-ups/<int:pk>/", followups.followup_detail, name="followup-detail"),
    path(
        "participants/follow-ups/<int:pk>/open-followup/",
        followups.followup_open_followup,
        name="followup-open-followup",
    ),
    path("participants/follow-ups/<int:pk>/answer/", followups.followup_answer, name="followup-answer"),
    path("participants/follow-ups/<int:pk>/miss/", followups.followup_miss, name="followup-miss"),
    path("participants/follow-ups/<int:pk>/waive/", followups.followup_waive, name="followup-waive"),
    path("my/profile/", my.my_profile, name="my-profile"),
    path("my/passport/", my.my_passport, name="my-passport"),
    path("my/consents/", my.my_consents, name="my-consents"),
    path("my/consents/<slug:purpose>/withdraw/", my.my_consent_withdraw, name="my-consent-withdraw"),
    path("my/follow-ups/", followups.my_followups, name="my-followups"),
    path("my/follow-ups/<int:pk>/", followups.my_followup, name="my-followup"),
]
