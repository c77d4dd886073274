"""Names to draw patients from, and streets that do not exist. Any likeness to a person is chance."""

from __future__ import annotations

from typing import Final

from bogam.synthetic.catalog.table import rows

_FAMILY = """
김|Kim
이|Lee
박|Park
최|Choi
정|Jung
강|Kang
조|Cho
윤|Yoon
장|Jang
임|Lim
한|Han
오|Oh
서|Seo
신|Shin
권|Kwon
황|Hwang
안|Ahn
송|Song
류|Ryu
홍|Hong
"""
_WOMEN = """
서연|Seo-yeon
미경|Mi-kyung
정숙|Jung-sook
은영|Eun-young
지현|Ji-hyun
수빈|Su-bin
영자|Young-ja
혜진|Hye-jin
하은|Ha-eun
순옥|Soon-ok
민지|Min-ji
경희|Kyung-hee
명숙|Myung-sook
소영|So-young
"""
_MEN = """
민호|Min-ho
영수|Young-soo
성훈|Sung-hoon
재현|Jae-hyun
도현|Do-hyun
병철|Byung-chul
준서|Jun-seo
상우|Sang-woo
태영|Tae-young
동건|Dong-geon
종석|Jong-seok
시우|Si-woo
기태|Ki-tae
현준|Hyun-jun
"""
_FAMILY_US = """
Brown|Alvarez|Whitaker|Nguyen|Lindgren|Mercer|Okoye|Pruitt|Castle|Delgado|Farrow|Grady|Holloway|Ibarra
Jennings|Kowalski|Lockhart|Maddox|Navarro|Osborne|Pemberton|Quintero|Rutledge|Sandoval|Thackeray|Underhill|Vance|Winslow
"""
_GIVEN_US = """
Olivia|Margaret|Denise|Rosa|Evelyn|Charlotte|Naomi|Beatrice|Yvonne|Teresa|Harper|Simone|Judith|Alma
Walter|Marcus|Harold|Ethan|Victor|Calvin|Raymond|Theo|Gilbert|Andre|Stanley|Owen|Felix|Roland
"""

FAMILY_KR: Final = [(row[0], row[1]) for row in rows(_FAMILY, 2)]
GIVEN_KR: Final = {"F": [(r[0], r[1]) for r in rows(_WOMEN, 2)], "M": [(r[0], r[1]) for r in rows(_MEN, 2)]}
FAMILY_US: Final = [name for row in rows(_FAMILY_US, 14) for name in row]
GIVEN_US: Final = dict(zip("FM", rows(_GIVEN_US, 14), strict=True))
STREETS_KR: Final = ("은행나무로", "감나무길", "소나무로", "느티나무길", "단풍로", "매화길")
STREETS_US: Final = ("Juniper Way", "Ocotillo Lane", "Mesquite Court", "Palo Verde Drive", "Agave Street")
