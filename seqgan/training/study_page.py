"""The page that raters see: one file without anything from elsewhere."""

from __future__ import annotations

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Which board is better?</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1.5rem auto; padding: 0 1rem; color: #1c1c1a;
       background: #fbfaf7 }
.boards { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem }
@media (max-width: 46rem) { .boards { grid-template-columns: 1fr } }
figure { margin: 0 } figcaption { font-weight: 600 } img { width: 100%; image-rendering: pixelated; display: block }
fieldset { border: 1px solid #bbb; border-radius: 6px; margin: .8rem 0; padding: .4rem 1rem .6rem }
label { display: inline-block; min-width: 7.5rem; padding: .3rem .2rem; cursor: pointer }
button { font: inherit; padding: .4rem 1rem; margin-right: .6rem } #error { color: #a3201a; min-height: 1.5em }
input[type=text] { font: inherit; padding: .3rem; width: 16rem } [hidden] { display: none }
@media (prefers-color-scheme: dark) { body { color: #eceae4; background: #191918 } #error { color: #ff8d85 } }
</style></head><body>
<h1>Which board is better?</h1>
<form id="start"><p>Two boards of the same story are shown side by side, again and again. Say which of them is better in
each respect; "undecided" is an answer too. You may stop at any time: the same name goes on where it stopped.</p>
<label for="rater">Your name</label> <input type="text" id="rater" maxlength="80" autocomplete="off" required>
<button>Begin</button></form>
<form id="pair" hidden><p id="where"></p><ol id="texts"></ol>
<div class="boards"><figure><figcaption>Left</figcaption><img id="left" alt="left board"></figure>
<figure><figcaption>Right</figcaption><img id="right" alt="right board"></figure></div>
<div id="questions"></div>
<button type="button" id="back">Back</button><button id="save">Save and go on</button></form>
<p id="done" hidden>That was all. Thank you! <button type="button" id="again">Look at your answers again</button></p>
<p id="error" role="alert"></p>
<script>
"use strict";
const at = (id) => document.getElementById(id), make = (tag, text) => {
  const node = document.createElement(tag); node.textContent = text || ""; return node; };
let rater = "", questions = {}, pairs = [], place = 0;
const show = (id) => { for (const each of ["start", "pair", "done"]) at(each).hidden = each !== id; };
const ask = async (path, body) => {
  const settings = body ? { method: "POST", headers: { "Content-Type": "application/json" },
                            body: JSON.stringify(body) } : {};
  const reply = await fetch(path, settings).catch(() => { throw new Error("The server does not answer; try again."); });
  const said = await reply.json();
  if (!reply.ok) throw new Error(said.error);
  return said;
};
const guarded = (work) => async (event) => {
  event.preventDefault(); at("error").textContent = "";
  try { await work(); } catch (error) { at("error").textContent = error.message; }
};
const chosen = () => Object.fromEntries(new FormData(at("pair")));
const ready = () => { at("save").disabled = Object.keys(chosen()).length < Object.keys(questions).length; };
function draw() {
  if (place >= pairs.length) { show("done"); return; }
  const pair = pairs[place];
  at("where").textContent = `${place + 1} of ${pairs.length}`;
  at("texts").replaceChildren(...pair.texts.map((text) => make("li", text)));
  for (const side of ["left", "right"]) at(side).src = `boards/${pair.id}-${side}.png`;
  at("questions").replaceChildren(...Object.entries(questions).map(([name, words]) => {
    const field = make("fieldset"); field.append(make("legend", words));
    for (const answer of ["left", "undecided", "right"]) {
      const input = make("input"), label = make("label");
      Object.assign(input, { type: "radio", name, value: answer, checked: pair.answers[name] === answer });
      label.append(input, ` ${answer}`); field.append(label);
    }
    return field;
  }));
  at("back").disabled = place === 0; show("pair"); ready(); window.scrollTo(0, 0);
}
at("start").addEventListener("submit", guarded(async () => {
  rater = at("rater").value.trim();
  ({ questions, pairs } = await ask(`pairs?rater=${encodeURIComponent(rater)}`));
  const open = pairs.findIndex((pair) => Object.keys(pair.answers).length < Object.keys(questions).length);
  place = open < 0 ? pairs.length : open; draw();
}));
at("pair").addEventListener("change", ready);
at("pair").addEventListener("submit", guarded(async () => {
  const answers = chosen();
  await ask("answers", { rater, pair: pairs[place].id, answers });
  pairs[place].answers = answers; place += 1; draw();
}));
at("back").addEventListener("click", guarded(async () => { place -= 1; draw(); }));
at("again").addEventListener("click", guarded(async () => { place = 0; draw(); }));
</script></body></html>
"""
