"""What a verb will do, in the sentences of its confirm box, with the mails counted."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from hospitals.models import Coordinator
from partners.models import joined
from portal.records.approximate import span_words

from .conditions import still_open
from .models import Enrollment, Placement
from .workflow import letters, offers, placements
from .workflow.enrollments import withdraw


def counted(words, number):
    """A sentence about a number of things, out of lazy words that count by `count`."""
    return words % {"count": number}


def of_open_nominations(cohort):
    return [_("Names can be put forward for this cohort."), _("No mail is sent.")]


def of_close_nominations(cohort):
    count = cohort.enrollments.filter(state=Enrollment.State.NOMINATED).count()
    return [
        counted(
            ngettext_lazy(
                "%(count)s nomination is to be decided on.",
                "%(count)s nominations are to be decided on.",
                "count",
            ),
            count,
        ),
        _("No mail is sent."),
    ]


def of_begin_placing(cohort):
    count = cohort.enrollments.filter(state=Enrollment.State.ACCEPTED).count()
    return [
        counted(
            ngettext_lazy(
                "%(count)s accepted trainee can be placed.",
                "%(count)s accepted trainees can be placed.",
                "count",
            ),
            count,
        ),
        _("No mail is sent; hospitals hear of it with the first request."),
    ]


def of_start(cohort):
    count = cohort.enrollments.filter(state=Enrollment.State.ACCEPTED).count()
    return [
        counted(
            ngettext_lazy(
                "%(count)s trainee is in training from now.",
                "%(count)s trainees are in training from now.",
                "count",
            ),
            count,
        ),
        *still_open(enrollment__cohort=cohort),
        _("No mail is sent."),
    ]


def of_complete(cohort):
    count = cohort.enrollments.filter(state=Enrollment.State.IN_TRAINING).count()
    marks = [str(months) for months in cohort.program.follow_up_months]
    found = [
        counted(
            ngettext_lazy(
                "%(count)s trainee completes the training and enters the alumni register.",
                "%(count)s trainees complete the training and enter the alumni register.",
                "count",
            ),
            count,
        ),
        counted(
            ngettext_lazy(
                "%(count)s certificate can be approved.", "%(count)s certificates can be approved.", "count"
            ),
            count,
        ),
    ]
    if marks:
        words = _("Follow-ups are planned for these months after the end: %(months)s.")
        found.append(words % {"months": joined(marks)})
    return [*found, _("No mail is sent now.")]


def of_close(cohort):
    return [_("The cohort leaves the list of work."), _("Follow-ups go on by themselves.")]


def of_cancel(cohort):
    people = cohort.enrollments.filter(state__in=withdraw.verb.sources).count()
    return [
        counted(
            ngettext_lazy("%(count)s trainee is withdrawn.", "%(count)s trainees are withdrawn.", "count"),
            people,
        ),
        *of_cancelled_placements(Placement.objects.filter(enrollment__cohort=cohort)),
    ]


def of_withdraw(enrollment):
    found = of_cancelled_placements(enrollment.placements.all())
    if enrollment.state == Enrollment.State.ACCEPTED:
        found.append(_("The seat is offered to the first on the reserve list; staff settle the offer."))
    return found


def of_cancelled_placements(rows):
    """Placements that are cancelled with their people: seats, and mails to the hospitals that were asked."""
    rows = list(
        rows.filter(state__in=placements.cancel.verb.sources).values_list("state", "department__hospital")
    )
    asked = {hospital for state, hospital in rows if state != Placement.State.DRAFT}
    # One mail a person, however many placements and hospitals it is about.
    mails = Coordinator.objects.serving().filter(hospital__in=asked).values("user").distinct().count()
    return [
        counted(
            ngettext_lazy(
                "%(count)s placement is cancelled and its seat is free.",
                "%(count)s placements are cancelled and their seats are free.",
                "count",
            ),
            len(rows),
        ),
        counted(
            ngettext_lazy(
                "%(count)s mail is sent to hospitals.", "%(count)s mails are sent to hospitals.", "count"
            ),
            mails,
        ),
    ]


def of_accept(enrollment):
    cohort = enrollment.cohort
    found = [_("The trainee can be placed.")]
    if cohort.seats is not None:
        taken = cohort.enrollments.taking_part().count()
        facts = {"taken": taken, "seats": cohort.seats}
        found.append(_("%(taken)s of the cohort’s %(seats)s seats are taken before this.") % facts)
    return [*found, *of_letters([enrollment])]


def of_put_on_reserve(enrollment):
    place = {"rank": offers.last_place(enrollment.cohort)}
    return [_("The trainee is number %(rank)s on the reserve list.") % place, *of_letters([enrollment])]


def of_reject(enrollment):
    return [
        _("The trainee does not come this time; the reason stays in the history and in the letter."),
        *of_letters([enrollment]),
    ]


def of_letters(enrollments):
    """The letters about a decision: how many to whom, and who has no address. Of several the contacts get one each."""
    reached = [enrollment for enrollment in enrollments if enrollment.trainee.email]
    contacts = {contact.pk: contact for contact in letters.contacts_of_all(enrollments)}
    found = [
        counted(
            ngettext_lazy(
                "%(count)s mail is sent to a trainee.", "%(count)s mails are sent to trainees.", "count"
            ),
            len(reached),
        ),
        counted(
            ngettext_lazy(
                "%(count)s mail is sent to a nominating contact.",
                "%(count)s mails are sent to nominating contacts.",
                "count",
            ),
            len(contacts),
        ),
    ]
    missing = [str(enrollment.trainee) for enrollment in enrollments if not enrollment.trainee.email]
    if missing:
        found.append(
            _("No e-mail address is known, so no mail is sent: %(names)s.") % {"names": joined(missing)}
        )
    return found


def of_start_training(enrollment):
    return [_("The trainee is in training from now."), *still_open(enrollment=enrollment)]


def of_complete_enrollment(enrollment):
    return [
        _("The trainee completes the training and enters the alumni register."),
        _("The certificate can be approved, and follow-ups are planned."),
        _("No mail is sent now."),
    ]


def of_fail(enrollment):
    return [
        _("The trainee gets no certificate and no follow-up; the reason stays in the history."),
        _("No mail is sent."),
    ]


def of_request_placements(requests):
    """What sending a cohort's drafts does: requests, and mails by name."""
    asked = sum(len(request.placements) for request in requests)
    people = [coordinator.user.name for request in requests for coordinator in request.coordinators]
    found = [
        counted(
            ngettext_lazy(
                "%(count)s placement is requested; the hospital has seven days to answer.",
                "%(count)s placements are requested; the hospitals have seven days to answer.",
                "count",
            ),
            asked,
        )
    ]
    facts = {"count": len(people), "names": joined(people)}
    if people:
        words = ngettext(
            "%(count)s mail is sent to %(names)s.", "%(count)s mails are sent to %(names)s.", len(people)
        )
        found.append(words % facts)
    else:
        found.append(_("No mail is sent."))
    silent = [str(request.hospital) for request in requests if not request.coordinators]
    if silent:
        names = {"names": joined(silent)}
        found.append(_("Nobody answers there in the portal, so please call: %(names)s.") % names)
    return found


def of_told_hospitals(placement):
    """The mails to the coordinators of the placement's hospital, by name."""
    told = Coordinator.objects.serving().filter(hospital=placement.department.hospital_id)
    names = [coordinator.user.name for coordinator in told.select_related("user")]
    if not names:
        return [_("The hospital has no coordinator in the portal: somebody has to call.")]
    words = ngettext(
        "%(count)s mail will be sent, to %(names)s.",
        "%(count)s mails will be sent, to %(names)s.",
        len(names),
    )
    return [words % {"count": len(names), "names": ", ".join(names)}]


def _trainee_hears(placement, *, settles=False):
    """Whether the trainee gets a mail about a change: who has been told where they go, of what is settled before or
    after it.
    """
    return (placement.is_seated or settles) and placements.was_told(placement)


def of_told_trainee(placement, *, settles=False):
    """The trainee's mail about a change, or that there is none. `settles` says that the hospital agrees by it."""
    name = {"name": placement.trainee.display_name}
    if _trainee_hears(placement, settles=settles):
        return [_("1 mail is sent to %(name)s, with what is different for them.") % name]
    return [_("The trainee has not been told of it yet, and gets no mail.")]


def of_changed_placement(placement):
    return [*of_told_hospitals(placement), *of_told_trainee(placement)]


def of_rescheduled(placement):
    """The mails about other days or another department. Of what was only asked for the trainee hears once agreed."""
    if placement.is_seated or not placements.was_told(placement):
        return of_changed_placement(placement)
    words = _("If the hospital has agreed, 1 mail is sent to %(name)s, with what is different for them.")
    return [*of_told_hospitals(placement), words % {"name": placement.trainee.display_name}]


def readers_of_reason(placement):
    """Who reads the reason of a change in a mail: the help of its field."""
    hospital = Coordinator.objects.serving().filter(hospital=placement.department.hospital_id).exists()
    hospital = hospital and placement.state != Placement.State.DRAFT
    trainee = _trainee_hears(placement)
    if hospital and trainee:
        return _("The hospital and the trainee read it in their mails.")
    if hospital:
        return _("The hospital reads it in the mail.")
    if trainee:
        return _("The trainee reads it in the mail.")
    return _("It stays in the history of the placement; nobody gets a mail of it.")


def readers_of_new_days(placement):
    """The same where the hospital may have agreed, and the trainee then hears of it too."""
    if placement.is_seated or not placements.was_told(placement):
        return readers_of_reason(placement)
    return _("The hospital reads it in the mail, and the trainee if the hospital has agreed.")


def of_cancel_placement(placement):
    if placement.state == Placement.State.DRAFT:
        return [_("Nobody outside has heard of it, so no mail is sent.")]
    found = [_("The seat is free again.")] if placement.is_seated else []
    return [*found, *of_changed_placement(placement)]


def proposal_in_words(placement):
    """What the hospital proposed, and in whose name."""
    if placement.proposal_at is None:
        return _("There is no proposal to decide on.")
    days = span_words(placement.proposal_first_day, placement.proposal_last_day)
    facts = {"name": placement.proposal_name, "place": placement.proposal_department, "days": days}
    if placement.proposal_note:
        return _("%(name)s proposes %(place)s, %(days)s: “%(note)s”") % {
            **facts,
            "note": placement.proposal_note,
        }
    return _("%(name)s proposes %(place)s, %(days)s.") % facts
