"""Importing code systems from small files of the publishers' layouts; all codes and names here are ours or WHO's."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from bogam.terms import icd10cm
from bogam.terms.crosswalk import to_icd10cm
from bogam.terms.imported import SYSTEMS, Library, NotImported
from bogam.terms.imported.readers.loinc import check_digit
from bogam.terms.imported.readers.snomed import verhoeff
from bogam.terms.imported.rows import NoTable


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home" / "terms")


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


KCD = """상병마스터 (2025-01-01 기준)
상병기호,한글명,영문명,완전코드구분,주상병사용구분,성별구분,상한연령,하한연령
A00-A09,장감염질환,Intestinal infectious diseases,,,,,
A00,콜레라,Cholera,불완전,,,,
A000,비브리오 콜레라 01 콜레라형균에 의한 콜레라,"Cholera due to Vibrio cholerae 01, biovar cholerae",완전,,,,
E11,2형 당뇨병,Type 2 diabetes mellitus,불완전,,,,
E1190,합병증을 동반하지 않은 2형 당뇨병,Type 2 diabetes mellitus without complications,완전,,,,
E11,두 번째,Twice,,,,,
가나다,이상한 코드,Odd,,,,,
C61,,,완전,,남,,
C61
"""


def test_kcd_from_a_cp949_table_under_a_title(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path, "상병마스터_KCD-8_20250101.csv", KCD, "cp949")
    report = library.import_("kcd", [path])
    assert (report.version, report.terms, report.bad) == ("KCD-8 2025-01-01", 5, 4)
    found = library.get("kcd", "e1190")
    assert found is not None
    assert (found.code, found.name) == ("E11.90", "합병증을 동반하지 않은 2형 당뇨병")
    assert found.parents == (("E11", "2형 당뇨병"),)
    assert ("Type 2 diabetes mellitus without complications", "en") in found.names
    assert found.extra["complete"] == "완전"
    assert library.get("kcd", "A00").parents == (("A00-A09", "장감염질환"),)  # pyright: ignore[reportOptionalMemberAccess]
    assert [each.code for each in library.search("kcd", "당뇨 2형")] == ["E11", "E11.90"]
    assert [each.code for each in library.search("kcd", "E11")] == ["E11", "E11.90"]
    reasons = " / ".join(bad.reason for bad in library.quarantine("kcd"))
    assert "twice" in reasons
    assert "shape of a KCD code" in reasons
    assert "no name" in reasons
    assert "fewer columns" in reasons


def test_a_spreadsheet_is_read_as_a_table_is(library: Library, tmp_path: Path) -> None:
    """The least that a spreadsheet program takes (ECMA-376): one sheet with its strings in place."""
    cells = [["분류기호", "한글명"], ["E11", "2형 당뇨병"], ["I10", "본태성 고혈압"]]
    line = "".join('<c t="inlineStr"><is><t>{}</t></is></c>' for _ in cells[0])
    rows = "".join(f"<row>{line}</row>".format(*row) for row in cells)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def related(kind: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{one}</Relationships>'

    sheet = '<sheets><sheet name="KCD" sheetId="1" r:id="r1"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{office}">{sheet}</workbook>',
        "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(tmp_path / "KCD-8.xlsx", "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    report = library.import_("kcd", [tmp_path / "KCD-8.xlsx"])
    assert (report.terms, report.bad) == (2, 0)
    assert library.search("kcd", "고혈압")[0].code == "I10"


def test_an_import_replaces_as_a_whole_or_not_at_all(library: Library, tmp_path: Path) -> None:
    library.import_("kcd", [write(tmp_path, "KCD-8.csv", KCD)])
    with pytest.raises(NoTable, match="headings"):
        library.import_("kcd", [write(tmp_path, "wrong.csv", "a,b,c\n1,2,3\n")])
    with pytest.raises(NoTable, match="No row"):
        library.import_("kcd", [write(tmp_path, "empty.csv", "상병기호,한글명\n가,나\n")])
    assert library.meta("kcd")["version"] == "KCD-8"
    library.import_("kcd", [write(tmp_path, "KCD-9.csv", "상병기호\t한글명\nI10\t본태성 고혈압\n", "utf-8-sig")])
    assert library.meta("kcd")["term"] == "1"
    assert library.get("kcd", "E11") is None
    assert sorted(path.name for path in library.folder.iterdir()) == ["kcd.sqlite"]


def test_what_is_missing_is_said_with_the_way_to_get_it(library: Library) -> None:
    for id in SYSTEMS:
        with pytest.raises(NotImported, match=f"bogam terms import {id}"):
            library.get(id, "1")
    with pytest.raises(LookupError, match="icd-10-cm"):
        library.get("icd-11", "1")


LOINC = (
    '"LOINC_NUM","COMPONENT","PROPERTY","TIME_ASPCT","SYSTEM","SCALE_TYP","METHOD_TYP","CLASS","VersionLastChanged",'
    '"STATUS","CONSUMER_NAME","RELATEDNAMES2","SHORTNAME","LONG_COMMON_NAME","EXAMPLE_UCUM_UNITS"\n'
    '"2345-7","Glucose","MCnc","Pt","Ser/Plas","Qn","","CHEM","2.73","ACTIVE","Glucose, Blood","Glu; Blood sugar",'
    '"Glucose SerPl-mCnc","Glucose [Mass/volume] in Serum or Plasma","mg/dL"\n'
    '"2345-8","Glucose","MCnc","Pt","Ser/Plas","Qn","","CHEM","2.73","ACTIVE","","","","Wrong digit","mg/dL"\n'
    '"1009-0","Old","MCnc","Pt","Ser","Qn","","CHEM","2.80","DEPRECATED","","","","Deprecated test","mg/dL"\n'
)


def test_loinc_from_a_zip(library: Library, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "Loinc_2.80.zip", "w") as archive:
        archive.writestr("LoincTable/Loinc.csv", LOINC)
        archive.writestr("AccessoryFiles/Other.csv", "x")
    report = library.import_("loinc", [tmp_path / "Loinc_2.80.zip"])
    assert (report.version, report.terms, report.bad) == ("2.80", 2, 1)
    found = library.get("loinc", "2345-7")
    assert found is not None
    assert found.extra["specimen"] == "Ser/Plas"
    assert [each.code for each in library.search("loinc", "blood sug")] == ["2345-7"]
    assert not library.search("loinc", "deprecated")[0].active
    assert next(library.names("loinc"))[:2] == ("2345-7", "Glucose [Mass/volume] in Serum or Plasma")
    assert check_digit("2345-7")
    assert not check_digit("2345-1")


def snomed_files(folder: Path) -> None:
    concepts = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n"
    concepts += "".join(f"{id}\t20240101\t{active}\t1\t1\n" for id, active in (
        ("73211009", 1), ("44054006", 1), ("73211008", 1), ("138875005", 0),
    ))  # fmt: skip
    rows = [
        ("1", "1", "73211009", "900000000000003001", "Diabetes mellitus (disorder)"),
        ("2", "1", "44054006", "900000000000003001", "Diabetes mellitus type 2 (disorder)"),
        ("3", "1", "44054006", "900000000000013009", "Type 2 diabetes"),
        ("4", "0", "44054006", "900000000000013009", "Inactive name"),
        ("5", "1", "99999999", "900000000000013009", "Of no concept"),
    ]
    said = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n"
    said += "".join(f"{id}\t20240101\t{on}\t1\t{of}\ten\t{kind}\t{text}\t1\n" for id, on, of, kind, text in rows)
    links = (
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\t"
        "characteristicTypeId\tmodifierId\n1\t20240101\t1\t1\t44054006\t73211009\t0\t116680003\t1\t1\n2\tshort\n"
    )
    write(folder, "sct2_Concept_Snapshot_INT_20240101.txt", concepts)
    write(folder, "sct2_Description_Snapshot-en_INT_20240101.txt", said)
    write(folder, "sct2_Relationship_Snapshot_INT_20240101.txt", links)


def test_snomed_ct_from_a_folder(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "Snapshot"
    folder.mkdir()
    snomed_files(folder)
    report = library.import_("snomed", [folder])
    assert (report.version, report.terms, report.links, report.bad) == ("2024-01-01", 3, 1, 3)
    found = library.get("snomed", "44054006")
    assert found is not None
    assert found.name == "Diabetes mellitus type 2"
    assert found.parents == (("73211009", "Diabetes mellitus"),)
    assert ("Type 2 diabetes", "en") in found.names
    assert "Inactive name" not in dict(found.names)
    assert verhoeff("138875005")
    assert not verhoeff("138875006")
    (folder / "sct2_Description_Snapshot-en_INT_20240101.txt").unlink()
    with pytest.raises(NoTable, match="Description"):
        library.import_("snomed", [folder])
    assert library.get("snomed", "44054006") is not None


def test_rxnorm(library: Library, tmp_path: Path) -> None:
    def name(cui: str, tty: str, text: str, sab: str = "RXNORM", suppress: str = "N") -> str:
        return f"{cui}|ENG||||||1|||{cui}|{sab}|{tty}|{cui}|{text}||{suppress}||\n"

    conso = write(
        tmp_path, "RXNCONSO.RRF",
        name("6809", "IN", "metformin") + name("860975", "SCD", "metformin hydrochloride 500 MG Oral Tablet")
        + name("860975", "SY", "metformin HCl 500 MG tablet") + name("6809", "PT", "METFORMIN", "MTHSPL")
        + name("1", "IN", "suppressed", suppress="O") + "bad|row\n",
    )  # fmt: skip
    rel = write(tmp_path, "RXNREL.RRF", "6809|||RO|860975|||has_ingredient|||RXNORM||||N||\n")
    report = library.import_("rxnorm", [conso, rel], version="2026-01-05")
    assert (report.version, report.terms, report.links, report.bad) == ("2026-01-05", 2, 1, 1)
    found = library.get("rxnorm", "860975")
    assert found is not None
    assert found.parents == (("6809", "metformin"),)
    assert library.search("rxnorm", "metfo 500")[0].code == "860975"


def hcpcs_record(code: str, kind: str, long: str, short: str = "") -> str:
    return f"{code:<5}{'00100'}{kind}{long:<80}{short:<28}".ljust(320) + "\n"


def test_hcpcs_fixed_width_puts_long_descriptions_together(library: Library, tmp_path: Path) -> None:
    text = (
        hcpcs_record("A0021", "3", "Ambulance service, outside state per mile,", "Outside state ambulance serv")
        + hcpcs_record("A0021", "4", "transport (medicaid only)")
        + hcpcs_record("   LT", "7", "Left side (used to identify procedures)", "Left side")
        + hcpcs_record("?????", "3", "Odd")
    )
    report = library.import_("hcpcs", [write(tmp_path, "HCPC2026_JAN_ANWEB.txt", text)])
    assert (report.version, report.terms, report.bad) == ("2026 JAN", 2, 1)
    found = library.get("hcpcs", "a0021")
    assert found is not None
    assert found.name == "Ambulance service, outside state per mile, transport (medicaid only)"


def test_korean_fee_and_drug_codes(library: Library, tmp_path: Path) -> None:
    fees = (
        "수가코드|한글명|영문명|상대가치점수|단가\nAA154|초진진찰료-의원|Initial consultation|193.56|18,840\n"
        "!|나쁜 행|x|1|1\n"
    )
    report = library.import_("edi", [write(tmp_path, "수가마스터_20260101.txt", fees, "cp949")])
    assert (report.version, report.terms, report.bad) == ("2026-01-01", 1, 1)
    drugs = (
        "연번,주성분코드,제품코드,제품명,업체명,상한금액\n"
        "1,191502ATB,642100010,메트포르민정500밀리그램,가나제약,70\n2,191502ATB,12,이상,가나,1\n"
    )
    report = library.import_("kdrug", [write(tmp_path, "약제급여목록_20260201.csv", drugs)])
    assert (report.terms, report.bad) == (1, 1)
    assert library.search("kdrug", "메트포")[0].code == "642100010"
    assert library.get("kdrug", "642100010").extra["maker"] == "가나제약"  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\0" * 5000, b"\xff\xfe\x00", b"PK\x03\x04broken", b"\x80\x81\xff\xfe\xfa" * 99,
        ("상병기호,한글명\n" + "\u202e\u0000," * 9).encode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".zip"])
def test_hostile_files_are_refused_with_a_sentence(library: Library, tmp_path: Path, body: bytes, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(body)
    for id in SYSTEMS:
        with pytest.raises(NoTable):
            library.import_(id, [path])
    assert not list(library.folder.iterdir())


@pytest.mark.parametrize("text", ["", '"', "(*", "a" * 5000, "당뇨 OR NOT AND", "\u202e\0", "col:umn", "-"])
def test_any_search_is_answered(library: Library, tmp_path: Path, text: str) -> None:
    library.import_("kcd", [write(tmp_path, "KCD-8.csv", KCD)])
    library.search("kcd", text)
    assert library.get("kcd", text or "x") is None


def test_the_file_of_a_system_is_a_database_of_its_own(library: Library, tmp_path: Path) -> None:
    library.import_("kcd", [write(tmp_path, "KCD-8.csv", KCD)])
    with sqlite3.connect(library.folder / "kcd.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("kcd", "code", "relation"),
    [
        ("E11", "E11", "related"), ("E11.9", "E11.9", "related"), ("e119", "E11.9", "related"),
        ("E11.90", "E11.9", "wider"), ("S7200", "S72.0", "wider"), ("S72.001A", "S72.0", "wider"),
        ("U20.0", None, "none"), ("E11.7", None, "none"), ("nonsense", None, "none"), ("", None, "none"),
    ],
)  # fmt: skip
def test_kcd_shares_no_more_than_four_characters(kcd: str, code: str | None, relation: str) -> None:
    shared = to_icd10cm(kcd, icd10cm.default())
    assert (shared.code, shared.relation) == (code, relation)
    assert shared.code is None or len(shared.code.replace(".", "")) <= 4
    assert shared.reason
    assert shared.reason_ko
