// Draws the figures of the report: curves with uPlot, maps with heat_map.js on uPlot's axes.
(() => {
  'use strict';
  const PREFIXES = ['y', 'z', 'a', 'f', 'p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const SUPERSCRIPTS = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };
  const superscript = (n) => String(n).split('').map((c) => SUPERSCRIPTS[c]).join('');
  const trim = (text) => text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  const minus = (text) => text.replace('-', '−');

  // A number with its unit, for the hover: 4 digits, SI prefix where the unit takes one.
  const quantity = (value, axis, digits = 4) => {
    if (value == null || !isFinite(value)) return '–';
    const unit = axis.unit ? ' ' + axis.unit : '';
    if (value === 0) return '0' + unit;
    const size = Number(Math.abs(value).toPrecision(digits));
    if (axis.prefix) {
      const step = Math.floor(Math.log10(size) / 3 + 1e-9);
      if (step >= -8 && step <= 8) {
        return minus(trim((value / 1000 ** step).toPrecision(digits))) + ' ' + PREFIXES[step + 8] + axis.unit;
      }
    }
    if (size >= 1e-3 && size < 10 ** digits) return minus(trim(value.toPrecision(digits))) + unit;
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return minus(trim(mantissa)) + ' × 10' + superscript(Number(exponent)) + unit;
  };

  // In the legend: nothing while the pointer is elsewhere, a dash where a curve has a gap.
  const valueText = (value, index, axis) => (index == null ? '' : quantity(value, axis));

  // Linear axes carry the prefix or power of ten in their label, so that ticks are short numbers.
  const linearScale = (axis, largest) => {
    if (axis.log || !(largest > 0)) return { factor: 1, unit: axis.unit };
    const power = Math.log10(largest);
    if (axis.prefix) {
      const step = Math.max(-8, Math.min(8, Math.floor(power / 3 + 1e-9)));
      return { factor: 1000 ** step, unit: PREFIXES[step + 8] + axis.unit };
    }
    if (power >= -2 && power < 4) return { factor: 1, unit: axis.unit };
    const ten = Math.floor(power);
    return { factor: 10 ** ten, unit: '10' + superscript(ten) + (axis.unit ? ' ' + axis.unit : '') };
  };

  const labelOf = (axis, scale) => axis.label + (scale.unit ? ' [' + scale.unit + ']' : '');

  // Texts carry subscripts as _{...}: pieces alternate between the line and below it.
  const pieces = (text) => text.split(/_\{([^}]*)\}/);
  const drawText = (context, text, x, y, size) => {
    const fonts = [0, 1].map((below) => (below ? 0.75 : 1) * size + 'px system-ui, "DejaVu Sans", sans-serif');
    const parts = pieces(text).map((part, i) => {
      context.font = fonts[i % 2];
      return { part, font: fonts[i % 2], width: context.measureText(part).width, drop: i % 2 ? 0.2 * size : 0 };
    });
    let left = x - parts.reduce((sum, part) => sum + part.width, 0) / 2;
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    for (const part of parts) {
      context.font = part.font;
      context.fillText(part.part, left, y + part.drop);
      left += part.width;
    }
  };
  // uPlot calls a label that is a function in the middle of drawing it, with the canvas turned for the side.
  const drawnLabel = (text, side) => (u, i) => {
    const ratio = devicePixelRatio, size = 14 * ratio;
    if (side === 2) drawText(u.ctx, text, u.bbox.left + u.bbox.width / 2, (u.axes[i]._lpos + 14) * ratio, size);
    else drawText(u.ctx, text, 0, -4 * ratio, size);
    return '';
  };
  const setSubscripts = (element) => {
    const parts = pieces(element.textContent);
    if (parts.length < 2) return;
    element.replaceChildren(...parts.map((part, i) => {
      if (i % 2 === 0) return document.createTextNode(part);
      const below = document.createElement('sub');
      below.textContent = part;
      return below;
    }));
  };

  // Decades of a logarithmic axis: 10 nm, 1 µm, or 10⁷. Between them, ticks without a text unless the axis is short.
  const logTick = (value, axis) => {
    if (value == null) return '';
    const exponent = Math.floor(Math.log10(value) + 1e-9);
    if (axis.prefix) {
      const step = Math.max(-8, Math.min(8, Math.floor(exponent / 3 + 1e-9)));
      return trim((value / 1000 ** step).toPrecision(3)) + ' ' + PREFIXES[step + 8] + axis.unit;
    }
    const mantissa = value / 10 ** exponent;
    if (exponent >= -2 && exponent <= 3) return String(Number(value.toPrecision(2)));
    return (Math.abs(mantissa - 1) < 1e-6 ? '' : trim(mantissa.toPrecision(2)) + '·') + '10' + superscript(exponent);
  };

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const finite = (values) => values.filter((v) => v != null && isFinite(v));

  // Limits of an axis over what is shown, with a little room; logarithmic axes ignore what is not positive and never
  // reach further than `decades` below the top, where curves are rounding noise.
  const limits = (values, log, decades) => {
    let shown = finite(values);
    if (log) shown = shown.filter((v) => v > 0);
    if (shown.length === 0) return log ? [0.1, 1] : [0, 1];
    let low = Math.min(...shown), high = Math.max(...shown);
    if (log) {
      if (decades) low = Math.max(low, high / 10 ** decades);
      if (high / low < 1.5) { low /= 2; high *= 2; }
      const room = (high / low) ** 0.04;
      return [low / room, high * room];
    }
    if (high === low) { const pad = Math.abs(high) || 1; return [low - pad / 2, high + pad / 2]; }
    const room = 0.05 * (high - low);
    return [low >= 0 && low < 0.3 * (high - low) ? Math.min(0, low) : low - room, high + room];
  };

  const logSplits = (u, axisIndex, low, high) => {
    const first = Math.floor(Math.log10(low) + 1e-9), last = Math.ceil(Math.log10(high) - 1e-9);
    const decades = last - first;
    const room = axisIndex === 0 ? Math.max(4, Math.floor(u.width / 85)) : 9;
    const step = Math.max(1, Math.ceil(decades / room));
    const splits = [];
    const span = Math.log10(high / low);
    const within = 5 * span <= room ? [1, 2, 3, 5, 7] : 3 * span <= room ? [1, 2, 5] : [1];
    for (let e = Math.ceil(first / step) * step; e <= last; e += step) {
      for (const m of within) {
        const v = m * 10 ** e;
        if (v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)) splits.push(v);
      }
    }
    return splits;
  };

  const axisOptions = (axis, scale, side) => ({
    side,
    scale: side === 2 ? 'x' : 'y',
    label: drawnLabel(labelOf(axis, axis.log ? { unit: axis.prefix ? '' : axis.unit } : scale), side),
    labelSize: 26,
    // As wide as the longest tick: about 7.5 pixels a character.
    size: side === 2 ? 38 : (u, ticks) => Math.max(62, 16 + 7.5 * Math.max(...(ticks || ['']).map((text) => String(text ?? '').length))),
    font: '13px system-ui, "DejaVu Sans", sans-serif',
    labelFont: '14px system-ui, "DejaVu Sans", sans-serif',
    stroke: () => css('--ink'),
    grid: { stroke: () => css('--grid'), width: 1 },
    ticks: { stroke: () => css('--rule'), width: 1, size: 5 },
    ...(axis.log
      ? {
        splits: (u, i, low, high) => logSplits(u, i, low, high),
        filter: (u, splits) => splits,
        values: (u, splits) => splits.map((v) => logTick(v, axis)),
      }
      : {
        space: side === 2 ? 70 : 40,
        values: (u, splits) => splits.map((v) => minus(trim((v / scale.factor).toPrecision(6)))),
      }),
  });

  // An axis keeps the limits that it has: uPlot asks again, without limits, whenever a curve is hidden, and a zoom has to
  // outlive that.
  const scaleOptions = (axis, range) => ({
    time: false,
    distr: axis.log ? 3 : 1,
    auto: false,
    range: (u, low, high, key) => {
      if (low != null && low !== high) return [low, high];
      const { min, max } = u.scales[key];
      return min == null ? range : [min, max];
    },
  });
  const showAll = (u, xRange, yRange) => u.batch(() => {
    u.setScale('x', { min: xRange[0], max: xRange[1] });
    u.setScale('y', { min: yRange[0], max: yRange[1] });
  });
  const allOnDoubleClick = (xRange, yRange) => ({ dblclick: (u) => () => { showAll(u, xRange, yRange); } });

  // Faces between layers.
  const drawFaces = (faces) => (u) => {
    const context = u.ctx;
    context.save();
    context.strokeStyle = css('--soft');
    context.lineWidth = devicePixelRatio;
    context.setLineDash([2, 3].map((v) => v * devicePixelRatio));
    for (const face of faces) {
      const x = u.valToPos(face, 'x', true);
      if (!(x >= u.bbox.left && x <= u.bbox.left + u.bbox.width)) continue;
      context.beginPath();
      context.moveTo(x, u.bbox.top);
      context.lineTo(x, u.bbox.top + u.bbox.height);
      context.stroke();
    }
    context.restore();
  };

  const drawMarks = (marks) => (u) => {
    const context = u.ctx;
    const ratio = devicePixelRatio;
    context.save();
    context.strokeStyle = css('--ink');
    context.fillStyle = css('--ink');
    context.lineWidth = 1.5 * ratio;
    context.setLineDash([]);  // the last curve's is still set
    context.font = 12 * ratio + 'px system-ui, sans-serif';
    const written = [];  // texts keep clear of those before them, one line lower each time
    for (const mark of marks) {
      const x = u.valToPos(mark.x, 'x', true), y = u.valToPos(mark.y, 'y', true);
      if (!(x >= u.bbox.left && x <= u.bbox.left + u.bbox.width && y >= u.bbox.top && y <= u.bbox.top + u.bbox.height)) continue;
      context.beginPath();
      context.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
      context.stroke();
      const left = x > u.bbox.left + 0.8 * u.bbox.width;
      context.textAlign = left ? 'right' : 'left';
      const width = context.measureText(mark.text).width, from = left ? x - 9 * ratio - width : x + 9 * ratio;
      let line = y - 7 * ratio;
      const covers = (w) => from < w.to + 4 * ratio && from + width > w.from - 4 * ratio && Math.abs(line - w.line) < 13 * ratio;
      while (written.some(covers)) line += 14 * ratio;
      written.push({ from, to: from + width, line });
      context.fillText(mark.text, x + (left ? -9 : 9) * ratio, line);
    }
    context.restore();
  };

  const seriesOptions = (figure, unit) => figure.curves.map((curve) => ({
    label: curve.name,
    scale: 'y',
    stroke: () => css('--c' + curve.colour % 8),
    width: curve.points ? 0 : 2,
    dash: curve.dash === 'dashed' ? [8, 5] : curve.dash === 'dotted' ? [2, 4] : undefined,
    points: { show: !!curve.points || figure.x.length < 3, size: 5, fill: () => css('--c' + curve.colour % 8) },
    spanGaps: !!curve.joined,
    value: (u, v, i, index) => valueText(v == null ? v : v * unit, index, figure.y_axis),
  }));

  const widthOf = (box) => Math.max(260, Math.floor(box.clientWidth));
  const heightOf = (width) => Math.round(Math.max(300, Math.min(430, 0.6 * width)));

  const drawCurves = (figure, box) => {
    const xs = figure.x;
    const ys = figure.curves.flatMap((curve) => curve.values).concat((figure.marks || []).map((m) => m.y));
    // uPlot takes no range below 1e-16, such as of energies: such values are drawn in a unit of their own.
    const greatest = Math.max(...finite(ys).map(Math.abs));
    const unit = !figure.y_axis.log && greatest > 0 && greatest < 1e-9 ? 10 ** Math.floor(Math.log10(greatest)) : 1;
    const scaled = (values) => (unit === 1 ? values : values.map((v) => (v == null ? null : v / unit)));
    const positive = (values) => figure.y_axis.log ? values.map((v) => (v > 0 ? v : null)) : scaled(values);
    const xRange = figure.x_axis.log ? [finite(xs).filter((v) => v > 0)[0], xs[xs.length - 1]] : [xs[0], xs[xs.length - 1]];
    const yRange = limits(scaled(ys), figure.y_axis.log, 14);
    const largest = (range) => Math.max(Math.abs(range[0]), Math.abs(range[1]));
    const yScale = linearScale(figure.y_axis, largest(yRange) * unit);
    yScale.factor /= unit;
    const plot = new uPlot({
      width: widthOf(box),
      height: heightOf(widthOf(box)),
      padding: [10, 34, 0, 0],  // room for half of the last tick's text
      pxAlign: 0,  // lines that are not snapped to pixels are smooth
      scales: { x: scaleOptions(figure.x_axis, xRange), y: scaleOptions(figure.y_axis, yRange) },
      axes: [axisOptions(figure.x_axis, linearScale(figure.x_axis, largest(xRange)), 2),
        axisOptions(figure.y_axis, yScale, 3)],
      series: [{ label: figure.x_axis.label, value: (u, v, i, index) => valueText(v, index, figure.x_axis) }, ...seriesOptions(figure, unit)],
      cursor: { bind: allOnDoubleClick(xRange, yRange), drag: { x: true, y: true, uni: 30 }, focus: { prox: 24 }, points: { size: 7 } },
      focus: { alpha: 0.45 },
      legend: {
        live: true,
        markers: { width: 3, fill: null, dash: (u, i) => (i > 0 && figure.curves[i - 1].dash) || 'solid' },
      },
      hooks: { drawAxes: [drawFaces(figure.faces || [])], draw: [drawMarks((figure.marks || []).map((mark) => ({ ...mark, y: mark.y / unit })))] },
    }, [xs, ...figure.curves.map((curve) => positive(curve.values))], box);
    plot.root.querySelectorAll('.u-legend .u-label').forEach(setSubscripts);
    return plot;
  };

  const tools = { setSubscripts, axisOptions, scaleOptions, showAll, allOnDoubleClick, linearScale, limits, quantity, css, widthOf, finite, heightOf };
  const plots = [];
  const figures = JSON.parse(document.getElementById('figure-data').textContent);
  document.querySelectorAll('.plot').forEach((box) => {
    const figure = figures[Number(box.dataset.figure)];
    const plot = figure.heat ? window.drawHeatMap(figure, box, tools) : drawCurves(figure, box);
    box.plot = plot;
    plots.push({ plot, box });
  });

  const maps = [];
  document.querySelectorAll('.field-map, .geometry, .texture').forEach((box) => {
    const figure = figures[Number(box.dataset.figure)];
    const drawings = { field: window.drawFieldMap, texture: window.drawTexture };
    maps.push((drawings[figure.map] || window.drawGeometry)(figure, box, tools));
  });

  // Without a font made for mathematics, browsers hardly lower the subscripts of MathML, and raise primes twice. What the
  // browser does is measured, and the rest of a usual drop (a quarter of the letters' size) is added in the style sheet.
  const settleMathematics = () => {
    const probe = document.createElement('p');
    const space = '<mspace width="1px" height="1px"/>';
    probe.innerHTML = '<math style="font-size: 100px"><msub>' + space + space + '</msub></math>';
    document.body.append(probe);
    const [base, below] = [...probe.querySelectorAll('mspace')].map((element) => element.getBoundingClientRect().bottom);
    probe.remove();
    const missing = 0.25 - (below - base) / 100;
    if (!(missing > 0.05)) return;
    document.documentElement.style.setProperty('--subscript-drop', (missing / 0.71).toFixed(3) + 'em');
    document.documentElement.classList.add('plain-mathematics');
  };
  settleMathematics();

  const redraw = () => {
    plots.forEach(({ plot }) => plot.redraw(false, true));
    maps.forEach((map) => map.draw());
  };
  const fit = () => {
    plots.forEach(({ plot, box }) => {
      const width = widthOf(box);
      if (Math.abs(width - plot.width) > 1) plot.setSize({ width, height: heightOf(width) });
    });
    maps.forEach((map) => map.fit());
  };
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(document.body);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  // On paper always dark on white, and as wide as a column.
  addEventListener('beforeprint', () => {
    document.documentElement.dataset.printing = 'yes';
    plots.forEach(({ plot }) => plot.setSize({ width: 350, height: 225 }));
    redraw();
  });
  addEventListener('afterprint', () => {
    delete document.documentElement.dataset.printing;
    fit();
    redraw();
  });
})();
