/* Runs before the first paint: the chosen size, and a way back to the plain page if the modules never come. */
(function (root) {
  var limit = 12000;
  root.classList.add("js");
  try { if (localStorage.getItem("nx.large") === "1") root.classList.add("large"); } catch (e) { root.dataset.memory = "none"; }
  function plain() { if (!root.classList.contains("ready")) root.classList.remove("js"); }
  addEventListener("error", function (event) {
    if (event.target && event.target.tagName === "SCRIPT") plain();
  }, true);
  setTimeout(plain, limit);
})(document.documentElement);
