// SPDX-License-Identifier: Apache-2.0
//
// What stands behind a number: the row it is in, the kernel's worst input, its pictures, and the commands that make it
// again.

const dialog = document.getElementById("row");

// ---- Commands

// A word as a shell takes it.
const word = (text) => (/^[\w.,:=/+-]+$/.test(text) ? text : `'${String(text).replaceAll("'", "'\\''")}'`);

function command(...words) {
  return ["actbench", ...words.filter((w) => w !== "").map((w) => word(String(w)))].join(" ");
}

// An option of a command, where there is a value for it.
const option = (name, value) => (value === "" || value === undefined ? [] : [name, value]);
const chosen = (table, row, names) => names.flatMap((name) => option(`--${name}`, table.get(row, name)));
const pluginOf = (backend) => option("--plugin", plugins.get(backend)?.file);

// What every command that measures kernels takes.
const kernelOf = (table, row) =>
    [table.get(row, "kernel"), ...option("--seed", table.get(row, "seed") || data.run.seed),
     ...pluginOf(table.get(row, "backend"))];

function inputsOf(table, row) {
  return option("--inputs", table.get(row, "exhaustive") === "true" ? "all" : table.get(row, "inputs"));
}

// Errors over rows: of which lengths, and how many elements.
const rowsOf = (lengths) => [...option("--rows", lengths), ...option("--inputs", data.run.row_elements)];

// At one input: the exact result, and the kernel's.
function evalCommand(table, row) {
  const x = table.get(row, "input") || table.get(row, "x");
  // Of a row one element says nothing.
  if (x === "" || !table.has("activation") || table.file.startsWith("rows-")) return "";
  return command(
      "eval", table.get(row, "activation"), x,
      ...chosen(table, row, ["direction", "type", "tier", "backend", "dy", "a"]),
      ...pluginOf(table.get(row, "backend")));
}

const accuracyAgain = (t, r) => {
  const searched = numberOf(t.get(r, "searched")) > 0 ? t.get(r, "searched") : "";
  return command("accuracy", ...kernelOf(t, r), ...inputsOf(t, r), ...option("--search", searched));
};
const overflowAgain = (t, r) => command("overflow", ...kernelOf(t, r), ...inputsOf(t, r), "--details");
const benchAgain = (t, r, like = t.get(r, "distribution")) => command(
    "bench", ...kernelOf(t, r), ...option("--sizes", t.get(r, "size")), ...option("--rows", t.get(r, "row")),
    ...option("--like", like));

// By the stem of the table's file.
const AGAIN = {
  "accuracy": accuracyAgain,
  "overflow": overflowAgain,
  "performance": (t, r) => benchAgain(t, r),
  "performance-inputs": (t, r) => benchAgain(t, r, "all"),
  "rows-accuracy": (t, r) => command("accuracy", ...kernelOf(t, r), ...rowsOf(data.run.row_lengths)),
  "rows-lengths": (t, r) => command("accuracy", ...kernelOf(t, r), ...rowsOf(t.get(r, "length"))),
  "rows-overflow": overflowAgain,
  "rows-faults": overflowAgain,
  "rows-performance": (t, r) => benchAgain(t, r),
  "rows-inputs": (t, r) => benchAgain(t, r, "all"),
  "gap": () => command("gap", "--details"),
  "properties": (t, r) => command("properties", t.get(r, "activation")),
  "claims": (t, r) => command("claims", t.get(r, "id"), "--details"),
};

function againCommand(table, row) {
  const again = AGAIN[table.file.replace(/\.csv$/, "")];
  if (isCopy(table, row)) {  // it is timed with every kernel that moves as many bytes
    const same = (name, at) => table.get(at, name) === table.get(row, name);
    for (let at = 0; at < table.rows; ++at) {
      if (!isCopy(table, at) && same("bytes_per_element", at) && same("size", at)) return again(table, at);
    }
    return "";
  }
  if (again !== undefined) return again(table, row);
  if (table.get(row, "activation") === "") return "";
  return command(
      "compare", table.get(row, "activation"), ...chosen(table, row, ["direction", "type"]),
      ...pluginOf(peerOf(table, row)));
}

function commandBlock(text, label) {
  if (text === "") return "";
  // A line breaks between words only.
  const code = element("code", {}, ...text.split(/(?<= )/).map((part) => element("span", {}, part))),
        heard = element("span", {role: "status"});
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      heard.textContent = " copied";
    } catch {
      getSelection().selectAllChildren(code);  // where a page may not copy by itself
      heard.textContent = " selected";
    }
  };
  return element(
      "div", {class: "command", "data-command": label}, element("pre", {}, code),
      element(
          "span", {},
          element("button", {type: "button", onclick: copy, "aria-label": `Copy the command: ${label}`}, "Copy"),
          heard));
}

// ---- Rows as lists and small tables

function fieldsOf(table, row, names) {
  const fields = element("dl");
  for (const name of names) {
    const value = table.get(row, name);
    if (value === "") continue;
    fields.append(element("dt", {}, headingOf(name)), element("dd", {}, shown(value, name)));
  }
  return fields.childElementCount > 0 ? fields : "";
}

function smallTable(table, rows, most = 40) {
  const differ = (c) => rows.some((row) => c.values[row] !== (rows.length > 1 ? c.values[rows[0]] : ""));
  const columns = table.columns.filter(
      (c) => c.name !== "kernel" && !PARTS.includes(c.name) && !LESSER.test(c.name) && table.only(c) === undefined &&
          differ(c));
  const broken = (row) => BROKEN.includes(table.get(row, "verdict"));
  const order = [...rows.filter(broken), ...rows.filter((row) => !broken(row))];
  const lines = order.slice(0, most).map(
      (row) => element(
          "tr", {},
          ...columns.map(
              (c) => element("td", {class: isNumber(c.values[row]) ? "n" : undefined}, shown(c.values[row], c.name)))));
  const head = element("tr", {}, ...columns.map((c) => element("th", {scope: "col"}, headingOf(c.name))));
  return element(
      "div", {class: "wide", tabindex: "0", role: "group", "aria-label": `Rows of ${table.key}`},
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)),
      rows.length > most ? element("p", {}, `and ${rows.length - most} more`) : "");
}

// ---- Pictures

// A picture says by its file's name what it is about: properties-gelu.svg. Words that are parts of a kernel must be
// this one's; one of them must be the activation, or the name must begin as the table's does.
function picturesOf(table, row) {
  const own = new Set(PARTS.map((part) => String(table.get(row, part))));
  const known = (part) => new Set(tables.get("kernels")?.byName.get(part)?.values ?? []);
  const others = new Set(PARTS.flatMap((part) => [...known(part)]).map(String));
  const stem = table.file.replace(/[.-].*/, "");
  return [...document.querySelectorAll("figure[data-file]")].filter(({dataset}) => {
    const words = dataset.file.replace(/\.svg$/, "").split(/[-.]/);
    if (words.some((w) => others.has(w) && !own.has(w))) return false;
    const activation = table.get(row, "activation");
    return (activation !== "" && words.includes(activation)) ||
        (stem !== "" && words[0] === stem && !words.slice(1).some((w) => others.has(w)));
  });
}

function pictureBlock(figure) {
  const host = element("div", {class: "picture"});
  const drawn = figure.querySelector(".picture").shadowRoot;
  const caption = element(
      "a", {href: `#${figure.id}`}, figure.querySelector("figcaption").firstChild.textContent.replace(/ \($/, ""));
  if (drawn === null) return element("p", {}, caption);
  host.attachShadow({mode: "open"}).append(...[...drawn.childNodes].map((node) => node.cloneNode(true)));
  return element("figure", {}, host, element("figcaption", {}, caption));
}

// ---- All of it

const WORST = [
  "input", "input_bits", "dy", "dy_bits", "a", "a_bits", "got", "expected", "max_ulp", "promised_ulp", "verdict",
  "inputs", "exhaustive"
];

// What every table of kernels says of this one; the table where the number stands comes first.
function kernelBlocks(kernel, first) {
  const blocks = [];
  const worst = [...parts("accuracy"), ...parts("rows-accuracy")];
  for (const table of worst) {
    for (const row of table.of(kernel)) {
      blocks.push([
        table, element("h3", {}, "The worst input found"), fieldsOf(table, row, WORST),
        commandBlock(evalCommand(table, row), "this input"), commandBlock(againCommand(table, row), "all inputs")
      ]);
    }
  }
  for (const table of files.values()) {
    const rows = worst.includes(table) ? [] : table.of(kernel);
    if (rows.length === 0) continue;
    const commands = [...new Set(rows.map((row) => againCommand(table, row)))].slice(0, 3);
    blocks.push([
      table, element("h3", {}, headingOf(table.key.replaceAll("-", ", "))), smallTable(table, rows),
      ...commands.map((text) => commandBlock(text, table.key))
    ]);
  }
  return [...blocks.filter(([table]) => table === first), ...blocks.filter(([table]) => table !== first)].flatMap(
      ([, ...block]) => block);
}

function showRow() {
  const [key, number] = (state.row ?? "").split(/:(?=\d+$)/);
  const table = tables.get(key), row = Number(number);
  if (table === undefined || !(row < table.rows)) {
    if (dialog.open) dialog.close();
    return;
  }
  const kernel = table.get(row, "kernel");
  const title = kernel ||
      ["id", "activation", "function"].map((name) => table.get(row, name)).find((name) => name !== "") || table.key;
  const top = element(
      "div", {class: "top"},
      element(
          "h2", {id: "row-heading", tabindex: "-1"},
          ...String(title).split(/(?<=\/)/).flatMap((part) => [part, element("wbr")])),
      element("button", {type: "button", onclick: () => dialog.close()}, "Close"));
  const own = table.columns.map((column) => column.name).filter((name) => name !== "kernel");
  const blocks = [];
  if (table !== kernels && !(kernel && /accuracy/.test(table.key))) {
    const again = againCommand(table, row);
    blocks.push(
        element("h3", {}, `This row of ${table.file}`), fieldsOf(table, row, own),
        commandBlock(evalCommand(table, row), "at this input"), commandBlock(again, "this row"));
  }
  if (kernel) blocks.push(...kernelBlocks(kernel, table));
  const pictures = picturesOf(table, row).map(pictureBlock);
  if (pictures.length > 0) blocks.push(element("h3", {}, pictures.length > 1 ? "Pictures" : "Picture"), ...pictures);
  dialog.replaceChildren(top, ...blocks);
  paint();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  top.firstChild.focus();
}

// The address no longer names a row; the table behind stays as it is.
dialog.addEventListener("close", () => {
  if (state.row !== undefined) history.replaceState(null, "", addressOf({}));
  delete state.row;
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
