// SPDX-License-Identifier: Apache-2.0
//
// One table at a time, sorted and filtered. The page's address holds the choice:
// #table=accuracy&type=f32&sort=-max_ulp.

const CHOICES = [...PARTS, "peer"];
const PAGE_OF_ROWS = 50;

// An element; children are elements or text, which stays text.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on"))
      made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false)
      made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// ---- What is chosen

const state = {};

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (!location.hash.includes("=") && state.table !== undefined) {
    delete state.row;  // a place in the page: the table stays as it is
    return;
  }
  for (const name of Object.keys(state)) delete state[name];
  for (const name of ["table", "sort", "words", "all", "row", ...CHOICES]) {
    if (asked.get(name)) state[name] = asked.get(name);
  }
  if (!tables.has(state.table)) state.table = tables.keys().next().value;
}

function addressOf(changes) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({...state, row: undefined, ...changes})) {
    if (value !== undefined && value !== "") all.set(name, value);
  }
  return `#${all}`;
}

// ---- Words and numbers

const HEADINGS = {
  max_ulp: "max ULP",
  max_finite_ulp: "max finite ULP",
  mean_ulp: "mean ULP",
  promised_ulp: "promised ULP",
  above_1_ulp: "above 1 ULP",
  percent_of_promise: "% of promise",
  input: "worst x",
  ns_per_element: "ns an element",
  ns_low: "ns, low",
  ns_high: "ns, high",
  wrong_nans: "wrong NaN",
  wrong_infinities: "wrong inf",
  percent_of_copy: "% of copy",
  exhaustive: "every input",
  expected: "right is",
  gb_per_second: "GB/s",
  largest_low: "largest, low",
  largest_high: "largest, high",
};
const headingOf = (name) =>
    HEADINGS[name] ?? name.replace(/^ns_/, "ns, ").replaceAll("_", " ").replace(/\bulp\b/g, "ULP");

function ulpText(value) {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf");
  if (value === 0) return "0";
  return value < 1000 ? value.toFixed(4) : value.toExponential(2).replace("e+", "e");
}

function shown(value, name) {
  if (value === "") return "—";
  if (value === "true" || value === "false") return value === "true" ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  if (/ulp/.test(name) && !/promised|above|not_|mean/.test(name) && name !== "ulp_definition") return ulpText(value);
  if (Number.isInteger(value) && Math.abs(value) >= 1e5 && Math.abs(value) < 1e15)
    return value.toLocaleString("en").replaceAll(",", "\u2009");
  return String(value);
}

// What people look at first; the tick "all columns" shows the rest.
const LESSER = new RegExp(
    "(_hex|_bits)$|^(kernel|elements|bytes_per_element|repetitions|confidence|elements_per_second|searched|inputs)$|" +
    "^searched_misrounded$|^percent_of_copy_(low|high)$|^worst_(generator|seed|position)$");

function columnsOf(table) {
  const told = table.columns.filter((c) => !(c.name === "kernel" && table.has("activation")));
  if (state.all !== undefined) return told;
  const some = told.filter((c) => !LESSER.test(c.name) && (CHOICES.includes(c.name) || table.only(c) === undefined));
  return some.length > 0 ? some : told;
}

// ---- Which rows, in which order

// The library that a row is about, where it is one that people use instead, or another plug-in.
const peerOf = (table, row) =>
    table.get(row, "peer") || (plugins.has(table.get(row, "backend")) ? table.get(row, "backend") : "");

function chosenRows(table) {
  const words = (state.words ?? "").toLowerCase().split(/\s+/).filter((word) => word !== "");
  const rows = [];
  for (let row = 0; row < table.rows; ++row) {
    const fits = PARTS.every(
        (part) => !state[part] || !table.has(part) || String(table.get(row, part)).split(" ").includes(state[part]));
    if (!fits) continue;
    if (state.peer && (table.has("peer") || table.has("backend")) &&
        peerOf(table, row) !== (state.peer === "none" ? "" : state.peer))
      continue;
    const text = words.length === 0 ? "" : table.columns.map((column) => column.values[row]).join(" ").toLowerCase();
    if (words.every((word) => text.includes(word))) rows.push(row);
  }
  return rows;
}

// Numbers by size, then texts by letters; what is not there comes last either way.
function compare(a, b) {
  const x = numberOf(a), y = numberOf(b);
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x < y ? -1 : x > y ? 1 : 0;
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function sorted(table, rows) {
  const sort = state.sort ?? (table.has("percent_of_promise") ? "-percent_of_promise" : "");
  const down = sort.startsWith("-"), column = table.byName.get(down ? sort.slice(1) : sort);
  if (column === undefined) return {rows, name: "", down};
  const there = rows.filter((row) => column.values[row] !== ""),
        absent = rows.filter((row) => column.values[row] === "");
  there.sort((a, b) => (down ? -1 : 1) * compare(column.values[a], column.values[b]) || a - b);
  return {rows: [...there, ...absent], name: column.name, down};
}

// ---- The table

const BROKEN = ["fail", "fails", "wrong", "excluded by the promise"];

function cellOf(table, row, column, leads) {
  const value = column.values[row], text = shown(value, column.name);
  const broken =
      BROKEN.includes(table.get(row, "verdict")) && ["verdict", "max_ulp", "percent_of_promise"].includes(column.name);
  const address = addressOf({row: `${table.key}:${row}`});
  if (leads) return element("td", {}, element("a", {href: address, title: "Worst input, picture, commands"}, text));
  if (value === "") return element("td", {class: isNumeric(column) ? "n" : undefined}, text);
  if (!isNumber(value)) return element("td", {class: text.length > 60 ? "long" : broken ? "bad" : undefined}, text);
  const place =
      {class: broken ? "value bad" : "value", href: address, tabindex: "-1", title: "Worst input, picture, command"};
  return element("td", {class: "n"}, element("a", place, text));
}

function headOf(columns, table, order) {
  const cells = columns.map((column) => {
    const now = order.name === column.name;
    // Numbers begin with the largest: the worst.
    const numeric = isNumeric(column);
    const next = now ? (order.down ? column.name : `-${column.name}`) : numeric ? `-${column.name}` : column.name;
    const press = () => {
      go({sort: next});
      view.querySelector(`th[data-name="${CSS.escape(column.name)}"] button`)?.focus();
    };
    const button = element("button", {type: "button", onclick: press, title: "Sort"}, headingOf(column.name));
    return element(
        "th", {
          scope: "col",
          "data-name": column.name,
          class: numeric ? "n" : undefined,
          "aria-sort": now ? (order.down ? "descending" : "ascending") : undefined
        },
        button);
  });
  return element("thead", {}, element("tr", {}, ...cells));
}

const view = element("div"), said = element("p", {role: "status", class: "faint"});

function showTable() {
  const table = tables.get(state.table);
  const columns = columnsOf(table), order = sorted(table, chosenRows(table));
  const body = element("tbody");
  const more = element("p");
  let count = 0;
  const add = (n) => {
    for (const row of order.rows.slice(count, count + n)) {
      body.append(element("tr", {}, ...columns.map((column, c) => cellOf(table, row, column, c === 0))));
    }
    count = Math.min(order.rows.length, count + n);
    said.textContent = `${order.rows.length.toLocaleString("en")} of ${table.rows.toLocaleString("en")} rows` +
        (count < order.rows.length ? `; ${count} are shown` : "");
    more.hidden = count >= order.rows.length;
  };
  const button = (text, n) => element("button", {type: "button", onclick: () => add(n)}, text);
  more.append(button(`${4 * PAGE_OF_ROWS} more`, 4 * PAGE_OF_ROWS), " ", button("All", Infinity));
  add(PAGE_OF_ROWS);
  const facts = table.columns.filter(
      (c) => !columns.includes(c) && !CHOICES.includes(c.name) && ![undefined, ""].includes(table.only(c)));
  const same = facts.map((c) => `${headingOf(c.name)} ${shown(c.values[0], c.name)}`).join(" · ");
  const source = table.file === "" ?
      "One row a kernel, joined from the tables of errors and times." :
      element("span", {}, "All digits are in ", element("a", {href: table.file}, table.file), ".");
  view.replaceChildren(
      element("p", {class: "faint"}, source, same === "" ? "" : ` All rows: ${same}.`),
      element(
          "div", {class: "wide big", tabindex: "0", role: "group", "aria-label": `Table ${table.key}`},
          element(
              "table", {}, element("caption", {class: "faint", hidden: true}, table.key), headOf(columns, table, order),
              body)),
      more);
}

// ---- The choices above it

const choices = new Map();

function optionsOf(name) {
  const values = new Set();
  for (const table of tables.values()) {
    for (const value of table.byName.get(name)?.values ?? []) {
      for (const word of String(value).split(" "))
        if (word !== "" && !word.startsWith("copy/")) values.add(word);
    }
  }
  if (name !== "peer") return [...values].sort();
  for (const plugin of plugins.keys()) values.add(plugin);
  return values.size === 0 ? [] : ["none", ...[...values].sort()];
}

function makeChoices() {
  const labelled = (text, input) => element("label", {}, text, input);
  const place = element("div", {class: "choices", role: "group", "aria-label": "Filter"});
  const words = element(
      "input",
      {type: "search", id: "words", autocomplete: "off", oninput: () => go({words: words.value.trim()}, true)});
  choices.set("words", words);
  place.append(labelled("words", words));
  for (const name of CHOICES) {
    const options = optionsOf(name);
    if (options.length === 0) continue;
    const select = element(
        "select", {id: `choose-${name}`, onchange: () => go({[name]: select.value})},
        element("option", {value: ""}, "all"), ...options.map((value) => element("option", {value}, value)));
    choices.set(name, select);
    place.append(labelled(name, select));
  }
  const all =
      element("input", {type: "checkbox", id: "all-columns", onchange: () => go({all: all.checked ? "1" : undefined})});
  choices.set("all", all);
  const clear = () => go(Object.fromEntries(["words", ...CHOICES].map((name) => [name, undefined])));
  place.append(
      element("label", {class: "tick"}, all, " all columns"),
      element("button", {type: "button", onclick: clear}, "Clear"));
  return place;
}

const list = element("ul", {class: "list", "aria-label": "Tables"});

function showChoices() {
  for (const [name, input] of choices) {
    if (name === "all")
      input.checked = state.all !== undefined;
    else if (document.activeElement !== input || input.tagName === "SELECT")
      input.value = state[name] ?? "";
  }
  const table = tables.get(state.table);
  for (const name of CHOICES) {
    const applies = table.has(name) || (name === "peer" && table.has("backend"));
    if (choices.has(name)) choices.get(name).disabled = !applies;
  }
  list.replaceChildren(...[...tables].map(
      ([key, {rows}]) => element(
          "li", {},
          element(
              "a", {
                href: addressOf({table: key, sort: undefined}),
                "aria-current": key === state.table ? "true" : undefined
              },
              `${key.replaceAll("-", ", ").replace(".", " ")} (${rows.toLocaleString("en")})`))));
}
