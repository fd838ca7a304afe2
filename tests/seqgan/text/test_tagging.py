"""spaCy comes without torch, and torch comes afterwards all the same."""

import subprocess
import sys
import threading
from importlib.util import find_spec

import pytest

from seqgan.text.tagging import _WithoutTorch, import_spacy, tags

pytestmark = pytest.mark.skipif(find_spec("spacy") is None, reason="spaCy is not installed")


def test_torch_can_be_had_after_spacy() -> None:
    code = (
        "import sys; from seqgan.text.tagging import import_spacy; import_spacy();"
        "assert 'torch' not in sys.modules; import torch; print(torch.ones(1).item(), len(sys.meta_path) > 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "1.0 True", done.stderr


def test_only_one_thread_is_without_torch() -> None:
    hidden = _WithoutTorch()
    with pytest.raises(ModuleNotFoundError, match="hidden"):
        hidden.find_spec("torch")
    found: list[object] = []
    other = threading.Thread(target=lambda: found.append(hidden.find_spec("torch")))
    other.start()
    other.join()
    assert found == [None] and hidden.find_spec("torchvision") is None


def test_words_have_tags_and_base_forms() -> None:
    import_spacy()
    tagged = tags(("She", "waves", "."))
    assert tagged is not None and tagged[1][1] == "wave"
