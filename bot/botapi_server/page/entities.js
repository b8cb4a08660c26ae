// Formatted text as DOM nodes. Everything goes in as text: nothing that a bot or a person wrote is read as HTML.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
};

// Offsets count UTF-16 code units, as JavaScript strings do.
export function formatted(text, entities = [], onLink = () => {}) {
  const root = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  build(root, text, 0, text.length, sorted, onLink);
  return root;
}

function build(parent, text, start, end, entities, onLink) {
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    parent.append(text.slice(at, from));
    const node = element(entity, text.slice(from, to), onLink);
    const inner = [];
    while (entities.length && entities[0].offset < to) inner.push(entities.shift());
    build(node, text, from, to, inner, onLink);
    parent.append(node);
    at = to;
  }
  parent.append(text.slice(at, end));
}

function element(entity, text, onLink) {
  const link = { url: text, text_link: entity.url, mention: text, email: text, phone_number: text,
    bot_command: text, hashtag: text, text_mention: text }[entity.type];
  if (link === undefined) {
    const node = document.createElement(TAGS[entity.type] || "span");
    if (entity.type === "spoiler") node.className = "spoiler";
    return node;
  }
  const node = document.createElement("button");
  node.type = "button";
  node.className = "link";
  node.title = link;
  node.addEventListener("click", () => onLink(entity.type, link));
  return node;
}
