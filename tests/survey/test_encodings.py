"""Encodings: found by looking, stated, and damage told by row and column."""

import pytest

from survey import FileFault, State, WaveSource, answers_to, read_wave

_TABLE = "会社名,従業員数,売上,設立,規制,コード,備考\n"
_ROWS = (
    "株式会社あおぞら,１，２３４,△５,令和3年,はい,０１２,影響はありません\n",
    "みらい電機,\"2,500\",▲１，０００,平成元年4月1日,いいえ,0012,サプライヤーに確認中\n",
    "ほしの商事,，,120,昭和６４年１月７日,はい,NA,とくになし\n",
)  # fmt: skip
_CODEBOOK = """schema = 1
[questions."従業員数"]
kind = "number"
[questions."売上"]
kind = "number"
[questions."設立"]
kind = "date"
"""


def japanese(rows=_ROWS) -> str:
    quoted = [r.replace("１，２３４", '"１，２３４"') for r in rows]
    return _TABLE + "".join(quoted).replace(",，,", ",９９,")


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("cp932", "cp932"), ("euc_jp", "euc_jp"), ("utf-16", "utf-16"), ("utf-8-sig", "utf-8-sig"),
        ("utf-8", "utf-8"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32"),
    ],
)  # fmt: skip
def test_a_japanese_file_reads_right_in_every_encoding(tmp_path, encoding, stated):
    data, book = tmp_path / "a.csv", tmp_path / "codebook.toml"
    data.write_bytes(japanese().encode(encoding))
    book.write_text(_CODEBOOK, encoding="utf-8")
    wave = read_wave(WaveSource("w", data, book))
    assert wave.origin.encoding == stated
    guessed = [f for f in wave.findings if "a guess" in f.found]
    assert len(guessed) == (stated in ("cp932", "euc_jp", "utf-16-le", "utf-16-be"))
    assert all(stated in f.found for f in guessed)
    frame = wave.frame
    assert frame["従業員数"].tolist() == [1234, 2500, 99] and frame["売上"].tolist() == [-5, -1000, 120]
    assert [d.date().isoformat() for d in frame["設立"]] == ["2021-01-01", "1989-04-01", "1989-01-07"]
    assert frame["コード"].tolist() == ["０１２", "0012", "NA"], "codes stay as they are typed"
    assert frame["会社名"].tolist() == ["株式会社あおぞら", "みらい電機", "ほしの商事"]
    assert answers_to(wave, "従業員数").state.tolist() == [State.ANSWERED] * 3


def test_western_accents_and_half_width_kana_are_told_apart(tmp_path):
    for text, encoding in (
        ("ville,n\nMontréal,1\nQuébec,2\n", "cp1252"),
        ("社名,n\nｱﾝｹｰﾄ,1\nﾃｽﾄ,2\n", "cp932"),
    ):
        (tmp_path / "a.csv").write_bytes(text.encode(encoding))
        wave = read_wave(tmp_path / "a.csv")
        assert wave.origin.encoding == encoding and wave.frame.iloc[0, 0] == text.split("\n")[1].split(",")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-8-sig"])
def test_undecodable_bytes_are_told_by_row_and_column(tmp_path, encoding):
    data = japanese().encode(encoding)
    at = data.index("サプライヤー".encode(encoding.removesuffix("-sig")))
    (tmp_path / "a.csv").write_bytes(data[:at] + b"\xff\xfe" + data[at:])
    with pytest.raises(FileFault) as fault:
        read_wave(tmp_path / "a.csv")
    assert "row 2, column 7 (備考)" in fault.value.where
    assert "ff fe" in fault.value.found and encoding.removesuffix("-sig") in fault.value.found


def test_a_utf16_file_cut_in_a_character_is_told(tmp_path):
    (tmp_path / "a.csv").write_bytes(japanese().encode("utf-16")[:-1])
    with pytest.raises(FileFault, match="row 3, column 7"):
        read_wave(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("a,b,a\n1,2,3\n", "header", "two columns called 'a' (columns 1 and 3)"),
        ('a,b\n1,2\n3,"4\n5,6\n', "row 2, from line 3", "never closed"),
    ],
)
def test_headers_twice_and_open_quotes_are_told_by_their_place(tmp_path, text, where, found):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileFault) as fault:
        read_wave(tmp_path / "a.csv")
    assert where in fault.value.where and found in fault.value.found


def test_a_blank_line_in_a_table_of_one_column_is_a_silent_firm(tmp_path):
    (tmp_path / "a.csv").write_text("q\n1\n\n3\n\n")
    assert len(read_wave(tmp_path / "a.csv")) == 3
