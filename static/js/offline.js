/* Tries the wanted page again: when the browser says that there is a network, and now and then, since it does not always say. */

const FIRST = 3000;
const LONGEST = 60000;
let pause = FIRST;

addEventListener("online", knock);
document.querySelector("[data-retry]").addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
setTimeout(keepKnocking, pause);

async function keepKnocking() {
  await knock();
  pause = Math.min(pause * 2, LONGEST);
  setTimeout(keepKnocking, pause);
}

/** Opens the page once the house answers, whatever it answers. */
async function knock() {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual" });
    location.reload();
  } catch {
    // still no network
  }
}
