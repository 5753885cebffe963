/* [data-insert]: puts its words where the caret stood last in the form named by data-insert-into. */

const last = new WeakMap();

export function start(button) {
  const form = document.getElementById(button.dataset.insertInto);
  if (!last.has(form)) remember(form);
  button.addEventListener("click", () => {
    const area = last.get(form) ?? form.querySelector("textarea");
    button.closest("details")?.removeAttribute("open");
    put(area, button.dataset.insert);
  });
}

export function put(area, words, from = area.selectionStart, to = area.selectionEnd) {
  const before = area.value.slice(0, from);
  const gap = before && !/\s$/u.test(before) && words.startsWith("#") ? " " : "";
  area.focus();
  area.setRangeText(gap + words, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function remember(form) {
  last.set(form, null);
  form.addEventListener("focusin", ({ target }) => {
    if (target.matches("textarea:not([readonly])")) last.set(form, target);
  });
}
