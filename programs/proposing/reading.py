"""The problem of a cohort, read from the database: who still wants a place, and where one is left. A dozen queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from programs.board import board_of
from programs.board import reading as board_reading
from programs.board.layout import State, weeks_touched
from programs.matching import SpecialtyTree, common_languages
from programs.models import Wish

from .problem import (
    COMMON_LANGUAGE,
    OWN_SPECIALTY,
    RELATED_SPECIALTY,
    TOPIC,
    WEEK_PLACED,
    Option,
    Person,
    Place,
    Problem,
    Stay,
)

SHORTEST_TOPIC = 5  # letters; shorter words of a department's name say nothing


@dataclass
class Case:
    """The problem, and the records behind its numbers."""

    problem: Problem
    enrollments: list
    departments: list
    specialties: SpecialtyTree
    closed: set = field(default_factory=set)  # (department, week)
    unwilling: set = field(default_factory=set)  # hospitals that said no
    declined: dict = field(default_factory=dict)  # placements that departments declined, by enrollment


def case_of(cohort, proposal):
    """The Case of a cohort under the choices of a proposal."""
    board = board_of(cohort)
    hosts = set(cohort.hospitals.values_list("pk", flat=True))
    departments = [one for one in board.departments if one.hospital_id in hosts and not one.archived_at]
    case = Case(None, [], departments, SpecialtyTree(), unwilling=board.offers.unwilling)
    places = _places(case, board)
    people, stays = _people(case, cohort, board, proposal.stay_weeks)
    load = defaultdict(int)
    for placement in board.placements:
        if placement.state != State.DECLINED and placement.department.hospital_id in hosts:
            load[placement.department.hospital_id] += len(weeks_touched(placement, board.weeks))
    case.problem = Problem(people, places, stays, [], len(board.weeks), proposal.together, dict(load))
    case.problem.options = list(_options(case, cohort, proposal))
    return case


def _places(case, board):
    offered = board.offers.seats
    used = defaultdict(int)
    for placement in board.placements:
        if placement.state != State.DECLINED:
            for week in weeks_touched(placement, board.weeks):
                used[placement.department_id, week] += 1
    places = []
    for department in case.departments:
        free = []
        for week, (monday, friday) in enumerate(board.weeks):
            closures = board.closures.get(department.pk, ())
            if any(closure.first_day <= friday and closure.last_day >= monday for closure in closures):
                case.closed.add((department.pk, week))
            left = department.seats - board.count.fullest(department.pk, monday, friday)
            if (department.pk, monday) in offered:
                left = min(left, offered[department.pk, monday] - used[department.pk, week])
            shut = (department.pk, week) in case.closed or department.hospital_id in case.unwilling
            free.append(0 if shut else max(left, 0))
        places.append(Place(department.pk, department.hospital_id, department.specialty_id, tuple(free)))
    return places


def _people(case, cohort, board, stay_weeks):
    """Who may be placed and has weeks without a place, and those weeks cut into stays."""
    elsewhere = board_reading.elsewhere_of(cohort, board.weeks) if board.weeks else {}
    wishes = _wishes(case, cohort)
    people, stays = [], []
    for row in board.rows:
        if not row.takes_placements:
            continue
        live = [one for one in row.placements if one.state != State.DECLINED]
        away = elsewhere.get(row.enrollment.trainee_id, ())
        taken = {week for one in (*live, *away) for week in weeks_touched(one, board.weeks)}
        runs = list(_stays(len(people), cohort, board.weeks, taken, stay_weeks))
        if not runs:
            continue
        person = Person(
            row.enrollment.pk,
            row.enrollment.trainee.institution_id,
            wishes.get(row.enrollment.pk, ()),
            frozenset(one.department_id for one in live),
        )
        people.append(person)
        case.enrollments.append(row.enrollment)
        case.declined[row.enrollment.pk] = [one for one in row.placements if one.state == State.DECLINED]
        stays += runs
    return people, stays


def _wishes(case, cohort):
    """The wishes of each enrollment; a wish for a specialty is met by what is a part of it as well."""
    found = defaultdict(list)
    keys = {department.specialty_id for department in case.departments}
    for wish in Wish.objects.filter(enrollment__cohort=cohort).order_by("enrollment", "rank"):
        meeting = None
        if wish.specialty_id:
            meeting = frozenset(key for key in keys if wish.specialty_id in case.specialties.path(key))
        found[wish.enrollment_id].append((wish.rank, wish.hospital_id, meeting))
    return {key: tuple(wishes) for key, wishes in found.items()}


def _stays(person, cohort, weeks, taken, longest):
    run = []
    for week, (monday, friday) in enumerate([*weeks, (None, None)]):
        inside = monday is not None and friday >= cohort.first_day and monday <= cohort.last_day
        if inside and week not in taken:
            run.append(week)
        if run and (not inside or week in taken or len(run) == longest):
            first_day = max(weeks[run[0]][0], cohort.first_day)
            yield Stay(person, run[0], run[-1], first_day, min(weeks[run[-1]][1], cohort.last_day))
            run = []


def _options(case, cohort, proposal):
    words = {department.pk: _words_of(department) for department in case.departments}
    for number, stay in enumerate(case.problem.stays):
        enrollment = case.enrollments[stay.person]
        asked = f"{enrollment.wishes} {cohort.topics}".casefold()
        suiting = _suiting(case, enrollment.trainee, proposal)
        # Who declined the trainee for these days is not asked again.
        refused = {
            one.department_id
            for one in case.declined[enrollment.pk]
            if one.first_day <= stay.last_day and one.last_day >= stay.first_day
        }
        for index, (place, department) in enumerate(zip(case.problem.places, case.departments, strict=True)):
            if (
                place.key in refused
                or index not in suiting
                or not all(place.free[week] for week in stay.weeks)
            ):
                continue
            value, why = suiting[index]
            topic = next((word for word in words[department.pk] if word in asked), "")
            if topic:
                value, why = value + TOPIC, [*why, ["topic", topic]]
            yield Option(number, index, value + WEEK_PLACED * len(stay.weeks), tuple(map(tuple, why)))


def _suiting(case, trainee, proposal):
    """The departments that suit a trainee, with what that is worth and why, by number."""
    found = {}
    for index, department in enumerate(case.departments):
        languages = common_languages(trainee, department)
        related = case.specialties.related(trainee.specialty_id, department.specialty_id)
        if (proposal.common_language and languages == []) or (proposal.own_specialty and not related):
            continue
        value, why = 0, []
        if trainee.specialty_id is None:
            why.append(["specialty", "unknown"])
        elif trainee.specialty_id == department.specialty_id:
            value, why = OWN_SPECIALTY, [["specialty", "own"]]
        else:
            value = RELATED_SPECIALTY if related else 0
            why.append(["specialty", "related" if related else "other"])
        if languages:
            value += COMMON_LANGUAGE
        why.append(["language", ",".join(languages) if languages is not None else "unknown"])
        found[index] = value, why
    return found


def _words_of(department):
    names = (department.name, department.name_ko, department.specialty.name, department.specialty.name_ko)
    words = {word for name in names for word in name.casefold().replace("-", " ").split()}
    return sorted(word for word in words if len(word) >= SHORTEST_TOPIC)
