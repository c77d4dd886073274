"""Drug names and classes in English and Korean."""

from __future__ import annotations

import pytest

from bogam.terms.drugs import allergy_classes, classes, ingredients


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", ("amoxicillin", "clavulanate")),
        ("오구멘틴정", ("amoxicillin", "clavulanate")),
        ("와파린은 중단, 아스피린을 복용", ("warfarin", "aspirin")),
        ("저용량아스피린프로텍트정", ("aspirin",)),
        ("environment", ()),
        ("iron deficiency anemia", ()),
        ("April", ()),
        ("TMP-SMX DS", ("sulfamethoxazole", "trimethoprim")),
        ("비타민B12 주사", ("cyanocobalamin",)),
        ("diphenhydrAMINE Hydrochloride 25 MG", ("diphenhydramine",)),
        ("Lasix 40mg", ("furosemide",)),
        ("zorbistatin 10 mg", ("zorbistatin",)),
        ("insulin glargine", ("insulin glargine",)),
        ("an asa of water", ()),
    ],
)
def test_ingredients(text: str, found: tuple[str, ...]) -> None:
    assert ingredients(text) == found


@pytest.mark.parametrize(
    ("ingredient", "group"),
    [
        ("amoxicillin", "penicillin"),
        ("celecoxib", "nsaid"),
        ("lisinopril", "ace-inhibitor"),
        ("zorbistatin", "statin"),
        ("iohexol", "iodinated-contrast"),
    ],
)
def test_classes(ingredient: str, group: str) -> None:
    assert group in classes(ingredient)


@pytest.mark.parametrize(
    ("entry", "drug", "covered"),
    [
        ("Penicillin", "amoxicillin", True),
        ("페니실린", "amoxicillin", True),
        ("Allergy to sulfonamides", "sulfamethoxazole", True),
        ("NSAIDs", "ibuprofen", True),
        ("Aspirin", "naproxen", True),
        ("세파계 항생제", "vancomycin", False),
        ("세파계 항생제", "ceftriaxone", True),
        ("조영제", "iohexol", True),
        ("Latex allergy", "amoxicillin", False),
        ("Amoxicillin", "ampicillin", True),
        ("Sulfonamides", "furosemide", False),
    ],
)
def test_allergy_entries_cover_their_groups(entry: str, drug: str, covered: bool) -> None:
    assert bool(allergy_classes(entry) & ({drug} | classes(drug))) is covered
