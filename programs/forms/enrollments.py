"""What is entered when a name is put forward."""

from django.utils.translation import gettext_lazy as _

from partners.models import Institution
from portal.ui.forms import PortalModelForm
from programs.models import Enrollment


class NominationForm(PortalModelForm):
    """Who puts the trainee forward, at first the home institution, who recommends them, and what they wish to learn."""

    fieldsets = [
        ("", ["nominated_by"]),
        (
            _("Recommendation"),
            ["recommended_by_organization", ("recommended_by_person", "recommended_on")],
        ),
        ("", ["wishes"]),
    ]

    class Meta:
        model = Enrollment
        fields = [
            "nominated_by", "recommended_by_organization", "recommended_by_person", "recommended_on",
            "wishes",
        ]  # fmt: skip

    def __init__(self, data=None, *, user, trainee):
        super().__init__(data, initial={"nominated_by": trainee.institution_id})
        institutions = Institution.objects.visible_to(user)
        self.fields["nominated_by"].queryset = institutions.to_choose(pk=trainee.institution_id)
