/* [data-push] asks this browser, after a click and never by itself, to take the fan's notices, and tells the house its address. */

export async function start(section) {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return say(section, "unable");
  const form = section.querySelector("[data-push-form]");
  const worker = await navigator.serviceWorker.register("/service-worker.js", { scope: "/" }).catch(() => null);
  if (!worker) return say(section, "unable");
  section.querySelector("[data-push-leave]")?.addEventListener("click", () => leave(worker));
  section.querySelector("[data-push-ask]").addEventListener("click", (event) => ask(section, form, event.currentTarget));
  if (Notification.permission === "denied") return say(section, "refused");
  form.hidden = await isTold(section, worker);
}

/** Whether the house has the address that this browser has now. */
async function isTold(section, worker) {
  const now = await worker.pushManager.getSubscription();
  return Boolean(now) && section.dataset.pushMark === (await mark(now.endpoint));
}

async function ask(section, form, button) {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return say(section, "refused");
    const given = (await subscribed(section.dataset.push)).toJSON();
    form.elements.endpoint.value = given.endpoint;
    form.elements.p256dh.value = given.keys.p256dh;
    form.elements.auth.value = given.keys.auth;
    form.requestSubmit();
  } catch {
    say(section, "failed");
  } finally {
    button.disabled = false;
  }
}

/** The address of this browser; an old one that was made for another key of the house is given up. */
async function subscribed(key) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await pushManager.subscribe(wanted);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(wanted);
  }
}

async function leave(worker) {
  await (await worker.pushManager.getSubscription())?.unsubscribe();
}

async function mark(endpoint) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(section, which) {
  for (const words of section.querySelectorAll("[data-push-says]")) words.hidden = words.dataset.pushSays !== which;
}
