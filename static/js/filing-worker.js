// The filing page without signal: its shell, which holds no person and no area, is kept and shown when the network does not answer.
"use strict";
const STORE = "filing-1";
const SHELL = new URL("offline/", self.registration.scope).href;
const PAGE = self.registration.scope;

// The shell and every file it names; the next visit brings what has changed.
const renew = async () => {
  const answer = await fetch(SHELL, { credentials: "same-origin", cache: "no-cache" });
  if (!answer.ok || answer.redirected) return;
  const text = await answer.clone().text();
  const files = [...text.matchAll(/(?:href|src)="(\/[^"#?]*\.(?:css|js|svg))/g)].map((found) => found[1]);
  const store = await caches.open(STORE);
  await store.addAll([...new Set(files)].filter((file) => !file.startsWith(new URL(PAGE).pathname)));
  await store.put(SHELL, answer);
};

self.addEventListener("install", (event) => event.waitUntil(renew().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("filing-") && name !== STORE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (request.mode === "navigate" && address.origin + address.pathname === PAGE) {
    event.respondWith((async () => {
      try {
        const answer = await fetch(request);
        if (answer.ok && !answer.redirected) event.waitUntil(renew().catch(() => {}));
        return answer;
      } catch (error) {
        return (await (await caches.open(STORE)).match(SHELL)) || Response.error();
      }
    })());
  } else if (address.origin === location.origin && /\.(?:css|js|svg)$/.test(address.pathname) && address.pathname !== location.pathname) {
    // The network first: a kept file is for the time without it.
    event.respondWith(fetch(request).catch(async () => (await (await caches.open(STORE)).match(request, { ignoreVary: true })) || Response.error()));
  }
});
