/* [data-parts]: the further parts of a thread. Adds, removes and reorders them; "parts:fill" puts other texts in. */

export function start(place, house) {
  const list = place.querySelector("[data-part-list]");
  const template = place.querySelector("[data-part-template]");
  list.querySelector("noscript")?.remove();
  if (!template) return;

  place.querySelector("[data-part-add]").addEventListener("click", () => {
    const part = add(template, list, "");
    settle(place, list, house);
    part.querySelector("textarea").focus();
    changed(place);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-part-act]");
    if (button) act(button, place, list, house);
  });
  place.addEventListener("parts:fill", ({ detail }) => {
    if (fill(template, list, detail)) settle(place, list, house);
  });
  settle(place, list, house);
}

/* Puts texts into the parts that stand there, at every keystroke; whether there are more or fewer of them now. */
function fill(template, list, texts) {
  const before = list.children.length;
  texts.forEach((text, at) => {
    const area = list.children[at]?.querySelector("textarea");
    if (!area) add(template, list, text);
    else if (area.value !== text) area.value = text;
  });
  while (list.children.length > texts.length) list.lastElementChild.remove();
  return list.children.length !== before;
}

function add(template, list, text) {
  const part = template.content.firstElementChild.cloneNode(true);
  part.querySelector("textarea").value = text;
  list.append(part);
  return part;
}

function act(button, place, list, house) {
  const part = button.closest(".part");
  const name = button.dataset.partAct;
  if (name === "up" && part.previousElementSibling) part.previousElementSibling.before(part);
  if (name === "down" && part.nextElementSibling) part.nextElementSibling.after(part);
  if (name === "remove") (part.nextElementSibling ?? part.previousElementSibling)?.querySelector("textarea").focus();
  if (name === "remove") part.remove();
  else button.focus();
  if (!list.children.length) place.querySelector("[data-part-add]").focus();
  settle(place, list, house);
  changed(place);
}

/* Numbers each part for those who hear the page. */
function settle(place, list, house) {
  [...list.children].forEach((part, at) => {
    const area = part.querySelector("textarea");
    area.setAttribute("aria-label", house.fill(place.dataset.partLabel, { number: at + 2 }));
    part.querySelector('[data-part-act="up"]')?.toggleAttribute("disabled", at === 0);
    part.querySelector('[data-part-act="down"]')?.toggleAttribute("disabled", at === list.children.length - 1);
  });
}

function changed(place) {
  place.dispatchEvent(new Event("input", { bubbles: true }));
}
