/* Questions before something that cannot be undone: a <details data-confirm> opens as a dialog, and hx-confirm asks in one too. */

export function start(element, house) {
  if (element.matches("[data-confirm]")) {
    element.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      openPanel(element);
    });
  } else {
    element.addEventListener("htmx:confirm", (event) => {
      if (event.target !== element) return;
      event.preventDefault();
      ask(event.detail.ctx.confirm, element, house).then((yes) => (yes ? event.detail.issueRequest() : event.detail.dropRequest()));
    });
  }
}

function openPanel(details) {
  const panel = details.querySelector("[data-confirm-panel]");
  const dialog = show(panel);
  dialog.setAttribute("aria-label", panel.querySelector(".confirm-question").textContent);
  dialog.addEventListener("close", () => details.append(panel), { once: true });
}

function ask(question, source, house) {
  const panel = document.createElement("div");
  const words = document.createElement("p");
  const row = document.createElement("div");
  const yes = document.createElement("button");
  const no = document.createElement("button");
  words.className = "confirm-question";
  words.textContent = question;
  row.className = "button-row";
  yes.className = "btn btn-primary";
  yes.type = no.type = "button";
  yes.textContent = (source.querySelector("[type=submit]") ?? source).textContent.trim() || house.words.yes;
  no.className = "btn btn-quiet";
  no.textContent = house.words.cancel;
  no.dataset.close = "";
  row.append(yes, no);
  panel.append(words, row);
  const dialog = show(panel);
  dialog.setAttribute("aria-label", question);
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}

function show(panel) {
  const dialog = document.createElement("dialog");
  dialog.append(panel);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("submit", () => setTimeout(() => dialog.close()));
  dialog.addEventListener("close", () => setTimeout(() => dialog.remove()));
  dialog.showModal();
  return dialog;
}
