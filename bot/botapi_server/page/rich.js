// Blocks of a rich message as DOM nodes. Everything goes in as text, as in entities.js.
import { node } from "/page/door.js";

const STYLES = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

export function richBlocks(blocks, onLink) {
  const root = node("div", "rich");
  root.append(...blocks.map((block) => drawn(block, onLink)));
  return root;
}

function drawn(block, onLink) {
  if (block.type === "table") return table(block, onLink);
  if (block.type === "divider") return node("hr");
  if (block.type === "list") {
    const list = node("ul");
    for (const item of block.items) {
      const entry = node("li");
      entry.append(...item.blocks.map((inner) => drawn(inner, onLink)));
      list.append(entry);
    }
    return list;
  }
  const tags = { heading: "h4", preformatted: "pre", footer: "footer", details: "details" };
  const made = node(block.type.includes("quote") ? "blockquote" : tags[block.type] || "div");
  if (block.summary) made.append(node("summary", "", "")), made.lastChild.append(text(block.summary, onLink));
  if (block.text) made.append(text(block.text, onLink));
  if (block.blocks) made.append(...block.blocks.map((inner) => drawn(inner, onLink)));
  return made;
}

function table(block, onLink) {
  const made = node("table");
  for (const row of block.cells) {
    const line = node("tr");
    for (const cell of row) {
      const shown = node(cell.is_header ? "th" : "td");
      shown.colSpan = cell.colspan || 1;
      shown.rowSpan = cell.rowspan || 1;
      if (cell.text) shown.append(text(cell.text, onLink));
      line.append(shown);
    }
    made.append(line);
  }
  const frame = node("div", "table");
  frame.append(made);
  return frame;
}

function text(value, onLink) {
  if (typeof value === "string") return document.createTextNode(value);
  const root = document.createDocumentFragment();
  if (Array.isArray(value)) {
    root.append(...value.map((part) => text(part, onLink)));
    return root;
  }
  const link = value.type === "url";
  const made = node(link ? "button" : STYLES[value.type] || "span", link ? "link" : "");
  if (link) {
    made.type = "button";
    made.title = value.url;
    made.addEventListener("click", () => onLink("text_link", value.url));
  }
  made.append(text(value.text || "", onLink));
  return made;
}
