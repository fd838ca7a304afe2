/* A row of panels: click or arrows select, drag or Alt+arrows reorder, + and - retime.
   What happens is told to Python (select, move, retime), which answers with new data. */

const rows = new WeakMap();

function build(root) {
  const list = document.createElement("div");
  list.className = "strip";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-orientation", "horizontal");
  const said = document.createElement("div");
  said.className = "said";
  said.setAttribute("aria-live", "polite");
  root.append(list, said);
  const row = { list, said, panels: new Map(), dragged: null, sent: {} };
  list.addEventListener("keydown", (event) => press(row, event));
  list.addEventListener("dragover", (event) => hover(row, event));
  list.addEventListener("drop", (event) => drop(row, event));
  list.addEventListener("dragend", () => settle(row));
  return row;
}

function make(row, id) {
  const panel = document.createElement("button");
  panel.type = "button";
  panel.className = "panel";
  panel.dataset.id = id;
  panel.setAttribute("role", "option");
  panel.innerHTML = '<img alt="" draggable="false"><div class="empty"></div>' +
    '<div class="line"><b></b><span class="marks"></span><small></small></div>';
  panel.addEventListener("click", () => select(row, id));
  panel.addEventListener("dragstart", (event) => {
    row.dragged = id;
    panel.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", id);
  });
  return panel;
}

function show(row, panel, item, data) {
  const image = panel.querySelector("img");
  if (image.getAttribute("src") !== item.picture) item.picture ? (image.src = item.picture) : image.removeAttribute("src");
  image.style.display = item.picture ? "block" : "none";
  panel.querySelector(".empty").style.display = item.picture ? "none" : "block";
  panel.querySelector("b").textContent = item.name;
  panel.querySelector(".marks").replaceChildren(...item.marks.map(sign));
  panel.querySelector("small").textContent = item.length;
  panel.title = item.text;
  panel.style.width = data.scale ? `${Math.round((item.ms / 1000) * data.scale)}px` : "";
  panel.draggable = data.movable;
  const chosen = item.id === data.selected;
  panel.setAttribute("aria-selected", String(chosen));
  panel.setAttribute("aria-label", item.label);
  panel.tabIndex = chosen || (!data.selected && item.id === data.items[0].id) ? 0 : -1;
}

function sign(mark) {
  const sign = document.createElement("span");
  sign.textContent = mark.sign;
  sign.title = mark.words;
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", mark.words);
  if (mark.colour) sign.style.color = `var(--st-${mark.colour}-text-color, inherit)`;
  return sign;
}

function tell(row, name, what) {
  const sent = [...(row.sent[name] ?? []), { id: performance.timeOrigin + performance.now(), ...what }].slice(-8);
  row.sent[name] = sent;
  row.tell(name, sent); // with those before it: of two at once the page hands on the last
}

function select(row, id) {
  tell(row, "select", { panel: id });
}

function move(row, id, index) {
  const last = row.data.items.length - 1;
  const place = Math.min(Math.max(index, 0), last);
  if (!row.data.movable || place === at(row, id)) return;
  row.said.textContent = `Moved to place ${place + 1} of ${last + 1}`;
  tell(row, "move", { panel: id, index: place });
}

function at(row, id) {
  return row.data.items.findIndex((item) => item.id === id);
}

function press(row, event) {
  const id = event.target.closest?.(".panel")?.dataset.id;
  if (!id || event.ctrlKey || event.metaKey) return;
  const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
  const here = at(row, id);
  if (event.key in steps && !event.shiftKey) {
    const there = Math.min(Math.max(here + steps[event.key], 0), row.data.items.length - 1);
    if (event.altKey) move(row, id, there);
    else if (there !== here) {
      row.panels.get(row.data.items[there].id).focus();
      select(row, row.data.items[there].id);
    }
  } else if ((event.key === "+" || event.key === "-") && row.data.movable) {
    tell(row, "retime", { panel: id, by: event.key === "+" ? 1 : -1 });
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function target(row, event) {
  const panel = event.target.closest?.(".panel");
  if (!panel || !row.dragged) return null;
  const box = panel.getBoundingClientRect();
  return { panel, after: event.clientX > box.left + box.width / 2 };
}

function hover(row, event) {
  const found = target(row, event);
  if (!found) return;
  event.preventDefault();
  clear(row);
  found.panel.classList.add(found.after ? "after" : "before");
}

function drop(row, event) {
  const found = target(row, event);
  if (!found) return;
  event.preventDefault();
  const from = at(row, row.dragged);
  const gap = at(row, found.panel.dataset.id) + (found.after ? 1 : 0);
  move(row, row.dragged, gap > from ? gap - 1 : gap);
  settle(row);
}

function clear(row) {
  for (const panel of row.panels.values()) panel.classList.remove("before", "after");
}

function settle(row) {
  clear(row);
  row.panels.get(row.dragged)?.classList.remove("dragged");
  row.dragged = null;
}

function reveal(row, id) {
  const panel = row.panels.get(id);
  if (!panel) return;
  const left = panel.offsetLeft - row.list.offsetLeft, right = left + panel.offsetWidth;
  if (left < row.list.scrollLeft) row.list.scrollLeft = left - 60;
  else if (right > row.list.scrollLeft + row.list.clientWidth) row.list.scrollLeft = right - row.list.clientWidth + 60;
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!rows.has(parentElement)) rows.set(parentElement, build(parentElement));
  const row = rows.get(parentElement);
  const focused = parentElement.activeElement?.dataset?.id ?? (row.list.getRootNode().activeElement?.dataset?.id);
  row.data = data;
  row.tell = setTriggerValue;
  row.list.setAttribute("aria-label", data.name);
  row.list.classList.toggle("timed", data.scale > 0);
  const wanted = new Set(data.items.map((item) => item.id));
  for (const [id, panel] of row.panels) if (!wanted.has(id)) { panel.remove(); row.panels.delete(id); }
  data.items.forEach((item, index) => {
    if (!row.panels.has(item.id)) row.panels.set(item.id, make(row, item.id));
    const panel = row.panels.get(item.id);
    show(row, panel, item, data);
    if (row.list.children[index] !== panel) row.list.insertBefore(panel, row.list.children[index] ?? null);
  });
  if (focused && row.panels.has(focused)) row.panels.get(row.panels.has(data.selected) ? data.selected : focused).focus({ preventScroll: true });
  if (row.shown !== data.selected) reveal(row, data.selected);
  row.shown = data.selected;
}
