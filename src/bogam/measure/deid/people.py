"""Names for the measurement of de-identification, written before the rules and not taken from their lists.

Transcribed from general knowledge; any likeness to a person is chance. Composition: Korean names with frequent and
with rare surnames, given names of four generations, pure Korean and one-syllable ones, and foreign names in Hangul;
Latin names that are English, Hispanic, Vietnamese, Chinese, romanised Korean, South Asian, Slavic, African, Arabic,
Nordic and Greek. Frequent surnames (김, 이, Nguyen) are in the rules' lists as well, as they must be.
"""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_KO_FREQUENT: Final = _words("김 이 박 최 정 강 조 윤 장 임")
_KO_MIDDLE: Final = _words("노 하 곽 성 차 주 우 구 민 유 나 진 지 엄 채 원 천 방 공 현")
_KO_RARE: Final = _words(
    "탁 피 빙 표 마 추 도 석 설 길 연 위 기 변 염 맹 반 금 옥 육 인 모 봉 경 은 용 남궁 선우 제갈 황보 독고 사공"
)
_KO_GIVEN: Final = _words("""
말순 점례 판돌 복남 끝순 갑수 을용 분이 춘자 필녀 덕배 만복 칠성 옥분 금자 영길 병국 종필 광수 해숙 미란 경태 승철 은정
유미 진호 상현 보람 슬기 아름 새봄 가온 하람 다온 로운 유하 태겸 라희 이안 서율 도윤 채원 예준 건우 지안 하율 시온 은찬
나은 규리 해솔 한별 찬솔 누리 준 솔 빈 건 훈 결 필립 요한 에스더 다니엘
""")
_KO_FOREIGN: Final = """
응우옌티란|쩐반득|팜티흐엉|왕웨이|리샤오밍|장쯔이|나탈리야|이바노프|알렉세이|마리아 산토스|호세 가르시아|압둘라흐만
오유나|존 스미스|메리 앤더슨|사토 유키|스즈키 켄지|찬드라|모하메드 알리|아이샤
"""
_EN: Final = """
Bertrand Hollis|Winifred Achterberg|Gwendolyn Pryce|Thaddeus Crane|Lorna McIlroy|Desmond Farraday|Philippa Stroud
Rosalind Keating|Barnaby Whitlow|Edwina Tarkington|Clement Ashby|Roxanne DeLuca|Trevor Kincaid|Shanelle Broussard
Tyrell Gaines|Latoya Dupree|Jamal Whitfield|Keisha Boudreaux|Marisol Escobedo|Ignacio Villarreal|Xiomara Quintanilla
Hector Zaragoza|Guadalupe Montemayor|Rigoberto Saenz|Yesenia Bustamante|Thuy Nguyen|Quang Pham|Huong Tran|Duc Vo
Linh Truong|Xiaoming Zhao|Wei Zhang|Meiling Chow|Guoqiang Liu|Jianhua Sun|Seung-ho Bae|Eun-ji Namgung|Kyung-soo Pyo
Hye-rin Tak|Jae-won Ma|Anjali Deshmukh|Vikram Chatterjee|Lakshmi Venkataraman|Farhan Siddiqui|Gurpreet Dhillon
Oleksandr Kovalenko|Svetlana Morozova|Bogdan Wojcik|Agnieszka Zielinska|Dragana Petrovic|Oluwaseun Adebayo
Chinwe Okonkwo|Kwabena Asante|Amina Diallo|Tendai Moyo|Fatima Al-Rashid|Yusuf Haddadin|Leila Tehrani|Ingrid Solberg
Torvald Haugen|Astrid Nyberg|Konstantinos Papadakis|Eleni Stavros|Siobhan O'Rourke|Padraig McNamara|Moshe Feldstein
Hannelore Vogt|Jean-Luc Thibodeaux|Giuseppe Marchetti|Makoa Kealoha|Dakota Redfeather|Sione Tuipulotu|Gia Lomidze
"""


class Name(NamedTuple):
    """A person's name. ``given`` is empty for a foreign name in Hangul, which is written as one."""

    text: str
    family: str
    given: str


def korean(rng: Random) -> Name:
    """Draw a Korean name: half with a frequent surname, a third rare; one in ten is a foreign name in Hangul."""
    if rng.random() < 0.1:
        text = rng.choice([name for line in _KO_FOREIGN.strip().splitlines() for name in line.split("|")])
        return Name(text, text, "")
    chosen = rng.random()
    family = rng.choice(_KO_FREQUENT if chosen < 0.5 else _KO_MIDDLE if chosen < 0.67 else _KO_RARE)
    given = rng.choice(_KO_GIVEN)
    return Name(family + given, family, given)


def english(rng: Random) -> Name:
    """Draw a Latin name; each stands once in the list, but one in three times given and family names are of two."""
    every = [name.split(" ", 1) for line in _EN.strip().splitlines() for name in line.split("|")]
    given, family = rng.choice(every)
    if rng.random() < 1 / 3:
        given = rng.choice(every)[0]
    return Name(f"{given} {family}", family, given)
