// Fields on a grid over time: sections through cells of any widths on a canvas, with a slider over
// the snapshots. A byte b holds sign(b - 128) scale ((b - 128)/127)^2: small values next to large ones keep their shape.
(() => {
  'use strict';
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const element = (name, parent, properties = {}) => parent.appendChild(Object.assign(document.createElement(name), properties));
  const VACUUM = 255;
  const GAINS = [1, 3, 10, 30, 100, 300, 1000];

  // What both drawings need of the grid: sections, scale, axes.
  class Section {
    constructor(data, tools) {
      this.data = data;
      this.tools = tools;
      this.domain = bytes(data.domain);
      this.count = [0, 1, 2].map((a) => (data.axes[a] ? data.axes[a].edges.length - 1 : 1));
    }

    // Horizontal and vertical axis; x, the way through the stack, goes down as depth does.
    choose(plane, at) {
      const length = (a) => { const e = this.data.axes[a].edges; return e[e.length - 1] - e[0]; };
      [this.h, this.v, this.s] = [[1, 0, 2], [2, 0, 1], [1, 2, 0]][plane];
      if (length(this.v) > 2 * length(this.h)) [this.h, this.v] = [this.v, this.h];
      this.at = at;
    }

    cell(i, j) {
      const index = [0, 0, 0];
      index[this.h] = i;
      index[this.v] = j;
      index[this.s] = this.data.axes[this.s] ? this.at : 0;
      return index[0] + this.count[0] * (index[1] + this.count[1] * index[2]);
    }

    edges(a) { return this.data.axes[a].edges; }

    // To scale unless that is too flat or too high to see.
    layOut(canvas, lowest, highest) {
      this.laid = canvas.parentElement.clientWidth;
      const eh = this.edges(this.h), ev = this.edges(this.v);
      const width = Math.max(240, Math.floor(canvas.parentElement.clientWidth)), ratio = devicePixelRatio;
      this.left = 66; this.top = 30; this.right = 16; this.bottom = 46;
      const across = eh[eh.length - 1] - eh[0], down = ev[ev.length - 1] - ev[0];
      let inner = width - this.left - this.right, height = inner * down / across;
      this.stretch = 1;
      if (height > highest) {
        inner = Math.max(0.35 * inner, inner * highest / height);
        this.stretch = (highest / inner) / (down / across);
        height = highest;
      } else if (height < lowest) {
        this.stretch = lowest / height;
        height = lowest;
      }
      if (Math.abs(this.stretch - 1) < 0.02) this.stretch = 1;
      this.width = inner;
      this.height = height;
      canvas.style.width = width + 'px';
      canvas.style.height = (height + this.top + this.bottom) + 'px';
      canvas.width = width * ratio;
      canvas.height = (height + this.top + this.bottom) * ratio;
      const upwards = this.v === 2;
      this.px = eh.map((e) => this.left + inner * (e - eh[0]) / across);
      this.py = ev.map((e) => this.top + height * (upwards ? (ev[ev.length - 1] - e) : (e - ev[0])) / down);
      this.toX = (e) => this.left + inner * (e - eh[0]) / across;
      this.toY = (e) => this.top + height * (upwards ? (ev[ev.length - 1] - e) : (e - ev[0])) / down;
      const context = canvas.getContext('2d');
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height + this.top + this.bottom);
      return context;
    }

    fill(context, colourOf) {
      const snap = (v) => Math.round(v * devicePixelRatio) / devicePixelRatio;  // no seams between whole pixels
      for (let j = 0; j < this.count[this.v]; ++j) {
        const y = snap(Math.min(this.py[j], this.py[j + 1])), h = snap(Math.max(this.py[j], this.py[j + 1])) - y;
        for (let i = 0; i < this.count[this.h]; ++i) {
          const colour = colourOf(this.cell(i, j));
          if (colour === null) continue;
          context.fillStyle = colour;
          context.fillRect(snap(this.px[i]), y, snap(this.px[i + 1]) - snap(this.px[i]), h);
        }
      }
    }

    outline(context, colour) {
      const of = (i, j) => (i < 0 || j < 0 || i >= this.count[this.h] || j >= this.count[this.v] ? VACUUM : this.domain[this.cell(i, j)]);
      context.strokeStyle = colour;
      context.lineWidth = 1.25;
      context.beginPath();
      for (let j = 0; j <= this.count[this.v]; ++j) {
        for (let i = 0; i <= this.count[this.h]; ++i) {
          const here = of(i, j);
          if (here !== of(i, j - 1)) { context.moveTo(this.px[i], this.py[j]); context.lineTo(this.px[i + 1] ?? this.px[i], this.py[j]); }
          if (here !== of(i - 1, j)) { context.moveTo(this.px[i], this.py[j]); context.lineTo(this.px[i], this.py[j + 1] ?? this.py[j]); }
        }
      }
      context.stroke();
    }

    ticks(edges, pixels, least) {
      const low = edges[0], high = edges[edges.length - 1];
      const most = Math.max(2, pixels / least), raw = (high - low) / most;
      const ten = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].map((m) => m * ten).find((s) => s >= raw * (1 - 1e-9));
      const all = [];
      for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; ++n) all.push(n * step);
      return all;
    }

    axes(context) {
      const { tools } = this, ink = tools.css('--ink');
      const largest = Math.max(...[this.h, this.v].flatMap((a) => this.edges(a).map(Math.abs)));
      const scale = tools.linearScale({ unit: 'm', prefix: true }, largest);
      const text = (v) => String(Number((v / scale.factor).toPrecision(6))).replace('-', '−');
      context.fillStyle = ink;
      context.strokeStyle = tools.css('--soft');
      context.lineWidth = 1;
      context.font = '13px system-ui, "DejaVu Sans", sans-serif';
      context.textBaseline = 'top';
      context.textAlign = 'center';
      context.beginPath();
      const bottom = this.top + this.height;
      for (const v of this.ticks(this.edges(this.h), this.width, 70)) {
        context.moveTo(this.toX(v), bottom);
        context.lineTo(this.toX(v), bottom + 5);
        context.fillText(text(v), this.toX(v), bottom + 8);
      }
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      for (const v of this.ticks(this.edges(this.v), this.height, 26)) {
        context.moveTo(this.left - 5, this.toY(v));
        context.lineTo(this.left, this.toY(v));
        context.fillText(text(v), this.left - 8, this.toY(v));
      }
      context.rect(this.left, this.top, this.width, this.height);
      context.stroke();
      context.font = '14px system-ui, "DejaVu Sans", sans-serif';
      context.textAlign = 'center';
      context.textBaseline = 'bottom';
      const name = (a) => this.data.axes[a].name + ' [' + scale.unit + ']';
      context.fillText(name(this.h), this.left + this.width / 2, bottom + this.bottom - 2);
      context.save();
      context.translate(14, this.top + this.height / 2);
      context.rotate(-Math.PI / 2);
      context.textBaseline = 'middle';
      context.fillText(name(this.v), 0, 0);
      context.restore();
    }

    scaleText() {
      if (this.stretch === 1) return 'to scale';
      const factor = Number((this.stretch > 1 ? this.stretch : 1 / this.stretch).toPrecision(2));
      return 'not to scale: ' + this.data.axes[this.stretch > 1 ? this.v : this.h].name + ' stretched ' + factor + ' times';
    }

    under(event, canvas) {
      const box = canvas.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top;
      const find = (p, v) => { for (let i = 0; i + 1 < p.length; ++i) if ((v - p[i]) * (v - p[i + 1]) <= 0) return i; return -1; };
      const i = find(this.px, x), j = find(this.py, y);
      if (i < 0 || j < 0) return null;
      const middle = (a, n) => (this.edges(a)[n] + this.edges(a)[n + 1]) / 2;
      const place = { [this.h]: middle(this.h, i), [this.v]: middle(this.v, j) };
      if (this.data.axes[this.s]) place[this.s] = middle(this.s, this.at);
      const words = [0, 1, 2].filter((a) => a in place).map((a) => this.data.axes[a].name + ' = ' + this.tools.quantity(place[a], { unit: 'm', prefix: true }, 3));
      return { cell: this.cell(i, j), place: words.join(', ') };
    }

    nearest(a, value) {
      const e = this.edges(a);
      let best = 0;
      for (let i = 0; i + 1 < e.length; ++i) if (e[i] <= value) best = i;
      return best;
    }
  }

  window.GridSection = Section;

  // Of three dimensions.
  const planes = ['x and y', 'x and z', 'y and z'];

  window.drawFieldMap = (data, box, tools) => {
    const section = new Section(data, tools), colours = window.heatColours;
    const three = data.axes.length === 3;
    const controls = element('div', box, { className: 'map-controls' });
    const canvas = element('canvas', box, { tabIndex: 0 });
    canvas.setAttribute('role', 'img');
    const scrubber = element('div', box, { className: 'map-controls' });
    const labelled = (text, parent) => element('label', parent, { textContent: text + ' ' });
    const choice = (text, entries) => {
      const select = element('select', labelled(text, controls));
      entries.forEach((entry, i) => element('option', select, { value: i, textContent: entry }));
      return select;
    };
    const plain = (text) => text.replace(/_\{([^}]*)\}/g, '$1');
    const fieldChoice = choice('Field', data.fields.map((f) => plain(f.title)));
    const componentChoice = choice('component', []);
    const rangeChoice = choice('colours up to', []);
    let plane = 0, planeChoice = null, placeSlider = null, placeText = null;
    if (three) {
      planeChoice = choice('section over', planes);
      const label = labelled('at', controls);
      placeSlider = element('input', label, { type: 'range', min: 0, step: 1 });
      placeText = element('span', label);
    }
    const play = element('button', scrubber, { type: 'button', textContent: '▶ Play' });
    const slider = element('input', scrubber, { type: 'range', min: 0, max: data.times.length - 1, step: 1, value: 0 });
    slider.setAttribute('aria-label', 'Time');
    const timeText = element('output', scrubber);
    const bar = element('div', box, { className: 'colour-bar' });
    let field = data.first, component = 0, frame = 0, timer = null, gain = 1;

    // Where the field has values, their numbers in the order of the data.
    const decoded = new Map();
    const of = (f, c) => {
      const key = f + '.' + c;
      if (!decoded.has(key)) {
        const chosen = data.fields[f], place = new Int32Array(section.domain.length).fill(-1);
        let n = 0;
        section.domain.forEach((d, i) => { if (chosen.domains.includes(d)) place[i] = n++; });
        decoded.set(key, { values: bytes(chosen.components[c].data), place, n, scale: chosen.components[c].scale });
      }
      return decoded.get(key);
    };
    const valueOf = (cell) => {
      const { values, place, n, scale } = of(field, component);
      if (place[cell] < 0) return null;
      const b = values[frame * n + place[cell]];
      if (b === 0) return null;
      const root = (b - 128) / 127;
      return Math.sign(root) * root * root * scale;
    };
    // Nearly all values of nearly all times within the colours: the greatest of the ranges that clips less than one in a hundred.
    const fittingGain = () => {
      const { values } = of(field, component), histogram = new Float64Array(129);
      let total = 0;
      for (const b of values) { if (b === 0) continue; ++histogram[Math.abs(b - 128)]; ++total; }
      let level = 128, above = 0;
      while (level > 1 && above + histogram[level] < 0.01 * total) above += histogram[level--];
      const part = (level / 127) ** 2;
      return GAINS.filter((g) => g * part <= 1).pop() || 1;
    };

    const draw = () => {
      const chosen = data.fields[field], { scale } = of(field, component), top = (scale || 1) / gain;
      section.choose(plane, three ? Number(placeSlider.value) : 0);
      const context = section.layOut(canvas, 170, 460);
      context.fillStyle = tools.css('--panel');
      context.fillRect(section.left, section.top, section.width, section.height);
      const table = [...Array(256).keys()].map((i) => colours.at(i / 255, chosen.diverging));
      const absent = tools.css('--rule');
      section.fill(context, (cell) => {
        if (section.domain[cell] === VACUUM) return null;
        const v = valueOf(cell);
        if (v === null) return absent;
        const t = chosen.diverging ? (v / top + 1) / 2 : v / top;
        return table[Math.round(255 * Math.max(0, Math.min(1, t)))];
      });
      section.outline(context, tools.css('--ink'));
      section.axes(context);
      const time = 't = ' + tools.quantity(data.times[frame], { unit: 's', prefix: true }, 4);
      context.font = 'bold 14px system-ui, "DejaVu Sans", sans-serif';
      context.textAlign = 'left';
      context.textBaseline = 'bottom';
      context.fillStyle = tools.css('--ink');
      context.fillText(time, section.left, section.top - 7);
      context.font = '12px system-ui, "DejaVu Sans", sans-serif';
      context.textAlign = 'right';
      context.fillStyle = tools.css('--soft');
      if (section.width > 330) context.fillText(section.scaleText(), section.left + section.width, section.top - 7);
      timeText.textContent = time + ' (' + (frame + 1) + ' of ' + data.times.length + ')';
      if (three) {
        const e = section.edges(section.s), i = Number(placeSlider.value);
        placeText.textContent = ' ' + data.axes[section.s].name + ' = ' + tools.quantity((e[i] + e[i + 1]) / 2, { unit: 'm', prefix: true }, 3);
      }
      slider.value = frame;
    };
    const setBar = () => {
      const chosen = data.fields[field], { scale } = of(field, component), top = (scale || 1) / gain;
      bar.replaceChildren();
      const span = (text) => element('span', bar, { textContent: text });
      const name = chosen.components[component].name;
      const label = span(chosen.text + (name ? '_{' + name + '}' : '') + ':');
      tools.setSubscripts(label);
      span((gain > 1 && chosen.diverging ? '≤ ' : '') + tools.quantity(chosen.diverging ? -top : 0, chosen, 3));
      const gradient = element('canvas', bar, { width: 256, height: 1 }), context = gradient.getContext('2d');
      for (let i = 0; i < 256; ++i) { context.fillStyle = colours.at(i / 255, chosen.diverging); context.fillRect(i, 0, 1, 1); }
      span((gain > 1 ? '≥ ' : '') + tools.quantity(top, chosen, 3));
      span('');
    };
    const setRange = () => {
      const chosen = data.fields[field], { scale } = of(field, component);
      rangeChoice.replaceChildren();
      GAINS.forEach((g) => element('option', rangeChoice, { value: g, textContent: tools.quantity((scale || 1) / g, chosen, 3) + (g === 1 ? ' (largest)' : '') }));
      gain = fittingGain();
      rangeChoice.value = gain;
      setBar();
    };
    const setField = (f) => {
      field = f;
      const parts = data.fields[f].components;
      componentChoice.replaceChildren();
      parts.forEach((part, i) => element('option', componentChoice, { value: i, textContent: part.name || '–' }));
      componentChoice.parentElement.hidden = parts.length < 2;
      component = parts.reduce((best, part, i) => (part.scale > parts[best].scale ? i : best), 0);
      componentChoice.value = component;
      fieldChoice.value = f;
      setRange();
    };
    const setPlane = (p) => {
      plane = p;
      if (!three) return;
      section.choose(p, 0);
      placeSlider.max = section.count[section.s] - 1;
      placeSlider.value = section.nearest(section.s, data.look[section.s]);
    };
    const show = (f) => { frame = Math.max(0, Math.min(data.times.length - 1, f)); draw(); };
    const stop = () => { clearInterval(timer); timer = null; play.textContent = '▶ Play'; };
    const toggle = () => {
      if (timer !== null) { stop(); return; }
      if (frame === data.times.length - 1) frame = 0;
      play.textContent = '❚❚ Pause';
      timer = setInterval(() => { show(frame + 1); if (frame === data.times.length - 1) stop(); }, 100);
    };
    play.addEventListener('click', toggle);
    slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
    canvas.addEventListener('keydown', (event) => {
      const moves = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -data.times.length, End: data.times.length };
      if (event.key === ' ') toggle();
      else if (event.key in moves) { stop(); show(frame + moves[event.key]); } else return;
      event.preventDefault();
    });
    fieldChoice.addEventListener('change', () => { setField(Number(fieldChoice.value)); draw(); });
    componentChoice.addEventListener('change', () => { component = Number(componentChoice.value); setRange(); draw(); });
    rangeChoice.addEventListener('change', () => { gain = Number(rangeChoice.value); setBar(); draw(); });
    if (three) {
      planeChoice.addEventListener('change', () => { setPlane(Number(planeChoice.value)); draw(); });
      placeSlider.addEventListener('input', draw);
    }
    canvas.addEventListener('mousemove', (event) => {
      const found = section.under(event, canvas);
      if (found === null) { bar.lastChild.textContent = ''; return; }
      const d = section.domain[found.cell];
      const what = d === VACUUM ? 'vacuum' : data.domains[d].name;
      const v = d === VACUUM ? null : valueOf(found.cell);
      bar.lastChild.textContent = found.place + ' (' + what + '): ' + (v === null ? '–' : '≈ ' + tools.quantity(v, data.fields[field], 2));
    });
    canvas.addEventListener('mouseleave', () => { bar.lastChild.textContent = ''; });
    setField(data.first);
    setPlane(0);
    frame = Math.min(data.times.length - 1, data.first_frame);
    draw();
    const fit = () => { if (section.laid !== canvas.parentElement.clientWidth) draw(); };
    box.map = { draw, fit, state: () => ({ field, component, frame, plane, gain, playing: timer !== null }), valueOf };
    return box.map;
  };
})();
