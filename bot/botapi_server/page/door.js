// Requests to this server's own control door, and short notices.

export async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

export async function post(verb, body) {
  const response = await fetch(`/_control/${verb}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (answer.error) throw new Error(answer.error);
  return answer;
}

let timer = 0;
export function toast(text) {
  const node = document.getElementById("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { node.hidden = true; }, 4000);
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// Open a <dialog> with a form; resolve with its values, or null when it was cancelled.
export function dialog(node) {
  node.returnValue = "";
  node.showModal();
  return new Promise((done) => {
    node.addEventListener("close", () => {
      done(node.returnValue === "ok" ? Object.fromEntries(new FormData(node.querySelector("form"))) : null);
    }, { once: true });
  });
}

export function node(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
