// Three windows on the local Bot API server: a consumer's private chat, a group, the staff forum.
import { Pane } from "/page/pane.js";
import { get } from "/page/door.js";

const ROLES = ["consumer", "group", "staff"];
const health = document.getElementById("health");
const words = await (await fetch("/page/words.json")).json();
const panes = {};

for (const role of ROLES) {
  panes[role] = new Pane(role, words);
  document.getElementById("panes").append(panes[role].root);
  document.getElementById(`tab-${role}`).addEventListener("click", () => show(role));
}
show(location.hash.slice(1) || "consumer");
follow();

function show(chosen) {
  const role = ROLES.includes(chosen) ? chosen : "consumer";
  for (const name of ROLES) {
    panes[name].root.classList.toggle("shown", name === role);
    document.getElementById(`tab-${name}`).setAttribute("aria-selected", String(name === role));
    if (name === role) document.getElementById(`tab-${name}`).classList.remove("news");
  }
  history.replaceState(null, "", `#${role}`);
  panes[role].toBottom();
}

async function follow() {
  let since = -1;
  for (;;) {
    try {
      const world = await get(`/_control/world?since=${since}`);
      since = world.changes;
      render(world);
    } catch {
      health.textContent = words.offline;
      health.className = "health bad";
      await new Promise((done) => setTimeout(done, 1500));
      since = -1;
    }
  }
}

function render(world) {
  const bad = world.violations.length;
  health.textContent = (bad ? words.violations.replace("{n}", bad) : words.ok)
    + (world.pending ? words.pending.replace("{n}", world.pending) : "");
  health.title = world.violations.join("\n");
  health.className = bad ? "health bad" : "health";
  const chats = {
    consumer: world.chats.find((chat) => chat.type === "private"),
    group: world.chats.find((chat) => chat.type !== "private" && !chat.is_forum),
    staff: world.chats.find((chat) => chat.is_forum),
  };
  for (const role of ROLES) {
    const news = panes[role].render(world, chats[role]);
    const hidden = !panes[role].root.classList.contains("shown");
    if (news && hidden) document.getElementById(`tab-${role}`).classList.add("news");
  }
}
