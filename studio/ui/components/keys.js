/* Single keys and combinations, told to Python by name ("Shift+N", "Mod+S", "Left").
   Single keys are left to whatever is being typed in, chosen from, or open above the page; some to an open player. */

const here = (window.boardKeys ??= { sent: [], tell: null });
const NAMES = { ArrowLeft: "Left", ArrowRight: "Right", ArrowUp: "Up", ArrowDown: "Down", " ": "Space", Escape: "Esc" };
const TYPED = "input:not([type='radio'], [type='checkbox']), textarea, select, canvas, [contenteditable='true'], " +
  "[role='combobox'], [role='menu'], [role='grid']";
const CHOSEN = "[role='slider'], [role='radiogroup'], [role='tablist']";
const ROW = "[role='listbox']"; // the strip goes by single arrows itself, and knows none with Shift
const PRESSED = "button:not([role='option']), a[href], summary, input, video, [role='button'], [role='tab']";
const OPEN = "[role='dialog'], [data-testid='stMenuButtonPopover']";

function named(event) {
  const latin = event.key > "~" ? /^Key([A-Z])$/.exec(event.code)?.[1] : null; // what another script has in its place
  const key = NAMES[event.key] ?? latin ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const held = [(event.ctrlKey || event.metaKey) && "Mod", event.altKey && "Alt", event.shiftKey && key !== "?" && "Shift"];
  return [...held.filter(Boolean), key].join("+");
}

function busy(event, key) {
  const inside = (kinds) => event.composedPath().some((node) => node.matches?.(kinds));
  if (key === "Space" && inside(PRESSED)) return true; // Space presses it
  if (/Left|Right/.test(key) && inside(CHOSEN) || /^(Left|Right)$/.test(key) && inside(ROW)) return true;
  return inside(TYPED) || document.querySelector(OPEN) !== null;
}

function press(event) {
  const key = named(event), dialog = document.querySelector("[role='dialog']");
  if (key === "Esc" && dialog && event.target === document.body) { // a button that is at work has let go of the focus
    dialog.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    return;
  }
  if (here.tell === null || !here.data.keys.includes(key)) return;
  if (key.startsWith("Mod+") ? dialog : busy(event, key)) return;
  event.preventDefault();
  if (event.repeat && !/Left|Right|J|K/.test(key)) return;
  if (key === here.data.title) focus("[class*='st-key-txt_title'] input");
  else if (!window.boardPlayer?.press(key)) {
    here.sent.push({ id: performance.timeOrigin + performance.now(), key });
    here.tell("pressed", [...here.sent]); // with those not yet acted on: of two at once the page hands on the last
  }
}

function focus(selector) {
  const field = document.querySelector(selector);
  field?.focus();
  field?.select();
}

export default function ({ data, setTriggerValue }) {
  if (!here.data) document.addEventListener("keydown", press);
  Object.assign(here, { data, tell: setTriggerValue, sent: here.sent.filter((each) => each.id > data.last) });
  return () => {
    here.tell = null; // another page is shown
  };
}
