"""Train the model of who is the same person and score it on people it has not seen.

    .venv/bin/python scripts/train_people_model.py [--owners 100000] [--seed 7] [--out FILE]

Training needs no labels (EM); the labels of the made-up people are only used for the score. Run it when comparisons or
cleaning change, look at the score, then commit the file under a new version.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dishu.engine.link import model, people, prepare
from dishu.worlds.people import people as made_up
from dishu.worlds.scoring import score_links

VERSION = 1
SCORE_SEED = 20261  # never looked at while choosing levels


def trained(owners: int, seed: int) -> dict[str, object]:
    """Splink settings learnt from a plain made-up world."""
    world = made_up(owners, owners // 4, seed=seed)
    left = prepare.people(world.left)
    right = prepare.people(world.right, left.num_rows)
    with prepare.workspace(None, "4GB") as con:
        return model.train(con, model.ready(con, left, right), seed=seed)


def scored(path: Path) -> dict[str, float]:
    """Scores on a hard slice of another seed."""
    world = made_up(20_000, 5_000, hard=True, seed=SCORE_SEED)
    return score_links(people.link(world.left, world.right, model=path), world.pairs)


def main() -> None:
    """Train, score, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owners", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=model.HELD)
    args = parser.parse_args()
    held: dict[str, object] = {
        "name": "people",
        "version": VERSION,
        "trained_on": {
            "generator": "dishu.worlds.people",
            "owners": args.owners,
            "members": args.owners // 4,
            "seed": args.seed,
        },
        "settings": trained(args.owners, args.seed),
    }
    _write(args.out, held)
    held["score"] = {"owners": 20_000, "members": 5_000, "hard": True, "seed": SCORE_SEED} | scored(args.out)
    _write(args.out, {key: held[key] for key in ("name", "version", "trained_on", "score", "settings")})
    print(json.dumps(held["score"], indent=1))


def _write(path: Path, held: dict[str, object]) -> None:
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
