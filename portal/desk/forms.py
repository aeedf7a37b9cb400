"""Forms on people's access."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet

from hospitals.models import Hospital
from participants.models import Trainee
from partners.models import Contact
from portal.accounts.models import READING_LANGUAGES, User
from portal.accounts.roles import TEAM, Permission, Role
from portal.records.models import AccessRecord
from portal.ui.forms import PortalForm


def roles_to_give(user):
    """The roles `user` may give to somebody else, in the order of the table."""
    if user.has(Permission.ASSIGN_ROLES):
        return list(Role)
    return [role for role in Role if role not in TEAM] if user.has(Permission.INVITE_USERS) else []


def _choices(roles):
    return [(role.value, role.label) for role in roles]


class RoleForForm(PortalForm):
    """A role, and what it is for: the hospitals, the trainee or the office. None is chosen for the reader."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    hospitals = forms.ModelMultipleChoiceField(
        Hospital.objects.none(),
        label=gettext_lazy("Hospitals"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For a hospital coordinator: the hospitals they answer for."),
    )
    trainee = forms.ModelChoiceField(
        Trainee.objects.none(),
        label=gettext_lazy("Trainee"),
        required=False,
        empty_label=gettext_lazy("Choose a trainee"),
        help_text=gettext_lazy(
            "For a trainee: who they are in the register. Only those without a login are listed."
        ),
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=gettext_lazy("Office"),
        required=False,
        empty_label=gettext_lazy("Choose an office"),
        help_text=gettext_lazy(
            "For a partner contact: the office they hold. Only those without a login are listed."
        ),
    )

    needs = {Role.COORDINATOR: "hospitals", Role.TRAINEE: "trainee", Role.CONTACT: "contact"}

    def __init__(self, *args, by, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Choose a role")), *_choices(roles)]
        self.fields["hospitals"].queryset = Hospital.objects.visible_to(by).in_use()
        self.fields["trainee"].queryset = Trainee.objects.visible_to(by).unmerged().filter(user=None)
        offices = Contact.objects.visible_to(by).in_use().filter(user=None)
        self.fields["contact"].queryset = offices.select_related("institution__region")

    def clean(self):
        """Each role needs what it is for, and nothing else."""
        cleaned = super().clean()
        needed = self.needs.get(cleaned.get("role"))
        if needed and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(needed, _("This role needs it."))
        for field in set(self.needs.values()) - {needed}:
            if cleaned.get(field):
                self.add_error(field, _("This belongs to another role. Leave it empty, or choose that role."))
        return cleaned


class InviteForm(RoleForForm):
    """Whom to invite, as what, and for what."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=lambda: [choice for choice in READING_LANGUAGES if choice[0] in dict(settings.LANGUAGES)],
        help_text=gettext_lazy("The invitation is written in it."),
    )

    field_order = ["name", "email", "language"]
    fieldsets = [
        (gettext_lazy("Person"), [("name", "email"), "language"]),
        (gettext_lazy("What they are here"), ["role", "hospitals", "trainee", "contact"]),
    ]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, roles=roles_to_give(by), **kwargs)
        self.known = None  # whose account the address belongs to already

    def clean_email(self):
        """An account is invited once; what else somebody is to be here is given on their page."""
        email = self.cleaned_data["email"].lower()
        # As the account keeps it: lower case can be longer, or letters that no address has.
        User._meta.get_field("email").clean(email, None)
        self.known = User.objects.filter(email=email).first()
        if self.known is None:
            return email
        if self.known.is_active:
            raise forms.ValidationError(
                _("This address has an account already. Give the role on that person’s page.")
            )
        raise forms.ValidationError(_("This account is closed. Open it again on its own page."))


class GiveRoleForm(RoleForForm):
    """A role for somebody who has an account, what it is for, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Kept in the register of roles.")
    )


class TakeRoleForm(PortalForm):
    """A role to take, and why."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, help_text=gettext_lazy("Kept in the register of roles.")
    )

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Choose a role")), *_choices(roles)]


class ReasonForm(PortalForm):
    """Why somebody's account is closed or opened."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class UserFilter(FilterSet):
    """What the list of users can be narrowed to."""

    name = CharFilter(label=gettext_lazy("Name or e-mail"), method="by_name")
    role = ChoiceFilter(
        label=gettext_lazy("Role"),
        choices=Role.choices,
        empty_label=gettext_lazy("All roles"),
        method="by_role",
    )
    state = ChoiceFilter(
        label=gettext_lazy("Account"),
        choices=[
            ("open", gettext_lazy("open")),
            ("invited", gettext_lazy("never signed in")),
            ("closed", gettext_lazy("closed")),
        ],
        empty_label=gettext_lazy("All accounts"),
        method="by_state",
    )

    class Meta:
        model = User
        fields = []

    def by_name(self, users, name, value):
        return users.filter(name__icontains=value) | users.filter(email__icontains=value)

    def by_role(self, users, name, value):
        return users.with_role(value)

    def by_state(self, users, name, value):
        if value == "invited":
            return users.active().filter(last_login=None)
        return users.filter(is_active=value == "open")


class AccessFilter(FilterSet):
    """What a month's access records can be narrowed to."""

    who = CharFilter(label=gettext_lazy("Who looked"), field_name="by_name", lookup_expr="icontains")
    whose = CharFilter(label=gettext_lazy("Whose"), field_name="about_name", lookup_expr="icontains")

    class Meta:
        model = AccessRecord
        fields = []


class ReviewForm(PortalForm):
    """What somebody notes who has gone through a month."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("What you asked about, or that nothing was out of the ordinary."),
    )
