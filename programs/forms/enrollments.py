"""What is entered when a name is put forward."""

from partners.models import Institution
from portal.ui.forms import PortalModelForm
from programs.models import Enrollment


class NominationForm(PortalModelForm):
    """Who puts the trainee forward, at first the home institution, and what they wish to learn."""

    class Meta:
        model = Enrollment
        fields = ["nominated_by", "wishes"]

    def __init__(self, data=None, *, user, trainee):
        super().__init__(data, initial={"nominated_by": trainee.institution_id})
        self.fields["nominated_by"].queryset = Institution.objects.visible_to(user)
