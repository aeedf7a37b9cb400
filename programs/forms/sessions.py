"""What is entered about the sessions of a schedule."""

from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hospitals.models import Clinician, Department, Hospital, served_by
from portal.accounts.roles import Permission
from portal.accounts.time_zones import offered
from portal.records import clock
from portal.records.approximate import span_words
from portal.records.uploads import HANDOUTS, UploadField
from portal.ui.forms import PortalForm, PortalModelForm, SuggestingInput
from programs.clashes import clashes_of
from programs.models import Session
from programs.session_people import days_here, trainees_for
from programs.workflow.sessions import copies_on, on_day, shift_to

MOST_COPIES = 60


class NativeTimeInput(forms.TimeInput):
    """The browser's own picker of a time."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class ClashesMixin:
    """A form that keeps sessions: what is needed twice at one time is told first, and kept only on a second word.

    The question stands on the page only where a clash was found.
    """

    def _ask_despite(self):
        self.fields["despite"] = forms.BooleanField(label=_("Keep it all the same"), required=False)
        if not self.is_bound:
            del self.fields["despite"]

    def _tell_clashes(self, sessions):
        """Add each clash as an error of the form, unless it is to be kept all the same."""
        clashes = [] if self.errors or self.cleaned_data.get("despite") else clashes_of(sessions, self.user)
        self.clashes = clashes
        for clash in clashes:
            self.add_error(None, clash.text)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not getattr(self, "clashes", None) and not self.data.get("despite"):
            self.fields.pop("despite", None)


class SessionForm(ClashesMixin, PortalModelForm):
    """A session of a cohort: what, when, where, for whom. A day and two hours by the clock of the place."""

    day = forms.DateField(label=_("Day"))
    begins = forms.TimeField(label=_("Begins"), widget=NativeTimeInput)
    ends = forms.TimeField(label=_("Ends"), widget=NativeTimeInput)
    last_day = forms.DateField(
        label=_("Ends on another day"), required=False, help_text=_("Only where it runs across midnight.")
    )
    time_zone = forms.ChoiceField(label=_("Clock of the place"))
    online_link = forms.URLField(label=_("Online link"), required=False, assume_scheme="https")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    fieldsets = [
        ("", ["kind", ("title", "title_ko")]),
        (_("When"), [("day", "begins", "ends"), ("last_day", "time_zone")]),
        (_("Where"), ["hospital", "department", "place", "place_ko", "online_link"]),
        (_("Who and what"), ["lecturer", ("meets", "meets_phone"), "bring", "materials"]),
        (_("For whom"), ["whole_cohort", "trainees"]),
    ]

    class Meta:
        model = Session
        fields = [
            "kind", "title", "title_ko", "time_zone", "hospital", "department", "place", "place_ko", "online_link",
            "lecturer", "meets", "meets_phone", "bring", "materials", "whole_cohort", "trainees",
        ]  # fmt: skip
        widgets = {"trainees": forms.CheckboxSelectMultiple}
        help_texts = {
            "place": _("Building, floor and room. Sessions in the same room at one time are told."),
            "place_ko": _(
                "Name and address, one line each. Left empty, the hospital’s own address is shown."
            ),
            "lecturer": _("Sessions of one lecturer at one time are told."),
            "materials": _(
                "What to read or watch before, with links. Files are attached on the session’s page."
            ),
            "trainees": _("Only where it is not for the whole cohort."),
        }

    def __init__(self, data=None, *, cohort, user, instance=None, initial=None):
        self.cohort, self.user = cohort, user
        instance = instance or Session(cohort=cohort, kind=Session.Kind.LECTURE)
        shown = self._times(instance) | ({"seen": instance.fingerprint} if instance.pk else {})
        super().__init__(data, instance=instance, initial=shown | (initial or {}))
        self._offer(instance)
        self._ask_despite()

    @staticmethod
    def _times(session):
        if session.starts_at is None:
            return {}
        starts, ends = (moment.astimezone(session.zone) for moment in (session.starts_at, session.ends_at))
        across = ends.date() if ends.date() != starts.date() else None
        return {"day": starts.date(), "begins": starts.time(), "ends": ends.time(), "last_day": across}

    def _offer(self, session):
        """What may be chosen: a coordinator plans at the hospitals they serve, for the trainees who are there."""
        hospitals = Hospital.objects.to_choose(pk=session.hospital_id)
        if not self.user.has(Permission.RUN_COHORTS):
            hospitals = hospitals.filter(pk__in=served_by(self.user))
            self.fields["hospital"].required = True
            self.fields["hospital"].empty_label = None
        self.fields["hospital"].queryset = hospitals
        self._offer_departments(session, hospitals)
        self.fields["trainees"].queryset = trainees_for(self.cohort, self.user)
        self.fields["trainees"].label_from_instance = lambda trainee: trainee.display_name
        if not self.user.has(Permission.RUN_COHORTS):
            self._offer_guests(session)
        self.fields["time_zone"].choices = offered(session.time_zone, clock.now())
        self.fields["lecturer"].widget = SuggestingInput(self._lecturers)

    def _offer_departments(self, session, hospitals):
        """The departments of these hospitals, each below its hospital's name."""
        rows = Department.objects.placeable() | Department.objects.filter(pk=session.department_id)
        rows = rows.filter(hospital__in=hospitals).with_names().order_by("hospital__name", "pk")
        groups = [
            (hospital.short, [(one.pk, one.label) for one in departments])
            for hospital, departments in groupby(rows, key=lambda one: one.hospital)
        ]
        field = self.fields["department"]
        field.queryset = rows
        field.choices = [("", field.empty_label), *groups]

    def _offer_guests(self, session):
        """A coordinator plans for the trainees placed with them: those there on the day are proposed.

        What staff plan for the whole cohort stays so.
        """
        fields = self.fields
        if session.pk and session.whole_cohort:
            fields["whole_cohort"].disabled = True
            del fields["trainees"]
            return
        del fields["whole_cohort"]
        stays = days_here(self.cohort, self.user)
        fields["trainees"].label = _("For these trainees of your hospital")
        fields["trainees"].help_text = _("Those who are placed with you, with their days there.")
        fields["trainees"].label_from_instance = lambda one: "{} ({})".format(
            one.display_name, ", ".join(span_words(*stay) for stay in stays[one.pk])
        )
        if session.pk is None:
            day = self.initial.get("day")
            there = [pk for pk, spans in stays.items() if day and any(a <= day <= b for a, b in spans)]
            self.initial["trainees"] = there or list(stays)

    def _lecturers(self):
        return Clinician.objects.in_use().order_by("name").values_list("name", flat=True)[:300]

    # Reading it ----------------------------------------------------------------------------------------

    def clean(self):
        cleaned = super().clean()
        self._clean_times(cleaned)
        self._clean_place(cleaned)
        self._clean_people(cleaned)
        if not self.errors:
            draft = self.instance
            for name in ("hospital", "department", "place", "lecturer", "time_zone", "title", "title_ko"):
                setattr(draft, name, cleaned[name])
            draft.whole_cohort = cleaned.get("whole_cohort", False)
            draft.chosen = self.chosen
            self._tell_clashes([draft])
        return cleaned

    def _clean_times(self, cleaned):
        wanted = [cleaned.get(name) for name in ("day", "begins", "ends", "time_zone")]
        if None in wanted:
            return
        day, begins, ends, zone = wanted
        zone = ZoneInfo(zone)
        starts_at = datetime.combine(day, begins, zone)
        ends_at = datetime.combine(cleaned.get("last_day") or day, ends, zone)
        for name, moment in (("begins", starts_at), ("ends", ends_at)):
            if moment.astimezone(UTC).astimezone(zone).time() != moment.time():
                self.add_error(
                    name, gettext("There is no such time there: the clocks are put forward on this day.")
                )
        if ends_at <= starts_at:
            words = gettext(
                "It ends before it begins. Where it runs across midnight, say on which day it ends."
            )
            self.add_error("ends", words)
        elif ends_at - starts_at > timedelta(days=14):
            self.add_error("last_day", gettext("A session lasts two weeks at most."))
        self.instance.starts_at, self.instance.ends_at = starts_at, ends_at

    def _clean_place(self, cleaned):
        hospital, department = cleaned.get("hospital"), cleaned.get("department")
        if department and hospital is None:
            cleaned["hospital"] = department.hospital
        elif department and department.hospital_id != hospital.pk:
            words = gettext("This department is not at the hospital above: it is at %(hospital)s.")
            self.add_error("department", words % {"hospital": department.hospital.short})
        if cleaned.get("kind") == Session.Kind.ONLINE:
            return
        if not (cleaned.get("hospital") or cleaned.get("place") or cleaned.get("online_link") or self.errors):
            self.add_error("place", gettext("Say where it is: a hospital, a place or a link."))

    def _clean_people(self, cleaned):
        chosen = list(cleaned.get("trainees") or [])
        if self.instance.pk and "trainees" in self.fields:
            # Whom this reader may not choose stays as staff chose them.
            chosen += self.instance.trainees.exclude(pk__in=self.fields["trainees"].queryset.values("pk"))
        self.chosen = [] if cleaned.get("whole_cohort") else chosen
        if not cleaned.get("whole_cohort") and not chosen:
            words = gettext("Choose who takes part, or say that it is for the whole cohort.")
            if "whole_cohort" not in self.fields:
                words = gettext("Choose who takes part.")
            self.add_error("trainees", words)

    def _save_m2m(self):
        """The verb keeps who takes part."""


class CopyToForm(ClashesMixin, PortalForm):
    """On which other days a session takes place as well: one day, or every week on some weekdays until a day."""

    first = forms.DateField(label=_("First day"))
    until = forms.DateField(
        label=_("Repeat until"),
        required=False,
        help_text=_("Left empty, it is copied to the one day only."),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"),
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Left empty, it is the weekday of the first day."),
    )
    fieldsets = [("", [("first", "until"), "weekdays"])]

    def __init__(self, data=None, *, session, user):
        self.session, self.user = session, user
        super().__init__(data)
        self._ask_despite()

    def clean(self):
        cleaned = super().clean()
        first, until = cleaned.get("first"), cleaned.get("until")
        if first is None or self.errors:
            return cleaned
        if until and until < first:
            self.add_error("until", gettext("This is before the first day."))
            return cleaned
        days = self._days(first, until, cleaned["weekdays"])
        if not days:
            self.add_error("weekdays", gettext("There is no such day of the week in this time."))
        elif len(days) > MOST_COPIES:
            words = gettext("These are %(count)s days; at most %(most)s at once.")
            self.add_error("until", words % {"count": len(days), "most": MOST_COPIES})
        else:
            self.cleaned_data["days"] = days
            self._tell_clashes(copies_on(self.session, days, self.user))
        return cleaned

    @staticmethod
    def _days(first, until, weekdays):
        if until is None:
            return [first]
        wanted = {int(number) for number in weekdays} or {first.weekday()}
        number = min((until - first).days, 7 * 53)
        days = (first + timedelta(days=offset) for offset in range(number + 1))
        return [day for day in days if day.weekday() in wanted]


class MoveDayForm(ClashesMixin, PortalForm):
    """Which day goes to which."""

    day = forms.DateField(label=_("Day to move"))
    to = forms.DateField(label=_("New day"))
    fieldsets = [("", [("day", "to")])]

    def __init__(self, data=None, *, cohort, user, initial=None):
        self.cohort, self.user = cohort, user
        super().__init__(data, initial=initial)
        self._ask_despite()

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned["day"] == cleaned["to"]:
            self.add_error("to", gettext("This is the same day."))
            return cleaned
        sessions = on_day(self.cohort, cleaned["day"], self.user)
        if not sessions:
            self.add_error("day", gettext("Nothing is planned on this day."))
        for session in sessions:
            shift_to(session, cleaned["to"])
        self._tell_clashes(sessions)
        return cleaned


class ReleaseForm(PortalForm):
    """A sentence to everybody whom the release concerns."""

    note = forms.CharField(
        label=_("Note to everybody it concerns"),
        max_length=300,
        required=False,
        help_text=_("It stands below the changes in each mail, as you write it."),
    )


class SessionFileForm(PortalForm):
    """One file to read before a session."""

    file = UploadField(
        label=_("File"),
        kinds=HANDOUTS,
        help_text=_(
            "PDF, JPEG, PNG, Word, Excel, PowerPoint or HWP, 20 MB at most. Where a photo was taken is taken out of "
            "it; documents go out as they are, with the names in their properties."
        ),
    )
