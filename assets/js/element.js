// Builds elements: the one way these scripts put anything on a page. Text is always text, never markup.
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};
const button = (text, onclick, attributes) => element('button', { type: 'button', onclick, ...attributes }, text);
// What the reader chose earlier; some browsers refuse storage, then nothing is remembered.
const memory = (key, value) => { try { return value ? localStorage.setItem('milepost-' + key, value) : localStorage.getItem('milepost-' + key) } catch {} };
