// The form for tips: a proof of work (cases/rules/proof.py), in steps that leave the page alive.
// Its SHA-256 is our own, because browsers offer theirs only over https. FIPS 180-4.

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
const START = PRIMES.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));
const W = new Int32Array(64);

function block(h, words, at) {
  for (let i = 0; i < 16; i += 1) W[i] = words[at + i];
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3))
      + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
  for (let i = 0; i < 64; i += 1) {
    const s = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const t = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    k = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
  }
  h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
}

// Hexadecimal SHA-256 of a text of ASCII letters.
export function sha256(text) {
  const words = new Int32Array((((text.length + 8) >> 6) + 1) * 16);
  for (let i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[words.length - 1] = text.length * 8;
  const h = Int32Array.from(START);
  for (let at = 0; at < words.length; at += 16) block(h, words, at);
  return Array.from(h, (value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
}

const STEP = 25; // milliseconds of calculation, then the page may answer

// The number for which salt:number has this hash; told(percent) meanwhile.
async function search({ salt, target, most }, told) {
  let n = 0;
  while (n <= Number(most)) {
    for (const until = performance.now() + STEP; performance.now() < until; n += 1) {
      if (sha256(`${salt}:${n}`) === target) return n;
    }
    told(Math.min(99, Math.floor((100 * n) / Number(most))));
    await new Promise((go) => { setTimeout(go); });
  }
  throw new Error("no number");
}

const form = document.querySelector("form[data-tip]");
if (form) {
  const field = form.elements.number;
  const [panel, bar] = [form.querySelector(".kc-tip-progress"), form.querySelector("progress")];
  let work = null;
  // It begins with the first letter that is typed, so that most people never wait.
  const begin = () => {
    work ??= search(field.dataset, (percent) => { bar.value = percent; })
      .then((number) => { field.value = number; });
    return work;
  };
  form.addEventListener("input", begin, { once: true });
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    if (!panel.hidden) return; // a second tap while it calculates
    panel.hidden = false;
    await begin();
    panel.hidden = true;
    form.requestSubmit();
  });
}
