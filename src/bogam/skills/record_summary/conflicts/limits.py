"""Values that no living person has.

Wide on purpose: the table finds slips of the decimal point and of the unit, not disease. Transcribed from general
knowledge, not from a named edition.
"""

from __future__ import annotations

from typing import Final

_MG, _MMOL, _G, _PCT = "mg/dL", "mmol/L", "g/dL", "%"

LIMITS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    # LOINC code: {unit: (lowest, highest)}; "" is for a value without unit
    "8867-4": {"/min": (0, 350), "": (0, 350)},  # heart rate
    "9279-1": {"/min": (0, 120), "": (0, 120)},  # respiratory rate
    "8480-6": {"mm[Hg]": (0, 320), "": (0, 320)},  # systolic
    "8462-4": {"mm[Hg]": (0, 250), "": (0, 250)},  # diastolic
    "8310-5": {"Cel": (20, 45), "[degF]": (68, 113), "": (20, 113)},  # body temperature
    "8331-1": {"Cel": (20, 45), "[degF]": (68, 113), "": (20, 113)},  # oral temperature
    "2708-6": {_PCT: (1, 100), "": (0.1, 100)},  # oxygen saturation
    "59408-5": {_PCT: (1, 100), "": (0.1, 100)},  # oxygen saturation by pulse oximetry
    "8302-2": {"cm": (15, 280), "m": (0.15, 2.8), "[in_i]": (6, 110)},  # height
    "29463-7": {"kg": (0.2, 700), "g": (200, 700000), "[lb_av]": (0.4, 1550)},  # weight
    "3141-9": {"kg": (0.2, 700), "g": (200, 700000), "[lb_av]": (0.4, 1550)},
    "39156-5": {"kg/m2": (4, 210)},  # body mass index
    "9269-2": {"": (3, 15), "{score}": (3, 15)},  # Glasgow coma score
    "72514-3": {"{score}": (0, 10)},  # pain 0 to 10
    "2823-3": {_MMOL: (0.8, 15), "meq/L": (0.8, 15)},  # potassium
    "6298-4": {_MMOL: (0.8, 15), "meq/L": (0.8, 15)},
    "2951-2": {_MMOL: (85, 210), "meq/L": (85, 210)},  # sodium
    "2947-0": {_MMOL: (85, 210), "meq/L": (85, 210)},
    "2075-0": {_MMOL: (50, 170), "meq/L": (50, 170)},  # chloride
    "2069-3": {_MMOL: (50, 170), "meq/L": (50, 170)},
    "17861-6": {_MG: (2, 30)},  # calcium
    "49765-1": {_MG: (2, 30)},
    "2160-0": {_MG: (0.01, 60), "umol/L": (1, 5300)},  # creatinine
    "38483-4": {_MG: (0.01, 60), "umol/L": (1, 5300)},
    "3094-0": {_MG: (0.1, 400)},  # urea nitrogen
    "6299-2": {_MG: (0.1, 400)},
    "2345-7": {_MG: (1, 2800), _MMOL: (0.05, 155)},  # glucose
    "2339-0": {_MG: (1, 2800), _MMOL: (0.05, 155)},
    "41653-7": {_MG: (1, 2800), _MMOL: (0.05, 155)},
    "4548-4": {_PCT: (2, 25)},  # haemoglobin A1c
    "718-7": {_G: (0.5, 28), "g/L": (5, 280)},  # haemoglobin
    "20570-8": {_PCT: (2, 80)},  # haematocrit
    "4544-3": {_PCT: (2, 80)},
    "6690-2": {"10*3/uL": (0, 1000), "10*9/L": (0, 1000)},  # leucocytes
    "777-3": {"10*3/uL": (0, 5000), "10*9/L": (0, 5000)},  # platelets
    "789-8": {"10*6/uL": (0.3, 12)},  # erythrocytes
    "6301-6": {"": (0.3, 30), "{INR}": (0.3, 30), "1": (0.3, 30)},  # INR
    "34714-6": {"": (0.3, 30), "{INR}": (0.3, 30), "1": (0.3, 30)},
    "2744-1": {"": (6.3, 8.0), "[pH]": (6.3, 8.0)},  # arterial pH
    "11558-4": {"": (6.3, 8.0), "[pH]": (6.3, 8.0)},
    "2019-8": {"mm[Hg]": (5, 250)},  # arterial carbon dioxide pressure
    "2703-7": {"mm[Hg]": (5, 760)},  # arterial oxygen pressure
    "2524-7": {_MMOL: (0, 50), _MG: (0, 450)},  # lactate
    "32693-4": {_MMOL: (0, 50), _MG: (0, 450)},
    "1751-7": {_G: (0.2, 10), "g/L": (2, 100)},  # albumin
    "1975-2": {_MG: (0, 90), "umol/L": (0, 1540)},  # bilirubin
    "2885-2": {_G: (1, 20)},  # protein
    "10230-1": {_PCT: (1, 95)},  # ejection fraction
    "33914-3": {"mL/min": (0, 300), "mL/min/{1.73_m2}": (0, 300)},  # filtration rate
    "98979-8": {"mL/min/{1.73_m2}": (0, 300), "mL/min/1.73m2": (0, 300)},
    "3016-3": {"m[IU]/L": (0, 1000), "u[IU]/mL": (0, 1000)},  # thyrotropin
}

ADULT: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "8302-2": {"cm": (50, 280), "m": (0.5, 2.8), "[in_i]": (20, 110)},  # height
    "29463-7": {"kg": (10, 700), "g": (10000, 700000), "[lb_av]": (22, 1550)},  # weight
    "3141-9": {"kg": (10, 700), "g": (10000, 700000), "[lb_av]": (22, 1550)},
}
"""Narrower limits at eighteen years and later."""

SIGNED: Final = (
    "base excess",
    "t-score",
    "z-score",
    "anion gap",
    "염기과잉",
    "deviation",
    "balance",
    "change",
    "{t-score}",
    "axis",
)
"""Words in a name that mark a quantity that can be negative."""

ALIASES: Final[dict[str, str]] = {
    "mmHg": "mm[Hg]", "°C": "Cel", "℃": "Cel", "C": "Cel", "degC": "Cel", "degF": "[degF]", "°F": "[degF]",
    "F": "[degF]", "bpm": "/min", "beats/min": "/min", "beats/minute": "/min", "breaths/min": "/min",
    "breaths/minute": "/min", "회/분": "/min", "/분": "/min", "{Beats}/min": "/min", "{beats}/min": "/min",
    "mEq/L": "meq/L", "lb": "[lb_av]", "lbs": "[lb_av]", "in": "[in_i]", "10^3/uL": "10*3/uL",
    "10^3/µL": "10*3/uL", "K/uL": "10*3/uL", "x10^3/uL": "10*3/uL", "10^9/L": "10*9/L", "10^6/uL": "10*6/uL",
    "g/dl": "g/dL", "mg/dl": "mg/dL", "kg/m^2": "kg/m2", "kg/㎡": "kg/m2", "µmol/L": "umol/L", "score": "",
    "{breaths}/min": "/min", "mIU/L": "m[IU]/L", "uIU/mL": "u[IU]/mL",
}  # fmt: skip
"""How units are written, and the UCUM form that the table uses."""
