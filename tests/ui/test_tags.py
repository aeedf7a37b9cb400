from types import SimpleNamespace

import pytest
from django.apps import apps
from django.template import Context, Template
from django.utils.safestring import mark_safe

from portal.ui.badges import BADGES, look_of
from portal.ui.components import SeatCell, Step, TimelineEntry


def rendered(source, **context):
    return Template(source).render(Context(context)).strip()


def placement(state="with_conditions", **more):
    names = {"_meta": SimpleNamespace(model_name="placement"), "get_state_display": lambda: "Confirmed <b>"}
    return SimpleNamespace(state=state, **names, **more)


def test_a_badge_prints_the_role_the_icon_and_the_escaped_word():
    html = rendered("{% badge placement %}", placement=placement())
    assert html.startswith('<span class="state is-good"><svg')
    assert html.endswith("</svg>Confirmed &lt;b&gt;</span>")
    assert 'aria-hidden="true"' in html


def test_a_badge_without_a_record_takes_model_state_and_word():
    assert rendered('{% badge "mou" "expiring" "Expiring" %}').startswith('<span class="state is-wait">')


def test_a_state_that_the_map_does_not_know_is_an_error():
    with pytest.raises(LookupError, match="placement in state 'lost'"):
        look_of("placement", "lost")


@pytest.mark.parametrize("model_name", sorted(BADGES))
def test_every_badge_has_an_icon_that_exists(model_name):
    for look in BADGES[model_name].values():
        assert "<svg" in rendered('{% icon name "micro" %}', name=look.icon)
        assert look.role in {"info", "good", "wait", "stop", "idle", "past"}


def test_every_state_of_every_model_has_a_badge():
    missing = [
        (model._meta.model_name, state)
        for model in apps.get_models()
        if model._meta.model_name in BADGES
        for field in model._meta.fields
        if field.name == "state"
        for state, _word in field.flatchoices
        if state not in BADGES[model._meta.model_name]
    ]
    assert missing == []


def test_only_what_is_invented_is_marked_as_demo():
    source = "{% demo_mark person %}"
    assert rendered(source, person=SimpleNamespace(is_invented=True)) == '<span class="demo">demo</span>'
    assert rendered(source, person=SimpleNamespace(is_invented=False)) == ""
    assert rendered(source, person=None) == ""


def test_the_last_crumb_is_the_page_and_no_link():
    html = rendered('{% crumb name "/a/" %}{% crumb "Here" %}', name="A & B")
    assert '<a href="/a/">A &amp; B</a>' in html
    assert html.endswith('<li class="breadcrumb-item active" aria-current="page">Here</li>')


def test_captured_text_is_escaped_once():
    assert rendered("{% capture it %} {{ name }} {% endcapture %}[{{ it }}]", name="A & B") == "[A &amp; B]"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Saved.\nTwo <mails>.", "<strong>Saved.</strong><p>Two &lt;mails&gt;.</p>"),
        ("Saved.", "<strong>Saved.</strong></div>"),
        (mark_safe("See <a>it</a>.\n<i>Soon</i>"), "<strong>See <a>it</a>.</strong><p><i>Soon</i></p>"),
    ],
)
def test_a_message_says_its_first_line_strongly(text, printed):
    assert printed in rendered("{% alert 'error' text %}", text=text)


def test_a_step_says_in_words_what_its_mark_shows():
    html = rendered("{% steps steps %}", steps=[Step("A", "done"), Step("B", "current", "week 2"), Step("C")])
    assert '<b>A</b><span class="vh">done, </span>' in html
    assert '<li aria-current="step"><span class="dot" aria-hidden="true">2</span>' in html
    assert '<b>B</b><span class="vh">now, </span>week 2' in html


def test_the_mark_on_a_time_line_is_never_more_precise_than_the_date():
    html = rendered(
        "{% timeline entries %}",
        entries=[TimelineEntry("2015", "MOU", "year"), TimelineEntry("9 June 2022", "Visit")],
    )
    assert '2015<small>month not published</small></div><span class="mark year"' in html
    assert '9 June 2022</div><span class="mark"' in html


@pytest.mark.parametrize(
    ("cell", "fill", "words"),
    [
        (SeatCell(0, 3), "0", "3 of 3 free"),
        (SeatCell(1, 2), "1", "1 of 2 free"),
        (SeatCell(2, 3), "2", "1 of 3 free"),
        (SeatCell(3, 3), "full", "0 of 3 free"),
        (SeatCell(4, 3), "over", "4 for 3 seats"),
        (SeatCell(0, 3, closed=True), "closed", "closed"),
        (SeatCell(1, 3, closed=True), "over", "closed, but 1 placed"),
        (SeatCell(0, 0), "0", "no seats"),
        (SeatCell(1, 3, asked=1, drafts=2, wanted=3), "full", "2 of 3 free"),
        (SeatCell(0, 1, asked=2, wanted=2), "over", "2 for 1 seat"),
    ],
)
def test_a_seat_cell_says_in_words_what_its_shade_shows(cell, fill, words):
    assert (cell.fill, cell.words) == (fill, words)


@pytest.mark.parametrize(
    ("arguments", "gap"),
    [
        ("60 4 about=True", "about 56"),
        ("1743 23", "1,720"),
        ("None 4", "unknown"),
        ("3 5", "none"),
        ("3 3", "none"),
    ],
)
def test_a_ledger_prints_the_gap_as_precisely_as_it_is_known(arguments, gap):
    assert f"<dt>gap</dt><dd>{gap}</dd>" in rendered(f"{{% ledger {arguments} %}}")


def test_a_ledger_draws_no_bar_for_what_is_unknown():
    assert "<svg" not in rendered("{% ledger None 4 %}")
    assert '<rect class="rec" width="4" height="14"/>' in rendered("{% ledger 1060 4 %}")


def test_a_confirm_box_is_a_form_that_lists_the_effects():
    html = rendered(
        '{% confirm_box "Withdraw?" effects "Withdraw, send 2 mails" "/back/" danger=True %}',
        effects=["2 mails & more"],
        csrf_token="token",
    )
    assert "<li>2 mails &amp; more</li>" in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert '<button class="btn btn-danger" type="submit">Withdraw, send 2 mails</button>' in html
    assert 'href="/back/">Cancel</a>' in html
