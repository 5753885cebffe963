/* How long a text is where it goes. Counts as campaigns/posts/counting.py does, and puts the link where
   community/channels/wording.py puts it; a browser test holds them together. */

const ASCII_ADDRESS = /https?:\/\/(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#](?:[!-~]*[A-Za-z0-9/=&#_~%+$-])?)?/gu;
const ADDRESS = /https?:\/\/(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#](?:[!-~]*[A-Za-z0-9/=&#_~%+$-])?)?/gu;
const FAR_MENTION = /(?<![\p{L}\p{N}_/])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{N}.-]*[\p{L}\p{N}]/gu;
const SHORTENED =
  /https?:\/\/(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)(?::[0-9]+)?(?:[/?#][!#-&(-;=?-~]*)?/giu;
const SHOWN_PATH = 15;
const TURNS = /[\u202A-\u202E\u2066-\u2069]/gu;
const CONTROLS = /(?!\n)[\p{Cc}\p{Cs}]/gu;
const TOWER = /(\p{M}{6})\p{M}+/gu;
const MARK = "{link}";

// Characters that never join a neighbour of their own kind: one with such neighbours on both sides is one by itself.
const PLAIN = "\\n\\x20-\\x7e\\u2014\\u2018-\\u201f\\u2026\\u3001-\\u3029\\u3041-\\u3096\\u30a1-\\u30fa\\u4e00-\\u9fff\\uff01-\\uff5e";
const AMONG_PLAIN = new RegExp(`(?<=[${PLAIN}])[${PLAIN}]+(?=[${PLAIN}])`, "g");

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
const encoder = new TextEncoder();

/** `counting` is {unit, url, shortMentions, shortAddresses}. */
export function count(text, counting) {
  let shown = asShown(text, counting);
  if (counting.url != null) {
    const standIn = "x".repeat(counting.url);
    shown = shown.replace(ASCII_ADDRESS, standIn).replace(ADDRESS, standIn);
  }
  if (counting.shortMentions) shown = shown.replace(FAR_MENTION, "$1");
  return counting.unit === "halves" ? halves(shown) : clusters(shown);
}

/** The bytes of a text as it is shown. */
export function bytes(text, counting) {
  return encoder.encode(asShown(text, counting)).length;
}

/** Where addresses are cut: without their scheme, a long path shortened. */
function asShown(text, { shortAddresses }) {
  return shortAddresses ? text.replace(SHORTENED, shorten) : text;
}

function shorten(match) {
  let url = match;
  while (url && ".,;:!?)]}'\"".includes(url.at(-1)) && !(url.at(-1) === ")" && url.split("(").length >= url.split(")").length)) url = url.slice(0, -1);
  const bare = url.slice(url.indexOf("://") + 3);
  const [host, ...path] = bare.replace(/^www\./, "").replace(/\/+$/, "").split("/");
  const rest = [...(path.length ? `/${path.join("/")}` : "")];
  return host + (rest.length <= SHOWN_PATH ? rest.join("") : `${rest.slice(0, SHOWN_PATH - 2).join("")}…`) + match.slice(url.length);
}

/** What is kept of a text: no controls, no turned direction, no towers of marks, blank edges and endless empty lines gone. */
export function tidy(text) {
  const kept = text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    .replace(TURNS, "")
    .replace(CONTROLS, "")
    .replace(TOWER, "$1");
  const lines = kept.split("\n").map((line) => line.trimEnd());
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

/** `text` with its link at the mark, else at the end of the first part; without one the mark is left out. */
export function textSent(text, link, isFirst) {
  if (!link) return text.replace(/[ \t]*\{link\}/g, "").trim();
  if (text.includes(MARK)) return text.replaceAll(MARK, link).trim();
  if (!isFirst || holds(text, link)) return text.trim();
  return [text.trim(), link].filter(Boolean).join("\n\n");
}

function holds(text, link) {
  let from = text.indexOf(link);
  while (from >= 0) {
    if (!/^[\p{L}\p{N}_/?#&=%-]/u.test(text.slice(from + link.length))) return true;
    from = text.indexOf(link, from + 1);
  }
  return false;
}

function clusters(text) {
  const edges = text.replace(AMONG_PLAIN, "");
  let found = text.length - edges.length;
  for (const _cluster of segmenter.segment(edges)) found += 1;
  return found;
}

function halves(text) {
  let sum = 0;
  for (const character of text) {
    const point = character.codePointAt(0);
    sum += point <= 0xff ? 1 : point <= 0xffff ? 2 : 4;
  }
  return Math.ceil(sum / 2);
}
