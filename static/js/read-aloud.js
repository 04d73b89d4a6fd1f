// Reads a part of the page aloud, where the device has a voice; a second press stops it.
(() => {
  "use strict";
  const button = document.querySelector("[data-read-aloud]");
  const voice = window.speechSynthesis;
  if (!button || !voice) return;
  const words = button.querySelector("span");
  const start = words.textContent;
  const quiet = () => { words.textContent = start; button.setAttribute("aria-pressed", "false"); };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") { voice.cancel(); quiet(); return; }
    const title = document.querySelector("h1").textContent;
    const text = `${title}\n${document.querySelector(button.dataset.readAloud).innerText}`;
    // In pieces: some voices fall silent in long texts.
    const pieces = text.split(/(?<=[。！？.!?\n])/).map((piece) => piece.trim()).filter(Boolean);
    pieces.forEach((piece, place) => {
      const spoken = new SpeechSynthesisUtterance(piece);
      spoken.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en";
      spoken.rate = 0.9;
      if (place === pieces.length - 1) spoken.addEventListener("end", quiet);
      voice.speak(spoken);
    });
    words.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
  });
  window.addEventListener("pagehide", () => voice.cancel());
})();
