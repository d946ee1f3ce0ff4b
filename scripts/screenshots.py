"""Takes pictures of the running product over the sample corpus. Run by scripts/screenshots.

Each picture is a scene: a window, a page, and what a reader does before the shutter.
"""

import argparse
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PORT, HOST_PORT = 8765, 8766
SERVICE, HOST = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{HOST_PORT}"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-sync"]
FLAGS += [
    "--disable-background-networking",
    "--disable-component-update",
    "--font-render-hinting=none",
]
DESK: dict[str, Any] = {"viewport": {"width": 1240, "height": 820}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "has_touch": True,
    "is_mobile": True,
}
DISAGREEING = "When will the coalition leave Baghdad?"
PLAIN = "When does the Syria phase end?"
UNANSWERED = "How many moons has Jupiter?"
HOST_PAGE = """<!doctype html><html lang="{lang}">
<meta charset="utf-8"><title>The Harbour Gazette</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>body {{ font: 18px/1.6 Georgia, serif; max-width: 40rem; margin: 3rem 2.5rem; color: #333 }}
h1 {{ font-size: 2.2rem; line-height: 1.2 }} @media (prefers-color-scheme: dark) {{
body {{ background: #222; color: #ccc }} }}</style>
<h1>The Harbour Gazette</h1>
<p>The harbour bridge reopened on 12 March 2025. The repairs took eleven months. The island ferry
carries 140 passengers and leaves the old pier every two hours.</p>
<p>The town council meets on Thursday to choose between two plans for the old mill, which closed in
1987. One keeps the wheel; the other does not.</p>
<script type="module" src="{service}/widget.js"></script><footnote-chat></footnote-chat></html>"""


def ask(page: Page, *questions: str) -> None:
    """Ask in whatever chat is shown, and wait for the answers."""
    for number, question in enumerate(questions, start=1):
        page.locator("footnote-chat textarea").fill(question)
        page.keyboard.press("Enter")
        page.locator("article .thumbs").nth(number - 1).wait_for()
    page.locator("footnote-chat textarea").blur()


def in_panel(page: Page, *questions: str) -> None:
    """Open the panel and ask."""
    page.locator(".launcher").click()
    page.locator(".examples button").first.wait_for()
    if questions:
        ask(page, *questions)


def ready(page: Page) -> None:
    """Wait until the home page shows all it has."""
    page.locator(".examples button").first.wait_for()
    page.locator("#list tbody tr").first.wait_for()


def to_top(page: Page, *questions: str) -> None:
    """Ask on the home page and go to the first question."""
    ready(page)
    ask(page, *questions)
    page.locator("article").first.evaluate("a => scrollTo(0, a.offsetTop - 120)")
    page.evaluate("scrollTo(0, 230)")


def hovering(page: Page) -> None:
    """Ask, and point at a marker."""
    to_top(page, PLAIN)
    page.locator(".marker").nth(1).hover()
    page.locator(".card").wait_for()


def tapping(page: Page) -> None:
    """Ask in the panel, and tap a marker."""
    in_panel(page, PLAIN)
    page.locator(".prose .marker").first.tap()
    page.locator(".card.sheet").wait_for()


def cited(page: Page) -> None:
    """Go to the document that an answer cites."""
    ready(page)
    ask(page, DISAGREEING)
    with page.context.expect_page() as opened:
        page.locator(".prose .marker").nth(1).click()
    opened.value.wait_for_load_state()
    page.goto(opened.value.url)
    opened.value.close()


def lost(page: Page) -> None:
    """Ask when the service is gone."""
    ready(page)
    page.route("**/v1/ask", lambda route: route.abort())
    page.locator("footnote-chat textarea").fill(PLAIN)
    page.keyboard.press("Enter")
    page.locator("article .retry").wait_for()


@dataclass(frozen=True)
class Scene:
    """One picture."""

    name: str
    act: Callable[[Page], None]
    window: dict[str, Any] = field(default_factory=lambda: DESK)
    url: str = SERVICE
    dark: bool = False
    published: bool = False
    whole: bool = False


def both(name: str, act: Callable[[Page], None], **what: Any) -> list[Scene]:
    """Return a scene by day and by night."""
    return [
        Scene(f"{name}-light", act, **{"published": False, **what}),
        Scene(f"{name}-dark", act, **{**what, "dark": True, "published": False}),
    ]


SCENES = [
    *both("home", ready, whole=True),
    Scene("answer", lambda p: to_top(p, DISAGREEING), published=True),
    Scene("answer-dark", lambda p: to_top(p, DISAGREEING), dark=True, published=True),
    *both("card", hovering),
    *both("refused", lambda p: to_top(p, UNANSWERED)),
    *both("lost", lost),
    *both("conversation", lambda p: to_top(p, PLAIN, "And in Iraq?"), whole=True),
    Scene("document", cited, published=True),
    Scene("document-dark", cited, dark=True),
    Scene("panel", lambda p: in_panel(p, PLAIN), url=HOST, published=True),
    Scene("panel-dark", lambda p: in_panel(p, PLAIN), url=HOST, dark=True),
    Scene("panel-empty", in_panel, url=HOST),
    Scene("launcher", lambda p: p.locator(".launcher").wait_for(), url=HOST),
    Scene("panel-arabic", lambda p: in_panel(p, PLAIN), url=f"{HOST}/ar"),
    Scene("phone", tapping, window=PHONE, url=HOST, published=True),
    Scene("phone-dark", tapping, window=PHONE, url=HOST, dark=True),
    Scene("phone-conflict", lambda p: in_panel(p, DISAGREEING), window=PHONE, url=HOST),
    Scene("phone-refused", lambda p: in_panel(p, UNANSWERED), window=PHONE, url=HOST, dark=True),
    *both("phone-home", ready, window=PHONE, whole=True),
    *both("phone-document", cited, window=PHONE),
]


class HostPage(http.server.BaseHTTPRequestHandler):
    """A newspaper that embeds the chat."""

    def do_GET(self) -> None:
        """Send the page; ``/ar`` is in Arabic."""
        lang = "ar" if self.path == "/ar" else "en-GB"
        body = HOST_PAGE.format(lang=lang, service=SERVICE).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: str) -> Iterator[None]:
    """Run the product and the host page."""
    environment = {
        **os.environ,
        "FOOTNOTE_DATA_DIR": folder,
        "FOOTNOTE_LOG_LEVEL": "warning",
        "FOOTNOTE_WIDGET__ORIGINS": f'["{HOST}"]',
    }
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(PORT)]
    service = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own program
    host = http.server.ThreadingHTTPServer(("127.0.0.1", HOST_PORT), HostPage)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        for _ in range(120):
            time.sleep(0.5)
            try:
                urllib.request.urlopen(f"{SERVICE}/readyz").close()  # noqa: S310 - our own address
                break
            except OSError:
                continue
        yield
    finally:
        host.shutdown()
        service.terminate()
        service.wait(30)


def take(browser: Browser, scene: Scene, folder: Path) -> None:
    """Take one picture."""
    context = browser.new_context(
        **scene.window,
        device_scale_factor=1.5,
        color_scheme="dark" if scene.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(scene.url)
    scene.act(page)
    page.wait_for_timeout(300)
    path = folder / f"{scene.name}.png"
    page.screenshot(path=path, full_page=scene.whole)
    context.close()
    sys.stdout.write(f"{path}\n")


def main() -> None:
    """Take the pictures that are asked for."""
    parser = argparse.ArgumentParser(description="Take pictures of the running product.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", metavar="FOLDER")
    parser.add_argument("--all", action="store_true", help="every state, not only the published")
    parser.add_argument("--only", default="", help="only pictures whose name holds this")
    chosen = parser.parse_args()
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("error: no Chromium here; on Debian or Ubuntu: apt install chromium")
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(folder), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for scene in SCENES:
            if (chosen.all or scene.published) and chosen.only in scene.name:
                take(browser, scene, chosen.out)
        browser.close()


if __name__ == "__main__":
    main()
