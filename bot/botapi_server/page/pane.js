// One window: a chat as one person sees it, with everything that person can do.
import { bubble } from "/page/bubble.js";
import { dialog, fill, node, post, toast } from "/page/door.js";

export class Pane {
  constructor(role, words) {
    Object.assign(this, { role, words, chat: null, me: 0, topic: null, context: null, seen: "", last: 0 });
    this.root = document.getElementById("pane").content.firstElementChild.cloneNode(true);
    this.root.id = `pane-${role}`;
    this.root.setAttribute("aria-labelledby", `tab-${role}`);
    this.part = (name) => this.root.querySelector(name);
    this.input = this.part("textarea");
    this.press = this.press.bind(this);
    this.link = this.link.bind(this);
    this.tools = this.tools.bind(this);
    this.listen();
  }

  listen() {
    this.part(".composer").addEventListener("submit", (event) => { event.preventDefault(); this.say(); });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.say(); }
    });
    this.input.addEventListener("input", () => this.typed());
    this.part(".context button").addEventListener("click", () => this.setContext(null));
    this.part(".more").addEventListener("click", (event) => this.more(event));
    this.part(".menu").addEventListener("click", (event) => this.commands(event));
    this.part("input[type=file]").addEventListener("change", (event) => this.photo(event.target.files[0]));
    this.part("select").addEventListener("change", (event) => { this.me = Number(event.target.value); this.draw(); });
    this.part(".stand").addEventListener("click", () => this.stand());
    this.root.addEventListener("click", (event) => {
      if (!event.target.closest(".popover, .more, .menu, .tools")) this.popover();
    });
  }

  // ---- drawing

  render(world, chat) {
    this.world = world;
    this.chat = chat;
    const seen = JSON.stringify(chat || null);
    if (seen === this.seen) return false;
    this.seen = seen;
    this.draw();
    const newest = chat && chat.messages.length ? chat.messages.at(-1).message_id : 0;
    const news = newest > this.last && this.last > 0;
    this.last = newest;
    return news;
  }

  draw() {
    const { chat, words } = this;
    this.root.classList.toggle("empty", !chat);
    if (!chat) return;
    this.drawHead();
    this.drawTopics();
    const box = this.part(".messages");
    const atBottom = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    const shown = chat.messages.filter((message) => this.visible(message));
    const hints = { consumer: words.empty_private, group: words.empty_group, staff: words.empty_staff };
    const hint = fill(hints[this.role], { bot: this.world.bot.username });
    box.replaceChildren(...(shown.length ? shown.map((message) => bubble(message, this)) : [node("p", "service", hint)]));
    for (const draft of chat.drafts) box.append(node("p", "draft", draft.text || words.draft));
    this.drawKeys();
    this.offerReply(shown);
    if (atBottom) this.toBottom();
  }

  // A message with ForceReply opens the answer to itself, once.
  offerReply(shown) {
    const last = shown.at(-1);
    if (!last || !last.asks_reply || this.offered === last.message_id) return;
    this.offered = last.message_id;
    this.setContext({ message: last, edit: false });
  }

  visible(message) {
    if (message.receiver_id && message.receiver_id !== this.me) return false;
    return this.topic === null || message.message_thread_id === this.topic;
  }

  drawHead() {
    const { chat, words } = this;
    const bot = this.world.bot;
    const name = this.role === "consumer" ? bot.first_name : chat.title;
    this.part(".title").textContent = name;
    this.part(".face").textContent = name.slice(0, 1);
    const people = chat.members.filter((member) => !member.user.is_bot).map((member) => member.user);
    const quiet = this.role === "consumer" ? words.bot : fill(words.members, { n: people.length });
    const doing = chat.action ? (chat.action.name === "typing" ? words.typing : words.doing) : "";
    this.part(".status").textContent = doing || quiet;
    const choices = chat.type === "private" ? this.world.users.filter((user) => user.id === chat.id) : people;
    if (!choices.some((user) => user.id === this.me)) this.me = choices.length ? choices[0].id : 0;
    this.part("select").replaceChildren(...choices.map((user) => {
      const option = node("option", "", user.first_name);
      option.value = user.id;
      option.selected = user.id === this.me;
      return option;
    }));
    const stand = this.part(".stand");
    stand.hidden = this.role !== "consumer" || !chat.started;
    stand.textContent = chat.blocked ? words.unblock : words.block;
  }

  drawTopics() {
    const row = this.part(".topics");
    row.hidden = !this.chat.is_forum;
    if (row.hidden) return;
    if (this.topic !== null && !this.chat.topics.some((topic) => topic.id === this.topic)) this.topic = null;
    const chip = (id, text) => {
      const made = node("button", id === this.topic ? "chip on" : "chip", text);
      made.type = "button";
      made.setAttribute("aria-pressed", String(id === this.topic));
      made.addEventListener("click", () => { this.topic = id; this.draw(); this.toBottom(); });
      return made;
    };
    const add = node("button", "chip add", this.words.new_topic);
    add.type = "button";
    add.addEventListener("click", () => this.newTopic());
    const topics = [...this.chat.topics].reverse();
    row.replaceChildren(chip(null, this.words.everything), ...topics.map((topic) =>
      chip(topic.id, topic.closed ? `${topic.name}（${this.words.topic_closed}）` : topic.name)), add);
  }

  drawKeys() {
    const box = this.part(".keys");
    const start = this.role === "consumer" && !this.chat.started;
    const board = this.chat.reply_keyboard;
    const rows = start ? [[{ text: this.words.start, start: true }]] : board ? board.keyboard : [];
    box.hidden = !rows.length;
    box.replaceChildren(...rows.map((row) => {
      const line = node("div", "row");
      for (const key of row) {
        const made = node("button", "", key.text || key);
        made.type = "button";
        made.addEventListener("click", () => this.key(key));
        line.append(made);
      }
      return line;
    }));
    if (board && board.input_field_placeholder) this.input.placeholder = board.input_field_placeholder;
  }

  toBottom() {
    const box = this.part(".messages");
    box.scrollTop = box.scrollHeight;
  }

  // ---- doing

  where() {
    return { chat_id: this.chat.id, user_id: this.me, topic_id: this.topic };
  }

  async attempt(verb, body) {
    try {
      return await post(verb, { ...this.where(), ...body });
    } catch (error) {
      toast(fill(this.words.failed, { text: error.message }));
      return null;
    }
  }

  async say() {
    const text = this.input.value.trim();
    if (!text || !this.chat) return;
    const { context } = this;
    this.input.value = "";
    this.typed();
    this.setContext(null);
    const extra = context ? { [context.edit ? "edit" : "reply_to"]: context.message.message_id } : {};
    await this.attempt("say", { text, ...extra });
    this.toBottom();
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
    clearTimeout(this.pause);
    const match = this.input.value.match(/^@(\w+)\s+(.*)$/s);
    const inline = match && match[1].toLowerCase() === this.world.bot.username.toLowerCase();
    this.part(".results").hidden = !inline;
    if (inline) this.pause = setTimeout(() => this.search(match[2]), 350);
  }

  async search(text) {
    const list = this.part(".results");
    const found = await this.attempt("inline", { text, chat_type: this.chat.type });
    if (!found) return;
    list.hidden = !found.results.length;
    list.replaceChildren(...found.results.map((result) => {
      const item = node("li");
      const made = node("button");
      made.type = "button";
      made.append(node("strong", "", result.title || result.id), node("small", "", result.description || ""));
      made.addEventListener("click", async () => {
        this.input.value = "";
        list.hidden = true;
        await this.attempt("choose", { query_id: found.query_id, result_id: result.id });
      });
      item.append(made);
      return item;
    }));
  }

  async press(message, button, made) {
    if (button.copy_text) {
      const { text } = button.copy_text;
      if (navigator.clipboard) await navigator.clipboard.writeText(text).catch(() => {});
      toast(fill(this.words.copied, { text }));
    } else if (button.url) {
      this.link("url", button.url);
    } else if (button.switch_inline_query_current_chat !== undefined || button.switch_inline_query !== undefined) {
      this.input.value = `@${this.world.bot.username} ${button.switch_inline_query_current_chat ?? button.switch_inline_query}`;
      this.input.focus();
      this.typed();
    } else if (button.callback_data !== undefined) {
      made.classList.add("waiting");
      const answer = await this.attempt("press", { message_id: message.message_id, label: button.text });
      made.classList.remove("waiting");
      if (answer) this.answered(answer.answer);
    }
  }

  answered(answer) {
    if (answer === null) toast(this.words.no_answer);
    else if (answer.show_alert && answer.text) {
      document.querySelector("#alert p").textContent = answer.text;
      document.getElementById("alert").showModal();
    } else if (answer.url) this.link("url", answer.url);
    else if (answer.text) toast(answer.text);
  }

  // Deep links to our bot start it; nothing else leaves this page.
  link(type, target) {
    if (type === "bot_command") {
      this.attempt("say", { text: target });
      return;
    }
    const deep = target.match(/^(?:https?:\/\/)?t\.me\/(\w+)\?start=([\w-]+)$/);
    if (deep && deep[1].toLowerCase() === this.world.bot.username.toLowerCase()) {
      const chat = this.world.chats.find((other) => other.type === "private" && other.id === this.me)
        || this.world.chats.find((other) => other.type === "private");
      post("say", { chat_id: chat.id, user_id: chat.id, text: `/start ${deep[2]}` });
      document.getElementById("tab-consumer").click();
      return;
    }
    toast(fill(this.words.link, { text: target }));
  }

  async key(key) {
    if (key.start) await this.attempt("say", { text: "/start" });
    else if (key.request_location) await this.location();
    else if (key.request_contact) await this.contact();
    else await this.attempt("say", { text: key.text || key });
  }

  async location() {
    const box = document.getElementById("place");
    const select = box.querySelector("select");
    select.replaceChildren(...this.words.places.map(([name], index) => {
      const option = node("option", "", name);
      option.value = index;
      return option;
    }));
    const put = () => {
      const [, latitude, longitude] = this.words.places[select.value];
      box.querySelector("[name=latitude]").value = latitude;
      box.querySelector("[name=longitude]").value = longitude;
    };
    select.onchange = put;
    put();
    const given = await dialog(box);
    if (given) await this.attempt("say", { location: { latitude: Number(given.latitude), longitude: Number(given.longitude) } });
  }

  async contact() {
    const phone = await this.question(this.words.contact, this.words.phone, "+8613800138000");
    if (phone) await this.attempt("say", { contact: phone });
  }

  async newTopic() {
    const name = await this.question(this.words.new_topic, this.words.topic_name, "");
    if (name) await this.attempt("topic", { name });
  }

  async question(title, label, value) {
    const box = document.getElementById("ask");
    box.querySelector("h2").textContent = title;
    box.querySelector("label span").textContent = label;
    box.querySelector("input").value = value;
    const given = await dialog(box);
    return given ? given.value.trim() : "";
  }

  photo(file) {
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => this.attempt("say", { photo: reader.result.split(",")[1], filename: file.name });
    reader.readAsDataURL(file);
    this.part("input[type=file]").value = "";
  }

  stand() {
    this.attempt("stand", { what: this.chat.blocked ? "unblock" : "block" });
  }

  // ---- small menus

  popover(choices = []) {
    const box = this.part(".popover");
    box.hidden = !choices.length;
    box.replaceChildren(...choices.map(([text, small, run]) => {
      const made = node("button", "", text);
      made.type = "button";
      if (small) made.append(node("small", "", small));
      made.addEventListener("click", () => { this.popover(); run(); });
      return made;
    }));
    if (choices.length) box.querySelector("button").focus();
  }

  more() {
    this.popover([
      [this.words.location, "", () => this.location()],
      [this.words.photo, "", () => this.part("input[type=file]").click()],
      [this.words.contact, "", () => this.contact()],
    ]);
  }

  commands() {
    const known = this.world.commands.length ? this.world.commands : [{ command: "start", description: this.words.start }];
    const suffix = this.role === "consumer" ? "" : `@${this.world.bot.username}`;
    this.popover(known.map(({ command, description }) =>
      [`/${command}`, description, () => this.attempt("say", { text: `/${command}${suffix}` })]));
  }

  tools(_, message, mine) {
    const text = message.text || message.caption || "";
    const choices = [[this.words.reply, "", () => this.setContext({ message, edit: false })]];
    if (mine && message.text) choices.push([this.words.edit, "", () => this.setContext({ message, edit: true })]);
    if (text) choices.push([this.words.copy, "", () => { navigator.clipboard?.writeText(text); toast(fill(this.words.copied, { text })); }]);
    this.popover(choices);
  }

  setContext(context) {
    this.context = context;
    const bar = this.part(".context");
    bar.hidden = !context;
    if (!context) return;
    const text = (context.message.text || context.message.caption || "…").slice(0, 60);
    bar.querySelector("span").textContent = fill(context.edit ? this.words.editing : this.words.replying, { text });
    if (context.edit) this.input.value = context.message.text;
    this.input.focus();
  }
}
