"""A ministry's list of nominees: who of them is known, what it says otherwise, and what nominating them does."""

from collections import Counter
from functools import cache

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hospitals.models import Specialty
from participants import duplicates, passports
from participants.models import Passport, Trainee
from partners.models import Institution, joined
from portal.accounts.roles import Permission
from portal.records.imports.columns import Reference
from portal.records.imports.importers import Importer, importer
from portal.records.imports.names import NameIndex, names_of, same_name
from portal.records.imports.rows import Choice, Verdict
from portal.records.imports.said import said
from portal.records.transitions import NotNow

from . import quotas, session_imports  # noqa: F401 - the importer of sessions registers itself
from .models import Cohort
from .nomination_columns import COLUMNS, SPECIALTIES_RU
from .workflow import nominations

OF_PERSON = (
    "passport_name", "local_name", "birth_date", "nationality", "institution", "profession", "position",
    "specialty", "practicing_since", "languages", "email", "phone", "needs",
)  # fmt: skip
OF_ENROLLMENT = ("recommended_by_organization", "recommended_by_person", "recommended_on", "wishes")
REFERENCES = ("institution", "specialty")


@importer
class NominationImport(Importer):
    """One row a nominee: a person, new or known, put forward for the cohort that the file belongs to."""

    key = "nominations"
    label = _("Nominations")
    permission = Permission.RUN_COHORTS
    parent_model = Cohort
    columns = COLUMNS
    keeps_file = False  # it holds passport numbers
    acts_on_match = True
    OF_ENROLLMENT = OF_ENROLLMENT

    # Reading -----------------------------------------------------------------------------------------------

    def prepare(self, rows):
        self.institutions = NameIndex.of(Institution.objects.unmerged())
        specialties = NameIndex()
        for specialty in Specialty.objects.unmerged():
            names = [*names_of(specialty), *SPECIALTIES_RU.get(specialty.name, [])]
            specialties.add(specialty.pk, str(specialty), names)
        self.indexes = {"institution": self.institutions, "specialty": specialties}
        self.enrolled = {one.trainee_id: one for one in self.parent.enrollments.all()}

    def check(self, row):
        """The name may stand in one column or in two, and in Latin letters: so it stands in the passport."""
        parts = [row.value("surname"), row.value("given_name")]
        name = row.value("passport_name") or (" ".join(parts) if all(parts) else "")
        if not name:
            row.wrong("passport_name", said(_("%(column)s is missing."), column=_("Name as in the passport")))
            return
        if not any(letter.isascii() and letter.isalpha() for letter in name):
            row.wrong(
                "passport_name" if row.value("passport_name") else "surname",
                said(
                    _(
                        "Write the name in Latin letters, as in the passport. The local script has its own column."
                    )
                ),
            )
            return
        row.values["passport_name"] = name

    # Who it is ---------------------------------------------------------------------------------------------

    def match(self, rows):
        """By passport number first, then by address, name and birth date across scripts; two queries and a few."""
        self._refuse_same_person_twice(rows)
        self.row_of = {}  # the first row about somebody who is known
        numbers = {row.number: passports.index_of(row.values["passport_number"]) for row in rows
                   if "passport_number" in row.values}  # fmt: skip
        self._read_owners(rows, numbers)
        found = duplicates.find([_facts(row) for row in rows])
        self.people = {match.trainee.pk: match.trainee for matches in found for match in matches}
        self.people |= {owner.pk: owner for owner in self.owners.values()}
        for row, matches in zip(rows, found, strict=True):
            self._settle(row, matches, self.owners.get(numbers.get(row.number)))

    def _read_owners(self, rows, numbers):
        """Whose the passport numbers and the addresses of the file are already."""
        kept = Passport.objects.filter(index__in=set(numbers.values())).select_related(
            "trainee__institution__region"
        )
        self.owners = {passport.index: passport.trainee for passport in kept}
        emails = {row.values["email"] for row in rows if "email" in row.values}
        self.emails = dict(Trainee.objects.filter(email__in=emails).values_list("email", "pk"))
        self.numbers = numbers

    @staticmethod
    def _settle(row, matches, owner):
        if owner is not None:
            match = next((match for match in matches if match.trainee.pk == owner.pk), None)
            more = match.evidence if match else [duplicates.Evidence.NAME_DIFFERS]
            evidence = map(_evidence, (duplicates.Evidence.PASSPORT, *more))
            row.is_about(_reference(owner), *evidence, weak=match is None)
            return
        strong = [match for match in matches if match.is_strong]
        if len(strong) == 1:
            row.is_about(_reference(strong[0].trainee), *map(_evidence, strong[0].evidence))
        elif matches:
            row.may_be([_reference(match.trainee) for match in matches], *map(_evidence, matches[0].evidence))

    @staticmethod
    def _refuse_same_person_twice(rows):
        """Two rows for one person by whatever they share: the first is taken, the others name it."""
        seen = {}
        for row in rows:
            if row.choice == Choice.LEAVE_OUT:
                continue
            keys = list(_keys(row))
            earlier = next((seen[key] for key in keys if key in seen), None)
            if earlier is not None:
                row.wrong("", _same_person(earlier))
                continue
            seen |= dict.fromkeys(keys, row.number)

    def _complete(self, row):
        super()._complete(row)
        pk = row.target.pk if row.target else None
        if pk and not row.is_undecided and row.choice != Choice.LEAVE_OUT:
            earlier = self.row_of.setdefault(pk, row.number)
            if earlier != row.number:
                row.wrong("", _same_person(earlier))
        if self.emails.get(row.value("email"), pk) != pk:
            row.wrong("email", said(_("Somebody with this e-mail address is entered already.")))
        owner = self.owners.get(self.numbers.get(row.number))
        if owner is not None and owner.pk != pk:
            row.wrong("passport_number", said(_("This is the number of %(name)s already."), name=str(owner)))

    # What it says otherwise ----------------------------------------------------------------------------------

    def compare(self, rows):
        people = {row.target.pk for row in rows}
        kept = {one.trainee_id: one for one in Passport.objects.filter(trainee__in=people)}
        for row in rows:
            person = self.people[row.target.pk]
            for name in OF_PERSON:
                self._compare_fact(row, person, name)
            if enrollment := self.enrolled.get(person.pk):
                row.evidence.append(
                    said(_("Is in this cohort already: %(state)s."), state=enrollment.get_state_display())
                )
                for name in OF_ENROLLMENT:
                    self._compare_fact(row, enrollment, name)
            self._compare_passport(row, kept.get(person.pk))

    def _compare_fact(self, row, record, name):
        """A cell never erases; a list only gains; a name written in other letters is no other name."""
        if name not in row.values:
            return
        after, before = row.values[name], getattr(record, f"{name}_id" if name in REFERENCES else name)
        if name in REFERENCES:
            before = None if before is None else self.indexes[name].reference(before)
        if name == "languages":
            after = [*before, *(code for code in after if code not in before)]
        if name == "passport_name" and same_name(after) == same_name(before):
            return
        if before in (None, "") or not self.column(name).same(after, before):
            self.change(row, name, before, after)

    def _compare_passport(self, row, passport):
        number, expires = row.value("passport_number"), row.value("passport_expires")
        if number is not None and (passport is None or passport.index != self.numbers[row.number]):
            self.change(row, "passport_number", passport.masked if passport else None, number)
        if expires and (passport or number) and (passport is None or passport.expires != expires):
            self.change(row, "passport_expires", passport.expires if passport else None, expires)

    def _verdict(self, row):
        """Who is in the cohort already, and of whom the file says nothing new, is here already."""
        verdict = super()._verdict(row)
        nothing_new = verdict == Verdict.MATCHED and not row.is_undecided and row.target.pk in self.enrolled
        return Verdict.UNCHANGED if nothing_new else verdict

    # Writing and putting back --------------------------------------------------------------------------------

    def lock(self, rows):
        cohort = Cohort.objects.select_for_update(no_key=True).get(pk=self.parent.pk)
        if not cohort.takes_nominations:
            raise NotNow(gettext("The cohort takes no nominations now."))

    def write(self, rows, *, by):
        nominations.bring_in(self.parent, [self._nominee(row) for row in rows], by=by)

    def _nominee(self, row):
        """A row as the verb takes it."""
        values = {name: getattr(value, "pk", value) if name in REFERENCES else value
                  for name, value in row.values.items()}  # fmt: skip
        is_new = row.target is None
        changed = {change["column"] for change in row.wanted_changes}
        organization = self.institutions.exact(row.text("recommended_by_organization"))
        return nominations.Nominee(
            row=row,
            name=values["passport_name"],
            trainee=None if is_new else row.target.pk,
            enrollment=None if is_new else self.enrolled.get(row.target.pk),
            person={
                name: values[name] for name in OF_PERSON if name in values and (is_new or name in changed)
            },
            facts={name: values[name] for name in OF_ENROLLMENT if name in values},
            changed=changed,
            number=values.get("passport_number") if is_new or "passport_number" in changed else None,
            expires=values.get("passport_expires"),
            nominated_by=organization[0].pk if len(organization) == 1 else values.get("institution"),
        )

    def put_back(self, rows, *, by):
        nominations.take_back(self.parent, rows, self, by=by)

    # What pages say ------------------------------------------------------------------------------------------

    def title(self, row):
        name = row.value("passport_name") or row.text("passport_name") or row.text("local_name")
        return name or f"{row.text('surname')} {row.text('given_name')}".strip(), row.text("institution")

    def url_of(self, pk):
        return reverse("participants:trainee-detail", args=[pk])

    def crumbs(self):
        return [
            (gettext("Cohorts"), reverse("programs:cohort-list")),
            (str(self.parent), reverse("programs:cohort-detail", args=[self.parent.pk])),
            (gettext("Trainees"), reverse("programs:cohort-trainees", args=[self.parent.pk])),
        ]

    def effects(self, taken):
        sentences = []
        if new := taken[Verdict.NEW]:
            words = ngettext("%(count)s new person is entered and nominated.",
                             "%(count)s new people are entered and nominated.", new)  # fmt: skip
            sentences.append(words % {"count": new})
        if known := taken[Verdict.MATCHED]:
            words = ngettext("%(count)s person known here is nominated.",
                             "%(count)s people known here are nominated.", known)  # fmt: skip
            sentences.append(words % {"count": known})
        if changed := taken[Verdict.CHANGED]:
            words = ngettext("%(count)s person known here is updated, and nominated if not in the cohort yet.",
                             "%(count)s people known here are updated, and nominated if not in the cohort yet.",
                             changed)  # fmt: skip
            sentences.append(words % {"count": changed})
        return sentences

    def mails(self, batch):
        """What the new names do to quotas and seats, and who is told that they have arrived."""
        values = list(batch.rows.taken().values_list("values", "target_id"))
        enrolled = set(self.parent.enrollments.values_list("trainee", flat=True))
        added = [facts for facts, pk in values if pk not in enrolled]
        contacts = nominations.contacts_of(self._nominating(added))
        if not contacts:
            mail = gettext("No mail is sent: no contact with an address is known where they come from.")
        else:
            words = ngettext("%(count)s mail is sent to %(names)s.", "%(count)s mails are sent to %(names)s.",
                             len(contacts))  # fmt: skip
            mail = words % {"count": len(contacts), "names": joined(str(contact) for contact in contacts)}
        return [*self._warnings(added), mail]

    def _nominating(self, added):
        """The institutions that put these forward, as `_nominee` finds them."""
        index = NameIndex.of(Institution.objects.unmerged())
        for facts in added:
            organization = index.exact(facts.get("recommended_by_organization", ""))
            if len(organization) == 1:
                yield organization[0].pk
            elif "institution" in facts:
                yield facts["institution"][0]

    def _warnings(self, added):
        homes = Counter(facts["institution"][0] for facts in added if "institution" in facts)
        for use in quotas.uses_of(self.parent, more=homes):
            if use.is_short:
                words = gettext("Quota of %(region)s: %(seats)s seats, and with these %(play)s names.")
                yield words % {"region": use.region, "seats": use.seats, "play": use.in_play}
        play = self.parent.enrollments.filter(state__in=quotas.IN_PLAY).count() + len(added)
        if self.parent.seats is not None and play > self.parent.seats:
            words = gettext("The cohort has %(seats)s seats, and with these %(play)s names.")
            yield words % {"seats": self.parent.seats, "play": play}

    def revert_note(self):
        return gettext(
            "The file can be reverted until somebody of it is decided on. A passport number that it replaced "
            "is not brought back."
        )


def _facts(row):
    """A row as the search for the same person takes it."""
    institution = row.value("institution")
    return duplicates.Facts(
        names=tuple(filter(None, (row.value("passport_name"), row.value("local_name")))),
        birth_date=row.value("birth_date"),
        email=row.value("email", ""),
        institution=institution.pk if institution else None,
        country=row.value("nationality", ""),
    )


def _same_person(row):
    return said(_("Row %(row)s of this file is about the same person."), row=row)


@cache
def _evidence(code):
    """A sentence that a row keeps; thousands of rows keep the same few."""
    return said(duplicates.WORDS[code])


def _reference(trainee):
    home = f", {trainee.institution}" if trainee.institution_id else ""
    return Reference(trainee.pk, f"{trainee}{home}")


def _keys(row):
    """What two rows about one person share."""
    if number := row.value("passport_number"):
        yield "passport", number.plain
    if email := row.value("email"):
        yield "email", email
    if birth_date := row.value("birth_date"):
        yield "name", frozenset(same_name(row.values["passport_name"]).split()), birth_date
