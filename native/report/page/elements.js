"use strict";
// The data of native/report/report_page.cpp, and the building blocks of the page. Names and other
// texts of a run are inserted as text, never as markup.

const { runs, charts, class_colors: classColors, zoom, version, live } = JSON.parse(document.getElementById("data").textContent);
const isSeveral = runs.length > 1;

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const card = (...children) => element("div", { className: "card" }, ...children);
const grid = (...children) => element("div", { className: "grid" }, ...children);

function dot(run) {
  const node = element("span", { className: "dot" });
  node.style.background = `var(--curve-${run % 6})`;
  return node;
}

const runTitle = (run) => (isSeveral ? element("h3", {}, dot(run), runs[run].name) : null);

// Null without content.
function section(title, ...children) {
  const shown = children.filter(Boolean);
  return shown.length > 0 ? element("section", {}, element("h2", {}, title), ...shown) : null;
}

// Rows of cells; the first of each is its title. Numbers are right-aligned.
function table(titles, rows) {
  const cell = (tag, content, isFirst) => element(
    isFirst ? "th" : tag,
    { className: isFirst ? "" : typeof content === "number" ? "number" : "text" },
    typeof content === "number" ? numberText(content) : content ?? "");
  const head = titles.length > 0 && element("thead", {}, element("tr", {}, ...titles.map((title, column) => {
    const isNumber = rows.some((row) => typeof row[column] === "number");
    return element("th", { className: isNumber ? "number" : "" }, title);
  })));
  const body = rows.map((row) => element("tr", {}, ...row.map((content, column) => cell("td", content, column === 0))));
  return element("div", { className: "scroll" },
    element("table", {}, ...(head ? [head] : []), element("tbody", {}, ...body)));
}
