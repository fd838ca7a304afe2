"""A button that splits the selected panel where the cursor stands in its sentence, which only the page knows."""

from __future__ import annotations

from streamlit.components import v2

from studio.document import Document, Panel
from studio.ui import editing
from studio.ui.components.told import told
from studio.ui.state import field_key

_STYLE = """
button {
  font: inherit; padding: 0.25rem 0.75rem; min-height: 2.5rem; cursor: pointer; color: var(--st-text-color);
  background: transparent; border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover:enabled, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:disabled { opacity: 0.4; cursor: default; }
"""
_SCRIPT = """
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  button.disabled = data.disabled;
  button.onclick = () => {
    const field = document.querySelector(`.st-key-${data.field} input`);
    const at = field ? field.selectionStart : null;
    const inside = at !== null && at > 0 && at < field.value.length;
    const id = performance.timeOrigin + performance.now();
    setTriggerValue("cut", [{ id, at: inside ? at : null, text: field ? field.value : "" }]);
  };
}
"""


def split_button(doc: Document, panel: Panel) -> None:
    """Show the button; with the cursor at neither end of the sentence it cuts there, else after the first sentence."""
    key, field = f"split_{panel.id}", field_key(editing.sentence_field(panel.id))
    v2.component("split_at_cursor", html='<button type="button">Split at the cursor</button>', css=_STYLE, js=_SCRIPT)(
        key=key,
        data={"field": field, "disabled": doc.read_only or not panel.text.strip()},
        on_cut_change=lambda: _cut(doc, panel, key),
    )


def _cut(doc: Document, panel: Panel, key: str) -> None:
    for each in told(key, "cut"):
        if each["at"] is None or each["text"] == panel.text:
            editing.split(doc, panel.id, each["at"])
