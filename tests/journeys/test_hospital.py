"""A hospital's coordinator with two minutes and a phone, in Korean."""

from datetime import date

from programs.models import Placement
from tests import factories


def test_a_coordinator_answers_all_requests_on_one_page(person):
    # given three requests to a department with one seat, two of them for the same days
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    department = factories.make_department(hospital=hospital, seats=1)
    coordinator = factories.make_coordinator(hospital, language="ko")
    cohort = factories.make_cohort(state="nominating", starts=date(2027, 1, 4), ends=date(2027, 1, 29))
    asked = []
    for week in (1, 1, 2):
        first, last = factories.week(week, of=date(2027, 1, 4))
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
        asked.append(
            factories.make_placement(
                enrollment=enrollment,
                department=department,
                first_day=first,
                last_day=last,
                state="requested",
            )
        )

    # when she accepts both of the first week and declines the third, forgetting the reason
    phone = person(phone=True, language="ko")
    phone.signs_in(coordinator.user.email)
    for placement, choice in zip(asked, ["accept", "accept", "decline"], strict=True):
        phone.page.locator(f"input[name='p{placement.pk}-answer'][value='{choice}']").check()
    phone.clicks("답변 보내기", role="button")

    # then nothing is lost: the first is in, the second is told why not, the third is asked for its reason
    states = {placement.pk: Placement.objects.get(pk=placement.pk).state for placement in asked}
    assert sorted(states.values()) in (["confirmed", "requested", "requested"], ["requested"] * 3)
    reason = phone.page.locator(f"[name='p{asked[2].pk}-reason']")
    reason.fill("수술 일정이 없습니다.")
    phone.clicks("답변 보내기", role="button")
    states = [Placement.objects.get(pk=placement.pk).state for placement in asked]
    assert sorted(states) == ["confirmed", "declined", "requested"]
    assert Placement.objects.get(pk=asked[2].pk).decline_reason == "수술 일정이 없습니다."
    assert Placement.objects.taking_seats().filter(department=department).count() == 1
