/* A like shows at once, and goes back if the server did not take it. */

export function start(form, house) {
  const button = form.querySelector("button");
  const number = form.querySelector("[data-count]");
  const format = new Intl.NumberFormat(house.language);
  const before = { pressed: button.getAttribute("aria-pressed"), count: Number(number.dataset.count) };

  form.addEventListener("htmx:before:request", (event) => {
    if (event.target !== form) return;
    const on = before.pressed !== "true";
    show(String(on), before.count + (on ? 1 : -1));
    button.classList.toggle("is-liking", on);
  });
  form.addEventListener("htmx:error", back);
  form.addEventListener("htmx:response:error", back);

  function back() {
    show(before.pressed, before.count);
    button.classList.remove("is-liking");
  }

  function show(pressed, count) {
    button.setAttribute("aria-pressed", pressed);
    number.textContent = format.format(count);
  }
}
