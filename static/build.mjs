// Makes static/dist/ from the npm packages and our own style sheet:
//   app.css      Tabler, without the rules that no page of ours uses, then static/css/app.css
//   htmx.min.js  copied
//   sprite.svg   the icons below: <svg class="icon"><use href="…/sprite.svg#tabler-home"/></svg>
// Run by `make assets`; nothing of npm is needed while the product runs.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";

const ICONS = [
  "home", "checkbox", "users", "user", "alert-triangle", "clipboard-list", "chart-bar", "upload",
  "download", "printer", "search", "phone", "map-pin", "calendar", "history", "shield-lock",
  "logout", "language", "chevron-right", "chevron-left", "x", "check", "plus", "clock", "school",
  "building", "file-text", "eye", "arrow-back-up", "bell", "lock",
];

// Where class names are written. Python too: forms and template tags name classes.
const PAGES = [
  "templates/**/*.html",
  "static/js/**/*.js",
  "{agencies,students,cases,reporting,config}/**/*.{html,py}",
];

// Class names that are put together at run time, so that no file spells them out.
const ALWAYS_KEPT = [
  /^kc-/, "show", "active", "is-invalid",
  /^bg-(red|orange|yellow|green|blue|azure|purple|secondary)-lt$/,
];

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (path) => readFileSync(path, "utf8");

// A source map that is not served would be a missing file to collectstatic.
const withoutSourceMap = (text) => text.replace(/\/[*/]# sourceMappingURL=.*?(\*\/)?$/gm, "");

async function styles() {
  const [tabler] = await new PurgeCSS().purge({
    css: [{ raw: read("node_modules/@tabler/core/dist/css/tabler.min.css") }],
    content: PAGES,
    safelist: ALWAYS_KEPT,
  });
  const own = existsSync("static/css/app.css") ? read("static/css/app.css") : "";
  return `${withoutSourceMap(tabler.css)}\n${own}`;
}

function symbol(name) {
  const drawing = read(`node_modules/@tabler/icons/icons/outline/${name}.svg`);
  const paths = drawing.replace(/<svg[^>]*>|<\/svg>|<path stroke="none"[^>]*>/g, "");
  return `<symbol id="tabler-${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" `
    + `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">`
    + `${paths.replace(/\s*\n\s*/g, "")}</symbol>`;
}

const sprite = () => `<svg xmlns="http://www.w3.org/2000/svg">\n`
  + `<!-- Tabler Icons, MIT licence -->\n${ICONS.map(symbol).join("\n")}\n</svg>\n`;

const files = {
  "app.css": await styles(),
  "htmx.min.js": withoutSourceMap(read("node_modules/htmx.org/dist/htmx.min.js")),
  "sprite.svg": sprite(),
};
mkdirSync("static/dist", { recursive: true });
for (const [name, text] of Object.entries(files)) {
  writeFileSync(`static/dist/${name}`, text);
  console.log(`static/dist/${name}  ${(Buffer.byteLength(text) / 1024).toFixed(1)} kB`);
}
