/* [data-draw-check] recomputes a draw from its published file, in this browser and with nothing but WebCrypto: no request is
   made. docs/draws.md writes down the same bytes; campaigns/draws/check_draw.py does the same in Python. */

const AT_ONCE = 2000;
const encoder = new TextEncoder();

export function start(panel) {
  const words = JSON.parse(panel.dataset.words);
  const chosen = panel.querySelector("[data-files]");
  chosen.addEventListener("change", () => show(panel, words, [...chosen.files]));
}

/** Read the files, check them and put the outcome on the page. */
async function show(panel, words, files) {
  const screen = new Screen(panel, words);
  if (!globalThis.crypto?.subtle) return screen.verdict("warn", words.insecure);
  try {
    screen.progress(words.reading);
    const read = await Promise.all(files.map(async (file) => JSON.parse(await file.text())));
    const draw = read.find((one) => one.format === "quanzi-draw-1");
    const proofs = read.filter((one) => one.format === "quanzi-proof-1");
    if (draw) await checkDraw(draw, proofs, screen);
    else if (proofs.length) await checkProofsAlone(proofs, screen);
    else screen.verdict("bad", read.length ? words.unreadable : words.no_draw);
  } catch {
    screen.verdict("bad", words.unreadable);
  }
}

/** Every step of a draw, one line each; true lines all the way mean that the result follows. */
export async function checkDraw(draw, proofs, screen) {
  const { rules, list, randomness } = draw;
  const source = rules.randomness;
  const value = bytes(randomness.value);
  screen.step("rules", (await fingerprint(rules)) === draw.rules_hash);
  screen.step("order", list.count === list.entries.length && list.entries.every((one, at) => !at || list.entries[at - 1] < one));
  const leaves = await each(list.entries, (entry) => leaf(rules.draw, entry), screen);
  screen.step("root", hex(await root(leaves)) === list.root);
  screen.step("exclusions", (await fingerprint(list.exclusions)) === list.exclusions_hash);
  screen.step("times", rules.closes_at <= list.frozen_at && list.frozen_at < rules.reveals_at && rules.reveals_at <= draw.drawn_at);
  if (source.source === "drand") {
    const comesOut = source.genesis + (source.round - 1) * source.period;
    const hashed = hex(await sha256(bytes(randomness.signature)));
    screen.step("round", hashed === randomness.value && comesOut * 1000 === Date.parse(rules.reveals_at));
  } else {
    screen.step("locked", hex(await sha256(value)) === source.commitment);
  }
  const committed = await fingerprint({
    count: list.count, exclusions_hash: list.exclusions_hash, root: list.root, rules_hash: draw.rules_hash,
  });
  const seed = await hmac(await hmacKey(value), bytes(committed));
  screen.step("seed", hex(seed) === draw.seed);
  const key = await hmacKey(seed);
  const numbers = await each(list.entries, (entry) => hmac(key, encoder.encode(entry)).then(hex), screen);
  const order = list.entries.map((entry, at) => [numbers[at], entry]).sort(byNumber).map(([, entry]) => entry);
  screen.step("winners", handedDown(draw.awards, rules.prizes, order));
  for (const proof of proofs) screen.step("proof", (await climb(proof)) === list.root && proof.root === list.root);
  screen.winners(draw.awards, rules.prizes, proofs.map((proof) => proof.entry));
  screen.done();
}

async function checkProofsAlone(proofs, screen) {
  for (const proof of proofs) screen.step("proof", (await climb(proof)) === proof.root);
  screen.done();
}

/** Whether each rank got what was its turn: the next fresh piece, or one that somebody before it passed on. */
function handedDown(awards, prizes, order) {
  const fresh = prizes.flatMap((prize, kind) => Array.from({ length: prize.quantity }, (_, unit) => `${kind}/${unit + 1}`));
  const passedOn = [];
  if (awards.length < Math.min(fresh.length, order.length)) return false;
  return awards.every((award, at) => {
    const piece = `${award.prize}/${award.unit}`;
    const again = passedOn.indexOf(piece);
    if (award.rank !== at + 1 || award.entry !== order[at] || (again < 0 && piece !== fresh[0])) return false;
    if (again < 0) fresh.shift();
    else passedOn.splice(again, 1);
    if (award.passed_on) passedOn.push(piece);
    return true;
  });
}

/** The root over a list of leaves (RFC 6962): neighbours become nodes, an odd one goes up as it is. */
async function root(level) {
  while (level.length > 1) {
    const pairs = [];
    for (let at = 0; at + 1 < level.length; at += 2) pairs.push([level[at], level[at + 1]]);
    const above = await each(pairs, ([left, right]) => node(left, right));
    level = level.length % 2 ? [...above, level.at(-1)] : above;
  }
  return level[0] ?? sha256(new Uint8Array());
}

/** The root that a proof leads to (RFC 9162, section 2.1.3.2), or null for one of the wrong length. */
async function climb(proof) {
  let [place, last, found] = [proof.index, proof.count - 1, await leaf(proof.draw, proof.entry)];
  for (const beside of proof.path.map(bytes)) {
    if (place % 2 || place === last) {
      found = await node(beside, found);
      while (place && !(place % 2)) [place, last] = [place >>> 1, last >>> 1];
    } else {
      found = await node(found, beside);
    }
    [place, last] = [place >>> 1, last >>> 1];
  }
  return last === 0 ? hex(found) : null;
}

/** Do it for every item, some at a time, so that the page stays alive. */
async function each(items, work, screen) {
  const done = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
    screen?.counted(done.length, items.length);
  }
  return done;
}

/** JSON in one way only: keys in order, no spaces. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const fingerprint = async (value) => hex(await sha256(encoder.encode(canonical(value))));
const leaf = (draw, entry) => sha256(joined(Uint8Array.of(0), encoder.encode(`${draw}/${entry}`)));
const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const hmacKey = (key) => crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
const hmac = async (key, data) => new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
const byNumber = ([one], [other]) => (one < other ? -1 : one > other ? 1 : 0);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The part of the page on which the outcome stands. */
class Screen {
  constructor(panel, words) {
    this.words = words;
    this.holds = true;
    for (const name of ["progress", "steps", "verdict", "winners"]) this[`${name}At`] = panel.querySelector(`[data-${name}]`);
    this.stepsAt.replaceChildren();
    this.winnersAt.hidden = this.verdictAt.hidden = true;
  }

  progress(text) {
    this.progressAt.hidden = !text;
    this.progressAt.textContent = text;
  }

  counted(done, count) {
    this.progress(this.words.working.replace("{done}", done.toLocaleString()).replace("{count}", count.toLocaleString()));
  }

  step(name, holds) {
    this.holds &&= holds;
    const line = document.createElement("li");
    line.className = `list-line check-${holds ? "good" : "bad"}`;
    line.textContent = `${holds ? "✓" : "✗"} ${this.words[name]}`;
    this.stepsAt.append(line);
  }

  done() {
    this.verdict(this.holds ? "good" : "bad", this.words[this.holds ? "good" : "bad"]);
  }

  verdict(tone, text) {
    this.progress("");
    this.verdictAt.hidden = false;
    this.verdictAt.className = `check-verdict check-${tone}`;
    this.verdictAt.textContent = text;
  }

  winners(awards, prizes, mine) {
    const table = document.createElement("table");
    table.className = "table";
    const head = table.createTHead().insertRow();
    for (const name of ["rank", "entry", "prize"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = this.words[name];
      head.append(cell);
    }
    const body = table.createTBody();
    for (const award of awards) {
      const row = body.insertRow();
      const note = award.passed_on ? ` (${this.words.passed_on})` : "";
      const own = mine.includes(award.entry) ? ` · ${this.words.yours}` : "";
      for (const text of [award.rank, award.entry + own, prizes[award.prize].name + note]) row.insertCell().textContent = text;
      row.cells[1].className = "fingerprint";
    }
    this.winnersAt.replaceChildren(table);
    this.winnersAt.hidden = false;
  }
}
