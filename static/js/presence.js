// A report's open page: says every 20 seconds, while it is seen, that its reader is there; shows who else is, and that it was changed.
// Nothing is put under the reader's cursor: a bar says what was done, and she asks for it. Without this file both are simply absent.
"use strict";

(() => {
  const holder = document.querySelector("[data-presence]");
  if (!holder) return;
  const EVERY = 20000;
  const token = holder.querySelector('input[name="csrfmiddlewaretoken"]').value;
  const place = holder.querySelector("[data-watching]");
  const words = holder.querySelector("[data-watching-words]");
  const bar = holder.querySelector("[data-changed]");
  const address = (more) => `${holder.dataset.presence}?${new URLSearchParams(more)}`;
  const send = (more, keepalive = false) =>
    fetch(address(more), { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", keepalive });

  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await send({ change: holder.dataset.change });
      if (!answer.ok) { place.hidden = true; return; }
      const { watching, changed } = await answer.json();
      if (words.textContent !== watching) words.textContent = watching;
      place.hidden = !watching;
      if (changed) {
        bar.textContent = `${changed} · ${bar.dataset.words}`;
        bar.hidden = false;
      }
    } catch { place.hidden = true; }
  };

  document.body.addEventListener("portal:live-reports", ({ detail }) => {
    if (detail.events.some((event) => event.line?.report === holder.dataset.code)) ask();
  });
  document.body.addEventListener("portal:live-resync", ask);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pagehide", () => { send({ leave: "1" }, true).catch(() => {}); });
  setInterval(ask, EVERY);
  ask();
})();
