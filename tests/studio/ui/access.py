"""What those meet who see no screen or hold no mouse: the names and headings of a page, and where the keyboard is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession
    from playwright.sync_api import Page as Tab

NAMED = {
    "button", "link", "textbox", "searchbox", "combobox", "slider", "spinbutton", "checkbox", "radio", "switch",
    "image", "img", "option", "tab", "menuitem", "dialog", "listbox", "region", "radiogroup", "Canvas", "Video",
}  # fmt: skip
"""Roles that mean nothing without a name."""
STREAMLITS = {
    'data-testid="data-grid-canvas"': "the table of the list is painted; in it lies a grid for readers",
    'style="position: absolute; top: 0px;': "the painted heading of that table, which the same grid tells",
    'id="stMain"': "the part of every page that scrolls: it can be focused so that the arrows scroll it",
    'data-testid="stCode"': "a box of text that may be wider than the page, focused for the same reason",
}
"""Things of Streamlit's own without a name, which no call of it can give them, by what is in their HTML."""
STEPS = 90
"""Most presses of Tab from one thing to another."""
AT = """(at => {
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
})(document.activeElement)"""
RING = """() => {
  const at = ACTIVE, before = window.lastFocused;
  const edge = (style) => style.borderTopWidth === '0px' ? '' : style.borderTopColor;
  const line = (style) => style.outlineStyle === 'none' ? '' : style.outline;
  const looks = (node) => {
    const found = [];  // a field's ring is that of a box around it
    for (let k = 0; node && k < 3; k++, node = node.parentElement ?? node.getRootNode().host) {
      const style = getComputedStyle(node);
      found.push([line(style), style.boxShadow, edge(style)].join());
    }
    return found.join();
  };
  const seen = at.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const own = at.matches(':focus');  // else it is one of the browser's buttons in a film, with a ring of the browser's
  window.lastFocused = own ? { node: at, looks: looks(at) } : null;
  const same = before?.node.isConnected && before.node !== at && looks(before.node) === before.looks;
  return !seen ? at.outerHTML.slice(0, 300) : same ? before.node.outerHTML.slice(0, 300) : '';
}""".replace("ACTIVE", AT)
"""Tells what has the focus and cannot be seen, or what had it and looks without it as it looked with it."""


def check_names(tab: Tab, where: str) -> None:
    """Fail if a thing that is pressed, filled in or looked at has no name, or headings skip a level."""
    session = tab.context.new_cdp_session(tab)
    nodes = [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    nameless = [_html(session, node) for node in nodes if node["role"]["value"] in NAMED and not _name(node)]
    session.detach()
    assert [html for html in nameless if not _is_streamlits(html)] == [], f"without a name: {where}"
    levels = [_level(node) for node in nodes if node["role"]["value"] == "heading"]
    inside = 1 not in levels and any(node["role"]["value"] == "dialog" for node in nodes)
    first = 2 if inside else 1  # the page's own is behind a dialog, and beside a popover
    assert levels[:1] == [first] and levels.count(first) == 1, f"headings of {where}: {levels}"
    assert all(below <= above + 1 for above, below in pairwise(levels)), f"headings of {where}: {levels}"


def _name(node: dict) -> str:
    return node.get("name", {}).get("value", "").strip()


def _level(node: dict) -> int:
    return next(each["value"]["value"] for each in node["properties"] if each["name"] == "level")


def _html(session: CDPSession, node: dict) -> str:
    found = session.send("DOM.getOuterHTML", {"backendNodeId": node["backendDOMNodeId"]})
    return f"{node['role']['value']}: {found['outerHTML'][:300]}"


def _is_streamlits(html: str) -> bool:
    return any(each in html for each in STREAMLITS)


class Keyboard:
    """All that a person has: Tab from thing to thing, each named and to be seen, and keys for what has the focus."""

    def __init__(self, tab: Tab) -> None:
        self._tab, self._session = tab, tab.context.new_cdp_session(tab)
        tab.add_style_tag(content="* { transition: none !important }")  # looks are compared at once

    def to(self, name: str, step: str = "Tab") -> None:
        """Go to the thing of that name, looking at all that is met on the way."""
        way: list[str] = []
        while name not in way[-1:]:
            assert len(way) < STEPS, f'no "{name}" on the way: {way}'
            self.press(step)
            way.append(self._focused())

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._tab.keyboard.press(key)

    def type(self, words: str) -> None:
        """Write into what has the focus."""
        self._tab.keyboard.type(words)

    def _focused(self) -> str:
        lost = self._tab.evaluate(RING)
        assert not lost or _is_streamlits(lost), f"nothing shows that it has the focus: {lost}"
        found = self._session.send("Runtime.evaluate", {"expression": AT})["result"]
        node = {"objectId": found["objectId"], "fetchRelatives": False}
        (node, *_) = self._session.send("Accessibility.getPartialAXTree", node)["nodes"]
        name, html = _name(node), _html(self._session, node)
        assert name or found["className"] == "HTMLBodyElement" or _is_streamlits(html), f"without a name: {html}"
        return name
