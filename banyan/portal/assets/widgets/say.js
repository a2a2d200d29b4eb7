/* The page's translations of what widgets say of themselves; what is not among them stays Chinese. */
export function say(words) {
  const table = document.getElementById("banyan-widget-words");
  return (table && JSON.parse(table.textContent)[words]) || words;
}
