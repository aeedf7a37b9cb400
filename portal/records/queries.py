"""Expressions that several apps' querysets share."""

from django.db import connection
from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce


def counted(rows, of="pk"):
    """How many rows a subquery has, as a column: 0 for none. Unlike a second join, it counts nothing twice."""
    number = rows.order_by().annotate(_one=Value(1)).values("_one").annotate(_number=Count(of, distinct=True))
    return Coalesce(Subquery(number.values("_number"), output_field=IntegerField()), 0)


def transaction_number():
    """The database's number of this transaction: what one act does belongs together by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        return cursor.fetchone()[0]
