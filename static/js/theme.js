/* The theme changes at once; the server remembers it. */

export function start(button, house) {
  const form = button.closest("form");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    wear(button.dataset.themeChoice);
    for (const other of document.querySelectorAll("[data-theme-choice]")) {
      other.setAttribute("aria-pressed", String(other.dataset.themeChoice === button.dataset.themeChoice));
    }
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", headers: { "X-CSRFToken": house.csrfToken } })
      .catch(() => house.say("bad", house.words.no_answer));
  });
}

function wear(choice) {
  const root = document.documentElement;
  root.dataset.theme = choice;
  if (choice === "auto") delete root.dataset.bsTheme;
  else root.dataset.bsTheme = choice;
  document.dispatchEvent(new CustomEvent("quanzi:theme"));
}
