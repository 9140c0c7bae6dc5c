// A copy button after everything marked data-copy.
for (const source of document.querySelectorAll('[data-copy]')) {
  const text = source.dataset.copy || source.textContent;
  const copy = button('Copy', async () => {
    // No clipboard on plain http: then the text is selected, and one key copies it.
    try { await navigator.clipboard.writeText(text); say('Copied') } catch { getSelection().selectAllChildren(source); say('Selected') }
    setTimeout(say, 2000, 'Copy');
  }, { class: 'copy' });
  const say = word => { copy.textContent = word; copy.ariaLabel = `${word} ${source.ariaLabel || text}` };
  say('Copy');
  source.after(copy);
}
