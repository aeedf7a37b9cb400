from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Sweep(models.Model):
    """When the outbox was last swept: one row, read by /health/."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField(_("last sweep"), db_default=Now())

    class Meta:
        verbose_name = _("last sweep")
        verbose_name_plural = _("last sweep")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="sweep_is_one_row")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
