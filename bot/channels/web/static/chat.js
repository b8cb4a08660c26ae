// Sends questions and buttons without leaving the page. Everything works without this script too, by plain forms.
"use strict";

const talk = document.getElementById("talk");
const ask = document.getElementById("ask");
const box = document.getElementById("text");
let busy = false;

function fit() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 4}px`;
}

function lookAt(element) {
  element.scrollIntoView({ block: "start" });
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// What the person sees until the answer is there: the question and a sign that we are at work.
function waiting(question) {
  const turn = element("article", "turn", "");
  turn.append(element("p", "question", question), element("p", "answer typing", talk.dataset.typing));
  talk.append(turn);
  lookAt(turn);
  return turn;
}

async function fetchTurn(fields) {
  const response = await fetch("/turn", { method: "POST", body: new URLSearchParams(fields) });
  const html = await response.text();
  const page = new DOMParser().parseFromString(html, "text/html");
  if (response.ok) return page.querySelector(".turn");
  throw new Error(page.querySelector(".say")?.textContent ?? "");
}

function failed(turn, reason, again) {
  const note = element("div", "answer", "");
  const button = element("button", "", talk.dataset.again);
  button.type = "button";
  button.addEventListener("click", () => { turn.remove(); again(); });
  const choices = element("div", "choices", "");
  choices.append(button);
  note.append(element("p", "warning", reason || talk.dataset.failed), choices);
  turn.querySelector(".typing").replaceWith(note);
  lookAt(turn);
}

async function send(fields, question) {
  if (busy) return;
  busy = true;
  const turn = waiting(question);
  try {
    const answered = await fetchTurn(fields);
    turn.replaceWith(answered);
    lookAt(answered);
  } catch (error) {
    const reason = error instanceof TypeError ? "" : error.message; // TypeError: the network
    failed(turn, reason, () => send(fields, question));
  } finally {
    busy = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sure) {
    if (!window.confirm(form.dataset.sure)) event.preventDefault();
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  if (form === ask) {
    const question = box.value.trim();
    if (!question || busy) return;
    box.value = "";
    fit();
    send({ text: question }, question);
  } else if (button) {
    send({ [button.name]: button.value }, button.textContent.trim());
  }
});

box.addEventListener("input", fit);
box.addEventListener("keydown", (event) => {
  // While an input method is composing, Enter takes the word and sends nothing.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  ask.requestSubmit();
});

const last = talk.querySelector(".turn:last-of-type");
if (last) lookAt(last);
