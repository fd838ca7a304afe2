"""The little that themes cannot say: room above the page, quiet headings and cards, and where the keyboard is."""

from __future__ import annotations

import streamlit as st

_STYLE = """<style>
.stMainBlockContainer { padding: 4.5rem 2.5rem 3rem; max-width: 1680px; }
.stMain h1 { font-size: 1.75rem; padding: 0.5rem 0 1rem; }
.stMain h2 { font-size: 1.25rem; padding: 0.5rem 0; }
.stMain :is(h3, h4) { font-size: 1.1rem; padding: 0.5rem 0; }
.st-key-heading { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
:is(header a, .stCode, .stElementToolbar button):focus-visible {
  outline: 2px solid var(--st-primary-color, #c53a49); outline-offset: -2px;
}
.stElementToolbar:focus-within { opacity: 1; }
[class*="st-key-card_"], [class*="st-key-chosen_"] { padding: 0.6rem 0.7rem 0.4rem; }
[class*="st-key-chosen_"], .st-key-inspector { border-color: rgba(197, 58, 73, 0.75); }
[class*="st-key-card_"] img, [class*="st-key-chosen_"] img, .st-key-inspector img {
  border-radius: 0.35rem; aspect-ratio: 7 / 4; object-fit: contain;
}
[class*="st-key-card_drawing"] img, [class*="st-key-chosen_drawing"] img { opacity: 0.45; }
.st-key-keys, [class*="st-key-begin_"] { position: absolute; }
.st-key-words img { aspect-ratio: auto; }
.st-key-inspector video { max-height: 28rem; object-fit: contain; }
.stLayoutWrapper:has(> .st-key-pinned), .stVerticalBlock > div:has(> .st-key-pinned) {
  position: sticky; top: 3.75rem; z-index: 20;
}
.stVerticalBlock > div:has(> .st-key-inspector) {
  position: sticky; top: 11rem; max-height: calc(100vh - 12rem); overflow-y: auto;
}
.understood { line-height: 1.5; margin: 0; }
.understood mark { background: rgba(124, 92, 220, 0.18); color: inherit; border-radius: 0.2rem; padding: 0 0.15rem; }
.understood s { opacity: 0.6; }
.understood small { opacity: 0.7; }
.understood b { font-weight: 600; border-bottom: 2px solid rgba(124, 92, 220, 0.45); }
.reading { line-height: 1.45; }
.reading { padding-left: 1.6rem; margin: 0; }
.reading li { margin-bottom: 0.55rem; }
.reading small { opacity: 0.65; }
.reading s { opacity: 0.55; }
.reading b { font-weight: 600; border-bottom: 2px solid rgba(124, 92, 220, 0.45); }
</style>"""


def house_style() -> None:
    """Send the stylesheet (our own text, nothing of the user's)."""
    st.html(_STYLE)
