/**
 * The page's only script: the filter of the mapping table, and what is folded is opened on paper. Without it the page
 * shows every row and no box. Plain text, because it is written into the page as it stands and allowed there by its hash.
 */
export const script = `(() => {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    opened.forEach((each) => { each.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((each) => { each.open = false; }));
  const box = document.getElementById('filter');
  const rows = [...document.querySelectorAll('#mapping-table tbody tr')];
  if (!box || rows.length === 0) return;
  document.getElementById('filter-tools').hidden = false;
  const count = document.getElementById('filter-count');
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = words.every((word) => texts[index].includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = words.length === 0 ? rows.length + ' rows' : shown + ' of ' + rows.length + ' rows';
  };
  box.addEventListener('input', apply);
  // What a browser fills in again after a reload.
  apply();
})();`;
