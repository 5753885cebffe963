/* form[data-composer]: counts what is typed for every channel at each keystroke, and lets a channel's own words follow the
   shared ones until somebody edits them. [data-parts] holds the further parts of a thread (see thread.js). */

const SAID = ["text", "first_comment", "content_warning"];

export async function start(form, house) {
  const counting = await import(document.querySelector('meta[name="counting-module"]').content);
  const composer = { form, house, counting, number: new Intl.NumberFormat(house.language), cache: new Map(), firstLink: form.elements.link?.value ?? "" };

  form.addEventListener("input", (event) => onInput(composer, event));
  form.addEventListener("change", (event) => onChange(composer, event));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-follow]");
    if (button) follow(composer, button);
  });
  document.addEventListener("htmx:config:request", rememberOpened);
  document.addEventListener("htmx:after:swap", (event) => onSwap(form, event));
  recount(composer);
  form.dataset.ready = "";
}

function onInput(composer, { target }) {
  const field = target.closest?.("[data-variant] [data-field]");
  if (field && !target.matches('[type="checkbox"]')) own(composer, field, true);
  else if (!field) mirror(composer, target);
  recount(composer);
}

function onChange(composer, { target }) {
  if (target.name === "channel") show(target.value, target.checked);
  const field = target.closest?.("[data-variant] [data-field]");
  if (field && target.matches(".own-check input")) own(composer, field, target.checked);
  if (target.matches?.("[data-leave-out]")) tell(target.closest("[data-variant]"));
  recount(composer);
}

/* Pictures or a video have come or gone: the preview is drawn anew. */
function onSwap(form, { detail }) {
  const target = detail.ctx?.target;
  const id = target?.id ?? String(target).replace("#", "");
  if (["composer-pictures", "composer-video"].includes(id)) form.dispatchEvent(new Event("change", { bubbles: true }));
}

/* Following */

function own(composer, field, isOwn) {
  const box = field.querySelector(".own-check input");
  box.checked = isOwn;
  field.querySelector("[data-own-state]").hidden = !isOwn;
  tell(field.closest("[data-variant]"));
  if (!isOwn) refill(composer, field);
}

function follow(composer, button) {
  const field = button.closest("[data-field]");
  own(composer, field, false);
  recount(composer);
  (field.querySelector("textarea, input[type=text]") ?? field).focus();
  composer.form.dispatchEvent(new Event("change", { bubbles: true }));
}

function refill({ form }, field) {
  const name = field.dataset.field;
  if (name === "more") field.querySelector("[data-parts]").dispatchEvent(new CustomEvent("parts:fill", { detail: parts(form, "more") }));
  else field.querySelector("[data-follows]").value = form.elements[name].value;
}

function mirror(composer, target) {
  const { form } = composer;
  const name = target.matches("[data-part]") || target.matches("[data-parts]") ? "more" : target.name;
  if (name !== "more" && !SAID.includes(name)) return;
  for (const field of form.querySelectorAll(`[data-variant] [data-field="${name}"]`)) {
    if (!field.querySelector(".own-check input").checked) refill(composer, field);
  }
}

function show(key, isChosen) {
  const name = CSS.escape(key);
  for (const one of document.querySelectorAll(`[data-meter="${name}"], [data-variant="${name}"], [data-line="${name}"]`)) one.hidden = !isChosen;
}

function tell(variant) {
  const state = variant.querySelector("[data-variant-state]");
  const isEdited = [...variant.querySelectorAll('input[type="checkbox"]')].some((box) => box.checked);
  state.textContent = isEdited ? state.dataset.edited : state.dataset.following;
}

/* Counting */

function recount(composer) {
  const { form } = composer;
  composer.cache.clear();
  const shared = new Map();
  for (const meter of form.querySelectorAll("[data-meter]:not([hidden])")) {
    const rules = (meter.rules ??= JSON.parse(meter.dataset.rules));
    const lengths = measure(composer, meter.dataset.meter, rules);
    say(composer, meter, lengths, rules);
    partsOf(composer, meter, lengths, rules, shared);
  }
  for (const [output, words] of shared) {
    output.textContent = words.map((one) => one.text).join(" · ");
    output.classList.toggle("is-over", words.some((one) => one.isOver));
  }
}

function measure(composer, key, rules) {
  const { form } = composer;
  const warning = rules.warning ? said(form, key, "content_warning") : "";
  const link = chosenLink(composer, rules);
  const texts = [labelled(composer, rules, said(form, key, "text")), ...saidParts(form, key).filter((text) => text.trim())];
  return texts.map((text, at) => length(composer, text, link, at === 0, warning, rules));
}

/* An advertisement says so in its text where the channel does not; as community/channels/wording.py does it. */
function labelled({ form }, rules, text) {
  const isAd = form.elements.ad?.checked || form.elements.link?.selectedOptions[0]?.hasAttribute("data-sells");
  return rules.adLabel && isAd && !text.trimStart().startsWith(rules.adLabel.trim()) ? rules.adLabel + text : text;
}

function length(composer, text, link, isFirst, warning, rules) {
  const { counting } = composer;
  const sent = counting.textSent(tidied(composer, text), link, isFirst);
  const above = tidied(composer, warning);
  const used = counting.count(sent, rules) + counting.count(above, rules);
  const bytes = rules.bytes ? counting.bytes(sent, rules) + counting.bytes(above, rules) : 0;
  return { used, bytes, over: Math.max(0, used - rules.characters), bytesOver: rules.bytes ? Math.max(0, bytes - rules.bytes) : 0 };
}

/* The same words stand on most channels: they are tidied once a keystroke. */
function tidied({ counting, cache }, text) {
  if (!cache.has(text)) cache.set(text, counting.tidy(text));
  return cache.get(text);
}

function say(composer, meter, lengths, rules) {
  const worst = lengths.find((one) => one.over || one.bytesOver) ?? lengths[0];
  const output = meter.querySelector("[data-meter-words]");
  const words = sentence(composer, worst, rules);
  if (output.textContent !== words) output.textContent = words;
  meter.classList.toggle("is-over", isOver(worst));
}

function sentence({ house, number }, one, rules) {
  const most = one.bytesOver && !one.over;
  const shown = most
    ? house.fill(house.words.count_bytes, { count: number.format(one.bytes), most: number.format(rules.bytes) })
    : `${number.format(one.used)} / ${number.format(rules.characters)}`;
  const excess = one.over || one.bytesOver;
  return excess ? `${shown} · ${house.fill(house.words.count_over, { count: number.format(excess) })}` : shown;
}

/* Under each further part: how long it is. A shared one is told for every channel that follows it. */
function partsOf(composer, meter, lengths, rules, shared) {
  const key = meter.dataset.meter;
  if (!rules.threads) return;
  const isOwn = owns(composer.form, key, "more");
  const list = composer.form.querySelector(`[data-parts="${isOwn ? `more-${CSS.escape(key)}` : "more"}"]`);
  if (!list) return;
  let at = 0;
  for (const area of list.querySelectorAll("[data-part]")) {
    const output = area.closest(".part").querySelector("[data-part-count]");
    if (!shared.has(output)) shared.set(output, []);
    if (!area.value.trim()) continue;
    at += 1;
    const one = lengths[at];
    if (one) shared.get(output).push({ text: `${isOwn ? "" : `${meter.querySelector(".meter-name").textContent} `}${sentence(composer, one, rules)}`, isOver: isOver(one) });
  }
}

function isOver(one) {
  return Boolean(one.over || one.bytesOver);
}

function owns(form, key, name) {
  return Boolean(form.querySelector(`input[name="own-${CSS.escape(key)}"][value="${name}"]:is(:checked, [type=hidden])`));
}

function said(form, key, name) {
  const field = owns(form, key, name) ? form.elements[`${name}-${key}`] : form.elements[name];
  return field?.value ?? "";
}

function saidParts(form, key) {
  return parts(form, owns(form, key, "more") ? `more-${key}` : "more");
}

function parts(form, name) {
  return [...form.querySelectorAll(`textarea[name="${CSS.escape(name)}"]`)].map((area) => area.value);
}

function chosenLink({ form, firstLink }, rules) {
  const value = form.elements.link?.value ?? "";
  if (!value) return "";
  return value === firstLink ? rules.link : rules.linkForm;
}

/* The preview that was open stays open when it is drawn anew. */
function rememberOpened(event) {
  const place = event.target;
  if (place.id !== "preview") return;
  const opened = [...place.querySelectorAll("[data-preview][open]")].map((one) => one.dataset.preview).join(" ");
  event.detail.ctx.request.body.set("opened", opened || "-");
}
