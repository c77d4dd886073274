"""De-identification of text: what is found, what is not, and what takes its place."""

from __future__ import annotations

import unicodedata
from datetime import date
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bogam.text.deid import CATEGORIES, MODES, Known, Pseudonyms, deidentify, find, known
from bogam.text.deid.dates import shifted
from bogam.text.deid.surrogate import safe_zip

KEY = bytes(range(32))
PATIENT = {
    "resourceType": "Patient",
    "id": "p01",
    "gender": "female",
    "name": [
        {"text": "김서연", "family": "김", "given": ["서연"]},
        {"text": "Kim Seo-yeon", "family": "Kim", "given": ["Seo-yeon"]},
    ],
    "telecom": [{"system": "phone", "value": "010-0000-9762"}],
    "identifier": [{"value": "10023417"}],
    "address": [{"text": "서울특별시 보감구 소나무로 52, 110동 801호", "city": "보감구"}],
    "contact": [{"name": {"text": "박철호"}}],
}


def found(text: str, record: Known | None = None) -> dict[str, str]:
    return {text[each.start : each.end]: each.category for each in find(text, record or known(()))}


@pytest.mark.parametrize(
    ("text", "words", "category"),
    [
        ("SSN: 123-45-6789", "123-45-6789", "national-id"),
        ("주민등록번호 900101-1234567", "900101-1234567", "national-id"),
        ("인적사항 900101-1****** 확인", "900101-1******", "national-id"),
        ("외국인등록번호: ９００１０１－５２３４５６７", "９００１０１－５２３４５６７", "national-id"),
        ("주민번호는 900101-\n1234567임", "900101-\n1234567", "national-id"),
        ("사업자등록번호 123-45-67890", "123-45-67890", "national-id"),
        ("여권번호 M123A4567", "M123A4567", "passport"),
        ("운전면허 11-12-345678-90", "11-12-345678-90", "licence"),
        ("건강보험증번호: 12345678901", "12345678901", "health-plan"),
        ("등록번호 12345678인 환자", "12345678", "record-number"),
        ("MRN: 12-34-56789, admitted", "12-34-56789", "record-number"),
        ("Member ID: XYZ12345678", "XYZ12345678", "health-plan"),
        ("Account #: 88-12345", "88-12345", "account"),
        ("카드 4111-1111-1111-1111", "4111-1111-1111-1111", "account"),
        ("License number D1234567", "D1234567", "licence"),
        ("VIN 1HGCM82633A004352", "1HGCM82633A004352", "vehicle"),
        ("차량 12가 3456 주차", "12가 3456", "vehicle"),
        ("Plate OH GKR 4471, red pickup", "OH GKR 4471", "vehicle"),
        ("license plate: TX BBR-1120", "TX BBR-1120", "vehicle"),
        ("Plate: GKR 4471 (Ohio)", "GKR 4471", "vehicle"),
        ("Pacemaker serial number: PM-778812", "PM-778812", "device"),
        ("Pacemaker serial SN 55-AB-10293", "55-AB-10293", "device"),
        ("Lead S/N PJN2345678 placed", "PJN2345678", "device"),
        ("Pump serial 88-1234", "88-1234", "device"),
        ("He works at Delphi Automotive as a fitter", "Delphi Automotive", "organization"),
        ("employed by Hartwell Foods", "Hartwell Foods", "organization"),
        ("She works in Toledo.", "Toledo", "address"),
        ("Born 7/4/47 in Gdansk; widowed", "Gdansk", "address"),
        ("한빛전자에 근무 중", "한빛전자", "organization"),
        ("근무처: 대한물산", "대한물산", "organization"),
        ("배우자 탁은혜(010-9921-3345)와 상의", "010-9921-3345", "phone"),
        ("(02)123-4567로 전화", "(02)123-4567", "phone"),
        ("spouse (602-555-0143) called", "602-555-0143", "phone"),
        ("spouse ((602) 555-0143) called", "(602) 555-0143", "phone"),
        ("Implant: Azure XT, SN RNB883412G", "RNB883412G", "device"),
        ("ID# ZGP884120931 on card", "ZGP884120931", "other"),
        ("Grp 77120", "77120", "health-plan"),
        ("Job ID: 4471920", "4471920", "record-number"),
        ("Oak Harbor OH 43606", "Oak Harbor", "address"),
        ("Unit clerk x4410", "x4410", "phone"),
        ("retired from Hartwell Foods", "Hartwell Foods", "organization"),
        ("회사(쌍용자동차) 근무 중", "쌍용자동차", "organization"),
        ("카톡 ID: sera_oh92 로 전송", "sera_oh92", "other"),
        ("see https://example.org/p?id=3 now", "https://example.org/p?id=3", "url"),
        ("from 192.168.10.7 today", "192.168.10.7", "ip"),
        ("mail j.doe+x@mail.example.com.", "j.doe+x@mail.example.com", "email"),
        ("Call (602) 555-0143 x12", "(602) 555-0143 x12", "phone"),
        ("연락처 +82 10-1234-5678", "+82 10-1234-5678", "phone"),
        ("02)123-4567로 전화", "02)123-4567", "phone"),
        ("Fax: 602-555-0199", "602-555-0199", "fax"),
        ("lives at 12 Oak Street, Apt 4.", "12 Oak Street, Apt 4", "address"),
        (
            "주소: 서울특별시 강남구 테헤란로 12길 3-4, 101동 1203호",
            "서울특별시 강남구 테헤란로 12길 3-4, 101동 1203호",
            "address",
        ),
        ("경기도 수원시 영통구 매탄동 123-4번지 거주", "경기도 수원시 영통구 매탄동 123-4번지", "address"),
        ("Boston, MA 02115", "02115", "zip"),
        ("image scan_0042.jpg attached", "scan_0042.jpg", "photo"),
        ("on 2024-03-05 at noon", "2024-03-05", "date"),
        ("2024년 3월 5일 내원", "2024년 3월 5일", "date"),
        ("3/14부터 발열", "3/14", "date"),
        ("다음 외래 3/14.", "3/14", "date"),
        ("수술 예정일: 3/14", "3/14", "date"),
        ("f/u 3/14 in clinic", "3/14", "date"),
        ("March 5th, 2024: seen", "March 5th, 2024", "date"),
        ("pager 4471", "4471", "phone"),
        ("Medicare MBI 1EG4-TE5-MK73", "1EG4-TE5-MK73", "health-plan"),
        ("Account 88123-44", "88123-44", "account"),
        ("Seen Tuesday 3/10 for cough", "3/10", "date"),
        ("He is from Peoria.", "Peoria", "address"),
        ("attends Lincoln Elementary School.", "Lincoln Elementary School", "organization"),
        ("sent from St. Mary's Hospital", "St. Mary's Hospital", "organization"),
        ("카톡 아이디 minsoo_ng", "minsoo_ng", "other"),
        ("연락처는 공일공-1234-5678", "공일공-1234-5678", "phone"),
        ("공일공 일이삼사 오육칠팔로 전화", "공일공 일이삼사 오육칠팔", "phone"),
        ("부산 거주", "부산", "address"),
        ("삼성전자 수원사업장 과장", "삼성전자 수원사업장", "organization"),
        ("경기고 3학년", "경기고", "organization"),
        ("서울아산병원에서 전원", "서울아산병원", "organization"),
        ("강원도 평창군 봉평면 동화리 이장으로", "강원도 평창군 봉평면 동화리", "address"),
        ("lives at 12 Oak Street, Toledo, OH", "12 Oak Street, Toledo", "address"),
        ("a 92-year-old woman", "92", "age"),
        ("91세 남자", "91", "age"),
    ],
)
def test_an_identifier_is_found_whole(text: str, words: str, category: str) -> None:
    assert found(text).get(words) == category


@pytest.mark.parametrize(
    "text",
    [
        "BP 120/80, HR 78, SpO2 98%, WBC 12.4, Plt 245",
        "Parkinson disease, Crohn disease; Foley catheter; Babinski sign negative",
        "aspirin 100 mg for 3 months, then 81 mg",
        "89세 여자, 89-year-old woman",
        "motor grade 4/5, pain 7/10",
        "전립선은 커져 있고 고혈압의 과거력 있음. 조직검사가 필요함.",
        "환자 상태 양호. 보호자 동의함. 담당의 회진. 간호사 확인함.",
        "in 2019 she stopped smoking",
        "Consult: Social Work. Consults: PT/OT, Nutrition. Consulted Ortho, Neurosurg. Paged Surgery. d/w Family",
        "re: Lasix dose, re: INR; Zofran (ED), Brilinta (cards), Lactate (ED) 4.1",
        "anterior cervical plate C5-C6, volar plate 2.4 mm, plate fixation in 2019; serial ECGs, valve SN",
        "약 이름은 모르고 복용 중. 이름은 모름. 병 이름은 고혈압. 이름은 정확히 대답함. 성명 미상",
        "보호자(배우자) 동의. 아들(미혼), 딸(사망), 어머니(고혈압), 담당: 간호사, 정상",
        "ID consulted; group 2 PH; aspirin x 14 days, x3; Surgery (Whipple) done, Neuro (Babinski) negative",
        "지역 은행 직원. 직장 내 용종. 요양원 직원",
        "의사: 어디가 아프세요? 환자: 언제부터요",
        "대학병원, 종합병원, 국립대병원, 타병원, 요양병원 전원. 갑상샘, 침샘, 눈물샘. 재학중 3학년. 경기도 거주",
        "Children's Hospital, Community Hospital, High School, Medical Center, Emergency Hospital",
        "on account of 3 falls; she is from Mexico; O2 sat 3/4; nurse will call; husband will see",
        "골절 아님. 한센병 아님. 암 아님. 전염성 아님. 박동 아님. 심근경색 아님. 백혈병 아님. 본인 아님이 확실",
        "골절아님, 한센병아님, 감염 아님을 확인. 골절 아닙니다. 통증 없음",
        "선생님, 하느님, 손님, 스님, 장님, 부모님, 어머님, 아드님, 따님, 형님, 고객님, 환자님, 보호자님, 원장님",
        "우리 어머님, 저희 아버님, 첫째 아드님, 담임선생님 면담. 옆집 아저씨, 맑은 날씨",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize("number", ["900101-1234567", "900101-1234568"])
def test_a_checksum_raises_confidence_and_never_rejects(number: str) -> None:
    (finding,) = find(f"번호 {number}")
    assert finding.category == "national-id"
    assert finding.confidence >= 0.9


def test_a_fitting_checksum_is_surer() -> None:
    sure = {find(f"번호 900101-123456{last}")[0].confidence for last in range(10)}
    assert len(sure) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Seen by Dr. Emily Park.", "Emily Park"),
        ("Patient: GARCIA, ROBERTO", "GARCIA, ROBERTO"),
        ("Mrs. Young slept well.", "Young"),
        ("her daughter Thuy agrees", "Thuy"),
        ("Nora Jensen, RN", "Nora Jensen"),
        ("Consult: Raghunathan (cards)", "Raghunathan"),
        ("Plan as per Okonkwo (GI), Petrov (ID)", "Petrov"),
        ("Consulted Vandermeer from nephrology.", "Vandermeer"),
        ("spoke w/ Oyelaran re: INR", "Oyelaran"),
        ("Paged Thibodeaux at 0300.", "Thibodeaux"),
        ("d/w Okafor, agrees", "Okafor"),
        ("Discussed case with Raghunathan.", "Raghunathan"),
        ("Signed electronically: Whitcombe, Kara A., NP", "Whitcombe, Kara A."),
        ("Signed: Whitcombe, Kara Ann, PA-C", "Whitcombe, Kara Ann"),
        ("Cosigned electronically by Ferreira, Luz M", "Ferreira, Luz M"),
        ("Neurosurgery (Tremblay) aware", "Tremblay"),
        ("Attending of record: Bhattacharya", "Bhattacharya"),
        ("Case mgr: Tiffany", "Tiffany"),
        ("주보호자 - 며느리(쩐티흐엉)", "쩐티흐엉"),
        ("환자 어머니(황금순, 72세)와 통화함", "황금순"),
        ("집도의 남기태 / 보조 서예린, 문혁", "문혁"),
        ("Pf. 강도현", "강도현"),
        ("환자명: 홍길동", "홍길동"),
        ("손자 이름은 박지호.", "박지호"),
        ("친구 이름은 강민.", "강민"),
        ("딸 이름이 최서아라고 함.", "최서아"),
        ("아이 이름: 정하윤", "정하윤"),
        ("보호자 성함은 문태식입니다.", "문태식"),
        ("환자 이름은 리우웨이.", "리우웨이"),
        ("심장내과 이지은 교수님 회진", "이지은"),
        ("2024년 3월 5일 이민지 교수님 외래", "이민지"),
        ("보호자(배우자) 박철수에게 설명", "박철수"),
        ("R2 홍길동", "홍길동"),
        ("김O희 환자 퇴원", "김O희"),
        ("홍○동님 내원", "홍○동"),
        ("nurse Joy", "Joy"),
        ("Her husband Mark is here", "Mark"),
        ("이샘 확인", "이"),
        ("아들 민재는 학생", "민재"),
        ("wife Hope called", "Hope"),
        ("김서연 010-1234-5678", "김서연"),
        ("김서연 어머님 통화", "김서연"),
        ("박 선생님 회진", "박"),
        ("박선생님 처방", "박"),
        ("이민아님 내원", "이민아"),
        ("응웬반후이 님 통역", "응웬반후이"),
        ("남궁민수는 호흡곤란 호소함", "남궁민수"),
    ],
)
def test_a_name_unknown_to_the_record_is_found_by_its_cue(text: str, name: str) -> None:
    assert found(text).get(name) == "name"


def test_a_name_is_found_again_without_its_label_and_without_its_particle() -> None:
    text = "아들 민재는 학생이다. 민재는 열이 남. 주소: 경기도 성남시 분당구 정자동 12-3, 우편번호 13561"
    shown = "아들 [이름]는 학생이다. [이름]는 열이 남. 주소: [주소], 우편번호 [우편번호]"
    assert deidentify(text, "tag").text == shown


@pytest.mark.parametrize(
    "text",
    [
        "김서연",
        "김 서연님은",
        "서연이가",
        "KIM SEO-YEON",
        "Seoyeon Kim",
        "kim, seo yeon",
        "Mr. kim seo\nyeon",
        "박철호",
    ],
)
def test_the_records_names_are_found_however_they_are_written(text: str) -> None:
    result = deidentify(f"x {text} y", "tag", known=known([PATIENT])).text.casefold()
    assert not any(part in result for part in ("서연", "seo", "yeon", "철호"))


@pytest.mark.parametrize("text", ["+82 10 0000 9762", "01000009762", "010-0000-\n9762", "1002 3417", "10023417"])
def test_the_records_numbers_are_found_however_they_are_spaced(text: str) -> None:
    assert any(each.source == "Patient/p01" for each in find(f"x {text} y", known([PATIENT])))


def test_hidden_and_decomposed_characters_do_not_hide_a_name() -> None:
    for text in ("김\u200b서연", unicodedata.normalize("NFD", "김서연"), "\u202e김서연\u202c"):
        (finding,) = find(f"환자 {text} 내원", known([PATIENT]))
        assert finding.source == "Patient/p01"


def test_a_number_over_ten_digits_is_not_a_date() -> None:
    assert found("20240305123456") == {"20240305123456": "other"}


@pytest.mark.parametrize("mode", MODES)
def test_places_in_both_texts_belong_together(mode: str) -> None:
    text = "환자명: 김서연 (F/92), 등록번호 10023417. 2024-03-05 Dr. Emily Park."
    made = deidentify(text, mode, known=known([PATIENT]), pseudonyms=Pseudonyms(KEY, "p01"))  # type: ignore[arg-type]
    assert len(made.pieces) == len(made.findings) == 5
    for piece in made.pieces:
        assert made.to_output(piece.start) == piece.out_start
        assert made.to_original(piece.out_start) == piece.start
    at = text.index("등록번호")
    assert made.text[made.to_output(at) :].startswith("등록번호")
    assert made.to_original(made.text.index("등록번호")) == at
    assert not any(secret in made.text for secret in ("서연", "10023417", "2024-03-05", "Emily", "92"))


def test_surrogates_agree_within_a_patient_and_differ_between_keys() -> None:
    record = known([PATIENT])
    made = Pseudonyms(KEY, "p01", record)
    first = deidentify("김서연님, 서연이, 010-1234-5678", "surrogate", known=record, pseudonyms=made).text
    again = deidentify(
        "서연이는 010-1234-5678", "surrogate", known=record, pseudonyms=Pseudonyms(KEY, "p01", record)
    ).text
    given = first.split("님")[0][1:]
    assert again.startswith(given)
    assert first.split(", ")[2] in again
    assert (
        first
        != deidentify(
            "김서연님, 서연이, 010-1234-5678",
            "surrogate",
            known=record,
            pseudonyms=Pseudonyms(KEY[::-1], "p01", record),
        ).text
    )


def test_a_surrogate_is_never_a_name_of_the_record() -> None:
    record = known([PATIENT])
    for number in range(300):
        assert "서연" not in Pseudonyms(bytes([number % 256] * 32), str(number), record).name("이민지")


def test_dates_keep_their_intervals_and_their_writing() -> None:
    made = Pseudonyms(KEY, "p01")
    text = "2024-03-05, 2024년 3월 15일, March 25, 2024"
    result = deidentify(text, "surrogate", pseudonyms=made).text
    first, second, third = result.split(", ", 2)
    start = date.fromisoformat(first)
    assert start != date(2024, 3, 5)
    assert (start - date(2024, 3, 5)).days == made.days
    later = made.moved(date(2024, 3, 15))
    assert second == f"{later.year}년 {later.month}월 {later.day}일"
    assert third.endswith(str(made.moved(date(2024, 3, 25)).year))


def test_whole_weeks_keep_the_day_of_the_week() -> None:
    assert all(Pseudonyms(KEY, str(n), weekdays=True).days % 7 == 0 for n in range(50))
    assert all(Pseudonyms(KEY, str(n)).days for n in range(200))


@pytest.mark.parametrize(
    ("text", "moved"),
    [("3/5/24", "4/4/24"), ("05 Mar 2024", "04 Apr 2024"), ("24.3.5", "24.4.4"), ("MAY 2024", "JUN 2024")],
)
def test_a_moved_date_is_written_as_it_was(text: str, moved: str) -> None:
    assert shifted(text, 30, 2024) == moved


def test_zip_codes_keep_three_digits_where_enough_people_live() -> None:
    assert (safe_zip("02115"), safe_zip("03601"), safe_zip("85000-1234")) == ("021", "000", "850")


def test_a_surrogate_says_nothing_of_a_gender_that_the_record_does_not() -> None:
    told = ("영희", "순자", "현숙", "영호", "상철", "종수", "Alice", "Helen", "Peter", "Frank")
    for number in range(60):
        made = Pseudonyms(bytes([number] * 32))
        text = deidentify("아들 민재는 학생. 딸 서윤이 동행. Her son Oliver agrees.", "surrogate", pseudonyms=made).text
        assert "민재는" not in text
        assert not any(name in text for name in told), text


def test_surrogates_need_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        deidentify("Dr. Emily Park", "surrogate")


def test_every_category_has_both_languages_and_a_letter() -> None:
    assert {about.letter for about in CATEGORIES.values()} == set("ABCDEFGHIJKLMNOPQR")
    assert len({about.tag_ko for about in CATEGORIES.values()}) == len(CATEGORIES)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    made = deidentify(text, "surrogate", known=known([PATIENT]), pseudonyms=Pseudonyms(KEY, "p01"))
    at = 0
    for finding in made.findings:
        assert at <= finding.start < finding.end <= len(text)
        at = finding.end


@pytest.mark.parametrize(
    "text",
    [
        "1" * 60_000,
        "A" * 60_000,
        "가" * 60_000,
        "1-" * 30_000,
        "Aa " * 20_000,
        "환자 " * 20_000,
        "a@" * 30_000,
        "김 " * 30_000,
        "(" * 60_000,
    ],
    ids=["digits", "capitals", "syllables", "dashes", "words", "labels", "mails", "surnames", "brackets"],
)
def test_hostile_text_takes_no_long_time(text: str) -> None:
    start = perf_counter()
    find(text[:30_000], known([PATIENT]))
    assert perf_counter() - start < 8
