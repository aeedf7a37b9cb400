"""The trainee's page on a slow phone: `.venv/bin/python benchmarks/phone.py [address of a demo that runs]`.

Chromium at 390 × 800 with slow 3G (400 ms there and back, 400 kbit/s) and a quarter of this processor: first and
largest paint, how far things shift, bytes on the wire, requests, and how long the page's own scripts keep the thread.
First load (nothing kept) and the next one. The median of five; a performance score needs a browser that is not here.
"""

import statistics
import sys

from playwright.sync_api import sync_playwright

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
WATCH = """
  window.seen = { largest: 0, shift: 0, blocked: 0 };
  const on = (type, act) =>
    new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true });
  on("largest-contentful-paint", (entry) => { seen.largest = entry.startTime; });
  on("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
  on("longtask", (entry) => { seen.blocked += Math.max(0, entry.duration - 50); });
"""
READ = """() => ({
  ...window.seen,
  first: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  loaded: performance.getEntriesByType("navigation")[0].loadEventEnd,
})"""
UNITS = {
    "first": "ms",
    "largest": "ms",
    "loaded": "ms",
    "blocked": "ms",
    "shift": "",
    "bytes": "",
    "requests": "",
}


def look(page, wire, address):
    """One load of the page, as a dict of what is measured."""
    wire.send("Network.enable")
    sizes = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    return page.evaluate(READ) | {"bytes": sum(sizes), "requests": len(sizes)}


def once(browser, base, path, *, kept):
    """A load by somebody who has just signed in; where `kept`, the second one."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, service_workers="block")
    page = context.new_page()
    page.goto(f"{base}/demo/sign-in/")
    page.locator("button[name=email][value^=nomin]").click()
    page.wait_for_load_state()
    context.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    if not kept:
        wire.send("Network.clearBrowserCache")
    wire.send("Network.emulateNetworkConditions", SLOW_3G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    found = look(page, wire, base + path)
    context.close()
    return found


def main(base="http://127.0.0.1:8000"):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for path in ("/my/schedule/", "/my/training/"):
            for kept in (False, True):
                rounds = [once(browser, base, path, kept=kept) for _round in range(5)]
                facts = {name: statistics.median(one[name] for one in rounds) for name in UNITS}
                words = ", ".join(
                    f"{name} {facts[name]:,.3g} {UNITS[name]}".strip()
                    if name == "shift"
                    else f"{name} {facts[name]:,.0f} {UNITS[name]}".strip()
                    for name in UNITS
                )
                print(f"{path} {'again' if kept else 'first load'}: {words}")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
