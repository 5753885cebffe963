/* What somebody is writing outlives a reload, a sign-in and an error, for the same person only (data-draft-of); Ctrl+Enter sends it. */

export function start(form) {
  const area = form.querySelector("textarea");
  const name = `draft:${form.dataset.draftOf}:${form.dataset.draft}`;

  if ("said" in form.dataset) forget();
  else if (area.value) keep(area.value);
  else restore();

  area.addEventListener("input", () => keep(area.value));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit();
  });

  function restore() {
    const kept = read();
    if (!kept) return;
    area.value = kept;
    form.closest("details")?.setAttribute("open", "");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function keep(text) {
    try {
      if (text) sessionStorage.setItem(name, text);
      else sessionStorage.removeItem(name);
    } catch {
      /* Storage may be full or forbidden; the words still stand in the form. */
    }
  }

  function read() {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null;
    }
  }

  function forget() {
    keep("");
  }
}
