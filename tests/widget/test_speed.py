"""How fast the widget is, in a real browser. Medians, or the best of some: machines are shared."""

import gzip
from collections.abc import Callable
from importlib.resources import files
from typing import Any

OpenPage = Callable[..., Any]
MOST_BYTES = 30_000
PAINT_MS = 100
LONG_TASK_MS = 50


def test_all_scripts_together_are_small() -> None:
    folder = files("app").joinpath("widget")
    scripts = [folder.joinpath("widget.js"), *folder.joinpath("widget").iterdir()]
    served = [s.read_bytes() for s in scripts if s.name.endswith(".js") and s.name != "types.js"]
    assert sum(len(gzip.compress(script)) for script in served) <= MOST_BYTES


def test_the_panel_is_painted_within_a_tenth_of_a_second_of_the_click(
    scripted: Any, open_page: OpenPage
) -> None:
    site, _ = scripted()
    page = open_page(site.url)
    times = page.evaluate(
        """async () => {
          document.querySelector("footnote-chat").remove();
          const times = [];
          for (let round = 0; round < 5; round++) {
            const chat = document.createElement("footnote-chat");
            document.body.append(chat);
            const launcher = chat.shadowRoot.querySelector(".launcher");
            await new Promise((resolve) => setTimeout(resolve, 50));
            const clicked = performance.now();
            launcher.click();
            await new Promise((resolve) =>
              requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = resolve;
                port2.postMessage(0);
              }));
            times.push(performance.now() - clicked);
            chat.remove();
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print("panel painted after ms:", times)  # noqa: T201 - shown with -s, for the documents
    assert times[2] <= PAINT_MS


def test_no_task_is_long_while_forty_sentences_stream_in(
    scripted: Any, open_page: OpenPage
) -> None:
    best = 1e9
    site, _ = scripted(sentences=40, pause_s=0.02)
    for _ in range(3):
        page = open_page(site.url)
        page.wait_for_load_state("networkidle")
        page.evaluate(
            """() => {
              window.longest = 0;
              new PerformanceObserver((list) => {
                for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
              }).observe({ type: "longtask" });
            }"""
        )
        page.get_by_label("Your question").fill("A question?")
        page.keyboard.press("Enter")
        page.locator("article .colophon").wait_for()
        assert page.locator(".sentence").count() == 40
        best = min(best, page.evaluate("longest"))
        if best <= LONG_TASK_MS:
            break
    print("longest task in ms (0: none over 50):", best)  # noqa: T201 - as above
    assert best <= LONG_TASK_MS


def test_the_five_hundredth_question_is_as_fast_as_the_first_and_so_is_a_reload(
    scripted: Any, open_page: OpenPage
) -> None:
    site, script = scripted(sentences=3)
    page = open_page(site.url)
    times = page.evaluate(
        """async () => {
          const chat = document.querySelector("footnote-chat");
          const times = [];
          for (let number = 0; number < 500; number++) {
            const began = performance.now();
            await chat.ask(`Question ${number}?`);
            times.push(performance.now() - began);
          }
          return times;
        }"""
    )
    early, late = sorted(times[10:60])[25], sorted(times[-50:])[25]
    print("median ms of turns 10-60 and 450-500:", early, late)  # noqa: T201 - as above
    assert late <= early * 1.5 + 10
    assert len(script.asked[-1].history) <= 20
    page.reload()
    page.locator("article").first.wait_for()
    assert page.evaluate("document.querySelector('footnote-chat').answers.length") == 500
    assert page.locator("article").count() == 20
    page.get_by_role("button", name="Show earlier questions").click()
    assert page.locator("article").count() == 40
