// A short sound when an alert of the high grade comes in, or becomes one, for whoever asked for it by the button. Nothing is played that was not asked for.
"use strict";

(() => {
  const button = document.querySelector("[data-alert-sound]");
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!button || !Context) return;
  const KEY = "alert-sound";
  let audio = null;

  const wanted = () => localStorage.getItem(KEY) === "on";
  const show = () => button.setAttribute("aria-pressed", wanted() ? "true" : "false");

  // Two notes, half a second in all, quiet at both ends.
  const beep = () => {
    audio ||= new Context();
    audio.resume();
    for (const [start, pitch] of [[0, 740], [0.22, 988]]) {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      const begin = audio.currentTime + start;
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0, begin);
      level.gain.linearRampToValueAtTime(0.2, begin + 0.02);
      level.gain.linearRampToValueAtTime(0, begin + 0.2);
      tone.connect(level).connect(audio.destination);
      tone.start(begin);
      tone.stop(begin + 0.22);
    }
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, wanted() ? "off" : "on");
    show();
    if (wanted()) beep();
  });
  // A further warning of a grade that was high already sounds no more.
  const SOUNDS = ["alert.received", "alert.raised", "alert.regraded"];
  document.body.addEventListener("portal:live-alerts", ({ detail }) => {
    const high = detail.events.some((event) => SOUNDS.includes(event.kind) && event.line.grade === "high");
    if (high && wanted()) beep();
  });
  show();
})();
