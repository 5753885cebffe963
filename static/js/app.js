/* Starts what a page needs: each <meta name="module" data-for="selector" content="address"> is loaded when the selector
   matches something, now or after htmx brought new content, and its `start(element, house)` runs once per element. */

const root = document.documentElement;
const wordsElement = document.getElementById("house-words");
const started = new WeakMap();

export const house = {
  words: JSON.parse(wordsElement.dataset.words),
  language: root.lang,
  csrfToken: document.querySelector('meta[name="csrf-token"]').content,
  icon,
  say,
  fill: (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole),
};

root.classList.add("has-script");
scan();
document.addEventListener("htmx:after:swap", scan);
window.addEventListener("online", scan);
document.querySelector("[data-focus]")?.focus();

async function scan() {
  for (const meta of document.querySelectorAll('meta[name="module"]')) {
    const elements = [...document.querySelectorAll(meta.dataset.for)].filter((one) => isNew(meta, one));
    if (elements.length) {
      import(meta.content).then(
        (module) => elements.forEach((one) => module.start(one, house)),
        () => elements.forEach((one) => started.get(one).delete(meta.content)), // the network is away: tried again when it is back
      );
    }
  }
}

function isNew(meta, element) {
  const done = started.get(element) ?? new Set();
  started.set(element, done);
  return !done.has(meta.content) && Boolean(done.add(meta.content));
}

/** Puts a message where flashes stand; `kind` is good, warn, bad or info. */
function say(kind, text) {
  const shown = [...document.querySelectorAll("#flashes [data-flash]")];
  shown.find((one) => one.querySelector("p").textContent === text)?.remove();
  if (shown.length > 2) shown[0].remove();
  const flash = document.createElement("div");
  const words = document.createElement("p");
  const close = document.createElement("button");
  flash.className = `flash flash-${kind}`;
  flash.dataset.flash = "";
  words.textContent = text;
  close.type = "button";
  close.className = "btn btn-icon btn-quiet";
  close.dataset.flashClose = "";
  close.setAttribute("aria-label", house.words.close);
  close.append(icon("x"));
  flash.append(icon({ good: "circle-check", warn: "alert-triangle", bad: "alert-circle" }[kind] ?? "info-circle"), words, close);
  document.getElementById("flashes").append(flash);
  scan();
  return flash;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${wordsElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}
