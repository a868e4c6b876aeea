// What the editor of a briefing gains with JavaScript: a figure goes to where the caret stands.
"use strict";

const text = document.getElementById("id_text");
const place = document.querySelector("[data-line]");
if (place) place.hidden = true;

const putIn = (token) => {
  text.setRangeText(token, text.selectionStart, text.selectionEnd, "end");
  text.focus();
  text.dispatchEvent(new Event("inserted"));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button || !text) return;
  event.preventDefault();
  putIn(button.value);
});
