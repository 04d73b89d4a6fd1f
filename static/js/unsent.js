// Filing with and without signal. What cannot be sent waits in this browser, photo included, in a list that says why; it is sent once,
// under its own key, when the signal returns or on press, and leaves the list only when the portal has answered with its code.
(() => {
  "use strict";
  const form = document.querySelector("[data-filing]"), box = document.querySelector("[data-unsent]");
  if (!form || !box || !("indexedDB" in window)) return;
  const words = box.dataset, list = box.querySelector("[data-unsent-list]"), row = box.querySelector("[data-unsent-row]");
  const told = box.querySelector("[data-unsent-status]"), status = form.querySelector("[data-filing-status]");
  // A caller's name and phone are never stored on the device; the rest belongs to one page alone.
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "contact", "phone", "photos", "drop_photos"]);
  const TRY_AGAIN = 60000;

  // ---- what is kept ----
  const asked = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error); });
  const opening = (() => {
    const request = indexedDB.open("portal-filing", 1);
    request.onupgradeneeded = () => { request.result.createObjectStore("unsent", { keyPath: "key" }); request.result.createObjectStore("known"); };
    return asked(request);
  })();
  const store = async (name, mode) => (await opening).transaction(name, mode).objectStore(name);
  const all = async () => asked((await store("unsent", "readonly")).getAll());
  const keep = async (item) => asked((await store("unsent", "readwrite")).put(item));
  const forget = async (key) => asked((await store("unsent", "readwrite")).delete(key));
  const known = async (name) => asked((await store("known", "readonly")).get(name));
  const know = async (name, value) => asked((await store("known", "readwrite")).put(value, name));

  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  let person = form.dataset.person ? Number(form.dataset.person) : null;
  const begin = (async () => {
    if (person !== null) { await know("person", person); await know("area", form.elements.area.value); }
    else { person = (await known("person")) ?? null; if (form.hasAttribute("data-offline")) { form.elements.area.value = (await known("area")) || ""; } }
    if (!form.elements.key.value) form.elements.key.value = newKey();
  })().catch(() => {});

  // ---- one sending ----
  class NoSignal extends Error {}
  const post = async (data) => {
    const headers = { Accept: "application/json" };
    let answer;
    try { answer = await fetch(words.file, { method: "POST", body: data, headers, credentials: "same-origin" }); } catch (error) { throw new NoSignal(); }
    if (answer.redirected) return { status: 401, body: {} };
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    return { status: answer.status, body: isJson ? await answer.json() : {} };
  };
  const token = async () => {
    let answer;
    try { answer = await fetch(words.file, { headers: { Accept: "application/json" }, credentials: "same-origin" }); } catch (error) { throw new NoSignal(); }
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    return answer.ok && !answer.redirected && isJson ? answer.json() : null;
  };
  // Nothing reached the portal's rules: it is worth trying again as it is.
  const reasonOf = ({ status: code, body }) => (code === 401 || code === 403 ? words.signedOut : body.sentence || words.failed);
  const isForPerson = (code) => code === 409 || code === 422 || code === 400 || code === 413;

  // ---- the list ----
  const show = async () => {
    const items = (await all()).filter((item) => item.person === person).sort((a, b) => a.at - b.at);
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
    list.replaceChildren(...items.map((item) => {
      const line = row.content.cloneNode(true).firstElementChild, part = (name) => line.querySelector(`[data-${name}]`);
      const value = (name) => (item.fields.find(([field]) => field === name) || [])[1] || "";
      part("title").textContent = value("title") || words.untitled;
      part("at").textContent = time.format(new Date(item.at));
      part("photos").hidden = !item.photos.length;
      part("reason").textContent = item.reason;
      part("send").hidden = item.hold;
      part("send").addEventListener("click", () => sendAll([item.key]));
      part("open").addEventListener("click", () => fill(item));
      part("anyway").hidden = !item.near;
      part("anyway").addEventListener("click", async () => { await keep({ ...item, near: false, asks: false, fields: [...item.fields, ["anyway", "1"]] }); sendAll([item.key]); });
      part("signin-link").hidden = item.reason !== words.signedOut;
      const drop = part("drop");
      drop.addEventListener("click", async () => {
        if (!drop.dataset.asked) { drop.dataset.asked = "1"; drop.textContent = drop.dataset.sure; return; }
        await forget(item.key);
        show();
      });
      return line;
    }));
    box.querySelector("[data-unsent-count]").textContent = items.length || "";
    box.hidden = !items.length && !told.childNodes.length;
    return items;
  };

  const hold = async (reason) => {
    await begin;
    const data = new FormData(form);
    const photos = data.getAll("photos").filter((file) => file.size);
    const fields = [...data].filter(([name, value]) => !LEFT_OUT.has(name) && typeof value === "string");
    const contact = Boolean(data.get("contact") || data.get("phone"));
    const blobs = await Promise.all(photos.map(async (file) => ({ name: file.name, type: file.type, bytes: await file.arrayBuffer() })));
    await keep({ key: data.get("key"), person, at: Date.now(), fields, photos: blobs, hold: contact, asks: contact, reason: contact ? words.contact : reason });
    form.reset();
    form.elements.key.value = newKey();
    document.querySelector("[data-tile]")?.dispatchEvent(new CustomEvent("portal:clear"));
    document.getElementById("hints")?.replaceChildren();
    status.textContent = words.kept;
    await show();
    box.scrollIntoView({ block: "nearest" });
  };
  const filesOf = (item) => item.photos.map((one) => new File([one.bytes], one.name, { type: one.type }));

  let busy = false;
  const sendAll = async (only) => {
    if (busy) return;
    busy = true;
    try {
      await begin;
      const items = (await all()).filter((item) => item.person === person && !item.hold && (only ? only.includes(item.key) : !item.asks));
      if (!items.length) return;
      const signed = await token();
      for (const item of items) {
        if (!signed || signed.person !== person) { await keep({ ...item, reason: words.signedOut }); continue; }
        const data = new FormData();
        for (const [name, value] of item.fields) data.append(name, value);
        for (const file of filesOf(item)) data.append("photos", file);
        data.append("csrfmiddlewaretoken", signed.token);
        const answer = await post(data);
        if (answer.status === 201) {
          await forget(item.key);
          const link = document.createElement("a");
          link.href = answer.body.next;
          link.textContent = answer.body.code;
          told.append(`${words.sent} `, link, " ");
        } else {
          await keep({ ...item, reason: reasonOf(answer), asks: isForPerson(answer.status), near: Boolean(answer.body.near?.length) });
        }
      }
    } catch (error) {
      if (!(error instanceof NoSignal)) console.warn(error);
    } finally {
      busy = false;
      await show();
    }
  };

  // Back into the form, with everything and the photo; it leaves the list when it was sent.
  const fill = (item) => {
    for (const name of ["lon", "lat", "area", "address"]) if (form.elements[name]) form.elements[name].value = "";
    for (const [name, value] of item.fields) {
      const field = form.elements[name];
      if (field && field.type !== "file" && !(field instanceof RadioNodeList)) field.value = value;
    }
    const files = new DataTransfer();
    for (const file of filesOf(item)) files.items.add(file);
    const input = document.getElementById("id_photos");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    const place = (item.fields.find(([name, value]) => name === "place" && value) || [])[1];
    if (place && !form.querySelector(`[name=place][value="${CSS.escape(place)}"]`)) {
      const hidden = document.createElement("input");
      hidden.type = "hidden"; hidden.name = "place"; hidden.value = place;
      form.append(hidden);
    }
    if (item.hold) for (const details of form.querySelectorAll(".filing__more")) details.open = true;
    form.dispatchEvent(new CustomEvent("portal:place"));
    (item.hold && form.elements.contact ? form.elements.contact : form.elements.title).focus();
  };

  // ---- the form ----
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("data-ordinary")) return;
    event.preventDefault();
    if (form.hasAttribute("data-sending")) return;
    form.setAttribute("data-sending", "");
    status.textContent = words.sending;
    try {
      await begin;
      if (form.hasAttribute("data-offline")) { await hold(words.noSignal); sendAll(); return; }
      const key = form.elements.key.value, answer = await post(new FormData(form));
      if (answer.status === 201) { await forget(key); location.assign(answer.body.next); return; }
      if (answer.status === 409 || answer.status === 422) { form.submit(); return; } // the page itself shows what is asked
      await hold(reasonOf(answer));
    } catch (error) {
      if (!(error instanceof NoSignal)) throw error;
      await hold(words.noSignal);
    } finally {
      if (status.textContent === words.sending && !form.hasAttribute("data-leaving")) status.textContent = "";
      form.removeAttribute("data-sending");
    }
  });

  addEventListener("online", () => sendAll());
  setInterval(() => { if (!document.hidden && navigator.onLine && !box.hidden) sendAll(); }, TRY_AGAIN);
  begin.then(show).then((items) => { if (items.length) sendAll(); });

  if ("serviceWorker" in navigator && !form.hasAttribute("data-offline")) navigator.serviceWorker.register(words.worker).catch(() => {});
})();
