/* Moving what stands in the calendar: by dragging, by Alt with an arrow key, by a dialog. Every way fills the same small
   form, whose answer is the calendar anew with a report in it; what is refused is back in its place then. */

let moved = null;
let drawn = 0;

export function start(calendar, house) {
  const form = calendar.querySelector("#calendar-move");
  tell(calendar);
  returnTo(calendar);
  calendar.querySelector("[data-filter]").addEventListener("change", (event) => event.currentTarget.requestSubmit());
  const selection = calendar.querySelector("[data-selection]");
  if (selection) count(calendar, selection, house);
  if (!form) return;
  calendar.addEventListener("keydown", (event) => byKey(event, calendar, form));
  calendar.addEventListener("click", (event) => openMove(event, house));
  sortable().then((Sortable) => makeDraggable(Sortable, calendar, form));
}

/** The report is read aloud from a place that outlives the calendar it stands in. */
function tell(calendar) {
  const place = document.getElementById("calendar-told");
  if (drawn++ && calendar.dataset.told) setTimeout(() => (place.textContent = calendar.dataset.told), 50);
}

/** Focus goes where the entry went; where it is no longer shown, to the report. */
function returnTo(calendar) {
  if (!moved) return;
  const name = moved;
  moved = null;
  const entry = [...calendar.querySelectorAll("[data-item]")].find((one) => names(one).includes(name));
  (entry?.querySelector(".entry-link") ?? calendar.querySelector("#calendar-report"))?.focus({ preventScroll: Boolean(entry) });
  entry?.scrollIntoView({ block: "nearest" });
}

const names = (entry) => entry.dataset.item.split("@")[0].split(".");

function send(form, entry, values) {
  moved = names(entry)[0];
  for (const input of form.querySelectorAll("[name=act], [name=day], [name=hour], [name=days]")) input.value = values[input.name] ?? "";
  form.querySelector("[name=item]").value = entry.dataset.item;
  form.requestSubmit();
}

function makeDraggable(Sortable, calendar, form) {
  for (const link of calendar.querySelectorAll("[data-item] a")) link.draggable = false;
  for (const list of calendar.querySelectorAll("ul[data-day]")) {
    new Sortable(list, {
      group: "calendar",
      draggable: "[data-item]",
      filter: ".entry-tick, .entry-move",
      preventOnFilter: false,
      sort: false,
      animation: 120,
      delay: 220,
      delayOnTouchOnly: true,
      ghostClass: "is-lifted",
      onStart: () => calendar.classList.add("is-dragging"),
      onEnd: (event) => {
        calendar.classList.remove("is-dragging");
        if (event.to !== event.from) drop(event, form);
      },
    });
  }
}

function drop(event, form) {
  const { item, from, to, oldIndex } = event;
  const { day, hour } = to.dataset;
  const back = () => {
    stop.abort();
    moved = null;
    if (item.isConnected) from.insertBefore(item, from.children[oldIndex] ?? null);
  };
  const stop = new AbortController();
  for (const kind of ["htmx:error", "htmx:response:error"]) form.addEventListener(kind, back, { signal: stop.signal });
  send(form, item, hour === undefined ? { act: "day", day } : { act: "hour", day, hour });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** In a month up and down are weeks, by the hour they are hours, in a list they are days. */
function byKey(event, calendar, form) {
  const entry = event.target.closest("[data-item]");
  const arrow = ARROWS[event.key];
  if (!entry || !arrow || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const [right, down] = arrow;
  const list = entry.closest("ul[data-day]");
  if (down && list.dataset.hour !== undefined) {
    send(form, entry, { act: "hour", ...hourLater(list.dataset, down) });
  } else {
    send(form, entry, { act: "days", days: right + down * (calendar.dataset.view === "list" ? 1 : 7) });
  }
}

function hourLater({ day, hour }, by) {
  const moment = new Date(`${day}T00:00Z`);
  moment.setUTCHours(Number(hour) + by);
  return { day: moment.toISOString().slice(0, 10), hour: moment.getUTCHours() };
}

/** The page that moves one entry, as a dialog over the calendar. */
async function openMove(event, house) {
  const link = event.target.closest(".entry-move");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return void house.say("bad", answer ? house.words.failed : house.words.no_answer);
  show(await answer.text(), link, house);
}

function show(markup, link, house) {
  const dialog = document.createElement("dialog");
  const close = document.createElement("button");
  dialog.className = "move-dialog";
  dialog.innerHTML = markup;
  close.type = "button";
  close.className = "btn btn-quiet";
  close.textContent = house.words.close;
  close.addEventListener("click", () => dialog.close());
  dialog.querySelector(".button-row:last-of-type").append(close);
  dialog.setAttribute("aria-label", dialog.querySelector("h2").textContent);
  dialog.addEventListener("submit", () => {
    moved = names(link.closest("[data-item]"))[0];
    setTimeout(() => dialog.close());
  });
  dialog.addEventListener("close", () => setTimeout(() => dialog.remove(), 500));
  document.body.append(dialog);
  window.htmx.process(dialog);
  dialog.showModal();
}

function count(calendar, selection, house) {
  const output = selection.querySelector("[data-selected]");
  const none = output.textContent;
  const ticks = () => [...calendar.querySelectorAll(".entry-tick")];
  const show = () => {
    const chosen = ticks().filter((tick) => tick.checked).length;
    output.textContent = chosen ? house.fill(output.dataset.words, { count: chosen }) : none;
  };
  calendar.addEventListener("change", show);
  selection.querySelector("[data-select-all]").addEventListener("click", () => {
    const all = ticks().every((tick) => tick.checked);
    for (const tick of ticks()) tick.checked = !all;
    show();
  });
  show();
}

function sortable() {
  return import(document.querySelector('meta[name="sortable-script"]').content).then(() => window.Sortable);
}
