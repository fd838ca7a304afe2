"""A long text field that hands over what is typed when typing pauses, as Streamlit's short one does with ``live``.

The field is Streamlit's own text area; a few lines in the page press Ctrl+Enter in it after a pause. Where they cannot
run, the text is handed over when the field is left, as always.
"""

from __future__ import annotations

from streamlit.components import v2

PAUSE_MS = 600
_SCRIPT = """
export default function ({ data }) {
  const field = document.querySelector(`.st-key-${data.key} textarea`);
  if (!field || field.dataset.live) return;
  field.dataset.live = "yes";
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const press = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true };
      if (field.isConnected) field.dispatchEvent(new KeyboardEvent("keydown", press));
    }, data.pause);
  });
}
"""


def commit_on_pause(key: str) -> None:
    """Make the text area of that key hand over its text when typing pauses."""
    component = v2.component("commit_on_pause", js=_SCRIPT)
    component(key=f"pause_{key}", data={"key": key, "pause": PAUSE_MS}, height=1)
