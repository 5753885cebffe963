/* [data-sign-out]: whoever signs out leaves nothing behind on the device: no words begun, no notification that still shows. */

export function start(button) {
  button.form.addEventListener("submit", forget);
}

function forget() {
  navigator.serviceWorker?.controller?.postMessage("signed-out");
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith("draft:")) sessionStorage.removeItem(name);
    }
  } catch {
    /* Without storage there is nothing to forget. */
  }
}
