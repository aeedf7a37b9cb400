"""Who may be the same person: found in bulk, with the evidence in words; who is merged is decided by a person.

Nobody is compared with everybody. Candidates share a passport number, an address, a birth date, two words of a
name, or one word and the institution; only those are looked at closely. Where many share a common name or work at one
place, birth dates part them further: whose dates differ is one person only under exactly the same name.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain, combinations, product

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Q, Value
from django.utils.translation import gettext_lazy as _

from . import transliteration
from .models import Duplicate, Trainee

Strength = Duplicate.Strength
Evidence = Duplicate.Evidence

# More rows than these are compared with the whole register in memory; fewer ask the indexes.
FEW = 500
# So many who share one thing are parted by their birth dates before anybody looks closely.
CROWD = 8


@dataclass(frozen=True)
class Facts:
    """What is known of somebody who may be known already: a row of a spreadsheet, a filled form, a person."""

    names: tuple = ()  # in any script
    birth_date: date | None = None
    email: str = ""
    passport: str = ""  # its index, as participants.passports makes it; never the number
    institution: int | None = None
    country: str = ""
    pk: int | None = None  # of a person who is entered; nobody is their own duplicate
    keys: frozenset = field(default=frozenset(), compare=False)

    def with_keys(self):
        """The same facts with what the register finds them by."""
        return replace(
            self,
            names=tuple(dict.fromkeys(name for name in self.names if name)),
            email=self.email.strip().lower(),
            keys=frozenset(transliteration.keys(*self.names)),
        )

    @cached_property
    def spellings(self):
        """Its names letter for letter, but for case and spaces."""
        return {" ".join(name.casefold().split()) for name in self.names}

    @cached_property
    def words(self):
        """The folded words of each name."""
        return [set(transliteration.folded(name)) for name in self.names]


@dataclass(frozen=True)
class Match:
    """Somebody known who may be the one: how sure, and why."""

    trainee: Trainee
    strength: str
    evidence: tuple  # of Evidence

    @property
    def is_strong(self):
        return self.strength == Strength.STRONG

    @property
    def sure(self):
        """How sure it is, in words."""
        return Strength(self.strength).label

    @property
    def words(self):
        """The evidence as sentences in the reader's language."""
        return words_of(self.evidence)


WORDS = {
    Evidence.PASSPORT: _("The passport number is the same."),
    Evidence.EMAIL: _("The e-mail address is the same."),
    Evidence.NAME_SAME: _("The name is the same."),
    Evidence.NAME_SPELLED: _("The name is the same, written in another way."),
    Evidence.NAME_ALIKE: _("The names are nearly the same."),
    Evidence.NAME_DIFFERS: _("The names differ."),
    Evidence.BIRTH_SAME: _("The birth date is the same."),
    Evidence.BIRTH_NEAR: _("The birth dates differ by a slip of the pen."),
    Evidence.BIRTH_UNKNOWN: _("The birth date of one is not known."),
    Evidence.BIRTH_DIFFERS: _("The birth dates differ."),
    Evidence.INSTITUTION: _("The home institution is the same."),
    Evidence.COUNTRY: _("The country is the same."),
}


def words_of(evidence):
    return [str(WORDS[code]) for code in evidence if code in WORDS]


# Two people ----------------------------------------------------------------------------------------


def compare(one, other):
    """(strength, evidence) of two Facts that may be one person, or None."""
    found = []
    if one.passport and one.passport == other.passport:
        found.append(Evidence.PASSPORT)
    if one.email and one.email == other.email:
        found.append(Evidence.EMAIL)
    birth = _births(one.birth_date, other.birth_date)
    same_institution = bool(one.institution and one.institution == other.institution)
    if birth == Evidence.BIRTH_DIFFERS and not (
        found or (same_institution and _may_share_a_name(one, other))
    ):
        return None  # most of those who share two words end here
    score, name = _names(one, other)
    abroad = bool(one.country and other.country and one.country != other.country)
    strength = _strength(found, score, birth, same_institution, abroad)
    if strength is None:
        return None
    evidence = [*found, name, birth]
    if same_institution:
        evidence.append(Evidence.INSTITUTION)
    elif one.country and one.country == other.country:
        evidence.append(Evidence.COUNTRY)
    return strength, tuple(evidence)


def _strength(found, score, birth, same_institution, abroad):
    """How sure it is that these are one; None where nobody needs to be asked."""
    born_alike = birth == Evidence.BIRTH_SAME
    # An office may lend its address to several of its people.
    if Evidence.PASSPORT in found or ((score or born_alike) and Evidence.EMAIL in found):
        return Strength.STRONG
    if born_alike and score:
        return Strength.STRONG
    if found or (born_alike and same_institution):
        return Strength.WEAK
    if birth == Evidence.BIRTH_DIFFERS:
        possible = score == 100 and same_institution
    else:
        near = birth == Evidence.BIRTH_NEAR or same_institution
        possible = score and (near or (score == 100 and not abroad))
    return Strength.WEAK if possible else None


def _may_share_a_name(one, other):
    """Whether all words of one spelling stand in one of the other: without that no two names come to 100."""
    return any(left <= right or right <= left for left, right in product(one.words, other.words))


def _names(one, other):
    """How alike the names are in their closest spelling, and the evidence for it."""
    if not one.spellings.isdisjoint(other.spellings):
        return 100, Evidence.NAME_SAME
    score = max((transliteration.alike(*pair) for pair in product(one.names, other.names)), default=0)
    if score == 100:
        return score, Evidence.NAME_SPELLED
    return score, Evidence.NAME_ALIKE if score else Evidence.NAME_DIFFERS


def _births(one, other):
    if one is None or other is None:
        return Evidence.BIRTH_UNKNOWN
    if one == other:
        return Evidence.BIRTH_SAME
    if one.year != other.year and one.month != other.month and one.day != other.day:
        return Evidence.BIRTH_DIFFERS
    left, right = one.isoformat(), other.isoformat()
    slips = sum(a != b for a, b in zip(left, right, strict=True))
    # One wrong digit, two digits or day and month turned round.
    return Evidence.BIRTH_NEAR if slips == 1 or sorted(left) == sorted(right) else Evidence.BIRTH_DIFFERS


# Many people ---------------------------------------------------------------------------------------


class Register:
    """People in memory, found by what two spellings of one person have in common."""

    def __init__(self, people=()):
        self.people = []
        self.blocks = defaultdict(list)
        self.crowds = {}  # of the blocks that were parted: who is in them, by what birth dates nearly the same share
        for facts in people:
            self.add(facts)

    def add(self, facts):
        number = len(self.people)
        self.people.append(facts)
        for block in (*_blocks(facts), *_crowded_blocks(facts)):
            self.blocks[block].append(number)
            if block in self.crowds:
                self._part(self.crowds[block], number)

    def like(self, facts):
        """Pairs of (Facts, (strength, evidence)) of those who may be the same, the surest first."""
        numbers = {number for block in _blocks(facts) for number in self.blocks.get(block, ())}
        for block in _crowded_blocks(facts):
            numbers.update(self._near(block, facts.birth_date))
        found = []
        for number in sorted(numbers):
            other = self.people[number]
            judged = compare(facts, other) if facts.pk is None or facts.pk != other.pk else None
            if judged:
                found.append((other, judged))
        return sorted(found, key=lambda pair: (pair[1][0] != Strength.STRONG, -len(pair[1][1])))

    def _near(self, block, birth_date):
        """Those of a block whose birth date is near or unknown; all of them where they are few."""
        numbers = self.blocks.get(block, ())
        if birth_date is None or len(numbers) <= CROWD:
            return numbers
        if block not in self.crowds:
            self.crowds[block] = defaultdict(list)
            for number in numbers:
                self._part(self.crowds[block], number)
        crowd = self.crowds[block]
        return chain.from_iterable(crowd.get(part, ()) for part in (None, *_parts_of(birth_date)))

    def _part(self, crowd, number):
        birth_date = self.people[number].birth_date
        for part in _parts_of(birth_date) if birth_date else [None]:
            crowd[part].append(number)


def _parts_of(birth_date):
    """What two dates share at least one of that differ by a slip of the pen, as `_births` has it."""
    year, month, day = birth_date.year, birth_date.month, birth_date.day
    return (year, month, 0), (year, 0, day), (0, month, day), "".join(sorted(birth_date.isoformat()))


def _blocks(facts):
    """What is enough to look closely, whatever else differs."""
    if facts.passport:
        yield ("passport", facts.passport)
    if facts.email:
        yield ("email", facts.email)
    if facts.birth_date:
        yield ("birth", facts.birth_date)
    if facts.institution:
        for name in facts.names:
            words = sorted(transliteration.folded(name)) or name.casefold().split()
            for pair in combinations(words, 2) if len(words) > 1 else [tuple(words)]:
                yield ("exactly", facts.institution, pair)


def _crowded_blocks(facts):
    """What many may share. It is enough where the birth dates do not speak against it."""
    for pair in combinations(sorted(facts.keys), 2):
        yield ("names", pair)
    for key in facts.keys:
        if len(facts.keys) == 1:
            yield ("name", key)
        if facts.institution:
            yield ("home", facts.institution, key)


COLUMNS = (
    "pk", "aliases", "passport_name", "local_name", "korean_name", "certificate_name", "birth_date", "email",
    "institution", "nationality", "institution__region__country", "name_keys", "passport__index",
)  # fmt: skip


def known(people):
    """The people of a queryset as Facts. One query."""
    for row in people.order_by().values_list(*COLUMNS).iterator(chunk_size=5000):
        pk, aliases, *names, birth_date, email, institution, nationality, country, keys, passport = row
        yield Facts(
            names=tuple(dict.fromkeys(name for name in (*names, *aliases) if name)),
            birth_date=birth_date,
            email=email.lower(),
            passport=passport or "",
            institution=institution,
            country=nationality or country or "",
            pk=pk,
            keys=frozenset(keys),
        )


def find(rows):
    """For each of the Facts the list of Match, the surest first. Two queries, however many rows."""
    rows = [facts.with_keys() for facts in rows]
    register = Register(known(_candidates(rows)))
    found = [register.like(facts) for facts in rows]
    wanted = {other.pk for matches in found for other, _judged in matches}
    people = Trainee.objects.for_list().in_bulk(wanted) if wanted else {}
    return [
        [Match(people[other.pk], *judged) for other, judged in matches if other.pk in people]
        for matches in found
    ]


def _candidates(rows):
    """The people worth comparing with the rows: all of them, or those an index names for a few rows."""
    people = Trainee.objects.unmerged()
    if len(rows) > FEW:
        return people
    keys = sorted({key for facts in rows for key in facts.keys})
    births = {facts.birth_date for facts in rows if facts.birth_date}
    emails = {facts.email for facts in rows if facts.email}
    # A parameter each: an address may have been typed in capitals.
    named = Q(name_keys__overlap=Value(keys, ArrayField(CharField(max_length=40)))) if keys else Q(pk__in=[])
    known = named | Q(birth_date__in=births) | Q(email__in=emails)
    numbers = {facts.passport for facts in rows if facts.passport}
    return people.filter(known | Q(passport__index__in=numbers) if numbers else known)


def pairs():
    """Every two people of the register who may be one, as (pk, pk, strength, evidence), the lower key first."""
    register = Register()
    for facts in sorted(known(Trainee.objects.unmerged()), key=lambda facts: facts.pk):
        for other, (strength, evidence) in register.like(facts):
            yield other.pk, facts.pk, strength, evidence
        register.add(facts)
