"""Many nominees at once, as a list brings them: written all or nothing, and taken back until one is decided on."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from participants.models import Trainee
from participants.workflow import passports
from partners.models import Contact
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records.imports.bulk import update_each
from portal.records.imports.importers import Obstacle
from portal.records.imports.said import said
from portal.records.models import Event
from programs.models import Enrollment

State = Enrollment.State


@dataclass
class Nominee:
    """A row of the list: who it is, what is written of them, and what becomes of it."""

    row: object
    name: str
    trainee: int | None  # of a person who is known
    enrollment: Enrollment | None  # of one who is in the cohort already
    person: dict = field(default_factory=dict)  # fields of the person to be written
    facts: dict = field(default_factory=dict)  # fields of the enrollment
    changed: set = field(default_factory=set)  # columns whose change is wanted
    number: object = None  # a passports.Number to be kept
    expires: object = None
    nominated_by: int | None = None


def contacts_of(institutions):
    """Who hears that names have arrived: the present contacts with an address at these institutions."""
    rows = Contact.objects.filter(institution__in=set(institutions), until=None).exclude(email="")
    return list(rows.select_related("institution__region").order_by("institution__name", "pk"))


def bring_in(cohort, nominees, *, by):
    """Enter who is new, update who is known, nominate all who are not in the cohort yet; one mail a contact.

    Call it inside the transaction, with the cohort locked. Sets `written` and `before` of each row.
    """
    if not (by.has(Permission.RUN_COHORTS) and by.has(Permission.EDIT_PEOPLE)):
        raise PermissionDenied
    _enter(nominees, by)
    _update(nominees, by)
    passports.enter_many(
        [(one.trainee, one.number, one.expires, one.nominated_by) for one in nominees
         if one.number or "passport_expires" in one.changed],
        by=by,
    )  # fmt: skip
    fresh = _nominate(cohort, nominees, by)
    for one in nominees:
        one.row.written = one.trainee
        one.row.before |= {"enrollment": fresh.get(one.trainee), "passport": bool(one.number)}
    _tell(cohort, nominees, fresh)


def _enter(nominees, by):
    new = [one for one in nominees if one.trainee is None]
    people = [
        Trainee(**{_attribute(Trainee, name): value for name, value in one.person.items()}) for one in new
    ]
    for one, trainee in zip(new, Trainee.objects.bulk_create(people, batch_size=2000), strict=True):
        one.trainee, one.row.before = trainee.pk, {"new": True, "changes": {}}
    _note(Trainee, [(one.trainee, one.person["passport_name"], {}) for one in new], "register", by)


def _update(nominees, by):
    known = [one for one in nominees if not one.row.before.get("new")]
    for one in known:
        wanted = {change["column"]: change for change in one.row.wanted_changes}
        one.row.before = {"new": False, "changes": wanted}
    people = {one.trainee: one.person for one in known if one.person}
    _write(Trainee, people, {one.trainee: one.name for one in known}, by)
    enrolled = {one.enrollment.pk: {name: value for name, value in one.facts.items() if name in one.changed}
                for one in known if one.enrollment}  # fmt: skip
    names = {one.enrollment.pk: one.name for one in known if one.enrollment}
    _write(Enrollment, {pk: facts for pk, facts in enrolled.items() if facts}, names, by)


def _write(model, wanted, names, by):
    """Write different fields of many records, with a line in the trail for each under its name in `names`."""
    if not wanted:
        return
    fields = sorted({name for facts in wanted.values() for name in facts})
    records = model._base_manager.in_bulk(wanted)
    values = {}
    for pk, record in records.items():
        for name, value in wanted[pk].items():
            setattr(record, _attribute(model, name), value)
        values[pk] = {name: getattr(record, _attribute(model, name)) for name in fields}
        if model is Trainee:
            record.fold_names()
            values[pk]["name_keys"] = record.name_keys
    update_each(model, values, [*fields, "name_keys"] if model is Trainee else fields)
    lines = [(pk, names[pk], {"fields": sorted(wanted[pk])}) for pk in records]
    _note(model, lines, "change", by)


def _attribute(model, name):
    return model._meta.get_field(name).attname


def _nominate(cohort, nominees, by):
    """Enroll who is not in the cohort yet; {trainee's key: enrollment's key}."""
    wanted = [one for one in nominees if one.enrollment is None]
    rows = [
        Enrollment(cohort=cohort, trainee_id=one.trainee, nominated_by_id=one.nominated_by, **one.facts)
        for one in wanted
    ]
    made = Enrollment.objects.bulk_create(rows, batch_size=2000)
    names = {one.trainee: one.name for one in wanted}
    lines = [(enrollment.pk, f"{names[enrollment.trainee_id]}, {cohort}", {}) for enrollment in made]
    _note(Enrollment, lines, "nominate", by, target=State.NOMINATED)
    return {enrollment.trainee_id: enrollment.pk for enrollment in made}


def _note(model, lines, verb, by, *, target=""):
    kind = ContentType.objects.get_for_model(model)
    Event.objects.bulk_create(
        [
            Event(actor=by, actor_name=str(by)[:120], subject_type=kind, subject_id=pk, subject_name=name[:200],
                  verb=verb, target=target, data=data)
            for pk, name, data in lines
        ],
        batch_size=5000,
    )  # fmt: skip


def _tell(cohort, nominees, fresh):
    """One mail to each contact about everybody of theirs who was nominated."""
    if not fresh:
        return
    of_home = defaultdict(list)
    for one in nominees:
        if one.trainee in fresh and one.nominated_by:
            of_home[one.nominated_by].append(fresh[one.trainee])
    for contact in contacts_of(of_home):
        theirs = of_home[contact.institution_id]
        outbox.put(
            "nominations_received", to=contact, about=cohort, context={"enrollments": theirs},
            key=f"nominations:{min(theirs)}:{contact.pk}",
        )  # fmt: skip


# Taking back ---------------------------------------------------------------------------------------


def take_back(cohort, rows, importer, *, by):
    """Undo what `bring_in` did for these rows. Raises Obstacle, with sentences, where somebody has gone on."""
    rows = [row for row in rows if row.written]
    obstacles = [*_decided(rows), *_moved(rows, importer)]
    if obstacles:
        raise Obstacle(obstacles)
    passports.forget_many([row.written for row in rows if row.before.get("passport")], by=by)
    enrollments = [row.before["enrollment"] for row in rows if row.before["enrollment"]]
    created = [row.written for row in rows if row.before["new"]]
    try:
        Enrollment.objects.filter(pk__in=enrollments).delete()
        Trainee.objects.filter(pk__in=created).delete()
    except ProtectedError as error:
        names = sorted({str(one) for one in error.protected_objects})[:5]
        raise Obstacle([said(_("Something of it is used by now: %(names)s."), names=names)]) from error
    _restore(cohort, rows, importer, by)


def _decided(rows):
    """Nominations of the file that are decided on by now."""
    numbers = {row.before["enrollment"]: row.number for row in rows if row.before["enrollment"]}
    decided = Enrollment.objects.filter(pk__in=numbers).exclude(state=State.NOMINATED)
    return [
        said(
            _("Row %(row)s, %(name)s: the state is “%(state)s” by now."),
            row=numbers[one.pk], name=one.trainee.passport_name, state=one.get_state_display(),
        )
        for one in decided.select_related("trainee")
    ]  # fmt: skip


def _records(rows, cohort=None):
    """The people of the rows, and their enrollments, by the person's key."""
    keys = [row.written for row in rows if row.before["changes"]]
    people = Trainee.objects.in_bulk(keys)
    enrolled = {one.trainee_id: one for one in Enrollment.objects.filter(trainee__in=keys, cohort=cohort)}
    return people, enrolled


def _moved(rows, importer):
    """Facts that the file changed and somebody has changed again."""
    people, enrolled = _records(rows, importer.parent)
    found = []
    if people:
        importer.prepare(rows)
    for row in rows:
        for name, change in row.before["changes"].items():
            record = enrolled.get(row.written) if name in importer.OF_ENROLLMENT else people.get(row.written)
            column = importer.column(name)
            if name.startswith("passport_") and name != "passport_name":
                continue
            now = getattr(record, _attribute(type(record), name), None)
            after = column.load(change["after"])
            if getattr(after, "pk", after) != now:
                sentence = _("Row %(row)s, %(name)s: %(column)s was changed since.")
                found.append(said(sentence, row=row.number, name=str(record), column=column.label))
    return found


def _restore(cohort, rows, importer, by):
    """Give the changed facts the value they had before."""
    people, enrolled = _records(rows, cohort)
    of_people, of_enrollments = defaultdict(dict), defaultdict(dict)
    for row in rows:
        for name, change in row.before["changes"].items():
            if name in ("passport_number", "passport_expires"):
                continue
            model = Enrollment if name in importer.OF_ENROLLMENT else Trainee
            kept = change["before"]
            value = (
                model._meta.get_field(name).get_default()
                if kept is None
                else importer.column(name).load(kept)
            )
            if model is Trainee:
                of_people[row.written][name] = getattr(value, "pk", value)
            else:
                of_enrollments[enrolled[row.written].pk][name] = value
    _write(Trainee, of_people, {pk: str(person) for pk, person in people.items()}, by)
    names = {one.pk: str(people[one.trainee_id]) for one in enrolled.values() if one.trainee_id in people}
    _write(Enrollment, of_enrollments, names, by)
