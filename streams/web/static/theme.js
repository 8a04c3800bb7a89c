// Read before anything is drawn, so that no page flashes in the wrong colours.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("wasl-theme"); } catch { /* storage is switched off: the system decides */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
