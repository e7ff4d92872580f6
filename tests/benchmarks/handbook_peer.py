"""What tau-ARGUS hides in given tables; run by a Python that has pytauargus, not by ours.

python handbook_peer.py TABLES.json OUT.json      (each table: axes, children of codes, rows of cells)
"""

import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

METHODS = {"optimal": "OPT(1,5)", "modular": "MOD(1,5,0,0,0)"}


def written(table, folder):
    """Write the cells, their description and the trees of codes as tau-ARGUS reads them."""
    lines = ['<SEPARATOR> ";"', '<SAFE> "S"', '<UNSAFE> "U"', '<PROTECT> "P"']
    for number, axis in enumerate(table["axes"]):
        lines += [axis["name"], "<RECODEABLE>", '<TOTCODE> "Total"']
        if axis["children"]:
            tree = [
                "@" * depth + code
                for net, parts in axis["children"]
                for depth, code in [(0, net), *((1, part) for part in parts)]
            ]
            (folder / f"{number}.hrc").write_text("\n".join(tree) + "\n")
            lines += ["<HIERARCHICAL>", f'<HIERCODELIST> "{number}.hrc"', '<HIERLEADSTRING> "@"']
    lines += ["Amount", "<NUMERIC>", "<DECIMALS> 4", "Price", "<NUMERIC> <COSTVAR>", "Firms", "<FREQUENCY>"]
    lines += ["State", "<STATUS>", "Down", "<NUMERIC> <LOWERPL>", "Up", "<NUMERIC> <UPPERPL>"]
    (folder / "t.rda").write_text("\n".join(lines) + "\n")
    (folder / "t.tab").write_text(
        "\n".join(
            ";".join(f'"{code}"' for code in cell["codes"])
            + f";{cell['value']:.4f};1;9;{cell['state']};{cell['down']:.4f};{cell['up']:.4f}"
            for cell in table["cells"]
            if cell["value"]
        )
        + "\n"
    )


def suppressed(table, method):
    """Codes of hidden cells, cells under their levels by its own audit, and processor seconds."""
    from pytauargus.engine import run_batch

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        written(table, folder)
        names = "".join(f'"{axis["name"]}"' for axis in table["axes"])
        batch = [
            '<OPENTABLEDATA> "t.tab"', '<OPENMETADATA> "t.rda"', f'<SPECIFYTABLE> {names}|"Amount"||"Price"',
            '<SAFETYRULE>', '<READTABLE> 0', f"<SUPPRESS> {method}", '<WRITETABLE> (1,5,SO+,"out.tab")',
        ]  # fmt: skip
        (folder / "t.arb").write_text("\n".join(batch) + "\n")
        start = time.process_time()
        engine = run_batch(folder / "t.arb")
        seconds = time.process_time() - start
        narrow = sum(bool(row["unsafe"]) for row in engine.audit(0))
        rows = [line.split(";") for line in (folder / "out.tab").read_text().splitlines() if line]
    axes = len(table["axes"])
    hidden = [[c.strip(' "') or "Total" for c in row[:axes]] for row in rows if row[-3] in ("U", "M")]
    return {"hidden": hidden, "narrow": narrow, "seconds": seconds}


if __name__ == "__main__":
    found = []
    for one in json.loads(Path(sys.argv[1]).read_text()):
        entry = {}
        for how, spelled in METHODS.items():
            try:
                entry[how] = suppressed(one, spelled)
            except Exception as fault:
                entry[how] = {"fault": str(fault)}
        found.append(entry)
    Path(sys.argv[2]).write_text(json.dumps({"version": version("pytauargus"), "tables": found}))
