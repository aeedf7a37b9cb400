from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    label = "partners"
    verbose_name = _("Partners")

    def ready(self):
        from portal.accounts import time_zones

        from .models import Region  # models are there only now

        time_zones.put_first(Region.objects.time_zones)
