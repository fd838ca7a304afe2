"""A long text field that hands over what is typed when typing pauses, as Streamlit's short one does with ``live``.

The field is Streamlit's own text area; a few lines in the page press Ctrl+Enter in it after a pause. Where they cannot
run, the text is handed over when the field is left, as always.
"""

from __future__ import annotations

from streamlit.components import v2

PAUSE_MS = 600
_SCRIPT = """
const heard = (window.boardTexts ??= new Set());

export default function ({ data: { key, pause } }) {
  if (heard.has(key)) return;
  heard.add(key);
  let timer;
  // at the document: the field may come after these lines, or be put in place of an earlier one
  document.addEventListener("input", ({ target: field }) => {
    if (!field.matches(`.st-key-${key} textarea`)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const press = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true };
      if (field.isConnected) field.dispatchEvent(new KeyboardEvent("keydown", press));
    }, pause);
  });
}
"""


def commit_on_pause(key: str) -> None:
    """Make the text area of that key hand over its text when typing pauses."""
    component = v2.component("commit_on_pause", js=_SCRIPT)
    component(key=f"pause_{key}", data={"key": key, "pause": PAUSE_MS}, height=1)
