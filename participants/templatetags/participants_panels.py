"""What the person's record shows on pages of any app: the portrait and the names."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hospitals.models import in_reader_language
from participants import questions
from participants.models import Passport, Trainee
from participants.register import Reach
from portal.accounts.roles import Permission
from portal.ui.components import Tab
from portal.ui.countries import country_name

register = template.Library()


@register.filter
def initials(trainee):
    """The first letters of the first and the last part of the name, as they stand in the place of a photo."""
    parts = trainee.passport_name.split()
    return "".join(part[0] for part in (parts if len(parts) < 2 else [parts[0], parts[-1]])).upper()


@register.filter
def second_name(trainee):
    """The line below `display_name`: the name in the other script, Latin or Korean, where there is one."""
    if not trainee.korean_name:
        return ""
    latin_below = trainee.display_name == trainee.korean_name
    name, language = (trainee.passport_name, "en") if latin_below else (trainee.korean_name, "ko")
    return format_html('<span class="sub" lang="{}">{}</span>', language, name)


@register.simple_tag
def portrait(trainee, address):
    """The photo, once it is checked, from where this reader gets it (empty for who may not); else initials. The name
    stands beside it, so it says nothing to a screen reader.
    """
    if trainee.photo_id and address:
        return format_html('<img class="portrait" src="{}" alt="" loading="lazy">', address)
    return format_html('<div class="portrait" aria-hidden="true">{}</div>', initials(trainee))


@register.filter
def program_words(graduation):
    """The program a graduate completed, in the reader's language; of some the record does not tell it."""
    name = in_reader_language(graduation.program_name, graduation.program_name_ko)
    return name or gettext("program not known")


register.filter("country_name", country_name)


@register.filter
def language_names(trainee):
    """The languages a person speaks, in the reader's language."""
    names = dict(trainee._meta.get_field("languages").base_field.choices)
    return ", ".join(str(names.get(code, code)) for code in trainee.languages)


@register.filter
def reach_words(reach):
    """Whether a graduate can be written to, in words."""
    return Reach(reach).label


@register.filter
def answer_lines(followup):
    """Each question of a follow-up with what was answered; a number counts even where it is none."""
    lines = []
    for name in ("applied", "procedures", "taught", "patients", "obstacles", "wishes"):
        value = getattr(followup, name)
        question = followup._meta.get_field(name).verbose_name
        lines.append({"question": question, "answer": "" if value is None else str(value)})
    further = questions.lines_of(followup)
    return [*lines, *({"question": question, "answer": answer} for question, answer in further)]


MINE = {
    "programs:my-papers": _("Papers"),
    "participants:my-profile": _("Details"),
    "participants:my-passport": _("Passport"),
    "participants:my-consents": _("Consents"),
}


@register.inclusion_tag("components/tabs.html")
def my_tabs(current):
    """A trainee's own record; `current` is the URL name of the page that is shown."""
    tabs = [Tab(label, reverse(name), name == current) for name, label in MINE.items()]
    return {"tabs": tabs, "label": _("My record")}


@register.inclusion_tag("participants/_passport_of.html")
def passport_of(trainee, user):
    """What is known of the person's passport, masked; nothing at all for who may not know that there is one."""
    may_see = user.has(Permission.SEE_PAPERS)
    passports = Passport.objects.visible_to(user).filter(trainee=trainee).select_related("sent_by")
    return {
        "trainee": trainee,
        "may_see": may_see,
        "passport": passports.first() if may_see else None,
        "may_check": user.has(Permission.CHECK_PAPERS),
        "may_reveal": user.has(Permission.REVEAL_PASSPORTS),
    }


PEOPLE = {
    "participants:trainee-list": _("Trainees"),
    "participants:graduation-list": _("Alumni register"),
    "participants:followup-list": _("Follow-ups"),
    "programs:outcome-list": _("Outcomes"),
    "participants:duplicate-list": _("Entered twice?"),
}


@register.inclusion_tag("components/tabs.html")
def people_tabs(current):
    """The lists about people, side by side; `current` is the URL name of the one that is shown."""
    tabs = [Tab(label, reverse(name), name == current) for name, label in PEOPLE.items()]
    return {"tabs": tabs, "label": _("People")}


# Verbs that are no arrow of a state machine.


@register.inclusion_tag("participants/_of_specialty.html")
def trainees_of_specialty(specialty, user):
    """How many people of the specialty `user` sees, for the specialty's page. One query."""
    trainees = Trainee.objects.visible_to(user) if user.has(Permission.SEE_PEOPLE) else Trainee.objects.none()
    return {"specialty": specialty, "number": trainees.filter(specialty=specialty).count(), "user": user}
