// A kiosk goes back to its start page when nobody touches it, with a warning before, and keeps nothing of whoever stood there.
(() => {
  "use strict";
  const dialog = document.querySelector("[data-kiosk-idle]");
  if (!dialog) return;
  const left = dialog.querySelector("[data-kiosk-left]");
  const whole = Number(dialog.dataset.seconds) * 1000, warning = Number(dialog.dataset.warning) * 1000;
  let since = Date.now();

  const clear = () => {
    clearInterval(watch); // going away takes a moment; asking for it again would break it off
    document.querySelectorAll("form").forEach((form) => form.reset());
    try { sessionStorage.clear(); localStorage.clear(); } catch (error) { console.warn(error); }
    if (window.speechSynthesis) speechSynthesis.cancel();
    location.replace(`${dialog.dataset.kioskIdle}?clear=1`);
  };
  const touched = () => { since = Date.now(); if (dialog.open) dialog.close(); };
  for (const name of ["pointerdown", "keydown", "wheel", "touchstart"]) document.addEventListener(name, touched, { passive: true });
  dialog.querySelector("button").addEventListener("click", touched);

  const watch = setInterval(() => {
    const idle = Date.now() - since;
    if (location.pathname === dialog.dataset.kioskIdle && !location.search) { since = Date.now(); return; }
    if (idle >= whole) { clear(); return; }
    if (idle >= whole - warning) {
      if (!dialog.open) dialog.showModal();
      left.textContent = Math.max(1, Math.ceil((whole - idle) / 1000));
    }
  }, 500);
})();
