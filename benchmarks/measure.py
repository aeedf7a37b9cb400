"""How a page is measured: warmed, its queries counted once, its median time over several requests."""

import statistics
import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

REPEAT = 7


def page(client, name, address, rows):
    """Print one page's queries, its median time and its size; return the answer."""
    for _warm in range(2):
        response = client.get(address)
    if response.status_code != 200:
        print(f"{name:<44}{rows:>7}  answered {response.status_code}")
        return response
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    count = len(queries)  # the next request empties the log
    times = [timed(client.get, address) for _ in range(REPEAT)]
    size = len(response.content) / 1000
    print(f"{name:<44}{rows:>7}{count:>9}{statistics.median(times):>9.1f}{size:>8.1f}", flush=True)
    return response


def timed(function, *arguments):
    """Milliseconds of one call."""
    began = time.perf_counter()
    function(*arguments)
    return (time.perf_counter() - began) * 1000
