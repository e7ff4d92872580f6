"""Errors by replicates name method, scale and centre on the command line."""

import pytest

from dashboard.command import main
from dashboard.command.replicate_words import say_replicates
from survey import MADE_METHODS, METHODS, Creation, Design


@pytest.mark.parametrize("method", MADE_METHODS)
def test_every_method_has_its_words(method):
    said = say_replicates(Design(create=Creation(method, 50, 3), centre="mean"))
    assert method in said and "scale" in said and "the mean of the replicates" in said
    assert ("50 replicates" in said) == (method in MADE_METHODS[4:])


@pytest.mark.parametrize("method", METHODS[1:])
def test_weights_of_a_file_have_theirs(method):
    said = say_replicates(Design(weight="w", replicates=("r*",), method=method, scale=0.25))
    assert f"({method}), scale 0.25, about the full-sample estimate" in said


def test_linearised_errors_need_no_words():
    assert say_replicates(Design(weight="w")) == ""


def test_the_command_says_so_and_repeats_itself(tmp_path, capsys):
    rows = "\n".join(f"{i},{i % 3},{(i * 7) % 11}" for i in range(30))
    (tmp_path / "d.csv").write_text("id,h,y\n" + rows + "\n")
    (tmp_path / "study.toml").write_text(
        'schema = 1\nid = "s"\n[[waves]]\nname = "1"\nfile = "d.csv"\n[design]\nstrata = "h"\n'
        'create = { method = "rao-wu", replicates = 60, seed = 5 }\n'
    )
    outs = []
    for _ in range(2):
        assert main(["estimate", str(tmp_path), "--stat", "mean", "--of", "y"]) == 0
        said = capsys.readouterr()
        outs.append(said.out)
        assert "60 replicates made by rao-wu (seed 5), scale 1/(R-1), about the full-sample" in said.err
    assert outs[0] == outs[1]
    assert outs[0].splitlines()[1].split(",")[9] != ""
