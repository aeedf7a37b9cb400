"""Many nominees at once, as a list brings them: written all or nothing, and taken back until one is decided on."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from participants import transliteration
from participants.models import Trainee
from participants.workflow import passports
from partners.models import Contact
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records.imports.bulk import insert_each, next_keys, note_many, update_each
from portal.records.imports.importers import Obstacle
from portal.records.imports.said import said
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
    for one, key in zip(new, next_keys(Trainee, len(new)), strict=True):
        one.trainee, one.row.before = key, {"new": True, "changes": {}}
    insert_each(Trainee, [{"id": one.trainee, **one.person, "name_keys": _folded(one.person)} for one in new])
    note_many([(one.trainee, one.person["passport_name"], []) for one in new], Trainee, "register", by)


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
    people = model is Trainee
    read = {*fields, *Trainee.NAMES, "aliases"} if people else fields
    # Locked, because all of these fields are written: what somebody saves meanwhile must not be set back.
    rows = model._base_manager.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    kept = rows.values("pk", *read)
    values = {facts["pk"]: facts | wanted[facts["pk"]] for facts in kept}
    if people:
        for facts in values.values():
            facts["name_keys"] = _folded(facts)
    update_each(model, values, [*fields, "name_keys"] if people else fields)
    note_many([(pk, names[pk], sorted(wanted[pk])) for pk in values], model, "change", by)


def _folded(facts):
    """What every spelling of somebody's names has in common, as saving the person would make it."""
    return transliteration.keys(*(facts.get(name, "") for name in Trainee.NAMES), *facts.get("aliases", ()))


def _attribute(model, name):
    return model._meta.get_field(name).attname


def _nominate(cohort, nominees, by):
    """Enroll who is not in the cohort yet; {trainee's key: enrollment's key}."""
    wanted = [one for one in nominees if one.enrollment is None]
    fresh = dict(zip((one.trainee for one in wanted), next_keys(Enrollment, len(wanted)), strict=True))
    insert_each(
        Enrollment,
        [
            {"id": fresh[one.trainee], "trainee": one.trainee, "nominated_by": one.nominated_by, **one.facts}
            for one in wanted
        ],
        cohort=cohort.pk,
    )
    lines = [(fresh[one.trainee], f"{one.name}, {cohort}", []) for one in wanted]
    note_many(lines, Enrollment, "nominate", by, target=State.NOMINATED)
    return fresh


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
