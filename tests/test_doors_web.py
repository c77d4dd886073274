"""The web door over HTTP: pages, forms, refusals and headers."""

from __future__ import annotations

import errno
import html
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.datastructures import UploadFile

from bogam import Bogam
from bogam.access.identity import Action, Actor, Purpose, Role
from bogam.doors.web.app import create
from bogam.doors.web.pages import audit, drafts, load, patient, quarantine, session, users
from bogam.doors.web.view import entry, evidence, moment
from bogam.doors.web.visit import local
from bogam.doors.web.words import negotiated, words
from bogam.skills.skill import skills
from bogam.synthetic import ward

WEB = Path(__file__).resolve().parents[1] / "src" / "bogam" / "doors" / "web"
PASSWORD = "correct horse battery"
PEOPLE = {
    "lee": ("이지은", Role.physician),
    "park": ("박간호", Role.nurse),
    "watch": ("정감사", Role.auditor),
    "root": ("관리자", Role.administrator),
}
PAGE_MODULES = (session, patient, drafts, audit, users, load, quarantine)
HOSTILE = '<script>alert("x")</script>'


def _patients(bundles: list[bytes]) -> list[bytes]:
    """The shared bundle, a Korean and an English patient."""
    return [bundles[0], bundles[1], bundles[6]]


def _hostile() -> bytes:
    patient = {"resourceType": "Patient", "id": "evil", "name": [{"text": HOSTILE}], "gender": "other"}
    subject = {"reference": "Patient/evil"}
    code = {"text": f"{HOSTILE} 'onload=1"}
    condition = {"resourceType": "Condition", "id": "evil-c", "subject": subject, "code": code}
    broken = {"resourceType": "Observation", "id": "evil-o", "status": "finnished", "code": {"text": HOSTILE}}
    entries = [{"resource": each} for each in (patient, condition, broken)]
    return orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


@pytest.fixture(scope="module")
def bogam(tmp_path_factory: pytest.TempPathFactory) -> Bogam:
    house = Bogam(tmp_path_factory.mktemp("web") / "home")
    for bundle in [*_patients(ward().bundles), _hostile()]:
        house.load(bundle)
    for user, (name, role) in PEOPLE.items():
        house.users.add(user, name, role, PASSWORD)
    return house


def _browser(bogam: Bogam, user: str, language: str = "ko") -> Iterator[TestClient]:
    with TestClient(create(bogam), base_url="http://localhost", headers={"Accept-Language": language}) as client:
        _sign_in(client, user)
        yield client


@pytest.fixture
def doctor(bogam: Bogam) -> Iterator[TestClient]:
    yield from _browser(bogam, "lee")


@pytest.fixture
def auditor(bogam: Bogam) -> Iterator[TestClient]:
    yield from _browser(bogam, "watch")


@pytest.fixture
def admin(bogam: Bogam) -> Iterator[TestClient]:
    yield from _browser(bogam, "root", "en")


@pytest.fixture
def stranger(bogam: Bogam) -> Iterator[TestClient]:
    with TestClient(create(bogam), base_url="http://localhost") as client:
        yield client


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def _sign_in(client: TestClient, user: str, password: str = PASSWORD) -> None:
    form = {"user": user, "password": password, "csrf": _csrf(client.get("/login").text), "next": "/"}
    answer = client.post("/login", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text


def _draft(client: TestClient, patient: str = "p01", length: str = "short") -> str:
    form = {"csrf": _csrf(client.get(f"/patients/{patient}").text), "length": length, "language": "ko"}
    answer = client.post(f"/patients/{patient}/drafts", data=form)
    assert answer.status_code == 200, answer.text
    return answer.url.path


# --- words


def test_both_languages_have_the_same_words_with_the_same_places_to_fill_in() -> None:
    english, korean = words("en").entries, words("ko").entries
    assert english.keys() == korean.keys()
    for key in english:
        assert english[key].strip(), key
        assert korean[key].strip(), key
        holes = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in (english[key], korean[key])
        ]
        assert holes[0] == holes[1], key


def test_every_word_that_a_template_asks_for_exists() -> None:
    asked = {
        key
        for file in (WEB / "templates").rglob("*.html")
        for key in re.findall(r"""\bt\(\s*["']([a-z_.-]+)["']\s*[,)]""", file.read_text("utf-8"))
    }
    assert len(asked) > 150
    assert not asked - words("en").entries.keys()


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("role", list(Role)),
        ("purpose", list(Purpose)),
        ("action", list(Action)),
        ("state", ["supported", "unsupported", "conflicting", "absence", "unchecked"]),
        ("flag", ["critical-low", "low", "high", "critical-high", "abnormal"]),
        ("failure", ["citation", "number", "unit", "date", "code", "drug", "dose", "side", "negation", "term"]),
    ],
)
def test_every_value_that_is_named_on_a_page_has_a_word(group: str, names: list[str]) -> None:
    assert not {f"{group}.{name}" for name in names} - words("ko").entries.keys()


def test_the_word_files_are_sorted_into_the_same_groups() -> None:
    groups = [list(tomllib.loads((WEB / "words" / f"{each}.toml").read_text("utf-8"))) for each in ("en", "ko")]
    assert groups[0] == groups[1]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-US,en", "en"),
        ("fr", "en"),
        ("en;q=0.2, ko;q=0.7", "ko"),
        ("", "en"),
        (";q=x", "en"),
    ],
)
def test_the_browser_says_which_language(header: str, language: str) -> None:
    assert negotiated(header) == language


# --- signing in


def test_a_page_asks_who_you_are_and_brings_you_back(stranger: TestClient) -> None:
    answer = stranger.get("/patients/p01/notes?q=a", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fpatients%2Fp01%2Fnotes%3Fq%3Da"


def test_a_fragment_asks_who_you_are_as_a_whole_page(stranger: TestClient) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://localhost/ward?q=x"}
    answer = stranger.get("/drafts/x?at=c0", headers=here, follow_redirects=False)
    assert answer.headers["hx-redirect"] == "/login?next=%2Fward%3Fq%3Dx"


def test_a_wrong_password_is_told_in_the_readers_language(stranger: TestClient) -> None:
    form = {"user": "lee", "password": "wrong", "csrf": _csrf(stranger.get("/login").text)}
    answer = stranger.post("/login", data=form, headers={"Accept-Language": "ko"})
    assert answer.status_code == 401
    assert "비밀번호가 맞지 않습니다" in answer.text
    assert "bogam_session" not in stranger.cookies


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(bogam: Bogam) -> None:
    with TestClient(create(bogam, hosts=["ward.example"]), base_url="https://ward.example") as client:
        form = {"user": "lee", "password": PASSWORD, "csrf": _csrf(client.get("/login").text)}
        answer = client.post("/login", data=form, follow_redirects=False)
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("bogam_session="))
    assert {"HttpOnly", "Secure", "SameSite=strict"} <= set(cookie.split("; "))


def test_signing_out_ends_the_session_on_the_server(doctor: TestClient) -> None:
    token = doctor.cookies["bogam_session"]
    doctor.post("/logout", data={"csrf": _csrf(doctor.get("/ward").text)})
    answer = doctor.get("/ward", cookies={"bogam_session": token}, follow_redirects=False)
    assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "", "javascript:1"]
)
def test_redirects_never_leave_the_house(path: str) -> None:
    assert local(path) == "/"


# --- what every answer carries


PAGES = [
    "/ward",
    "/ward?q=김&sort=-last_entry",
    "/patients/p01",
    "/patients/p01/timeline",
    "/patients/p01/timeline?kind=vitals",
    "/patients/p01/results",
    "/patients/p01/results?group=vital&flagged=true",
    "/patients/p01/notes?q=lactate",
    "/patients/p01/medications",
    "/patients/p01/documents",
    "/inbox",
    "/keys",
    "/patients/p06",
]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_readable_and_brings_nothing_inline_or_foreign(doctor: TestClient, language: str) -> None:
    doctor.get(f"/language/{language}?next=/ward")
    for path in [
        *PAGES,
        _draft(doctor),
        f"{_draft(doctor)}?at=c2",
        f"{_draft(doctor)}?edit=0",
        f"{_draft(doctor)}/sign",
    ]:
        answer = doctor.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}">' in answer.text
        assert not re.search(r"""<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=["']""", answer.text), path
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text), path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_static_files_may_be_kept_for_good_and_change_their_name_when_they_change(doctor: TestClient) -> None:
    path = re.search(r'href="(/static/[0-9a-f]{12}/bogam\.css)"', doctor.get("/ward").text)
    assert path is not None
    answer = doctor.get(path.group(1))
    assert "immutable" in answer.headers["cache-control"]
    assert doctor.get("/static/000000000000/bogam.css").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_a_foreign_host_name_gets_no_answer(stranger: TestClient, host: str) -> None:
    assert stranger.get("/login", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8337", "127.0.0.1", "[::1]:8337", "LOCALHOST"])
def test_the_names_of_loopback_are_answered(stranger: TestClient, host: str) -> None:
    assert stranger.get("/login", headers={"Host": host}).status_code == 200


def test_names_from_the_record_are_text_and_never_markup(doctor: TestClient) -> None:
    for path in ("/ward?q=alert", "/patients/evil", "/patients/evil/timeline"):
        page = doctor.get(path).text
        assert HOSTILE not in page
        assert html.escape(HOSTILE)[:20] in page


def test_a_failure_of_the_server_is_a_page_too(bogam: Bogam, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create(bogam)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        _sign_in(client, "lee")

        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(Bogam, "patients", broken)
        answer = client.get("/ward", headers={"Accept-Language": "ko"})
    assert answer.status_code == 500
    assert "서버에 문제가 생겼습니다" in answer.text
    assert "secret detail" not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("language", "text"), [("ko", "없는 화면입니다"), ("en", "No such page")])
def test_a_page_that_does_not_exist_says_so(doctor: TestClient, language: str, text: str) -> None:
    doctor.get(f"/language/{language}")
    answer = doctor.get("/nowhere")
    assert answer.status_code == 404
    assert text in answer.text


# --- forms


def test_no_form_works_without_its_token(bogam: Bogam, doctor: TestClient) -> None:
    before = bogam.drafts(actor=Actor("lee", "", Role.physician), purpose=Purpose.treatment, state=None)
    routes = [route for page in PAGE_MODULES for route in page.router.routes if isinstance(route, APIRoute)]
    posts = [route.path for route in routes if "POST" in route.methods and route.path != "/login"]
    assert len(posts) >= 10
    for path in posts:
        filled = path.replace("{id}", before[0].draft.id if before and "drafts" in path else "p01")
        assert doctor.post(filled, data={"csrf": "forged", "reason": "x"}).status_code == 403, path
    after = bogam.drafts(actor=Actor("lee", "", Role.physician), purpose=Purpose.treatment, state=None)
    assert before == after


def test_a_very_large_form_is_refused(doctor: TestClient) -> None:
    assert doctor.post("/logout", data={"csrf": "x" * 300_000}).status_code == 413


def test_another_kind_of_body_is_refused(doctor: TestClient) -> None:
    assert doctor.post("/logout", json={"csrf": "x"}).status_code == 400


# --- refusals


@pytest.mark.parametrize(("language", "reason"), [("ko", "감사자 역할은"), ("en", "An auditor may not read a record")])
def test_a_refused_person_sees_why(bogam: Bogam, auditor: TestClient, language: str, reason: str) -> None:
    auditor.get(f"/language/{language}")
    answer = auditor.get("/patients/p01")
    assert answer.status_code == 403
    assert reason in answer.text
    newest = bogam.audit.entries(actor="watch", limit=1)[0]
    assert (newest.action, newest.outcome, newest.patient) == ("read", "refuse", "p01")


@pytest.mark.parametrize("path", ["/audit", "/users", "/load", "/quarantine", "/quarantine/1", "/patients/p01/looks"])
def test_a_physician_does_not_administer(doctor: TestClient, path: str) -> None:
    assert doctor.get(path).status_code == 403


def test_a_nurse_is_not_offered_what_she_may_not_do(bogam: Bogam, doctor: TestClient) -> None:
    path = _draft(doctor)
    for nurse in _browser(bogam, "park"):
        page = nurse.get(path).text
        assert f"{path}/sign" not in page
        answer = nurse.post(f"{path}/sign", data={"csrf": _csrf(page), "revision": "1"})
        assert answer.status_code == 403


def test_emergency_access_needs_a_reason_and_is_logged(bogam: Bogam, doctor: TestClient) -> None:
    form = {"csrf": _csrf(doctor.get("/ward").text), "purpose": "emergency", "next": "/ward"}
    assert "사유" in doctor.post("/purpose", data=form).text
    assert "bogam_purpose" not in doctor.cookies
    doctor.post("/purpose", data=form | {"reason": "심정지 환자 이송"})
    entries = bogam.audit.entries(actor="lee", limit=5)
    assert any("심정지 환자 이송" in entry.detail for entry in entries)
    assert "응급 열람 중" in doctor.get("/patients/p01").text


def test_an_emergency_cannot_be_made_up_prolonged_or_lent(bogam: Bogam, doctor: TestClient) -> None:
    said = "응급 열람 중"
    form = {"csrf": _csrf(doctor.get("/ward").text), "purpose": "emergency", "next": "/ward", "reason": "이송"}
    doctor.post("/purpose", data=form)
    assert said in doctor.get("/patients/p01").text
    kept = doctor.cookies["bogam_purpose"].strip('"')
    _, until, seal = kept.split(".")
    for wrong in (
        "emergency",
        f"emergency.{int(until) + 9999}.{seal}",
        f"emergency.{until}.{'0' * 64}",
        "emergency.x.y",
        f"emergency.{'9' * 5000}.{seal}",
    ):
        doctor.cookies.set("bogam_purpose", wrong, domain="localhost.local", path="/")
        page = doctor.get("/patients/p01")
        assert page.status_code == 200
        assert said not in page.text, wrong
    doctor.cookies.set("bogam_purpose", kept, domain="localhost.local", path="/")
    assert said in doctor.get("/patients/p01").text
    for another in _browser(bogam, "lee"):
        another.cookies.set("bogam_purpose", kept, domain="localhost.local", path="/")
        assert said not in another.get("/patients/p01").text


@pytest.mark.parametrize(
    ("detail", "said"),
    [('{"code":"x","n":[1]}', "code: x · n: [1]"), ('{"text":""}', ""), ("", ""), ("{cut", "{cut"), ("[1]", "[1]")],
)
def test_the_note_of_an_entry_reads_as_words_and_a_broken_one_as_it_is(detail: str, said: str) -> None:
    assert entry.noted(detail) == said


# --- the patient


def test_the_ward_finds_and_sorts(doctor: TestClient) -> None:
    assert re.findall(r'class="name" href="/patients/([^"]+)"', doctor.get("/ward?q=김서연").text) == ["p01"]
    up = re.findall(r'class="name" href="/patients/([^"]+)"', doctor.get("/ward?sort=name").text)
    down = re.findall(r'class="name" href="/patients/([^"]+)"', doctor.get("/ward?sort=-name").text)
    assert up == list(reversed(down))
    assert len(up) == 3


def test_the_banner_says_when_allergies_are_not_recorded(doctor: TestClient) -> None:
    assert "알레르기 기록 없음" in doctor.get("/patients/evil").text


@pytest.mark.parametrize("patient", ["p01", "p06"])
def test_every_source_of_every_sentence_opens_with_the_cited_words_marked(doctor: TestClient, patient: str) -> None:
    page = doctor.get(f"/patients/{patient}").text
    links = [html.unescape(each) for each in re.findall(r'hx-get="(/drafts/[^"]+\?at=[^"]+)"', page)]
    assert len(links) > 20
    draft = links[0].split("?")[0].rpartition("/")[2]
    filed = doctor.app.state.site.bogam.draft(draft, actor=Actor("lee", "", Role.physician), purpose="treatment")  # type: ignore[attr-defined]
    parts = {"c": filed.draft.claims, "x": filed.draft.conflicts, "m": filed.draft.missing}
    for link in links:
        name = link.partition("at=")[2]
        claim = parts[name[0]][int(name[1:])]
        sources = list(dict.fromkeys(citation.source for citation in claim.citations))
        for number, source in enumerate(sources):
            pane = doctor.get(f"{link}&n={number}", headers={"HX-Request": "true"})
            assert pane.status_code == 200
            assert "<html" not in pane.text
            marks = "".join(html.unescape(each) for each in re.findall(r"<mark>(.*?)</mark>", pane.text, re.DOTALL))
            for citation in claim.citations:
                if citation.source == source:
                    assert citation.quote in marks, (name, citation)


def test_a_source_is_never_shown_under_another_patients_name(doctor: TestClient) -> None:
    query = "source=Patient/p06&version=1&pointer=/birthDate&start=0&end=10"
    assert doctor.get(f"/patients/p06/source?{query}").status_code == 200
    assert doctor.get(f"/patients/p01/source?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "source=Nothing/1&version=1&pointer=/a",
        "source=Patient/p01&version=1&pointer=/none",
        "source=Patient/p01&version=x&pointer=/id",
        "source=x&version=1",
    ],
)
def test_a_source_that_is_not_there_is_no_failure(doctor: TestClient, query: str) -> None:
    assert doctor.get(f"/patients/p01/source?{query}").status_code in (404, 422)


def test_unknown_patients_drafts_and_places_are_not_found(doctor: TestClient) -> None:
    for path in ("/patients/nobody", "/patients/nobody/notes", "/drafts/none", "/patients/p01/notes?note=Nothing/1"):
        assert doctor.get(path).status_code == 404, path
    assert doctor.get("/ward?page=0").status_code == 422


# --- a draft, from correction to signature


def test_a_wrong_correction_is_caught_taken_back_and_the_draft_signed_once(doctor: TestClient) -> None:
    path = _draft(doctor, "p06", "full")
    page = doctor.get(path).text
    said = re.findall(r'id="c(\d+)".*?class="said">([^<]*\d[^<]*)<', page, re.DOTALL)
    index, text = next((number, text) for number, text in said if re.search(r"\d+ mg", text))
    wrong = re.sub(r"\d+ mg", "977 mg", html.unescape(text))
    form = {"csrf": _csrf(page), "index": index, "revision": "1", "text": wrong, "do": "keep"}
    edited = doctor.post(f"{path}/edit", data=form).text
    claim = re.search(rf'<li class="claim (\w+)[^>]*id="c{index}".*?</li>', edited, re.DOTALL)
    assert claim is not None
    assert claim.group(1) == "unsupported"
    assert "977" in claim.group(0).partition('class="why"')[2]
    assert wrong in html.unescape(doctor.get(f"{path}/sign").text)

    assert doctor.post(f"{path}/edit", data=form).status_code == 409
    back = doctor.post(f"{path}/undo", data={"csrf": _csrf(page), "revision": "2"}).text
    assert "977" not in back

    signed = doctor.post(f"{path}/sign", data={"csrf": _csrf(page), "revision": "1"})
    assert "서명: 이지은 (의사)" in signed.text
    assert "/edit" not in signed.text
    assert doctor.post(f"{path}/edit", data=form).status_code == 409


def test_a_sentence_can_be_removed(doctor: TestClient) -> None:
    path = _draft(doctor, "p01", "full")
    page = doctor.get(path).text
    count = len(re.findall(r'id="c\d+"', page))
    form = {"csrf": _csrf(page), "index": "1", "revision": "1", "do": "remove"}
    assert len(re.findall(r'id="c\d+"', doctor.post(f"{path}/edit", data=form).text)) == count - 1


def test_a_rejection_needs_a_reason_and_shows_it(doctor: TestClient) -> None:
    path = _draft(doctor, "p06", "short")
    form = {"csrf": _csrf(doctor.get(path).text), "revision": "1"}
    assert doctor.post(f"{path}/reject", data=form | {"reason": " "}).status_code == 422
    assert "최근 검사가 빠짐" in doctor.post(f"{path}/reject", data=form | {"reason": "최근 검사가 빠짐"}).text


@pytest.mark.parametrize(
    ("format", "kind", "start"),
    [
        ("text", "text/plain", b""),
        ("markdown", "text/markdown", b"#"),
        ("html", "text/html", b"<!"),
        ("pdf", "application/pdf", b"%PDF"),
        ("fhir", "application/fhir+json", b"{"),
    ],
)
def test_a_draft_leaves_as_a_file(doctor: TestClient, format: str, kind: str, start: bytes) -> None:
    answer = doctor.get(f"{_draft(doctor)}/export?format={format}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content.lstrip().lower().startswith(start.lower())


def test_an_unknown_format_is_told(doctor: TestClient) -> None:
    assert doctor.get(f"{_draft(doctor)}/export?format=docx").status_code == 422


# --- oversight and administration


def test_the_auditor_reads_filters_and_verifies(auditor: TestClient) -> None:
    page = auditor.get("/audit?outcome=refuse")
    assert page.status_code == 200
    assert "허용" not in re.sub(r"<select.*?</select>", "", page.text, flags=re.DOTALL)
    assert "감사 기록이 온전합니다" in auditor.post("/audit/verify", data={"csrf": _csrf(page.text)}).text
    assert auditor.get("/patients/p01/looks").status_code == 200


def test_the_administrator_adds_and_disables_people(bogam: Bogam, admin: TestClient) -> None:
    csrf = _csrf(admin.get("/users").text)
    form = {"csrf": csrf, "id": "kang", "name": "강수진", "role": "nurse", "password": PASSWORD}
    assert "강수진" in admin.post("/users", data=form).text
    again = admin.post("/users", data=form)
    assert again.status_code == 422
    assert "exists already" in again.text
    for nurse in _browser(bogam, "kang"):
        assert nurse.get("/ward").status_code == 200
        admin.post("/users/kang/disabled", data={"csrf": csrf, "disabled": "true"})
        assert nurse.get("/ward", follow_redirects=False).status_code == 303
    assert admin.post("/users/nobody/disabled", data={"csrf": csrf, "disabled": "true"}).status_code == 404


def test_the_administrator_sees_what_was_refused_and_why(admin: TestClient) -> None:
    page = admin.get("/quarantine").text
    assert "status" in page
    assert "finnished" in page
    assert HOSTILE not in page
    again = admin.post("/quarantine/retry", data={"csrf": _csrf(page)})
    assert "still fails" in again.text


def _numbers(page: str) -> list[int]:
    """The counts of a load report: read, new, changed, same, quarantined, unresolved."""
    return [int(each) for each in re.findall(r"<dd>(\d+)</dd>", page.partition('class="tally"')[2])]


def test_a_file_is_loaded_through_the_page_once(bogam: Bogam, admin: TestClient) -> None:
    body = b'{"resourceType":"Patient","id":"by-page","name":[{"text":"Page"}]}\n'
    body += b'{"resourceType":"Observation","id":"by-page-o","status":"finnished","code":{"text":"x"}}\n'
    csrf = {"csrf": _csrf(admin.get("/load").text)}
    for expected in ([2, 1, 0, 0, 1, 0], [2, 0, 0, 1, 1, 0]):
        answer = admin.post("/load", data=csrf, files={"file": ("C:\\ward\\new.ndjson", body)})
        assert answer.status_code == 200
        assert _numbers(answer.text) == expected
        assert "new.ndjson" in answer.text
        assert "C:" not in answer.text
        assert 'href="/quarantine"' in answer.text.partition("<main")[2]
    assert bogam.store.get("Patient", "by-page") is not None
    assert bogam.audit.entries(actor="root", action="load", limit=1)[0].target == "new.ndjson"


@pytest.mark.parametrize(
    ("file", "status", "said"),
    [
        (None, 422, "No file was chosen"),
        (("", b""), 422, "No file was chosen"),
        (("none.json", b""), 422, "“none.json” is empty"),
        (("photo.png", b"\x89PNG\r\n\x1a\n\0\0"), 200, "Nothing in “photo.png” could be loaded"),
        (("b.json", b'{"resourceType":"Bundle","type":"collection","entry":[]}'), 200, "“b.json” holds no resources"),
    ],
)
def test_an_empty_or_wrong_file_is_told(
    admin: TestClient, file: tuple[str, bytes] | None, status: int, said: str
) -> None:
    csrf = _csrf(admin.get("/load").text)
    parts = {"csrf": (None, csrf), **({"file": file} if file else {})}
    answer = admin.post("/load", files=parts)
    assert answer.status_code == status
    assert said in html.unescape(answer.text)


def test_a_file_needs_the_token_and_the_permission(bogam: Bogam, admin: TestClient, doctor: TestClient) -> None:
    file = {"file": ("x.json", b'{"resourceType":"Patient","id":"smuggled"}')}
    assert admin.post("/load", data={"csrf": "forged"}, files=file).status_code == 403
    assert admin.post("/load", files=file).status_code == 403
    assert admin.post("/load", data={"csrf": _csrf(admin.get("/load").text)}).status_code == 400
    assert doctor.post("/load", data={"csrf": _csrf(doctor.get("/ward").text)}, files=file).status_code == 403
    assert bogam.store.get("Patient", "smuggled") is None
    with TestClient(create(bogam), base_url="http://localhost") as stranger:
        answer = stranger.post("/load", files=file, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_a_broken_upload_and_a_full_disk_are_told(admin: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    csrf = {"X-CSRF-Token": _csrf(admin.get("/load").text)}
    kind = csrf | {"Content-Type": "multipart/form-data; boundary=x"}
    assert admin.post("/load", content=b"no parts", headers=kind).status_code == 400

    async def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(UploadFile, "write", full)
    answer = admin.post("/load", files={"file": ("x.json", b"{}")}, headers=csrf)
    assert answer.status_code == 507
    assert "No room left" in answer.text


def test_a_quarantined_resource_is_corrected_on_its_page(bogam: Bogam, admin: TestClient) -> None:
    broken = b'{"resourceType":"Observation","id":"mend","status":"finnished","code":{"text":"<b>"},"valueInteger":1.5}'
    assert bogam.load(broken, name="mend.json").quarantined == 1
    id = bogam.quarantine(limit=1000)[-1].id
    page = admin.get(f"/quarantine/{id}").text
    assert "/status" in page
    assert "/valueInteger" in page
    text = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL).group(1))  # type: ignore[union-attr]
    assert orjson.loads(text) == orjson.loads(broken)

    csrf = (None, _csrf(page))
    half = text.replace("finnished", "final")
    answer = admin.post(f"/quarantine/{id}", files={"csrf": csrf, "text": (None, half)})
    assert answer.status_code == 422
    assert "/status" not in answer.text
    assert html.escape(half, quote=False).strip() in html.unescape(answer.text).replace("<b>", "&lt;b&gt;")
    assert admin.post(f"/quarantine/{id}", files={"csrf": csrf, "text": (None, "  ")}).status_code == 422
    assert admin.post(f"/quarantine/{id}", files={"csrf": (None, "forged"), "text": (None, half)}).status_code == 403

    mended = half.replace("1.5", "1").replace("<b>", "x" * 300_000)
    assert "is loaded" in admin.post(f"/quarantine/{id}", files={"csrf": csrf, "text": (None, mended)}).text
    stored = bogam.store.get("Observation", "mend")
    assert stored is not None
    assert stored.json()["status"] == "final"
    for path in (f"/quarantine/{id}", "/quarantine/999999", f"/quarantine/{1 << 70}"):
        assert admin.get(path).status_code == 404, path


@pytest.mark.parametrize("sent", [b"", b"\x89PNG\0", b"\xff\xfe{", b"{", b'{"resourceType":"Patient","id":"\xff"}'])
def test_the_quarantine_shows_whatever_was_sent(bogam: Bogam, admin: TestClient, sent: bytes) -> None:
    assert bogam.load(sent, name=f"sent {sent!r}").quarantined == 1
    assert admin.get("/quarantine").status_code == 200
    assert admin.get(f"/quarantine/{bogam.quarantine(limit=1000)[-1].id}").status_code == 200


# --- programs


_WHY = "심정지 환자 이송"


@pytest.mark.parametrize("header", [_WHY.encode(), quote(_WHY).encode()])
def test_an_emergency_token_must_say_why(bogam: Bogam, stranger: TestClient, header: bytes) -> None:
    user = bogam.users.get("lee")
    assert user is not None
    bogam.users.tokens.revoke("lee", "ambulance")
    token = bogam.users.tokens.create(user.actor, name="ambulance", purpose=Purpose.emergency)
    bearer = {b"Authorization": f"Bearer {token}".encode()}
    for path in ("/api/patients", "/fhir/Patient/p01"):
        for without in ({}, {b"X-Emergency-Reason": b" "}):
            answer = stranger.get(path, headers=bearer | without)
            assert answer.status_code == 403
            assert "needs a reason: send it in the header X-Emergency-Reason" in answer.text
            assert bogam.audit.entries(actor="lee", limit=1)[0].outcome == "refuse"
        assert stranger.get(path, headers=bearer | {b"X-Emergency-Reason": header}).status_code == 200
        written = bogam.audit.entries(actor="lee", limit=2)[1]
        assert (written.purpose, written.outcome) == ("emergency", "allow")
        assert _WHY in written.detail


def test_an_emergency_token_of_a_role_without_emergencies_is_refused_with_the_rule(
    bogam: Bogam, stranger: TestClient
) -> None:
    user = bogam.users.get("watch")
    assert user is not None
    token = bogam.users.tokens.create(user.actor, name="wrong", purpose=Purpose.emergency)
    answer = stranger.get("/api/patients", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "purpose-not-for-role"


def test_programs_need_a_token_and_browsers_their_csrf_token(
    bogam: Bogam, stranger: TestClient, doctor: TestClient
) -> None:
    assert stranger.get("/api/patients").status_code == 401
    assert stranger.get("/api/patients", headers={"Authorization": "Bearer nothing"}).status_code == 401
    user = bogam.users.get("lee")
    assert user is not None
    token = bogam.users.tokens.create(user.actor, name="test", purpose=Purpose.treatment)
    assert stranger.get("/api/patients", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    body = {"patient": "p01", "request": {}}
    assert doctor.post("/api/skills/record-summary", json=body).status_code == 403
    csrf = {"X-CSRF-Token": _csrf(doctor.get("/ward").text)}
    assert doctor.post("/api/skills/record-summary", json=body, headers=csrf).status_code == 201


# --- views


def test_an_excerpt_marks_its_spans_and_keeps_the_context() -> None:
    text = "\n".join(f"line {number} of the note" for number in range(200))
    span = text.index("line 100"), text.index("line 100") + 8
    pieces = evidence.excerpt(text, [span])
    assert [piece.text for piece in pieces if piece.marked] == ["line 100"]
    shown = "".join(piece.text for piece in pieces)
    assert "line 99 of the note" in shown
    assert "line 5 of" not in shown
    assert shown.startswith("…")


@pytest.mark.parametrize("spans", [[(0, 3), (2, 5)], [(0, 5), (1, 2)], [(0, 0), (0, 5)], []])
def test_marking_never_changes_the_text(spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in evidence.marked("hello world", spans)) == "hello world"


@pytest.mark.parametrize(
    ("birth", "said"), [("2000-11-22", "25세"), ("2000-11-21", "26세"), ("2026-08-20", "3개월"), ("1990", ""), ("", "")]
)
def test_ages(birth: str, said: str) -> None:
    from datetime import date

    assert moment.age(birth, words("ko"), date(2026, 11, 21)) == said


@pytest.mark.parametrize(
    ("language", "title"), [("ko", "기록지에만 있고 목록에 없음"), ("en", "Only in notes, not on the lists")]
)
def test_what_only_a_note_says_is_shown_and_opens_with_its_words_marked(
    bogam: Bogam, doctor: TestClient, language: str, title: str
) -> None:
    bogam.load(ward().bundles[2])
    told = next(one for one in ward().planted if one.kind == "conflict.note-drug" and one.patient == "p02")
    page = doctor.get("/patients/p02/medications", headers={"Accept-Language": language}).text
    assert title in page
    way = re.search(rf'href="([^"]+)#source"[^>]*>{told.detail["drug"]}</a>', page[page.index("h-noted") :])
    assert way is not None
    opened = doctor.get(html.unescape(way[1])).text
    assert re.search(rf"<mark[^>]*>{told.detail['drug']}</mark>", opened)


def test_the_timeline_shows_what_is_read_from_notes_only_where_it_is_asked_for(doctor: TestClient) -> None:
    english = {"Accept-Language": "en"}
    every = doctor.get("/patients/p01/timeline", headers=english).text
    assert "kind=mentions" in every
    assert '<span class="kind">Read from notes</span>' not in every
    read = doctor.get("/patients/p01/timeline?kind=mentions", headers=english).text
    assert '<span class="kind">Read from notes</span>' in read
    assert "Denied" in read


# --- documents to write


def test_every_installed_skill_is_offered_with_a_form_of_its_request(doctor: TestClient) -> None:
    page = doctor.get("/patients/p01/documents").text
    for name in skills():
        assert f'id="skill-{name}"' in page
    assert 'href="/patients/p01/coding"' in page
    form = page.partition('id="skill-handoff"')[2].partition("</form>")[0]
    for field in ("language", "form", "setting", "since", "as_of", "items"):
        assert f'name="{field}"' in form
    asked = {"csrf": _csrf(page), "skill": "handoff", "language": "en", "form": "sbar", "since": "24", "items": ""}
    answer = doctor.post("/patients/p01/drafts", data=asked)
    assert answer.status_code == 200
    assert "Hand-off (SBAR)" in answer.text
    assert "Read back by receiver" in answer.text
    wrong = doctor.post("/patients/p01/drafts", data=asked | {"since": "9999"})
    assert wrong.status_code == 422
