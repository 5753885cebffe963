/* The service worker. It keeps no page and nothing about anybody: files whose address names their content, and the one page that
   says that there is no network. HOUSE stands in the line before, written by commons/installing/worker.py, which says why. */

const KEPT = `house-${HOUSE.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(prepare());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (address.origin !== location.origin) return;
  else if (address.pathname === HOUSE.theme) event.respondWith(newest(request));
  else if (address.pathname.startsWith("/static/") && address.searchParams.has("v")) event.respondWith(file(request));
});

self.addEventListener("push", (event) => {
  const told = read(event.data);
  event.waitUntil(
    self.registration.showNotification(told.title || HOUSE.name, {
      body: told.body || "",
      lang: told.language || "",
      tag: told.tag || "notice",
      icon: HOUSE.icon,
      badge: HOUSE.badge,
      data: { path: told.path || "/me/notices" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/"));
});

self.addEventListener("message", (event) => {
  if (event.data === "signed-out") event.waitUntil(clear());
});

async function prepare() {
  const cache = await caches.open(KEPT);
  await cache.addAll([HOUSE.offline, HOUSE.theme, ...HOUSE.files].map((address) => new Request(address, { credentials: "omit" })));
  await self.skipWaiting();
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("house-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

/** From the network, or the page that says that there is none. */
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await kept(HOUSE.offline)) ?? Response.error();
  }
}

/** What has no version in its address: as new as can be had. */
async function newest(request) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(HOUSE.theme)) ?? Response.error();
  }
}

/** A file whose address names its content is the same for ever. */
async function file(request) {
  const found = await kept(request);
  if (found) return found;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.status === 200) (await caches.open(KEPT)).put(request, answer.clone());
    return answer;
  } catch {
    return Response.error();
  }
}

async function kept(wanted) {
  return (await caches.open(KEPT)).match(wanted);
}

/** What was told to who has signed out is for nobody else to read. */
async function clear() {
  for (const shown of await self.registration.getNotifications()) shown.close();
}

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

/** To the page of what was told: the window that shows it already, or a new one. Never to another house. */
async function open(path) {
  const wanted = new URL(path, location.origin);
  const address = wanted.origin === location.origin ? wanted : new URL("/", location.origin);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => new URL(one.url).pathname === address.pathname);
  return there ? there.focus() : self.clients.openWindow(address.href);
}
