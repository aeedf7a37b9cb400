from django.urls import path

from .views import (
    answers,
    board,
    calls,
    certificates,
    cohort_bulk,
    cohort_certificates,
    cohort_nominations,
    cohort_planning,
    cohorts,
    enrollments,
    headcounts,
    my,
    papers,
    placements,
    programs,
    selection,
)

app_name = "programs"
urlpatterns = [
    path("programs/programs/", programs.program_list, name="program-list"),
    path("programs/programs/create/", programs.program_create, name="program-create"),
    path("programs/programs/<int:pk>/", programs.program_detail, name="program-detail"),
    path("programs/programs/<int:pk>/edit/", programs.program_edit, name="program-edit"),
    path("programs/programs/<int:pk>/brands/", programs.program_brands, name="program-brands"),
    path("programs/programs/<int:pk>/criteria/", programs.program_criteria, name="program-criteria"),
    path("programs/programs/<int:pk>/archive/", programs.program_archive, name="program-archive"),
    path("programs/programs/<int:pk>/restore/", programs.program_restore, name="program-restore"),
    path("programs/cohorts/", cohorts.cohort_list, name="cohort-list"),
    path("programs/cohorts/create/", cohort_planning.cohort_create, name="cohort-create"),
    path("programs/cohorts/<int:pk>/bulk/<slug:action>/", cohort_bulk.cohort_bulk, name="cohort-bulk"),
    path(
        "programs/cohorts/<int:pk>/nominations/",
        cohort_nominations.cohort_nominations,
        name="cohort-nominations",
    ),
    path(
        "programs/cohorts/<int:pk>/nominations/template.xlsx",
        cohort_nominations.cohort_nominations_template,
        name="cohort-nominations-template",
    ),
    path("programs/cohorts/<int:pk>/copy/", cohort_planning.cohort_copy, name="cohort-copy"),
    path("programs/cohorts/<int:pk>/quotas/", cohort_planning.cohort_quotas, name="cohort-quotas"),
    path("programs/headcounts/create/<int:cohort>/", headcounts.headcount_create, name="headcount-create"),
    path("programs/headcounts/<int:pk>/edit/", headcounts.headcount_edit, name="headcount-edit"),
    path("programs/headcounts/<int:pk>/delete/", headcounts.headcount_delete, name="headcount-delete"),
    path("programs/cohorts/<int:pk>/edit/", cohort_planning.cohort_edit, name="cohort-edit"),
    path("programs/cohorts/<int:pk>/", cohorts.cohort_detail, name="cohort-detail"),
    path("programs/cohorts/<int:pk>/calls/", calls.cohort_calls, name="cohort-calls"),
    path("programs/calls/<int:pk>/revoke/", calls.call_revoke, name="call-revoke"),
    path("programs/calls/open/<str:token>/", calls.call_open, name="call-open"),
    path("programs/calls/nominate/<str:token>/", calls.call_nominate, name="call-nominate"),
    path("programs/calls/letter/<str:token>/<int:enrollment>/", calls.call_letter, name="call-letter"),
    path(
        "programs/calls/take-back/<str:token>/<int:enrollment>/", calls.call_take_back, name="call-take-back"
    ),
    path("programs/cohorts/<int:pk>/selection/", selection.cohort_selection, name="cohort-selection"),
    path("programs/cohorts/<int:pk>/decide/", selection.cohort_decide, name="cohort-decide"),
    path("programs/cohorts/<int:pk>/reserve/", selection.cohort_reserve, name="cohort-reserve"),
    path("programs/cohorts/<int:pk>/reviewers/", selection.cohort_reviewers, name="cohort-reviewers"),
    path("programs/enrollments/<int:pk>/review/", selection.enrollment_review, name="enrollment-review"),
    path(
        "programs/enrollments/<int:pk>/waive-rules/",
        selection.enrollment_waive_rules,
        name="enrollment-waive-rules",
    ),
    path("programs/offers/<int:pk>/pass-over/", selection.offer_pass_over, name="offer-pass-over"),
    path("programs/cohorts/<int:pk>/trainees/", cohorts.cohort_trainees, name="cohort-trainees"),
    path("programs/cohorts/<int:pk>/placements/", board.cohort_placements, name="cohort-placements"),
    path("programs/cohorts/<int:pk>/schedule/", cohorts.cohort_schedule, name="cohort-schedule"),
    path("programs/cohorts/<int:pk>/certificates/", cohorts.cohort_certificates, name="cohort-certificates"),
    path("programs/cohorts/<int:pk>/follow-up/", cohorts.cohort_follow_up, name="cohort-follow-up"),
    path("programs/cohorts/<int:pk>/mails/", cohorts.cohort_mails, name="cohort-mails"),
    path("programs/cohorts/<int:pk>/history/", cohorts.cohort_history, name="cohort-history"),
    path(
        "programs/cohorts/<int:pk>/request-placements/",
        cohorts.cohort_request_placements,
        name="cohort-request-placements",
    ),
    path(
        "programs/cohorts/<int:pk>/approve-certificates/",
        cohort_certificates.cohort_approve_certificates,
        name="cohort-approve-certificates",
    ),
    path(
        "programs/cohorts/<int:pk>/issue-certificates/",
        cohort_certificates.cohort_issue_certificates,
        name="cohort-issue-certificates",
    ),
    path(
        "programs/cohorts/<int:pk>/hand-over-certificates/",
        cohort_certificates.cohort_hand_over_certificates,
        name="cohort-hand-over-certificates",
    ),
    path(
        "programs/cohorts/<int:pk>/print-certificates/",
        cohort_certificates.cohort_print_certificates,
        name="cohort-print-certificates",
    ),
    path(
        "programs/cohorts/<int:pk>/open-nominations/",
        cohorts.cohort_open_nominations,
        name="cohort-open-nominations",
    ),
    path(
        "programs/cohorts/<int:pk>/close-nominations/",
        cohorts.cohort_close_nominations,
        name="cohort-close-nominations",
    ),
    path(
        "programs/cohorts/<int:pk>/begin-placing/", cohorts.cohort_begin_placing, name="cohort-begin-placing"
    ),
    path("programs/cohorts/<int:pk>/start/", cohorts.cohort_start, name="cohort-start"),
    path("programs/cohorts/<int:pk>/complete/", cohorts.cohort_complete, name="cohort-complete"),
    path("programs/cohorts/<int:pk>/close/", cohorts.cohort_close, name="cohort-close"),
    path("programs/cohorts/<int:pk>/cancel/", cohorts.cohort_cancel, name="cohort-cancel"),
    path(
        "programs/enrollments/create/<int:cohort>/", enrollments.enrollment_create, name="enrollment-create"
    ),
    path("programs/enrollments/<int:pk>/accept/", enrollments.enrollment_accept, name="enrollment-accept"),
    path(
        "programs/enrollments/<int:pk>/put-on-reserve/",
        enrollments.enrollment_put_on_reserve,
        name="enrollment-put-on-reserve",
    ),
    path("programs/enrollments/<int:pk>/reject/", enrollments.enrollment_reject, name="enrollment-reject"),
    path(
        "programs/enrollments/<int:pk>/start-training/",
        enrollments.enrollment_start_training,
        name="enrollment-start-training",
    ),
    path(
        "programs/enrollments/<int:pk>/complete/", enrollments.enrollment_complete, name="enrollment-complete"
    ),
    path("programs/enrollments/<int:pk>/fail/", enrollments.enrollment_fail, name="enrollment-fail"),
    path(
        "programs/enrollments/<int:pk>/withdraw/", enrollments.enrollment_withdraw, name="enrollment-withdraw"
    ),
    path("programs/placements/to-answer/", answers.placement_to_answer, name="placement-to-answer"),
    path("programs/placements/answer/<str:token>/", answers.placement_answer, name="placement-answer"),
    path("programs/placements/create/<int:enrollment>/", board.placement_create, name="placement-create"),
    path("programs/placements/<int:pk>/", placements.placement_detail, name="placement-detail"),
    path("programs/placements/<int:pk>/confirm/", placements.placement_confirm, name="placement-confirm"),
    path(
        "programs/placements/<int:pk>/confirm-with-conditions/",
        placements.placement_confirm_with_conditions,
        name="placement-confirm-with-conditions",
    ),
    path("programs/placements/<int:pk>/decline/", placements.placement_decline, name="placement-decline"),
    path("programs/placements/<int:pk>/move/", board.placement_move, name="placement-move"),
    path("programs/placements/<int:pk>/split/", board.placement_split, name="placement-split"),
    path("programs/placements/<int:pk>/swap/", board.placement_swap, name="placement-swap"),
    path("programs/placements/<int:pk>/cancel/", placements.placement_cancel, name="placement-cancel"),
    path("programs/certificates/", certificates.certificate_list, name="certificate-list"),
    path("programs/certificates/<int:pk>/", certificates.certificate_detail, name="certificate-detail"),
    path(
        "programs/certificates/<int:pk>/approve/",
        certificates.certificate_approve,
        name="certificate-approve",
    ),
    path("programs/certificates/<int:pk>/issue/", certificates.certificate_issue, name="certificate-issue"),
    path(
        "programs/certificates/<int:pk>/ask-revocation/",
        certificates.certificate_ask_revocation,
        name="certificate-ask-revocation",
    ),
    path(
        "programs/certificates/<int:pk>/keep-valid/",
        certificates.certificate_keep_valid,
        name="certificate-keep-valid",
    ),
    path(
        "programs/certificates/<int:pk>/revoke/", certificates.certificate_revoke, name="certificate-revoke"
    ),
    path(
        "programs/certificates/<int:pk>/reissue/",
        certificates.certificate_reissue,
        name="certificate-reissue",
    ),
    path(
        "programs/certificates/<int:pk>/download/",
        certificates.certificate_download,
        name="certificate-download",
    ),
    path("programs/cohorts/<int:pk>/papers/", papers.cohort_papers, name="cohort-papers"),
    path("programs/cohorts/<int:pk>/ask-papers/", papers.cohort_ask_papers, name="cohort-ask-papers"),
    path("programs/papers/upload/<str:token>/", papers.paper_upload, name="paper-upload"),
    path("my/papers/", papers.my_papers, name="my-papers"),
    path("my/schedule/", my.my_schedule, name="my-schedule"),
    path("my/certificates/", my.my_certificates, name="my-certificates"),
]
