// SPDX-License-Identifier: Apache-2.0
//
// The tables as the page holds them (data.hpp says how), read back; and the table of all kernels, joined from them.

const PARTS = ["activation", "direction", "type", "tier", "backend"];

const data = JSON.parse(document.getElementById("data").textContent);
const plugins = new Map(data.plugins.map((plugin) => [plugin.name, plugin]));

function valuesOf(column, rows) {
  if ("v" in column) return column.v;
  if ("i" in column) return column.i.map((word) => column.d[word]);
  const values = [];
  if ("s" in column)
    for (let i = 0; i < rows; ++i) values.push(column.s);
  if ("r" in column) {
    for (let at = 0; at < column.r.length; at += 2) {
      for (let i = 0; i < column.r[at + 1]; ++i) values.push(column.d[column.r[at]]);
    }
  }
  return values;
}

// Whether a column has numbers, by the first value that is there.
function isNumeric(column) {
  column.numeric ??= isNumber(column.values.find((value) => value !== "") ?? "");
  return column.numeric;
}

// A column is {name, values}; an empty text is no value. `key` is what the page's address calls the table.
class Table {
  constructor(key, file, columns, rows) {
    Object.assign(this, {key, file, columns, rows, byName: new Map(columns.map((column) => [column.name, column]))});
  }
  has(name) { return this.byName.has(name); }
  get(row, name) {
    const column = this.byName.get(name);
    return column === undefined ? "" : column.values[row];
  }
  // The only value of a column, where it has but one.
  only(column) {
    const first = column.values[0];
    return this.rows > 1 && column.values.every((value) => value === first) ? first : undefined;
  }
  // The rows of a kernel, found once for all.
  of(kernel) {
    if (this.index === undefined) {
      this.index = new Map();
      const names = this.has("kernel") ? this.byName.get("kernel").values : [];
      names.forEach((name, row) => {
        if (!this.index.has(name)) this.index.set(name, []);
        this.index.get(name).push(row);
      });
    }
    return this.index.get(kernel) ?? [];
  }
}

function readTable(source, key) {
  const columns = source.columns.filter((c) => !("k" in c)).map((c) => ({name: c.n, values: valuesOf(c, source.rows)}));
  const table = new Table(key, source.file, columns, source.rows);
  for (const {n, k} of source.columns) {
    if (k === undefined) continue;
    const parts = k.map((name) => table.byName.get(name).values);
    const column = {name: n, values: parts[0].map((_, row) => parts.map((values) => values[row]).join("/"))};
    table.columns.unshift(column);
    table.byName.set(n, column);
  }
  return table;
}

function readTables() {
  const tables = new Map();
  for (const source of data.tables) {
    const stem = source.file.replace(/\.csv$/, "");
    let key = stem;
    for (let n = 2; tables.has(key); ++n) key = `${stem}.${n}`;
    tables.set(key, readTable(source, key));
  }
  return tables;
}

const files = readTables();

// The tables that come from one file: "performance", "performance.2".
const parts = (stem) => [...files.values()].filter((table) => table.file === `${stem}.csv`);

const isNumber = (value) =>
    typeof value === "number" || (value !== "" && !Number.isNaN(numberOf(value))) || value === "nan";

function numberOf(value) {
  if (typeof value === "number") return value;
  if (value === "inf" || value === "+inf") return Infinity;
  if (value === "-inf") return -Infinity;
  return value === "" || /^\s|\s$/.test(value) ? NaN : Number(value);
}

// The ceilings stand among the kernels: "copy/memcpy/8B".
const isCopy = (table, row) => String(table.get(row, "kernel")).startsWith("copy/");

// One row a kernel: its error, and its times in the smallest arrays and in the largest.
function kernelTable() {
  const rows = new Map();
  const row = (table, at) => {
    const kernel = table.get(at, "kernel");
    if (!rows.has(kernel))
      rows.set(kernel, Object.fromEntries(["kernel", ...PARTS].map((name) => [name, table.get(at, name)])));
    return rows.get(kernel);
  };
  for (const table of [...parts("accuracy"), ...parts("rows-accuracy")]) {
    for (let at = 0; at < table.rows; ++at) {
      const of = row(table, at);
      for (const name of ["verdict", "promised_ulp", "max_ulp", "above_1_ulp", "input", "inputs"])
        of[name] = table.get(at, name);
      const promised = numberOf(of.promised_ulp), found = numberOf(of.max_ulp);
      if (promised > 0 && Number.isFinite(promised))
        of.percent_of_promise = Math.round((10000 * found) / promised) / 100;
    }
  }
  const times = [];
  for (const table of [...parts("performance"), ...parts("rows-performance")]) {
    for (let at = 0; at < table.rows; ++at) {
      if (isCopy(table, at) || !isNumber(table.get(at, "ns_per_element"))) continue;
      const length = table.get(at, "row");
      const size = `${table.get(at, "size")}${length === "" ? "" : `, rows of ${length}`}`;
      if (!times.includes(size)) times.push(size);
      row(table, at)[`ns, ${size}`] = table.get(at, "ns_per_element");
    }
  }
  const names = [
    "kernel", ...PARTS, "max_ulp", "percent_of_promise", ...times.map((size) => `ns, ${size}`), "input", "promised_ulp",
    "verdict", "above_1_ulp", "inputs"
  ];
  const all = [...rows.values()];
  const columns = names.map((name) => ({name, values: all.map((of) => of[name] ?? "")}));
  const table = new Table("kernels", "", columns, all.length);
  table.columns = columns.filter((column) => column.values.some((value) => value !== ""));
  return table;
}

const kernels = kernelTable();
const tables = new Map([...(kernels.rows > 0 ? [["kernels", kernels]] : []), ...files]);
