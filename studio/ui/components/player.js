/* The animatic: keeps the film's time, shows its frames and plays its sound (screen.js and sound.js, which stand before
   this), tells where it stops.
   Positions are counted in frames; a shot begins at its frame `start` and is over at its frame `end`. */

const LONG = 1280; // pixels of the longer side of the canvas
const NEAR = 6; // panels ahead whose pictures are asked for in time
const SETTLED = 350; // milliseconds after which a position that was moved stays
const PATIENCE = 4000; // milliseconds that a picture is waited for while playing
const ICONS = {
  before: "M6 5h2v14H6zM20 5v14L9 12z", play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  next: "M16 5h2v14h-2zM4 5v14l11-7z", whole: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  sound: "M3 9v6h4l5 4V5L7 9zM15 8.5v7a4 4 0 0 0 0-7zM15 4.2v2.1a6 6 0 0 1 0 11.4v2.1a8 8 0 0 0 0-15.6z",
  silent: "M3 9v6h4l5 4V5L7 9zM15.4 8.6 18 11.2l2.6-2.6 1.4 1.4-2.6 2.6 2.6 2.6-1.4 1.4-2.6-2.6-2.6 2.6-1.4-1.4 2.6-2.6-2.6-2.6z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z",
};
const players = new WeakMap();
const page = (window.boardPlayer ??= { opened: 0, present: null, press: () => false });

// What it is made of --------------------------------------------------------------------------------------------------

function button(name, label) {
  return `<button type="button" class="${name}" aria-label="${label}" title="${label}">` +
    `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg></button>`;
}

const PARTS = '<canvas role="img"></canvas><p class="caption" dir="auto"></p>' +
  '<div class="way"><input type="range" min="0" step="1" aria-label="Position">' +
  '<div class="cuts" aria-hidden="true"></div></div><div class="bar">' +
  button("before", "The panel before") + button("play", "Play the animatic") + button("next", "The next panel") +
  '<span class="time"></span><span class="where"></span><span class="calm"></span><span class="rest"></span>' +
  button("sound", "Turn the sound off") + button("whole", "Full screen") + button("close", "Close the player") + "</div>";

function build(parent) {
  const root = document.createElement("section");
  root.className = "player";
  root.setAttribute("aria-label", "Animatic");
  root.innerHTML = PARTS;
  parent.append(root);
  const part = Object.fromEntries(["canvas", "input", ".caption", ".cuts", ".play", ".time", ".where", ".calm", ".sound"].map(
    (each) => [each.replace(".", ""), root.querySelector(each)]));
  const p = {
    root, ...part, pen: part.canvas.getContext("2d"), stills: new Map(), clips: new Map(), sent: {},
    frame: 0, playing: false, since: 0, held: 0, drawn: null, asked: null, selected: null, told: [], settling: 0,
  };
  const does = {
    before: () => step(p, -1), play: () => toggle(p), next: () => step(p, 1), close: () => close(p),
    sound: () => mute(p, !p.audio.muted),
    whole: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  };
  for (const [name, act] of Object.entries(does)) root.querySelector(`.${name}`).addEventListener("click", act);
  p.input.addEventListener("input", () => seek(p, Number(p.input.value)));
  root.addEventListener("keydown", (event) => keyed(p, event));
  less.addEventListener("change", () => show(p));
  return p;
}

// Showing -------------------------------------------------------------------------------------------------------------

function show(p) {
  const frame = shown(p), { shots, fps, frames } = p.data, k = at(p, frame), shot = shots[k];
  draw(p);
  p.drawn = frame;
  const name = `Panel ${shot.name || k + 1}`, place = `panel ${k + 1} of ${shots.length}`;
  p.canvas.setAttribute("aria-label", `${name}: ${shot.caption || "empty"}`);
  write(p.caption, shot.caption);
  write(p.time, `${clock(p.frame / fps)} / ${clock(frames / fps)}`);
  write(p.where, place[0].toUpperCase() + place.slice(1));
  write(p.calm, less.matches ? "Your system asks for less motion: cameras and clips stand still." : "");
  p.input.value = String(Math.floor(p.frame));
  p.input.setAttribute("aria-valuetext", `${clock(p.frame / fps)} of ${clock(frames / fps)}, ${place}`);
  const present = p.cuts.querySelector("b");
  if (present) Object.assign(present.style, { left: share(p, shot.start), width: share(p, shot.end - shot.start) });
}

function write(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function clock(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6), whole = Math.floor(tenths / 10);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}.${tenths % 10}`;
}

function share(p, frames) {
  return `${(100 * frames) / Math.max(1, p.data.frames)}%`;
}

function mark(p) {
  const cuts = p.data.shots.slice(1).map((shot) => `<i style="left: ${share(p, shot.start)}"></i>`).join("");
  if (p.marked !== cuts) p.cuts.innerHTML = `<b></b>${cuts}`;
  p.marked = cuts;
}

// Time ----------------------------------------------------------------------------------------------------------------

function start(p) {
  if (p.playing) return;
  if (p.frame >= p.data.frames) p.frame = 0;
  clearTimeout(p.settling);
  Object.assign(p, { playing: true, since: performance.now(), held: 0 });
  face(p);
  keepSound(p);
  requestAnimationFrame((now) => tick(p, now));
}

function stop(p) {
  p.playing = false;
  face(p);
  keepSound(p);
  show(p);
}

function pause(p) {
  stop(p);
  tellShown(p);
}

function hidden() {
  if (document.hidden && page.present.playing) pause(page.present);
}

function toggle(p) {
  p.playing ? pause(p) : start(p);
}

function tick(p, now) {
  if (!p.playing) return;
  if (!p.root.isConnected) return void leave(p);
  ask(p);
  const waits = late(p, now);
  if (!waits) p.frame = Math.min(p.data.frames, p.frame + (Math.max(0, now - p.since) * p.data.fps) / 1000);
  p.since = Math.max(now, p.since);
  if (p.frame >= p.data.frames) return stop(p);
  keepSound(p, waits);
  if (shown(p) !== p.drawn || waits) show(p);
  requestAnimationFrame((then) => tick(p, then));
}

function leave(p) {
  p.playing = false;
  keepSound(p);
}

function late(p, now) {
  const still = p.stills.get(p.data.shots[at(p, shown(p))].still);
  if (still?.complete) p.held = 0;
  else p.held ||= now;
  return p.held > 0 && now - p.held < PATIENCE;
}

function seek(p, frame) {
  Object.assign(p, { frame: Math.max(0, Math.min(frame, p.data.frames)), since: performance.now(), held: 0 });
  keepSound(p);
  show(p);
  clearTimeout(p.settling);
  p.settling = setTimeout(() => settle(p), SETTLED);
}

function settle(p) {
  ask(p);
  if (!p.playing) tellShown(p);
}

function step(p, by) {
  const { shots } = p.data;
  seek(p, shots[Math.max(0, Math.min(at(p, shown(p)) + by, shots.length - 1))].start);
}

function face(p) {
  const label = p.playing ? "Pause the animatic" : "Play the animatic";
  p.play.setAttribute("aria-label", label);
  p.play.title = label;
  p.play.querySelector("path").setAttribute("d", p.playing ? ICONS.pause : ICONS.play);
}

function keyed(p, event) {
  const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  const panels = { PageUp: -1, PageDown: 1 }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") close(p);
  else if (event.target !== p.input) return;
  else if (by) seek(p, shown(p) + by * (event.shiftKey ? 1 : p.data.fps));
  else if (panels) step(p, panels);
  else if (event.key === " ") event.repeat || toggle(p);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function press(p, key) {
  if (!p.root.isConnected) return false;
  if (key === "Space") toggle(p);
  else if (p.playing && /^(Left|J|Right|K)$/.test(key)) step(p, /^(Left|J)$/.test(key) ? -1 : 1);
  else return false;
  return true;
}

// What is told --------------------------------------------------------------------------------------------------------

function tell(p, name, what) {
  p.sent[name] = [...(p.sent[name] ?? []), { id: performance.timeOrigin + performance.now(), ...what }].slice(-8);
  p.tell(name, p.sent[name]); // with those before it: of two at once the page hands on the last
}

function tellShown(p) {
  const { id } = p.data.shots[at(p, shown(p))];
  if (id === (p.told.at(-1) ?? p.selected)) return;
  p.told.push(id);
  tell(p, "shown", { panel: id });
}

function ask(p) {
  const { shots } = p.data, k = at(p, shown(p));
  if (p.asked === shots[k].id || shots.slice(k, k + NEAR).every((shot) => p.stills.has(shot.still))) return;
  p.asked = shots[k].id;
  tell(p, "want", { panel: shots[k].id });
}

function close(p) {
  leave(p);
  tell(p, "close", {});
}

// What is heard -------------------------------------------------------------------------------------------------------

function fetchFiles(p, { stills, clips }) {
  for (const [still, address] of Object.entries(stills)) {
    if (p.stills.has(still)) continue;
    const image = new Image();
    image.onload = () => show(p);
    image.onerror = () => p.stills.delete(still);
    image.src = address;
    p.stills.set(still, image);
  }
  for (const [still, address] of Object.entries(clips)) {
    if (p.clips.has(still)) continue;
    const clip = document.createElement("video");
    Object.assign(clip, { muted: true, loop: true, playsInline: true, preload: "auto" });
    for (const name of ["loadeddata", "seeked"]) clip.addEventListener(name, () => p.playing || show(p));
    clip.src = address;
    p.clips.set(still, clip);
  }
}

function take(p, data) {
  const old = p.data, before = old && old.shots[at(p, shown(p))];
  if (old && old.stills !== data.stills) p.asked = null;
  p.data = data;
  const same = before && data.shots.find((shot) => shot.id === before.id);
  if (same) p.frame = same.start + Math.min(p.frame - before.start, same.end - same.start);
  p.frame = Math.min(p.frame, data.frames);
  p.input.max = String(data.frames);
  const [width, height] = data.aspect > 1 ? [LONG, LONG / data.aspect] : [LONG * data.aspect, LONG];
  if (p.canvas.width !== Math.round(width)) p.canvas.width = Math.round(width);
  if (p.canvas.height !== Math.round(height)) p.canvas.height = Math.round(height);
  mark(p);
  takeSound(p, data.sound);
  fetchFiles(p, data);
}

/* Go to a panel that was selected elsewhere. What was told comes back as a selection, maybe late, when the position is
   elsewhere again: that is no reason to go back. */
function follow(p) {
  const { selected, shots } = p.data, ours = p.told.indexOf(selected);
  const chosen = shots.find((shot) => shot.id === selected);
  if (selected !== p.selected && ours < 0 && chosen && (p.selected === null || chosen !== shots[at(p, shown(p))])) {
    Object.assign(p, { frame: chosen.start, since: performance.now(), held: 0 });
  }
  if (selected !== p.selected) p.told = p.told.slice(ours + 1);
  p.selected = selected;
}

function begin(p) {
  const { opened, selected, shots } = p.data;
  if (opened <= page.opened) return;
  page.opened = opened;
  Object.assign(p, { frame: shots.find((shot) => shot.id === selected)?.start ?? 0, drawn: null });
  start(p);
  p.play.focus({ preventScroll: true });
  p.root.scrollIntoView({ block: "nearest" });
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!players.has(parentElement)) players.set(parentElement, build(parentElement));
  const p = players.get(parentElement);
  if (!page.present) document.addEventListener("visibilitychange", hidden);
  p.tell = setTriggerValue;
  take(p, data);
  follow(p);
  Object.assign(page, { present: p, press: (key) => press(p, key) });
  begin(p);
  show(p);
  if (!p.playing) ask(p);
}
