// What is being written keeps itself, a few seconds after the last change; never the photos, never a caller's name or phone.
(() => {
  "use strict";
  const form = document.querySelector("[data-filing][data-draft-url]");
  if (!form) return;
  const status = form.querySelector("[data-draft-status]");
  const LEFT_OUT = new Set(["photos", "contact", "phone", "kept", "asked", "anyway", "drop_photos"]);
  const WAIT = 4000;
  let timer = null, before = "";

  const given = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (!LEFT_OUT.has(name) && typeof value === "string") data.append(name, value);
    return data;
  };
  const keep = async () => {
    const data = given(), text = data.toString();
    if (text === before || form.hasAttribute("data-sending")) return;
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status !== 201) return;
      before = text;
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());
      status.textContent = status.dataset.kept.replace("{time}", time);
    } catch (error) { /* without signal the page itself still holds it */ }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(keep, WAIT); };
  form.addEventListener("input", soon);
  form.addEventListener("portal:place", soon);
  form.addEventListener("submit", () => clearTimeout(timer));
})();
