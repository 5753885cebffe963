/* [data-pictures]: shows what was chosen, asks for a description of each, lets one add more and take one away. */

export function start(field, house) {
  const draft = {
    field,
    house,
    input: field.querySelector('input[type="file"]'),
    list: field.querySelector("[data-picture-list]"),
    problem: field.querySelector("[data-picture-error]"),
    items: [],
  };
  draft.input.addEventListener("change", () => add(draft));
  draft.input.form?.addEventListener("reset", () => {
    draft.items = [];
    draw(draft);
  });
}

function add(draft) {
  const { words } = draft.house;
  const most = Number(draft.field.dataset.most);
  const fresh = [...draft.input.files].filter((file) => !draft.items.some((item) => item.file === file));
  const large = fresh.find((file) => file.size > Number(draft.field.dataset.maxBytes));
  const fitting = fresh.filter((file) => file.size <= Number(draft.field.dataset.maxBytes));
  const all = [...draft.items, ...fitting.map((file) => ({ file, alt: "" }))];
  draft.items = all.slice(0, most);
  complain(draft, large ? draft.house.fill(words.picture_too_large, { name: large.name }) : all.length > most ? draft.house.fill(words.too_many_pictures, { count: most }) : "");
  draw(draft);
}

function complain({ problem }, words) {
  problem.textContent = words;
  problem.hidden = !words;
}

function draw(draft) {
  const chosen = new DataTransfer();
  draft.items.forEach((item) => chosen.items.add(item.file));
  draft.input.files = chosen.files;
  draft.items.forEach((item, at) => (item.file = draft.input.files[at]));
  draft.list.replaceChildren(...draft.items.map((item, at) => line(draft, item, at)));
}

function line(draft, item, at) {
  const { house, field } = draft;
  const entry = document.createElement("li");
  const image = document.createElement("img");
  const words = document.createElement("div");
  const label = document.createElement("label");
  const alt = document.createElement("input");
  const remove = document.createElement("button");
  entry.className = "picture-draft";
  image.src = URL.createObjectURL(item.file);
  image.alt = "";
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  label.className = "field-label text-small";
  label.htmlFor = alt.id = `${draft.input.id}-alt-${at}`;
  label.textContent = house.fill(house.words.alt_label, { number: at + 1 });
  alt.className = "form-control";
  alt.name = field.dataset.altName;
  alt.value = item.alt;
  alt.placeholder = house.words.alt_hint;
  alt.addEventListener("input", () => (item.alt = alt.value));
  words.append(label, alt);
  remove.type = "button";
  remove.className = "btn btn-icon btn-quiet";
  remove.setAttribute("aria-label", house.fill(house.words.remove_picture, { number: at + 1 }));
  remove.append(house.icon("x"));
  remove.addEventListener("click", () => {
    draft.items.splice(at, 1);
    complain(draft, "");
    draw(draft);
    draft.input.focus();
    draft.input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  entry.append(image, words, remove);
  return entry;
}
