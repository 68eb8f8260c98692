// A map over two axes as coloured cells; the colours (viridis) are ordered in lightness and safe for the colour-blind.
(() => {
  'use strict';
  const VIRIDIS = ['440154', '482878', '3e4989', '31688e', '26828e', '1f9e89', '35b779', '6ece58', 'b5de2b', 'fde725']
    .map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  // Blue to red through white: for values whose sign counts, white being zero.
  const DIVERGING = ['053061', '2166ac', '4393c3', '92c5de', 'd1e5f0', 'f7f7f7', 'fddbc7', 'f4a582', 'd6604d', 'b2182b', '67001f']
    .map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  const mixed = (palette, t) => {
    const place = Math.max(0, Math.min(1, t)) * (palette.length - 1);
    const i = Math.min(palette.length - 2, Math.floor(place));
    const mix = palette[i].map((low, c) => Math.round(low + (place - i) * (palette[i + 1][c] - low)));
    return 'rgb(' + mix.join(',') + ')';
  };

  window.heatColours = { at: (t, diverging) => mixed(diverging ? DIVERGING : VIRIDIS, t) };

  // Edges of cells half-way between their centres, on the axis as it is drawn.
  const edges = (centres, log) => {
    const to = log ? Math.log : (v) => v, from = log ? Math.exp : (v) => v;
    const c = centres.map(to), n = c.length;
    const all = [c[0] - (c[1] - c[0]) / 2];
    for (let i = 1; i < n; ++i) all.push((c[i - 1] + c[i]) / 2);
    all.push(c[n - 1] + (c[n - 1] - c[n - 2]) / 2);
    return all.map(from);
  };
  const nearest = (all, value) => {
    for (let i = 0; i + 1 < all.length; ++i) if (value >= all[i] && value <= all[i + 1]) return i;
    return -1;
  };

  window.drawHeatMap = (figure, box, tools) => {
    const heat = figure.heat;
    const colour = (t) => mixed(heat.diverging ? DIVERGING : VIRIDIS, t);
    const xs = edges(figure.x, figure.x_axis.log), ys = edges(heat.y, figure.y_axis.log);
    const columns = figure.x.length, rows = heat.y.length;
    const shown = tools.finite(heat.values).filter((v) => !heat.log || v > 0);
    let low = Math.min(...shown), high = Math.max(...shown);
    if (heat.log) low = Math.max(low, high * 1e-12);
    if (heat.diverging) { high = Math.max(Math.abs(low), Math.abs(high)); low = -high; }
    if (!(high > low)) high = heat.log ? low * 10 : low + 1;
    const shade = (v) => heat.log ? Math.log(Math.max(v, low) / low) / Math.log(high / low) : (v - low) / (high - low);
    const valueAxis = { unit: heat.unit, prefix: heat.prefix };

    const drawCells = (u) => {
      const context = u.ctx;
      context.save();
      context.beginPath();
      context.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
      context.clip();
      const px = xs.map((v) => u.valToPos(v, 'x', true)), py = ys.map((v) => u.valToPos(v, 'y', true));
      for (let r = 0; r < rows; ++r) {
        for (let c = 0; c < columns; ++c) {
          const v = heat.values[r * columns + c];
          if (v == null || (heat.log && !(v > 0))) continue;
          context.fillStyle = colour(shade(v));
          // One pixel of overlap hides the seams of antialiasing.
          context.fillRect(px[c], py[r + 1], px[c + 1] - px[c] + 1, py[r] - py[r + 1] + 1);
        }
      }
      if (heat.outlined) {
        const inside = (r, c) => r >= 0 && c >= 0 && r < rows && c < columns && heat.outlined[r * columns + c] === 1;
        context.strokeStyle = '#ffffff';
        context.lineWidth = 2.5 * devicePixelRatio;
        context.beginPath();
        for (let r = 0; r <= rows; ++r) {
          for (let c = 0; c <= columns; ++c) {
            if (r > 0 && r < rows && c < columns && inside(r, c) !== inside(r - 1, c)) { context.moveTo(px[c], py[r]); context.lineTo(px[c + 1], py[r]); }
            if (c > 0 && c < columns && r < rows && inside(r, c) !== inside(r, c - 1)) { context.moveTo(px[c], py[r]); context.lineTo(px[c], py[r + 1]); }
          }
        }
        context.stroke();
        // The region is named where it is, at the middle of its cells.
        let count = 0, cx = 0, cy = 0;
        for (let r = 0; r < rows; ++r) {
          for (let c = 0; c < columns; ++c) if (inside(r, c)) { ++count; cx += (px[c] + px[c + 1]) / 2; cy += (py[r] + py[r + 1]) / 2; }
        }
        if (count > 0) {
          context.font = 'bold ' + 14 * devicePixelRatio + 'px system-ui, sans-serif';
          context.textAlign = 'center';
          context.lineWidth = 4 * devicePixelRatio;
          context.strokeStyle = '#000000';
          const half = context.measureText(heat.outline_label).width / 2 + 4 * devicePixelRatio;
          const middle = Math.min(Math.max(cx / count, u.bbox.left + half), u.bbox.left + u.bbox.width - half);
          context.strokeText(heat.outline_label, middle, cy / count);
          context.fillStyle = '#ffffff';
          context.fillText(heat.outline_label, middle, cy / count);
        }
      }
      context.restore();
    };

    const xRange = [xs[0], xs[columns]], yRange = [ys[0], ys[rows]];
    const largest = (range) => Math.max(Math.abs(range[0]), Math.abs(range[1]));
    const bar = document.createElement('div');
    bar.className = 'colour-bar';
    const under = (u) => {
      const { left, top } = u.cursor;
      if (left == null || left < 0) return '';
      const x = u.posToVal(left, 'x'), y = u.posToVal(top, 'y');
      const c = nearest(xs, x), r = nearest(ys, y);
      if (c < 0 || r < 0) return '';
      const place = tools.quantity(figure.x[c], figure.x_axis) + ', ' + tools.quantity(heat.y[r], figure.y_axis) + ': ';
      const verdict = heat.outlined ? (heat.outlined[r * columns + c] === 1 ? ' (' : ' (not ') + heat.outline_label + ')' : '';
      return place + tools.quantity(heat.values[r * columns + c], valueAxis) + verdict;
    };
    const plot = new uPlot({
      width: tools.widthOf(box),
      height: tools.heightOf(tools.widthOf(box)),
      padding: [10, 34, 0, 0],
      scales: { x: tools.scaleOptions(figure.x_axis, xRange), y: tools.scaleOptions(figure.y_axis, yRange) },
      axes: [tools.axisOptions(figure.x_axis, tools.linearScale(figure.x_axis, largest(xRange)), 2),
        tools.axisOptions(figure.y_axis, tools.linearScale(figure.y_axis, largest(yRange)), 3)],
      series: [{}, { scale: 'y', paths: () => null, points: { show: false } }],
      legend: { show: false },
      cursor: { bind: tools.allOnDoubleClick(xRange, yRange), drag: { x: true, y: true }, points: { show: false } },
      hooks: {
        drawClear: [],
        drawAxes: [drawCells],
        setCursor: [(u) => { bar.lastChild.textContent = under(u); }],
      },
    }, [figure.x, figure.x.map(() => null)], box);

    const gradient = document.createElement('canvas');
    gradient.width = 256;
    gradient.height = 1;
    const context = gradient.getContext('2d');
    for (let i = 0; i < 256; ++i) { context.fillStyle = colour(i / 255); context.fillRect(i, 0, 1, 1); }
    const text = (content) => { const span = document.createElement('span'); span.textContent = content; return span; };
    const label = text(heat.label + ':');
    tools.setSubscripts(label);
    bar.append(label, text(tools.quantity(low, valueAxis, 3)), gradient, text(tools.quantity(high, valueAxis, 3)), text(''));
    box.append(bar);
    tools.showAll(plot, xRange, yRange);  // uPlot itself would end at the centres of the outer cells
    return plot;
  };
})();
