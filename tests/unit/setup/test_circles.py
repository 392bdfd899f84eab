"""No module needs another one that needs it, at its top, inside a function or for the type checker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.import_graph import circles, import_graph

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("package", ["taskcontract", "bindings", "pusher"])
def test_imports_go_one_way(package: str) -> None:
    assert circles(import_graph(ROOT / package)) == []


def test_every_import_counts(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    texts = {
        "__init__.py": "",
        "top.py": "from shop import middle\n",
        "middle.py": "def work():\n    from .inner.low import name\n",
        "inner/__init__.py": "from shop.inner.low import name\n",
        "inner/low.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.top\n",
        "alone.py": "import shop.alone\nimport json\nfrom .inner import name\n",
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    graph = import_graph(root)
    assert graph["shop.alone"] == {"shop.inner"}
    assert graph["shop.middle"] == {"shop.inner.low"}
    assert circles(graph) == [["shop.inner.low", "shop.middle", "shop.top"]]
