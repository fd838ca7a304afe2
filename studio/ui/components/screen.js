/* The frames of the film on a canvas, by the film's own numbers: each shot's picture or clip, through its camera, and
   how it passes to the next. Sent as one script with player.js. */

const BACKDROP = "rgb(18, 19, 23)";
const less = matchMedia("(prefers-reduced-motion: reduce)");

// The film's own arithmetic -------------------------------------------------------------------------------------------

function shown(p) {
  return Math.max(0, Math.min(Math.floor(p.frame), p.data.frames - 1));
}

function at(p, frame) {
  return Math.max(0, p.data.shots.findIndex((shot) => shot.start <= frame && frame < shot.end));
}

function covers(change, frame) {
  return change.start <= frame && frame < change.end;
}

function later(change, frame) {
  return (frame + 0.5 - change.start) / (change.end - change.start);
}

function light(change, frame) {
  if (frame < change.at) return (change.at - 1 - frame) / (change.at - change.start);
  return (frame - change.at) / (change.end - change.at);
}

function windowOf(shot, frame) {
  const [first, last] = shot.camera ?? [[0, 0, 1], [0, 0, 1]];
  const share = less.matches ? 0 : (frame - shot.seen[0]) / Math.max(1, shot.seen[1] - shot.seen[0] - 1);
  return first.map((from, k) => (1 - share) * from + share * last[k]);
}

function fitted(width, height, aspect, crop) {
  const wide = width / height;
  if (Math.min(wide, aspect) / Math.max(wide, aspect) >= 1 - crop) return [width, height];
  if (aspect > wide) return [width, Math.max(1, Math.round(width / aspect))];
  return [Math.max(1, Math.round(height * aspect)), height];
}

// Drawing -------------------------------------------------------------------------------------------------------------

function draw(p) {
  const frame = shown(p), { shots } = p.data, k = at(p, frame), { pen, canvas } = p;
  pen.globalAlpha = 1;
  pen.fillStyle = BACKDROP;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const into = k > 0 && covers(shots[k - 1].change, frame);
  const change = into ? shots[k - 1].change : shots[k].change, other = into ? k - 1 : k + 1;
  const passing = covers(change, frame), mixed = passing && change.kind === "dissolve" && other < shots.length;
  paint(p, shots[k], frame, 1);
  if (mixed) paint(p, shots[other], frame, into ? 1 - later(change, frame) : later(change, frame));
  else if (passing) veil(p, 1 - light(change, frame));
  rest(p, [shots[k].still, mixed ? shots[other].still : ""]);
}

function veil(p, alpha) {
  p.pen.globalAlpha = alpha;
  p.pen.fillStyle = "black";
  p.pen.fillRect(0, 0, p.canvas.width, p.canvas.height);
}

function paint(p, shot, frame, alpha) {
  const source = footage(p, shot, frame), { pen, canvas } = p;
  if (!source) return;
  const across = source.videoWidth ?? source.naturalWidth, down = source.videoHeight ?? source.naturalHeight;
  const [width, height] = fitted(canvas.width, canvas.height, across / down, p.data.crop);
  const [left, top, size] = windowOf(shot, frame);
  const scale = Math.min((across * size) / width, (down * size) / height);
  const x = left * across + (across * size - width * scale) / 2, y = top * down + (down * size - height * scale) / 2;
  const aside = (canvas.width - width) / 2, above = (canvas.height - height) / 2;
  Object.assign(pen, { globalAlpha: alpha, fillStyle: BACKDROP, imageSmoothingQuality: "high" });
  for (const bar of [0, canvas.width - aside]) pen.fillRect(bar, 0, aside, canvas.height);
  for (const bar of [0, canvas.height - above]) pen.fillRect(0, bar, canvas.width, above);
  pen.drawImage(source, x, y, width * scale, height * scale, aside, above, width, height);
}

function footage(p, shot, frame) {
  const clip = p.clips.get(shot.still), still = p.stills.get(shot.still);
  if (clip && clip.readyState >= 2) {
    keepTime(p, clip, Math.max(0, frame - shot.start) / p.data.fps, frame >= shot.start);
    return clip;
  }
  return still?.complete && still.naturalWidth ? still : null;
}

function keepTime(p, clip, seconds, begun) {
  const moves = p.playing && begun && !less.matches, wanted = less.matches ? 0 : seconds % clip.duration;
  const apart = Math.abs(clip.currentTime - wanted), off = Math.min(apart, clip.duration - apart);
  if (off > (moves ? 0.2 : 0.001)) clip.currentTime = wanted;
  if (moves && clip.paused) clip.play().catch(() => {});
  else if (!moves && !clip.paused) clip.pause();
}

function rest(p, seen) {
  for (const [still, clip] of p.clips) if (!seen.includes(still) && !clip.paused) clip.pause();
}

