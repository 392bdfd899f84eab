const field = document.querySelector("#search");
field.parentElement.classList.remove("hidden");
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/);
  for (const each of document.querySelectorAll(".names li")) {
    const text = each.textContent.toLowerCase();
    each.classList.toggle("hidden", !words.every((word) => text.includes(word)));
  }
});
