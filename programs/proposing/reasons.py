"""Why each line is proposed, and why a wish or a week could not be met: as codes, put into words for each reader."""

from collections import defaultdict

from .problem import company


def why(case, solution):
    """The reasons for each option that was taken, as lists that JSON can hold, by the option's number."""
    problem = case.problem
    options = [problem.options[number] for number in solution.taken]
    load, groups = defaultdict(int, problem.load), company(problem, options)
    for option in options:
        load[problem.places[option.place].hospital] += len(problem.stays[option.stay].weeks)
    shares, found = problem.shares(), {}
    for number, option in zip(solution.taken, options, strict=True):
        stay, place = problem.stays[option.stay], problem.places[option.place]
        person = problem.people[stay.person]
        reasons = [["wish", wish[0]] for wish in person.wishes if problem.meets(wish, place)]
        reasons += [list(reason) for reason in option.why]
        seats = case.departments[option.place].seats
        reasons.append(["seats", min(place.free[week] for week in stay.weeks), seats])
        reasons.append(["share", load[place.hospital], shares[place.hospital]])
        others = groups.get((person.home, place.hospital, stay.first), 1) - 1
        if problem.together != "free" and person.home is not None:
            reasons.append([problem.together, others])
        found[number] = reasons
    return found


def unmet(case, solution):
    """Every wish that is not met and every week without a place, with why."""
    problem = case.problem
    by_person, placed = defaultdict(list), set()
    for number in solution.taken:
        option = problem.options[number]
        by_person[problem.stays[option.stay].person].append(problem.places[option.place])
        placed.add(option.stay)
    reach = [
        {problem.places[problem.options[number].place].key for number in numbers}
        for numbers in problem.by_person()
    ]
    found = []
    for index, person in enumerate(problem.people):
        for wish in person.wishes:
            if not any(problem.meets(wish, place) for place in by_person[index]):
                code = _wish_code(case, index, wish, reach[index])
                found.append({"enrollment": person.key, "wish": wish[0], "why": code})
    by_stay = problem.by_stay()
    for number, stay in enumerate(problem.stays):
        if number not in placed:
            days = [stay.first_day.isoformat(), stay.last_day.isoformat()]
            code = "full" if by_stay[number] else "nowhere"
            found.append({"enrollment": problem.people[stay.person].key, "days": days, "why": code})
    return found


def _wish_code(case, index, wish, reach):
    """Why a wish was not met; the first reason that holds."""
    problem = case.problem
    wanted = [place for place in problem.places if problem.meets(wish, place)]
    if not wanted:
        return "not_here"
    if all(place.hospital in case.unwilling for place in wanted):
        return "unwilling"
    if any(place.key in reach for place in wanted):
        return "others"
    stays = [stay for stay in problem.stays if stay.person == index]
    if all((place.key, week) in case.closed for place in wanted for stay in stays for week in stay.weeks):
        return "closed"
    if not any(all(place.free[week] for week in stay.weeks) for place in wanted for stay in stays):
        return "full"
    return "not_suiting"
