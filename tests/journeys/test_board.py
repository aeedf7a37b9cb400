"""The placement board in a browser: with the keyboard alone, with the mouse, on a phone, and without JavaScript."""

from datetime import date

import pytest
from playwright.sync_api import expect

from portal.accounts.roles import Role
from programs.models import Placement
from tests import factories

JANUARY = date(2027, 1, 4)


@pytest.fixture
def officer():
    return factories.make_user(Role.OFFICER, name="Kim Seo-yeon")


@pytest.fixture
def cohort():
    """A cohort being placed: a draft of two weeks in surgery, and neurosurgery beside it."""
    hospital = factories.make_hospital("Myongji Hospital", short_name="Myongji")
    surgery = factories.make_department(hospital=hospital, seats=2)
    factories.make_department(hospital=hospital, specialty="neurosurgery", seats=1)
    cohort = factories.make_cohort(state="nominating", starts=JANUARY, ends=date(2027, 1, 29))
    cohort.hospitals.add(hospital)
    enrollment = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Saruul Baatar"), state="accepted"
    )
    days = factories.week(1, of=JANUARY)[0], factories.week(2, of=JANUARY)[1]
    factories.make_placement(enrollment=enrollment, department=surgery, first_day=days[0], last_day=days[1])
    factories.advance(cohort, "placing")
    return cohort


def opens_the_board(person, officer, cohort, **how):
    desk = person(**how)
    if not how.get("javascript", True):
        desk.looks = lambda: None  # axe needs JavaScript
    desk.signs_in(officer.email)
    desk.opens(f"/programs/cohorts/{cohort.pk}/placements/")
    return desk


def test_a_draft_is_split_and_moved_with_the_keyboard_alone(person, officer, cohort):
    # given the board, with the draft in focus
    desk = opens_the_board(person, officer, cohort)
    panel = desk.page.locator("dialog[open]")
    drafts = desk.page.locator("table.board a[data-draft]")
    drafts.first.focus()

    # when Enter opens the panel and an arrow key and Enter split the draft into its weeks
    desk.page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Saruul Baatar")).to_be_visible()
    desk.looks()
    panel.get_by_role("radio").first.focus()
    desk.page.keyboard.press("Space")
    panel.get_by_role("button", name="Split").focus()
    desk.page.keyboard.press("Enter")

    # then two drafts stand there without a new page, and the second has the focus
    expect(panel).to_have_count(0)
    expect(drafts).to_have_count(2)
    expect(drafts.last).to_be_focused()
    desk.looks()

    # and when it is moved to the other department, it stands there; Escape leaves everything as it is
    desk.page.keyboard.press("Enter")
    panel.get_by_role("combobox", name="Department").select_option(label="Myongji, Neurosurgery: 1 of 1 free")
    panel.get_by_role("button", name="Move").focus()
    desk.page.keyboard.press("Enter")
    expect(drafts.last).to_contain_text("Neurosurgery")
    desk.page.keyboard.press("Enter")
    expect(panel).to_have_count(1)
    desk.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(drafts.last).to_be_focused()
    places = Placement.objects.order_by("first_day").values_list("department__specialty__name", flat=True)
    assert list(places) == ["surgery", "neurosurgery"]


def test_what_does_not_fit_stays_in_the_panel_with_its_reason(person, officer, cohort):
    desk = opens_the_board(person, officer, cohort)
    desk.page.locator("table.board a[data-gap]").first.click()
    panel = desk.page.locator("dialog[open]")
    expect(panel.get_by_role("heading", name="New placement for Saruul Baatar")).to_be_visible()
    desk.looks()
    panel.get_by_label("Last day").fill("2027-01-01")
    panel.get_by_role("button", name="Draft the placement").click()
    expect(panel.get_by_text("The last day is before the first.").first).to_be_visible()
    expect(panel.get_by_label("Last day")).to_have_value("2027-01-01")
    desk.complaints.clear()  # htmx notes a 422 on the console
    desk.looks()
    assert Placement.objects.count() == 1


def test_on_a_phone_the_board_is_folded_and_the_panel_opens_from_the_fold(person, officer, cohort):
    desk = opens_the_board(person, officer, cohort, phone=True)
    slot = desk.page.locator("table.board a[data-draft]")
    desk.sees("2 of 4 weeks placed")
    expect(slot).to_be_hidden()
    desk.page.locator("table.board tbody th", has_text="Saruul Baatar").click()
    expect(slot).to_be_visible()
    desk.looks()
    slot.click()
    panel = desk.page.locator("dialog[open]")
    panel.get_by_label("Part of the day").select_option("morning")
    panel.get_by_role("button", name="Move").click()
    expect(slot).to_contain_text("Draft, mornings")
    expect(slot).to_be_focused()
    desk.looks()

    # and nothing on the page has to be scrolled sideways; who is where is unfolded too
    wider = (
        "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert desk.page.evaluate(wider) == 0
    holder = desk.page.locator("table.strip li a", has_text="Saruul Baatar").first
    expect(holder).to_be_hidden()
    desk.page.locator("table.strip tbody th", has_text="Myongji, Surgery").click()
    expect(holder).to_be_visible()


def test_a_draft_is_dragged_with_the_mouse_to_other_weeks_and_to_another_hospital(person, officer, cohort):
    ajou = factories.make_hospital("Ajou Hospital", short_name="Ajou")
    department = factories.make_department(hospital=ajou)
    cohort.hospitals.add(ajou)
    desk = opens_the_board(person, officer, cohort)
    draft = desk.page.locator("table.board a[data-draft]")

    # when it is put down on the weeks without a place, it is there
    draft.drag_to(desk.page.locator("table.board a[data-gap]"))
    expect(desk.page.get_by_text("Saruul Baatar: the draft is rearranged.")).to_be_visible()
    expect(draft).to_be_focused()
    assert days_of(Placement.objects.get()) == (date(2027, 1, 18), date(2027, 1, 29))

    # and when it is put down on a week of another hospital, it is at that hospital, from that week on
    row = desk.page.locator(f'table.strip tr[data-department="{department.pk}"]')
    draft.drag_to(row.locator("td").nth(1))
    expect(draft).to_contain_text("Ajou")
    moved = Placement.objects.get()
    assert (moved.department, days_of(moved)) == (department, (date(2027, 1, 11), date(2027, 1, 22)))

    # and a week without a place is dragged there too, and drafted
    desk.page.locator("table.board a[data-gap]").first.drag_to(row.locator("td").first)
    expect(draft).to_have_count(2)
    assert days_of(Placement.objects.latest("pk")) == (date(2027, 1, 4), date(2027, 1, 8))
    desk.looks()


def days_of(placement):
    return placement.first_day, placement.last_day


def test_without_javascript_two_drafts_change_places_by_a_plain_form(person, officer, cohort):
    other = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Nomin-Erdene Tsogt"), state="accepted"
    )
    neurosurgery = cohort.hospitals.get().departments.get(specialty__name="neurosurgery")
    days = factories.week(1, of=JANUARY)[0], factories.week(2, of=JANUARY)[1]
    factories.make_placement(enrollment=other, department=neurosurgery, first_day=days[0], last_day=days[1])
    desk = opens_the_board(person, officer, cohort, javascript=False)
    desk.page.locator("table.board a[data-draft]").first.click()
    desk.page.get_by_role("combobox", name="Change places with").select_option(index=1)
    desk.page.get_by_role("button", name="Swap").click()
    desk.page.wait_for_load_state()
    desk.sees("the drafts have changed places")
    assert Placement.objects.get(enrollment=other).department.specialty.name == "surgery"
