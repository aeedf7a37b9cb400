"""A row somebody else holds is answered with “try again”, not with an error page."""

import threading

import pytest
from django.db import connection, transaction

from portal.accounts.roles import Role
from programs.models import Placement
from tests import factories


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_a_row_that_stays_locked_is_answered_with_try_again(client):
    placement = factories.make_placement(state="requested")
    client.force_login(factories.make_user(Role.OFFICER))
    held, release = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Placement.objects.select_for_update().get(pk=placement.pk)
                held.set()
                release.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 100")
    answer = client.post(
        f"/programs/placements/{placement.pk}/decline/",
        {"reason": "no seat", "channel": "phone", "who": "Ms Choi"},
    )
    release.set()
    holder.join(20)
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
    assert answer.status_code == 503
    assert "Somebody else is changing this right now" in answer.content.decode()
    assert Placement.objects.get(pk=placement.pk).state == "requested"
