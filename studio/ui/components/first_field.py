"""The field that a dialog is opened for has the focus as soon as it is there: open, type, Enter, without a mouse."""

from __future__ import annotations

from streamlit.components import v2

_SCRIPT = """
const begun = new WeakSet();

export default function ({ data: { key }, parentElement }) {
  if (begun.has(parentElement)) return; // later looks at an open dialog leave the focus where it is
  begun.add(parentElement);
  document.querySelector(`[role='dialog'] .st-key-${key} input`)?.focus();
}
"""


def begin_in(key: str) -> None:
    """Put the focus into the short field of that key, when the dialog that holds it opens; to be called behind it."""
    component = v2.component("first_field", js=_SCRIPT)
    component(key=f"begin_{key}", data={"key": key}, height=1)
