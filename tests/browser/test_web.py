"""The web door in a real browser: accessibility, keyboard, no script, paper, small screens."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bogam import Bogam
from bogam.access.identity import Actor, Purpose, Role
from bogam.synthetic import ward

axe_package = pytest.importorskip("axe_playwright_python")
sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")]

PASSWORD = "correct horse battery"
DOCTOR = Actor("lee", "이지은", Role.physician)
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    house = Bogam(tmp_path_factory.mktemp("browser") / "home")
    bundles = ward().bundles
    for bundle in (bundles[0], bundles[1], bundles[6]):
        house.load(bundle)
    house.load(b'{"resourceType":"Observation","id":"broken","status":"finnished","code":{"text":"x"}}')
    people = [
        ("lee", "이지은", Role.physician),
        ("watch", "정감사", Role.auditor),
        ("root", "관리자", Role.administrator),
    ]
    for user, name, role in people:
        house.users.add(user, name, role, PASSWORD)
    return house


@pytest.fixture(scope="module")
def base(bogam: Bogam) -> Iterator[str]:
    import uvicorn

    from bogam.doors.web.app import create

    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create(bogam), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


class Window:
    """A signed-in window that notes every complaint of the browser and every request that leaves the server."""

    def __init__(self, chromium: Any, base: str, user: str, **options: Any) -> None:
        self.complaints: list[str] = []
        self.context = chromium.new_context(base_url=base, **({"locale": "ko"} | options))
        self.page = self.context.new_page()
        self.page.set_default_timeout(8000)
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: None if asked.url.startswith(base) else self.complaints.append(asked.url))
        self.page.goto("/login")
        self.page.fill("[name=user]", user)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("form.form button")
        self.page.wait_for_load_state()

    def violations(self) -> list[str]:
        """What axe finds: all rules in light, and those of colour again in dark."""
        self.page.evaluate(f"{AXE};0")
        run = "rules => axe.run({runOnly: rules}).then(result => result.violations)"
        found = self.page.evaluate(run, RULES)
        self.page.emulate_media(color_scheme="dark")
        found += self.page.evaluate(run, {"type": "rule", "values": ["color-contrast"]})
        self.page.emulate_media(color_scheme="light")
        return [f"{each['id']}: {node['html'][:140]}" for each in found for node in each["nodes"][:3]]


@pytest.fixture
def open_window(chromium: Any, base: str) -> Iterator[Any]:
    windows: list[Window] = []

    def opened(user: str = "lee", **options: Any) -> Window:
        windows.append(Window(chromium, base, user, **options))
        return windows[-1]

    yield opened
    for window in windows:
        window.context.close()


def _draft(bogam: Bogam, language: str, length: str = "page", patient: str = "p01") -> str:
    draft = bogam.run(
        "record-summary", patient=patient, actor=DOCTOR, purpose=Purpose.treatment, language=language, length=length
    )
    return f"/drafts/{draft.id}"


PAGES = {
    "lee": [
        "/ward", "/ward?q=nobody", "/patients/p01", "{draft}?at=x0", "{draft}?at=c4", "{draft}?at=m0",
        "{draft}?edit=1", "{draft}/sign", "{draft}/reject", "/patients/p01/timeline", "/patients/p01/results",
        "/patients/p01/results?group=vital", "/patients/p01/notes?q=lactate", "/patients/p01/medications",
        "/patients/p01/documents", "/inbox", "/keys", "/nowhere", "/audit", "/terms?q=diabetes",
        "/terms/icd-10-cm/S72.001", "/terms/icd-10-cm/E11.9", "/ask", "/library",
        "/sources", "/sources/icd-10-cm?go=1&text=diabetes",
        "/sources/icd-10-cm/items/E11.9", "/sources/npi",
        "/patients/p01/coding", "/patients/p01/coding/entry?code=I50.2",
    ],
    "watch": ["/audit", "/patients/p01/looks"],
    "root": [
        "/sources/pubmed", "/sources/pubmed/enable", "/users", "/load", "/quarantine", "/quarantine/1", "/maps",
        "/deidentify",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing_where_a_note_is_reviewed(open_window: Any, base: str, language: str) -> None:
    window = open_window("lee", locale=language, reduced_motion="reduce")
    window.context.add_cookies([{"name": "bogam_purpose", "value": "operations", "url": base}])
    for path in ("/deidentify", "/deidentify?patient=p01"):
        assert window.page.goto(path).status == 200, path
        assert window.violations() == []
    assert window.page.locator("mark").count() > 3


@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing_on_any_page_in_light_and_dark(bogam: Bogam, open_window: Any, language: str) -> None:
    draft = _draft(bogam, language, "short")
    wrong: list[str] = []
    for user, paths in PAGES.items():
        window = open_window(user, locale=language, reduced_motion="reduce")
        for path in (each.format(draft=draft) for each in paths):
            expected = {"/nowhere": 404, "/audit": 403 if user == "lee" else 200}.get(path, 200)
            assert window.page.goto(path).status == expected, path
            wrong += [f"{path}: {each}" for each in window.violations()]
        # The browser itself notes the status of an error page.
        assert not [each for each in window.complaints if "Failed to load resource" not in each]
    window.context.clear_cookies()
    window.page.goto("/login")
    wrong += [f"/login: {each}" for each in window.violations()]
    assert not wrong


def test_the_keyboard_is_enough_to_find_read_correct_and_sign(bogam: Bogam, open_window: Any) -> None:
    expect = sync_api.expect
    window = open_window(viewport={"width": 1440, "height": 900})
    page = window.page
    page.keyboard.press("/")
    page.keyboard.type("Olivia")
    expect(page.locator("tbody a.name")).to_have_count(1)
    page.goto(_draft(bogam, "en", "full", "p06"))
    page.keyboard.press("j")
    page.wait_for_selector("#source mark")
    first = page.locator(".claim.here").get_attribute("id")
    quoted = page.locator("#source mark").first.inner_text()
    page.keyboard.press("j")
    expect(page.locator(".claim.here")).not_to_have_id(first)
    page.keyboard.press("k")
    expect(page.locator(".claim.here")).to_have_id(first)
    expect(page.locator("#source mark").first).to_have_text(quoted)
    assert page.url.endswith(f"?at={first}")
    here = page.locator(".claim", has_text=re.compile(r"\d+ mg")).first
    here.locator(".said").click()
    page.wait_for_selector(".claim.here[id=" + str(here.get_attribute("id")) + "]")
    page.keyboard.press("e")
    text = page.locator(".claim textarea")
    text.fill(re.sub(r"\d+ mg", "977 mg", text.input_value()))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".claim.unsupported .why")
    assert "977" in page.locator(".claim.unsupported .why").inner_text()
    page.locator("form[action$=undo] button").click()
    page.wait_for_selector(".say.ok")
    assert page.locator(".claim.unsupported").count() == 0
    page.keyboard.press("s")
    page.wait_for_selector("#dialog[open]")
    assert not window.violations()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_selector("#dialog[open] .main")
    page.locator("#dialog .main").press("Enter")
    page.wait_for_selector(".signature")
    assert page.locator(".draft.signed").count() == 1
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox")
    assert not window.complaints


def test_everything_can_be_read_and_done_without_script(bogam: Bogam, open_window: Any) -> None:
    page = open_window(java_script_enabled=False, viewport={"width": 1440, "height": 900}).page
    page.goto("/ward")
    page.fill("[name=q]", "김서연")
    page.click("form[role=search] button")
    page.click("tbody a.name")
    page.goto(_draft(bogam, "ko", "short"))
    page.locator(".claim .cite").first.click()
    assert page.locator("#source mark").count() > 0
    page.locator(".claim .edit").first.click()
    page.locator(".claim textarea").fill("여성, 만 97세")
    page.click("button[value=keep]")
    assert page.locator(".claim.unsupported").count() == 1
    page.click("form[action$=undo] button")
    assert page.locator(".claim.unsupported").count() == 0
    for tab, expected in (("results", ".plot svg polyline"), ("notes", ".note"), ("timeline", ".events li")):
        page.goto(f"/patients/p01/{tab}")
        assert page.locator(expected).count() > 0
    page.goto(_draft(bogam, "ko", "short"))
    page.get_by_role("link", name="반려").click()
    page.fill("[name=reason]", "시험")
    page.click("main form.form button")
    assert page.locator(".draft.rejected").count() == 1


def test_the_banner_never_scrolls_away_and_the_evidence_stays_beside(bogam: Bogam, open_window: Any) -> None:
    window = open_window(viewport={"width": 1440, "height": 800}, reduced_motion="reduce")
    window.page.goto(_draft(bogam, "ko", "full"))
    window.page.locator(".claim .cite").last.click()
    window.page.wait_for_selector("#source mark, #source blockquote")
    window.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for part in (".banner h1", ".banner .chip.critical", ".tabs", "#source h2"):
        box = window.page.locator(part).first.bounding_box()
        assert 0 <= box["y"] < 800, part


@pytest.mark.parametrize("width", [1440, 800, 390])
def test_no_page_is_wider_than_its_screen(bogam: Bogam, open_window: Any, width: int) -> None:
    window = open_window(viewport={"width": width, "height": 800}, locale="en")
    paths = ["/ward", "/patients/p06", f"{_draft(bogam, 'en', 'page', 'p06')}?at=c3", "/inbox"]
    paths += [f"/patients/p01/{tab}" for tab in ("timeline", "results", "notes", "medications", "documents")]
    for path in paths:
        window.page.goto(path)
        assert window.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1, path


def test_charts_have_values_a_table_and_the_wards_clock(open_window: Any) -> None:
    window = open_window(viewport={"width": 1440, "height": 900}, timezone_id="America/New_York")
    window.page.goto("/patients/p01/results?q=젖산")
    window.page.wait_for_selector(".uplot canvas")
    window.page.locator("details.chart-table summary").first.click()
    assert window.page.locator("details.chart-table tbody tr").count() > 1
    recorded = window.page.locator("details.chart-table tbody td").first.inner_text()
    seconds = window.page.evaluate("JSON.parse(document.querySelector('[data-plot]').dataset.plot).x.at(-1)")
    assert time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds)) == recorded
    assert not window.complaints


def test_on_paper_a_draft_says_that_it_is_one(bogam: Bogam, open_window: Any) -> None:
    page = open_window().page
    page.goto(_draft(bogam, "ko", "full"))
    page.emulate_media(media="print")
    stamp = page.evaluate("getComputedStyle(document.querySelector('.draft'), '::before').content")
    assert "서명 전" in stamp
    for hidden in (".nav", ".tabs", ".source", ".actions"):
        assert not page.locator(hidden).first.is_visible()
    assert page.locator(".banner h1").is_visible()
    assert page.locator(".claim .state").first.is_visible()


def test_nothing_of_a_patient_is_kept_by_the_browser(bogam: Bogam, open_window: Any) -> None:
    window = open_window()
    window.page.goto(_draft(bogam, "ko"))
    window.page.locator(".claim .cite").first.click()
    window.page.wait_for_selector("#source mark")
    window.page.goto("/ward")
    assert window.page.evaluate("localStorage.length") == 0
    # htmx notes the address of the page in the tab, and nothing else.
    kept = window.page.evaluate("Object.keys(sessionStorage)")
    assert set(kept) <= {"htmx-current-path-for-history"}


def test_a_coder_works_by_keyboard_alone(bogam: Bogam, open_window: Any) -> None:
    expect = sync_api.expect
    window = open_window(viewport={"width": 1440, "height": 900})
    page = window.page
    page.goto("/patients/p01/coding")
    first = page.locator(".claim.here .code").inner_text()
    page.keyboard.press("a")
    expect(page.locator("[aria-labelledby=h-chosen] .code")).to_have_text([first])
    second = page.locator(".claim.here .code").inner_text()
    page.keyboard.press("x")
    expect(page.locator(".claim .code", has_text=re.compile(f"^{re.escape(second)}$"))).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(".claim .code", has_text=re.compile(f"^{re.escape(second)}$"))).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#dialog[open] .code").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("pneumonia")
    expect(page.locator("#found .pick").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("s")
    page.wait_for_url("**/sign")
