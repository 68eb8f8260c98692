// Runs inside a report, put at its end by report_in_browser_test.py: uses every figure with the mouse, as a reader does,
// and leaves what it saw as JSON in the page. It reads the numbers back from the texts that the page shows.
(async () => {
  const seen = { figures: 0, maps: 0, hovers: 0, zooms: 0, toggles: 0, faults: [] };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 60));
  const powers = { y: -24, z: -21, a: -18, f: -15, p: -12, n: -9, µ: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18, Z: 21, Y: 24 };
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';

  // "−2.66 GHz" or "1.2 × 10⁻⁵ m²/s" as a number in the axis' own unit; NaN if the unit is not there.
  const read = (text, axis) => {
    const parts = /^(−?[0-9.]+)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?: (.*))?$/.exec(text);
    if (!parts) return NaN;
    let power = 0;
    if (parts[2]) power = Number([...parts[2]].map((c) => (c === '⁻' ? '-' : digits.indexOf(c))).join(''));
    const unit = parts[3] || '', value = Number(parts[1].replace('−', '-'));
    if (unit === axis.unit || value === 0) return unit.endsWith(axis.unit) ? value * 10 ** power : NaN;
    if (!axis.prefix || unit.slice(1) !== axis.unit || !(unit[0] in powers)) return NaN;
    return value * 10 ** (power + powers[unit[0]]);
  };
  const mouse = (plot, type, fx, fy) => {
    const box = plot.over.getBoundingClientRect();
    // uPlot ignores a move by nothing.
    const place = { movementX: 1, movementY: 1, clientX: box.left + fx * box.width, clientY: box.top + fy * box.height };
    const target = type === 'mouseup' ? document : plot.over;
    target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, view: window, button: 0, ...place }));
  };
  const limits = (plot) => ['x', 'y'].flatMap((s) => [plot.scales[s].min, plot.scales[s].max]);
  const same = (a, b, scale) => a.every((v, i) => Math.abs(v - b[i]) <= scale * Math.max(Math.abs(v), Math.abs(b[i])));

  const figures = JSON.parse(document.getElementById('figure-data').textContent);
  for (const box of document.querySelectorAll('.plot')) {
    const figure = figures[Number(box.dataset.figure)], plot = box.plot;
    const fault = (text) => seen.faults.push(figure.title + ': ' + text);
    if (!plot) { fault('was not drawn'); continue; }
    ++seen.figures;
    box.scrollIntoView();
    await pause();
    const context = plot.ctx, pixels = context.getImageData(0, 0, context.canvas.width, context.canvas.height).data;
    if (!pixels.some((byte) => byte !== 0)) fault('is blank');
    for (const [s, axis] of [['x', figure.x_axis], ['y', figure.y_axis]]) {
      if ((plot.scales[s].distr === 3) !== !!axis.log) fault(s + ' is not on the scale it asks for');
      if (axis.log && !(plot.scales[s].min > 0)) fault(s + ' is logarithmic and reaches ' + plot.scales[s].min);
    }

    // Values below the pointer.
    mouse(plot, 'mouseenter', 0.5, 0.5);
    mouse(plot, 'mousemove', 0.5, 0.5);
    await pause();
    if (figure.heat) {
      const text = box.querySelector('.colour-bar').lastChild.textContent;
      // Two places with their units, and the value there.
      const unitOf = (axis) => axis.unit.replace(/[^A-Za-z]/g, '.');
      if (!new RegExp('^.+' + unitOf(figure.x_axis) + ', .+' + unitOf(figure.y_axis) + ': .+').test(text)) fault('says “' + text + '” below the pointer');
      ++seen.hovers;
    } else {
      const texts = [...plot.root.querySelectorAll('.u-legend .u-value')].map((cell) => cell.textContent);
      const index = plot.cursor.idx;
      const check = (text, axis, value, name) => {
        if (value == null || (axis === figure.y_axis && axis.log && !(value > 0))) {
          if (text !== '–') fault(name + ' says “' + text + '” in a gap');
          return;
        }
        ++seen.hovers;
        // Four digits are shown.
        if (!(Math.abs(read(text, axis) - value) <= 6e-4 * Math.abs(value))) fault(name + ' says “' + text + '” for ' + value + ' ' + axis.unit);
      };
      if (index == null) fault('no point below the pointer');
      else {
        check(texts[0], figure.x_axis, figure.x[index], 'x');
        figure.curves.forEach((curve, i) => check(texts[i + 1], figure.y_axis, curve.values[index], curve.name));
      }
    }

    // Zoom; a click on the legend keeps it; a double click shows all again.
    const all = limits(plot);
    const corner = (fx, fy) => [plot.posToVal(fx * plot.over.clientWidth, 'x'), plot.posToVal(fy * plot.over.clientHeight, 'y')];
    const [left, top] = corner(0.3, 0.2), [right, bottom] = corner(0.7, 0.9);
    mouse(plot, 'mousedown', 0.3, 0.2);
    mouse(plot, 'mousemove', 0.7, 0.9);
    await pause();
    mouse(plot, 'mouseup', 0.7, 0.9);
    await pause();
    const zoomed = limits(plot);
    // One pixel of 300 to 1100 is at most 0.5 % of the range; on the widest axis, 130 decades, a pixel is a factor of 2.
    const expected = [left, right, bottom, top], spans = [all[1] - all[0], all[3] - all[2]];
    const near = (value, want, axis, low, high, span) =>
      axis.log ? Math.abs(Math.log(value / want)) <= 0.02 * Math.log(high / low) : Math.abs(value - want) <= 0.02 * span;
    const hits = zoomed.map((value, i) => near(value, expected[i], i < 2 ? figure.x_axis : figure.y_axis,
      all[i < 2 ? 0 : 2], all[i < 2 ? 1 : 3], spans[i < 2 ? 0 : 1]));
    if (!hits.every((hit) => hit)) fault('zoomed to ' + zoomed + ' instead of ' + expected);
    ++seen.zooms;
    if (!figure.heat) {
      const label = plot.root.querySelectorAll('.u-legend .u-series')[1].querySelector('th');
      for (const shown of [false, true]) {
        label.click();
        await pause();
        if (plot.series[1].show !== shown) fault('a click on the legend did not ' + (shown ? 'show' : 'hide') + ' the curve');
        if (!same(limits(plot), zoomed, 0)) fault('a click on the legend changed the zoom to ' + limits(plot));
        ++seen.toggles;
      }
    }
    mouse(plot, 'dblclick', 0.5, 0.5);
    await pause();
    if (!same(limits(plot), all, 1e-12)) fault('a double click showed ' + limits(plot) + ' instead of ' + all);
  }

  // Maps of fields: the slider, the keys, the play button and every choice change what is drawn.
  for (const box of document.querySelectorAll('.field-map')) {
    const data = figures[Number(box.dataset.figure)], canvas = box.querySelector('canvas'), map = box.map;
    const fault = (text) => seen.faults.push('map: ' + text);
    if (!map) { fault('was not drawn'); continue; }
    ++seen.maps;
    box.scrollIntoView();
    const picture = () => canvas.toDataURL();
    const [play, slider] = [box.querySelector('button'), box.querySelector('input[aria-label=Time]')];
    const last = data.times.length - 1;
    const move = (to) => { slider.value = to; slider.dispatchEvent(new Event('input')); };
    const key = (name) => canvas.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
    move(0);
    const start = picture();
    move(last);
    if (map.state().frame !== last || picture() === start) fault('the slider does not change it');
    key('ArrowLeft');
    if (map.state().frame !== last - 1 || Number(slider.value) !== last - 1) fault('the left arrow goes to ' + map.state().frame);
    key('Home');
    if (map.state().frame !== 0 || picture() !== start) fault('Home does not show the first snapshot as it was');
    key('End');
    if (map.state().frame !== last) fault('End does not show the last snapshot');
    play.click();
    if (!map.state().playing || map.state().frame !== 0 && map.state().frame !== last) fault('does not play');
    await new Promise((resolve) => setTimeout(resolve, 350));
    if (!(map.state().frame > 0 && map.state().frame <= 4)) fault('is at snapshot ' + map.state().frame + ' after 0.35 s');
    key(' ');
    if (map.state().playing) fault('Space does not stop it');
    const middle = () => {
      const rect = canvas.getBoundingClientRect();
      canvas.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: rect.left + 0.25 * rect.width, clientY: rect.top + 0.5 * rect.height }));
      return box.querySelector('.colour-bar').lastChild.textContent;
    };
    for (const select of box.querySelectorAll('select')) {
      if (select.parentElement.hidden) continue;
      const before = select.value;
      for (const option of [...select.options].map((o) => o.value)) {
        select.value = option;
        select.dispatchEvent(new Event('change'));
        if (!/^[xyz] = .* \(.*\): /.test(middle())) fault('says “' + middle() + '” below the pointer');
      }
      select.value = before;
      select.dispatchEvent(new Event('change'));
    }
    const place = box.querySelector('.map-controls label input[type=range]');
    if ((place !== null) !== (data.axes.length === 3)) fault('has the wrong sliders for its dimensions');
    if (place) {
      move(last);
      const here = picture();
      place.value = 0;
      place.dispatchEvent(new Event('input'));
      if (picture() === here) fault('another section looks the same');
    }
  }
  for (const box of document.querySelectorAll('.geometry')) {
    for (const canvas of box.querySelectorAll('canvas')) {
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      if (!pixels.some((byte) => byte !== 0)) seen.faults.push('a drawing of the geometry is blank');
    }
  }

  if (document.scrollingElement.scrollWidth > innerWidth) seen.faults.push('the page is wider than its window');
  const widths = () => [...document.querySelectorAll('.plot')].map((box) => box.plot.width);
  const before = widths();
  dispatchEvent(new Event('beforeprint'));
  if (!widths().every((width) => width === 350)) seen.faults.push('figures are not resized for paper');
  dispatchEvent(new Event('afterprint'));
  if (!same(widths(), before, 0)) seen.faults.push('figures do not come back after printing');

  const result = document.createElement('pre');
  result.id = 'browser-test';
  result.textContent = JSON.stringify(seen);
  document.body.append(result);
})();
