"""The demo's days: who was there, what supervisors and trainees said at the end, and what they set out to learn."""

from datetime import datetime, time, timedelta

from participants.models import Trainee
from portal.records import clock
from portal.records.actors import PORTAL
from programs import ticking
from programs.attending import working_days
from programs.evaluating import evaluators_of
from programs.models import Evaluation, HospitalFeedback, Placement, ProgramFeedback
from programs.workflow import attendance, evaluations, feedback

OBJECTIVES = [
    "Assist in a laparoscopic resection",
    "Plan the after-care of a patient together with the nurses",
    "Set up a checklist for my own operating theater",
]
STRENGTHS = [
    "Calm hands, and questions at the right moment.",
    "",
    "Reads up in the evening what was seen by day.",
]
REMARKS = [
    "More time in the operating theater, less in front of the screen.",
    "",
    "The interpreter made the difference.",
    "",
    "A week longer would have been right.",
]


def to_the_end(scene, last_day, *, silent=0, said=True):
    """A whole training: its lists, the supervisors' answers but for the `silent` last ones, and what trainees say."""
    _set_out(scene)
    _note_days(scene, last_day)
    _ask_supervisors(scene, last_day)
    with clock.at(datetime.combine(last_day, time(17), clock.SEOUL)):
        _answer(scene.cohort, leave=silent)
        if said:
            _say(scene.enrolled.values())


def so_far(scene):
    """A training that runs: its lists until yesterday, the last of them half done, and who has changed departments."""
    yesterday = clock.today() - timedelta(days=1)
    _set_out(scene)
    _note_days(scene, yesterday, every=2)
    _ask_supervisors(scene, yesterday)
    with clock.at(clock.now() - timedelta(hours=3)):
        _answer(scene.cohort, leave=1)


def _note_days(scene, until, *, every=1):
    """The lists day by day: most were there, somebody now and then was not; of the last day every so many'th line."""
    day, count = scene.monday, 0
    last = working_days(scene.monday, until)[-1]
    while day <= until:
        sheet = ticking.sheet_of(PORTAL, day, scene.cohort)
        for line in sheet.lines:
            count += 1
            line.status = "late" if count % 23 == 0 else "present"
            if count % 31 == 0:
                line.status, line.reason = "excused", "appointment"
            if count % 47 == 0:
                line.status, line.reason = "absent", "transport"
        with clock.at(datetime.combine(day, time(18), clock.SEOUL)):
            lines = sheet.lines[::every] if day == last else sheet.lines
            attendance.note(day, lines, by=scene.officer)
        day += timedelta(days=1)


def _ask_supervisors(scene, until):
    """The rounds of the days on which placements end."""
    ends = Placement.objects.taking_seats().filter(enrollment__cohort=scene.cohort, last_day__lte=until)
    for day in sorted(set(ends.values_list("last_day", flat=True))):
        with clock.at(day):
            evaluations.due_work(say=lambda line: None)


def _answer(cohort, *, leave=0):
    """The supervisors' answers, by the link, but for the last few."""
    waiting = Evaluation.objects.unanswered().for_list().filter(placement__enrollment__cohort=cohort)
    rows = list(waiting.order_by("pk"))
    asked = evaluators_of([row.placement for row in rows])
    for number, row in enumerate(rows[: len(rows) - leave]):
        marks = {name: 3 + (number + place) % 3 for place, name in enumerate(Evaluation.MARKS)}
        people = asked[row.placement_id]
        evaluations.answer(
            row,
            by=PORTAL,
            who=people[0].name if people else "Education office",
            channel=Placement.Channel.LINK if people else Placement.Channel.PHONE,
            strengths=STRENGTHS[number % len(STRENGTHS)],
            **marks,
        )


def _set_out(scene):
    """Three objectives each, as staff enter them from the first conversation."""
    with clock.at(scene.monday):
        for enrollment in scene.enrolled.values():
            feedback.set_objectives(enrollment, OBJECTIVES, by=scene.officer)


def _say(enrollments):
    """What the trainees say at the end."""
    for number, enrollment in enumerate(enrollments):
        hospitals = Placement.objects.taking_seats().filter(enrollment=enrollment)
        given = {
            hospital: {**_marks(HospitalFeedback, number), "comment": ""}
            for hospital in set(hospitals.values_list("department__hospital", flat=True))
        }
        program = {**_marks(ProgramFeedback, number + 1), "comment": REMARKS[number % len(REMARKS)]}
        reached = {one.pk: 3 + (number + one.position) % 3 for one in enrollment.objectives.all()}
        who = Trainee.objects.select_related("user").get(pk=enrollment.trainee_id)
        feedback.give(enrollment, by=who.user or PORTAL, program=program, hospitals=given, objectives=reached)


def _marks(model, number):
    return {name: 3 + (number * 2 + place) % 3 for place, name in enumerate(model.MARKS)}
