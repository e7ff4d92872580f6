"""What nomenklatura's logic-v2 says of pairs of names; run by a Python that has nomenklatura, not by ours.

python matching_peer.py PAIRS.csv LISTED.csv OUT.csv      (pairs: asked,name,entry; listed: entry,name)
"""

import csv
import sys
import time
from collections import defaultdict
from importlib.metadata import version

if __name__ == "__main__":
    from followthemoney import model
    from nomenklatura.matching import get_algorithm

    names = defaultdict(list)
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["entry"]].append(row["name"])

    def firm(key, spelled):
        """A company of these names."""
        return model.get_proxy({"id": key, "schema": "Organization", "properties": {"name": spelled}})

    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    listed = {entry: firm(f"e-{entry}", spelled) for entry, spelled in names.items()}
    asked = {}
    start = time.process_time()
    with open(sys.argv[1], encoding="utf-8", newline="") as file, open(sys.argv[3], "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["asked", "entry", "score"])
        for row in csv.DictReader(file):
            left = asked.setdefault(row["asked"], firm(f"q-{row['asked']}", [row["name"]]))
            writer.writerow(
                [row["asked"], row["entry"], algorithm.compare(left, listed[row["entry"]], config).score]
            )
    print(version("nomenklatura"), time.process_time() - start)
