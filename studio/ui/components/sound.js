/* The sound of the film beside its frames: the position leads, the sound follows. Sent as one script with player.js. */

const ADRIFT = 0.25; // seconds that the sound may be off while it plays

function takeSound(p, address) {
  if (p.heard === address) return;
  p.audio?.pause();
  p.audio = address ? Object.assign(new Audio(address), { preload: "auto" }) : null;
  p.heard = address;
  p.sound.hidden = !address;
  mute(p, false);
}

function mute(p, muted) {
  if (p.audio) p.audio.muted = muted;
  const label = muted ? "Turn the sound on" : "Turn the sound off";
  p.sound.setAttribute("aria-label", label);
  p.sound.title = label;
  p.sound.querySelector("path").setAttribute("d", muted ? ICONS.silent : ICONS.sound);
}

/* A browser that lets no page be heard before it is clicked on lets it play unheard. */
function blocked(p, error) {
  if (error.name !== "NotAllowedError" || p.audio?.muted !== false) return;
  mute(p, true);
  p.audio.play().catch(() => {});
}

function keepSound(p, waits = false) {
  const { audio } = p, wanted = p.frame / p.data.fps;
  if (!audio) return;
  const moves = p.playing && !waits && !(wanted >= audio.duration);
  if (Math.abs(audio.currentTime - wanted) > (moves ? ADRIFT : 0.01)) audio.currentTime = wanted;
  if (moves && audio.paused) audio.play().catch((error) => blocked(p, error));
  else if (!moves && !audio.paused) audio.pause();
}
