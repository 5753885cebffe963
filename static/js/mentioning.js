/* textarea[data-mentions]: while a name is typed after @, offers people who are known; arrows choose, Enter or Tab takes. */

const PAUSE = 120;
const BEGUN = /(?:^|[\s(（,，。：:])@([\p{L}\p{N}_.@-]{1,40})$/u;

export function start(area, house) {
  const state = { area, house, list: makeList(area), at: -1, timer: 0, asked: "" };
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", state.list.id);
  area.addEventListener("input", () => ask(state));
  area.addEventListener("keydown", (event) => onKey(state, event));
  area.addEventListener("blur", () => setTimeout(() => close(state), 150));
}

function makeList(area) {
  const list = document.createElement("ul");
  list.id = `${area.id}-mentions`;
  list.className = "mention-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  area.after(list);
  return list;
}

function ask(state) {
  clearTimeout(state.timer);
  const begun = BEGUN.exec(state.area.value.slice(0, state.area.selectionStart));
  state.asked = begun?.[1] ?? "";
  if (!state.asked) return close(state);
  state.timer = setTimeout(() => find(state, state.asked), PAUSE);
}

async function find(state, words) {
  const { area, house } = state;
  const answer = await fetch(`${area.form.dataset.handles}?words=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || state.asked !== words) return;
  const found = await answer.json();
  state.list.replaceChildren(...found.map((one, at) => line(state, one, at)));
  state.list.setAttribute("aria-label", house.words.mention);
  state.list.hidden = !found.length;
  state.at = -1;
  if (found.length) choose(state, 0);
}

function line(state, one, at) {
  const entry = document.createElement("li");
  const name = document.createElement("strong");
  const more = document.createElement("span");
  entry.id = `${state.list.id}-${at}`;
  entry.setAttribute("role", "option");
  entry.dataset.mention = one.mention;
  name.textContent = one.name;
  more.className = "text-quiet text-small";
  more.textContent = one.channel;
  entry.append(name, " ", more);
  entry.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(state, entry);
  });
  return entry;
}

function choose(state, at) {
  const entries = [...state.list.children];
  state.at = (at + entries.length) % entries.length;
  entries.forEach((entry, place) => entry.setAttribute("aria-selected", String(place === state.at)));
  state.area.setAttribute("aria-activedescendant", entries[state.at].id);
}

function onKey(state, event) {
  if (state.list.hidden || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(state, state.at + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter" || event.key === "Tab") take(state, state.list.children[state.at]);
  else if (event.key === "Escape") close(state);
  else return;
  event.preventDefault();
}

function take(state, entry) {
  const { area } = state;
  const end = area.selectionStart;
  const begin = end - state.asked.length;
  close(state);
  area.focus();
  area.setRangeText(`${entry.dataset.mention} `, begin, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  close(state);
}

function close(state) {
  clearTimeout(state.timer);
  state.asked = "";
  state.list.hidden = true;
  state.area.removeAttribute("aria-activedescendant");
}
