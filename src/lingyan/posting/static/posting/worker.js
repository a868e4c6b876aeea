// Without signal every page of the diary answers with the one page that works without it. Nothing personal is kept here.
"use strict";
const SHELF = "lingyan-diary-1";
const PAGE = "/posting/diary/offline/";
const KEPT = [PAGE, "/static/ui/lingyan.css", "/static/ui/lingyan.svg", "/static/posting/diary.js"];

const fetchAgain = async (address) => {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  if (answer.ok) await (await caches.open(SHELF)).put(address, answer);
};

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all(KEPT.map(fetchAgain)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("lingyan-diary") && name !== SHELF) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
    // Renewed when the diary is opened with signal, so that it is never older than the last visit.
    if (address.pathname === "/posting/diary/") event.waitUntil(Promise.all(KEPT.map(fetchAgain)).catch(() => {}));
  } else if (KEPT.includes(address.pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(address.pathname)));
  }
});
