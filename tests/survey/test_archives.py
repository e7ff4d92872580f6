"""Archives that would fill the machine or leave their place are refused before they are unpacked."""

import stat
import zipfile
from pathlib import Path

import pytest

from survey import FileFault
from survey.formats.archives import LARGEST, check_archive, read_member, sheet_names


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def refused(path: Path, word: str) -> None:
    with pytest.raises(FileFault) as caught:
        check_archive(path)
    assert word in caught.value.found


@pytest.mark.parametrize("name", ["../up.xml", "/etc/passwd", "a/../../b", "..\\up.xml", "C:\\x.xml"])
def test_paths_out_of_the_archive(tmp_path, name):
    refused(archive(tmp_path / "a.zip", {"good.xml": b"x", name: b"x"}), "leads out")


def test_a_member_that_unpacks_to_a_thousand_times_its_size(tmp_path):
    refused(archive(tmp_path / "a.zip", {"bomb.xml": b"0" * 3_000_000}), "times its size")
    check_archive(archive(tmp_path / "b.zip", {"small.xml": b"0" * 900_000}))


def test_too_large_when_unpacked_and_too_many_members(tmp_path):
    path = archive(tmp_path / "a.zip", {f"{i}.xml": b"ab" for i in range(3)}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    for offset in (20, 24):  # what the list of contents says of the first member's two sizes
        data[at + offset : at + offset + 4] = (LARGEST + 1).to_bytes(4, "little")
    path.write_bytes(data)
    refused(path, "too large when unpacked")
    refused(archive(tmp_path / "b.zip", {f"{i}": b"" for i in range(10_001)}), "10,001 files")


def test_links_passwords_and_two_of_one_name(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    refused(tmp_path / "a.zip", "link")
    path = archive(tmp_path / "b.zip", {"x.xml": b"x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refused(path, "password")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "c.zip", "w") as made:
        made.writestr("x", "1")
        made.writestr("x", "2")
    refused(tmp_path / "c.zip", "two members")


def test_damage_is_told_when_a_member_is_read(tmp_path):
    path = archive(tmp_path / "a.zip", {"x.xml": b"hello hello"}, zipfile.ZIP_STORED)
    assert read_member(path, "x.xml") == b"hello hello"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"hello hello", b"hello jello", 1))
    check_archive(path)
    with pytest.raises(FileFault, match="damaged"):
        read_member(path, "x.xml")
    path.write_bytes(data[:-12])
    refused(path, "damaged")
    assert sheet_names(path) == ()
