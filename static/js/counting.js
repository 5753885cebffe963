/* How long a text is where it goes. Counts as campaigns/posts/counting.py does, and puts the link where
   community/channels/wording.py puts it; a browser test holds them together. */

const ASCII_ADDRESS = /https?:\/\/(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#](?:[!-~]*[A-Za-z0-9/=&#_~%+$-])?)?/gu;
const ADDRESS = /https?:\/\/(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#](?:[!-~]*[A-Za-z0-9/=&#_~%+$-])?)?/gu;
const FAR_MENTION = /(?<![\p{L}\p{N}_/])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{N}.-]*[\p{L}\p{N}]/gu;
const TURNS = /[\u202A-\u202E\u2066-\u2069]/gu;
const CONTROLS = /(?!\n)[\p{Cc}\p{Cs}]/gu;
const TOWER = /(\p{M}{6})\p{M}+/gu;
const MARK = "{link}";

const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });
const encoder = new TextEncoder();

/** `counting` is {unit, url, shortMentions}. */
export function count(text, counting) {
  let shown = text;
  if (counting.url != null) {
    const standIn = "x".repeat(counting.url);
    shown = shown.replace(ASCII_ADDRESS, standIn).replace(ADDRESS, standIn);
  }
  if (counting.shortMentions) shown = shown.replace(FAR_MENTION, "$1");
  return counting.unit === "halves" ? halves(shown) : clusters(shown);
}

export function bytes(text) {
  return encoder.encode(text).length;
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
  let found = 0;
  for (const _cluster of segmenter.segment(text)) found += 1;
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
