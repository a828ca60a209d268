/* Looks for new messages on the demonstration's phone; without it a link does. */
const chat = document.getElementById("demo-chat");
const EVERY = 700; // milliseconds

chat.scrollTop = chat.scrollHeight;
setTimeout(look, EVERY);

async function look() {
  try {
    const newest = chat.querySelector("[data-newest]").dataset.newest;
    const answer = await fetch(`/demo/chat/messages?as=${chat.dataset.as}&newest=${newest}`);
    if (answer.status === 200) {
      chat.innerHTML = await answer.text();
      chat.scrollTop = chat.scrollHeight;
    }
  } catch {
    // The demonstration may have been stopped: look again, should it be started.
  }
  setTimeout(look, EVERY);
}
