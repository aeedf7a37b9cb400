{% load static %}/* Answers for the schedule where there is no reception: with the copy of the last time, which says that it is one. */
"use strict";
const NAME = "my-schedule";
const PAGE = "{% url "programs:my-schedule" %}";
const FILES = [{% for file in files %}"{% static file %}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PATIENCE = 4000; // milliseconds: then the copy is shown, and what arrives later is kept for the next time

// A new worker begins with nothing: whatever a former user of this phone had seen is gone.
self.addEventListener("install", (event) => event.waitUntil((async () => {
  await caches.delete(NAME);
  const cache = await caches.open(NAME);
  await cache.addAll(FILES);
  await keep(await fetch(PAGE, { redirect: "manual", cache: "no-store" }));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

async function page(event) {
  const fresh = fetch(event.request).then(keep);
  event.waitUntil(fresh.catch(() => {}));
  try {
    const copy = await kept();
    if (!copy) return await fresh;
    const tired = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    return (await Promise.race([fresh, tired])) || marked(copy);
  } catch (error) {
    const copy = await kept();
    if (copy) return marked(copy);
    throw error;
  }
}

// Whoever is signed out, or may not see the page any more, has no copy either.
async function keep(response) {
  const cache = await caches.open(NAME);
  if (response.ok && response.type === "basic") await cache.put(PAGE, response.clone());
  else if (response.type === "opaqueredirect" || response.status < 500) await cache.delete(PAGE);
  return response;
}

async function kept() {
  const cache = await caches.open(NAME);
  return cache.match(PAGE, { ignoreSearch: true, ignoreVary: true });
}

async function marked(copy) {
  const text = (await copy.text()).replace('data-copy="no"', 'data-copy="yes"');
  return new Response(text, { headers: copy.headers });
}

async function file(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request, { ignoreVary: true })) || fetch(request);
}
