"""What is allowed: config.toml is read strictly and written without losing what else stands there."""

from __future__ import annotations

import os
import threading
import tomllib
from pathlib import Path

import pytest

from bogam import Bogam
from bogam.sources import settings
from bogam.sources.answer import Item
from bogam.sources.settings import Setting, SettingsError, setting, write


def test_without_a_table_a_source_is_off(tmp_path: Path) -> None:
    assert setting(tmp_path, "atlas") == Setting()
    (tmp_path / "config.toml").write_text("[other]\nx = 1\n", "utf-8")
    assert not setting(tmp_path, "atlas").enabled


def test_comments_and_other_tables_stay(tmp_path: Path) -> None:
    before = '# 병원 설정\n[other]\nx = 1  # keep\n\n[sources]\nproxy = "http://p.example:3128"\n'
    (tmp_path / "config.toml").write_text(before, "utf-8")
    write(tmp_path, "atlas", enabled=True, base="https://a.example")
    after = (tmp_path / "config.toml").read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    found = setting(tmp_path, "atlas")
    assert (found.enabled, found.base, found.proxy) == (True, "https://a.example", "http://p.example:3128")
    write(tmp_path, "atlas", enabled=False, base=None)
    assert setting(tmp_path, "atlas") == Setting(proxy="http://p.example:3128")
    assert "# keep" in (tmp_path / "config.toml").read_text("utf-8")
    assert list(tmp_path.iterdir()) == [tmp_path / "config.toml"]


def test_a_new_file_is_for_its_owner_alone_and_an_old_ones_mode_stays(tmp_path: Path) -> None:
    write(tmp_path, "atlas", enabled=True)
    place = tmp_path / "config.toml"
    assert place.stat().st_mode & 0o777 == 0o600
    place.chmod(0o640)
    write(tmp_path, "atlas", enabled=False)
    assert place.stat().st_mode & 0o777 == 0o640


def test_what_a_source_reads_itself_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "atlas", enabled=True, tools=["a", "b"])
    assert setting(tmp_path, "atlas").more == {"tools": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sources", "cannot be read"),
        ("sources = 1", "must be a table"),
        ("[sources]\natlas = 1", "sources.atlas must be a table"),
        ('[sources.atlas]\nenabled = "yes"', "enabled must be true or false"),
        ("[sources.atlas]\nenabled = 1", "enabled must be true or false"),
        ("[sources.atlas]\nbase = 1", "base must be text"),
        ("[sources.atlas]\nkey = []", "key must be text"),
        ('[sources.atlas]\nkey = "비밀"', "holds signs that no key has"),
        ('[sources.atlas]\nkey = "a\\nb"', "holds signs that no key has"),
        ("[sources]\nproxy = 1\n[sources.atlas]\nenabled = true", "proxy must be text"),
        ('[sources.atlas]\nkey_file = "/nowhere/key"', "key_file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "config.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=says) as refused:
        setting(tmp_path, "atlas")
    assert "비밀" not in str(refused.value)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        setting(tmp_path, "atlas")
    with pytest.raises(SettingsError, match=r"config\.toml cannot be read"):
        write(tmp_path, "atlas", enabled=True)
    assert (tmp_path / "config.toml").read_bytes() == b"\xff\xfe"


def test_a_key_file_that_is_gone_stops_its_own_source_alone(tmp_path: Path) -> None:
    write(tmp_path, "atlas", enabled=True, key_file=str(tmp_path / "gone"))
    write(tmp_path, "other", enabled=True)
    assert setting(tmp_path, "other").enabled
    with pytest.raises(SettingsError, match="key_file"):
        setting(tmp_path, "atlas")


def test_writing_at_once_loses_nothing(tmp_path: Path) -> None:
    names = [f"s{n}" for n in range(12)]
    threads = [threading.Thread(target=write, args=(tmp_path, name), kwargs={"enabled": True}) for name in names]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = tomllib.loads((tmp_path / "config.toml").read_text("utf-8"))["sources"]
    assert set(found) == set(names)
    assert all(settings.setting(tmp_path, name).enabled for name in names)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path, "atlas", enabled=True)
        bogam = Bogam(tmp_path / "ward")
        bogam.sources.kept.keep([Item("atlas", "jeju", "Jeju")])
    finally:
        os.umask(before)
    assert (tmp_path / "config.toml").stat().st_mode & 0o777 == 0o600
    modes = {name: (tmp_path / "ward" / name).stat().st_mode & 0o777 for name in (".", "sources", "records.sqlite")}
    assert modes == {".": 0o700, "sources": 0o700, "records.sqlite": 0o600}


def test_a_home_that_is_open_to_others_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward").chmod(0o755)
    Bogam(tmp_path / "ward")
    assert "chmod 700" in caplog.text
