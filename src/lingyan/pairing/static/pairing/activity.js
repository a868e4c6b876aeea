// What the form of an activity gains with JavaScript: typing finds people among the ticks, and a count of those who are ticked.
"use strict";

const form = document.getElementById("activity-form");
const rows = form ? [...form.querySelectorAll("[data-people] > [data-keys]")] : [];
const typed = form && form.querySelector("[name=names]");
const count = form && form.querySelector("[data-count]");

const lastWord = () => typed.value.split(/[\s,，、;；。]+/).pop().toLowerCase();

// Only those whom the last word may mean stay in sight; whoever is ticked stays too.
const sift = () => {
  const word = lastWord();
  rows.forEach((row) => {
    const [name, pinyin, initials] = row.dataset.keys.split(" ");
    const meant = name.includes(word) || pinyin.startsWith(word) || initials.startsWith(word);
    row.hidden = Boolean(word) && !meant && !row.querySelector("[name=people]").checked;
  });
};

const tell = () => {
  const ticked = rows.filter((row) => row.querySelector("[name=people]").checked).length;
  count.textContent = ticked ? `已选 ${ticked} 人` : "";
};

// Who was found by typing and ticked needs no word any more.
const tick = (event) => {
  if (event.target.name !== "people") return;
  if (event.target.checked && lastWord()) {
    typed.value = typed.value.slice(0, typed.value.length - lastWord().length);
    sift();
  }
  tell();
};

// Enter ticks the only one in sight instead of sending the form half written.
const choose = (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const open = rows.filter((row) => !row.hidden && !row.querySelector("[name=people]").checked);
  if (lastWord() && open.length === 1) open[0].querySelector("[name=people]").click();
};

if (form) {
  typed.addEventListener("input", sift);
  typed.addEventListener("keydown", choose);
  form.addEventListener("change", tick);
  tell();
}
