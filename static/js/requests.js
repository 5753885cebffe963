/* What goes wrong between the page and the server is said in words, and never takes the place of what somebody is writing. */

let offline = null;

export function start(body, house) {
  document.addEventListener("htmx:response:error", (event) => keepThePage(event.detail.ctx, house));
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && navigator.onLine) house.say("bad", house.words.no_answer);
    else if (event.detail.ctx) sayOffline(house);
  });
  addEventListener("offline", () => sayOffline(house));
  addEventListener("online", () => {
    offline?.remove();
    offline = null;
    house.say("good", house.words.online);
  });
  if (!navigator.onLine) sayOffline(house);
}

/** A region that answers with its own error state is swapped in; a general error is shown as a message instead. */
function keepThePage(ctx, house) {
  const answer = new DOMParser().parseFromString(ctx.text, "text/html");
  const told = answer.querySelector("[data-error-fragment]");
  const isWholePage = /^\s*<!doctype/i.test(ctx.text);
  if (!told && !isWholePage && ctx.text.trim() && ctx.response.headers.get("Content-Type")?.startsWith("text/html")) return;
  ctx.swap = "none";
  if (ctx.response.headers.has("HX-Redirect")) return;
  house.say("bad", told ? [...told.querySelectorAll("p")].map((one) => one.textContent.trim()).join(" ") : wordsFor(ctx.response.status, house.words));
}

function wordsFor(status, words) {
  if (status === 429) return words.too_many;
  return status >= 500 ? words.no_answer : words.failed;
}

function sayOffline(house) {
  offline ??= house.say("warn", house.words.offline);
}
