// SPDX-License-Identifier: Apache-2.0
//
// Puts the page together, and follows its address.

// ---- Light and dark

const conditions = new Map();  // of rules for the dark, as they were written
let theme = "";                // "": as the system has it

function darkRules() {
  const roots = [
    document,
    ...[...document.querySelectorAll(".picture")].map((host) => host.shadowRoot).filter((root) => root !== null)
  ];
  return roots.flatMap((root) => [...root.styleSheets]).flatMap((sheet) => [...sheet.cssRules]).filter((rule) => {
    if (rule instanceof CSSMediaRule && /prefers-color-scheme/.test(rule.media.mediaText))
      conditions.set(rule, rule.media.mediaText);
    return conditions.has(rule);
  });
}

const isDark = () => (theme === "" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark");

function paint(as = theme) {
  document.documentElement.style.colorScheme = as === "" ? "" : as;
  for (const rule of darkRules())
    rule.media.mediaText = as === "" ? conditions.get(rule) : as === "dark" ? "all" : "not all";
}

const toggle = element(
    "button", {
      type: "button",
      id: "theme",
      onclick: () => {
        theme = isDark() ? "light" : "dark";
        paint();
        showTheme();
        try {
          localStorage.setItem("actbench-theme", theme);
        } catch { /* nothing is kept where that is not allowed */
        }
      }
    },
    "Dark");

function showTheme() { toggle.setAttribute("aria-pressed", String(isDark())); }

// ---- The summary's numbers lead to the tables

// Words of texts that are parts of kernels.
function choiceOf(...texts) {
  const found = {};
  for (const text of texts.flatMap((t) => t.split(/[\s,:/]+/))) {
    for (const part of PARTS) {
      if (found[part] === undefined && kernels.byName.get(part)?.values.includes(text)) found[part] = text;
    }
  }
  return found;
}

function linkSummary() {
  if (kernels.rows === 0) return;
  const names = kernels.byName.get("kernel").values;
  for (const code of document.querySelectorAll("#summary code")) {
    const row = names.indexOf(code.textContent);
    if (row >= 0) code.replaceWith(element("a", {href: `#row=kernels:${row}`}, code.cloneNode(true)));
  }
  for (const line of document.querySelectorAll("#summary tbody tr")) {
    const heads = [...line.closest("table").querySelectorAll("th")].map((head) => head.textContent);
    const first = choiceOf(line.cells[0].textContent);
    if (Object.keys(first).length === 0) continue;
    // What the sentence above the table says holds for all of it, and what the row's own cells say, for the row.
    const above = line.closest(".wide").previousElementSibling;
    const {activation, ...whole} = choiceOf(above?.tagName === "P" ? above.textContent : "");
    const own =
        choiceOf(...[...line.cells].filter((_, at) => PARTS.includes(heads[at])).map((cell) => cell.textContent));
    [...line.cells].forEach((cell, at) => {
      if (cell.querySelector("a") !== null || (at > 0 && !/^[-−+\d]|^inf|^nan/.test(cell.textContent))) return;
      const to = {table: "kernels", ...whole, ...own, ...choiceOf(heads[at] ?? ""), ...first};
      const link =
          element("a", {href: `#${new URLSearchParams(to)}`, class: "value", tabindex: at > 0 ? "-1" : undefined});
      link.append(...cell.childNodes);
      cell.append(link);
    });
  }
}

// ---- The address

// typing: the address changes without a place in the browser's history.
function go(changes, typing = false) {
  const address = addressOf(changes);
  if (address === location.hash) return;
  if (typing)
    history.replaceState(null, "", address);
  else
    history.pushState(null, "", address);
  follow();
}

let drawn;  // what the table shows; a row that opens and closes leaves it alone

function follow(event) {
  readAddress();
  const first = drawn === undefined, anew = addressOf({}) !== drawn;
  if (anew) {
    drawn = addressOf({});
    showChoices();
    showTable();
  }
  showRow();
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id === "" || id.includes("=") ? null : document.getElementById(id);
  for (let at = target; at !== null; at = at.parentElement)
    if (at.tagName === "DETAILS") at.open = true;
  if (target?.tagName === "FIGURE") {
    if (dialog.open) dialog.close();
    target.scrollIntoView();
  }
  const arrived = (event !== undefined && anew) || first;
  if (arrived && id.includes("table=") && state.row === undefined) document.getElementById("tables").scrollIntoView();
}

// Browsers from before 2024 leave a picture in its template.
function showPictures() {
  for (const template of document.querySelectorAll(".picture > template"))
    template.parentElement.attachShadow({mode: "open"}).append(template.content);
}

function start() {
  showPictures();
  document.querySelector("header nav").append(toggle);
  try {
    theme = localStorage.getItem("actbench-theme") ?? "";
  } catch { /* as the system has it */
  }
  paint();
  showTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  if (tables.size > 0) {
    const absent = data.absent.flatMap((file, at) => [at > 0 ? ", " : "", element("a", {href: file}, file)]);
    document.getElementById("app").append(
        list, makeChoices(), said, view,
        ...(absent.length > 0 ? [element("p", {}, "These tables are too large for the page: ", ...absent, ".")] : []));
    document.getElementById("without-script").hidden = true;
    linkSummary();
    addEventListener("hashchange", follow);
    follow();
  }
  // On paper everything is open, and light.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
    paint("light");
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
    paint();
  });
}

start();
