/* Looks for new messages on the demonstration's phone; without it a link does. */
const chat = document.getElementById("demo-chat");
const EVERY = 700; // milliseconds

show(chat.querySelector("li:last-child"));
setTimeout(look, EVERY);

async function look() {
  try {
    const newest = chat.querySelector("[data-newest]").dataset.newest;
    const answer = await fetch(`/demo/chat/messages?as=${chat.dataset.as}&newest=${newest}`);
    if (answer.status === 200) {
      const before = chat.querySelectorAll("li").length;
      chat.innerHTML = await answer.text();
      const lines = chat.querySelectorAll("li");
      show(lines[Math.min(before, lines.length - 1)]);
    }
  } catch {
    // The demonstration may have been stopped: look again, should it be started.
  }
  setTimeout(look, EVERY);
}

/* To the end, but not past the beginning of what is new: a long message is read from its top. */
function show(first) {
  const top = first.getBoundingClientRect().top - chat.getBoundingClientRect().top + chat.scrollTop;
  chat.scrollTop = Math.min(chat.scrollHeight, top - 15);
}
