/* Fans' pages: the service worker is asked for, and where the browser offers to put the house on the home screen, [data-install]
   shows that offer until somebody dismisses it for good. */

const DISMISSED = "install-dismissed";
let offer = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  show();
});
addEventListener("appinstalled", () => {
  offer = null;
  show();
});

export function start() {
  navigator.serviceWorker?.register("/service-worker.js", { scope: "/" }).catch(() => {});
  show();
}

function show() {
  const hint = document.querySelector("[data-install]");
  if (!hint) return;
  hint.hidden = !offer || localStorage.getItem(DISMISSED) === "1";
  hint.querySelector("[data-install-now]").onclick = install;
  hint.querySelector("[data-install-dismiss]").onclick = dismiss;
}

async function install() {
  const taken = offer;
  offer = null;
  await taken?.prompt();
  show();
}

function dismiss() {
  localStorage.setItem(DISMISSED, "1");
  show();
}
