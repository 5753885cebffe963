/* form[data-autosave-url]: sends the form a moment after the last change, and says in [data-autosave-state] where it stands.
   The answer may be JSON {"fields": {"version": "3"}, "url": "…"}: hidden fields to carry on with, and the address to save to from now on.
   A refusal says why: {"errors": ["sentence", …]} with 422, {"error": {"title", "advice"}} with 409; what was typed then still
   waits to be saved. [data-once-saved] appears with the first save. With data-autosave-stopped nothing is sent before somebody presses the button. */

const PAUSE = 800;
const RETRY = 10000;

export function start(form, house) {
  const clean = placeOf(form)?.dataset.state !== "unsaved";
  const stopped = "autosaveStopped" in form.dataset;
  const state = { form, house, timer: 0, running: false, again: false, clean, stopped, told: "" };

  form.addEventListener("input", () => changed(state));
  form.addEventListener("change", () => changed(state));
  form.addEventListener("submit", () => {
    clearTimeout(state.timer);
    state.clean = true;
    state.stopped = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!state.clean) event.preventDefault();
  });
  addEventListener("online", () => state.clean || state.stopped || save(state));
}

function changed(state) {
  if (state.stopped) return;
  state.clean = false;
  tell(state, "unsaved", state.house.words.unsaved);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(state), PAUSE);
}

async function save(state) {
  if (state.running) {
    state.again = true;
    return;
  }
  state.running = true;
  state.again = false;
  state.clean = true;
  tell(state, "saving", state.house.words.saving);
  try {
    await settle(state, await send(state));
  } catch {
    failed(state);
  }
  state.running = false;
  if (state.again && !state.stopped) save(state);
}

function send({ form, house }) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return fetch(form.dataset.autosaveUrl, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": house.csrfToken, Accept: "application/json" },
  });
}

async function settle(state, response) {
  const { form, house } = state;
  if (response.status === 409) {
    state.stopped = true;
    state.clean = false;
    refused(state, "conflict", (await reason(response)) || house.words.save_conflict);
  } else if (response.status === 422) {
    state.clean = false;
    refused(state, "unsaved", `${house.words.save_invalid} ${await reason(response)}`);
  } else if (!response.ok || response.redirected) {
    failed(state);
  } else {
    if (response.headers.get("Content-Type")?.includes("json")) carryOn(form, await response.json());
    const timeZone = document.documentElement.dataset.zone || undefined;
    const time = new Intl.DateTimeFormat(house.language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone }).format();
    state.told = "";
    for (const one of document.querySelectorAll("[data-once-saved]")) one.hidden = false;
    tell(state, "saved", house.fill(house.words.saved_at, { time }));
  }
}

async function reason(response) {
  const { error, errors } = await response.json().catch(() => ({}));
  return errors?.join(" ") ?? (error ? `${error.title} ${error.advice}` : "");
}

function carryOn(form, answer) {
  for (const [name, value] of Object.entries(answer.fields ?? {})) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  if (answer.url) form.dataset.autosaveUrl = answer.url;
}

function failed(state) {
  state.clean = false;
  tell(state, "failed", state.house.words.save_failed);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(state), RETRY);
}

/* Said beside the button, and once as a message, which is seen from anywhere on a long page. */
function refused(state, name, words) {
  tell(state, name, words);
  if (state.told !== words) state.house.say("bad", words);
  state.told = words;
}

function tell({ form }, name, words) {
  const place = placeOf(form);
  if (!place) return;
  place.dataset.state = name;
  place.textContent = words;
}

function placeOf(form) {
  return form.querySelector("[data-autosave-state]") ?? document.querySelector(`[data-autosave-state="${CSS.escape(form.id)}"]`);
}
