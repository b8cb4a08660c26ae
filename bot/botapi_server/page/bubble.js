// One message as a bubble with its keyboard.
import { fill, node } from "/page/door.js";
import { formatted } from "/page/entities.js";
import { richBlocks } from "/page/rich.js";

const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

// `pane` gives words, me (the chosen person's id) and the actions press, link, tools.
export function bubble(message, pane) {
  const service = serviceText(message, pane.words);
  if (service) return node("p", "service", service);
  const mine = !message.from_bot && message.from && message.from.id === pane.me;
  const item = node("article", `message ${mine ? "mine" : "theirs"}${message.from_bot ? " bot" : ""}`);
  item.dataset.id = message.message_id;
  const body = node("div", "bubble");
  if (!mine && pane.role !== "consumer") body.append(node("div", "name", senderName(message)));
  body.append(...head(message, pane), ...media(message, pane));
  const text = message.text || message.caption || "";
  if (text) {
    const shown = node("div", "text");
    shown.append(formatted(text, message.entities || message.caption_entities, pane.link));
    body.append(shown);
  }
  if (message.rich_message) body.append(richBlocks(message.rich_message.blocks, pane.link));
  body.append(meta(message, mine, pane));
  item.append(body);
  const rows = message.reply_markup ? message.reply_markup.inline_keyboard || [] : [];
  if (rows.length) item.append(keyboard(rows, message, pane));
  return item;
}

function senderName(message) {
  if (message.sender_chat) return message.sender_chat.title;
  return message.from ? message.from.first_name : "";
}

function serviceText(message, words) {
  const key = Object.keys(words.service).find((name) => name in message);
  if (!key) return "";
  const value = message[key];
  const people = Array.isArray(value) ? value.map((user) => user.first_name).join("、") : "";
  const text = typeof value === "string" ? value : people || value.name || value.first_name || "";
  return fill(words.service[key], { text });
}

function head(message, pane) {
  const parts = [];
  if (message.receiver_id) parts.push(node("div", "hint", pane.words.only_you));
  const origin = message.forward_origin;
  if (origin) {
    const name = origin.sender_user_name || (origin.sender_user || origin.sender_chat || origin.chat).first_name
      || (origin.sender_chat || origin.chat || {}).title || "";
    parts.push(node("div", "hint", fill(pane.words.forwarded, { name })));
  }
  if (message.via_bot) parts.push(node("div", "hint", `@${message.via_bot.username}`));
  const replied = message.reply_to_message;
  if (replied && (replied.text || replied.caption)) {
    parts.push(node("div", "quote", `${senderName(replied)}：${replied.text || replied.caption}`));
  }
  return parts;
}

function media(message, pane) {
  const { words } = pane;
  if (message.photo) {
    const image = node("img");
    image.src = `/_control/file/${message.photo.at(-1).file_id}`;
    image.alt = words.photo_alt;
    image.loading = "lazy";
    return [image];
  }
  if (message.location) {
    const { latitude, longitude } = message.location;
    return [node("div", "card", `${words.place} ${latitude.toFixed(4)}, ${longitude.toFixed(4)}`)];
  }
  if (message.contact) return [node("div", "card", `${words.phone} ${message.contact.first_name} ${message.contact.phone_number}`)];
  const kind = ["voice", "video", "sticker", "document", "audio", "animation", "video_note"].find((name) => message[name]);
  if (!kind) return [];
  return [node("div", "card", `${words[kind] || words.file} ${message[kind].file_name || ""}`)];
}

function meta(message, mine, pane) {
  const line = node("div", "meta");
  const marks = message.seen_reactions.map((reaction) => reaction.emoji || "").join("");
  if (marks) line.append(node("span", "marks", marks));
  const edited = message.edit_date ? `${pane.words.edited} ` : "";
  line.append(node("time", "", edited + clock.format(new Date(message.date * 1000))));
  const tools = node("button", "tools", "⋯");
  tools.type = "button";
  tools.setAttribute("aria-label", pane.words.reply);
  tools.addEventListener("click", (event) => pane.tools(event, message, mine));
  line.append(tools);
  return line;
}

function keyboard(rows, message, pane) {
  const board = node("div", "inline");
  for (const row of rows) {
    const line = node("div", "row");
    for (const button of row) {
      const made = node("button", `${button.style || ""} ${button.disabled ? "off" : ""} ${button.copy_text ? "copy" : ""}`, label(button));
      made.type = "button";
      made.disabled = Boolean(button.disabled);
      made.addEventListener("click", () => pane.press(message, button, made));
      line.append(made);
    }
    board.append(line);
  }
  return board;
}

function label(button) {
  if (button.url) return `${button.text} ↗`;
  return button.text;
}
