// The geometry of a grid: layers, regions, patches and probes in one section, or in three of three dimensions.
(() => {
  'use strict';
  const element = (name, parent) => parent.appendChild(document.createElement(name));

  window.drawGeometry = (data, box, tools) => {
    const three = data.axes.length === 3;
    if (three) box.classList.add('sections');
    const views = (three ? [0, 1, 2] : [0]).map((plane) => {
      const holder = element('div', box);
      return { plane, canvas: element('canvas', holder), section: new window.GridSection(data, tools) };
    });
    const faces = ['left', 'right', 'front', 'back', 'bottom', 'top'];
    const drawView = ({ plane, canvas, section }) => {
      section.choose(plane, 0);
      const at = three ? section.nearest(section.s, data.look[section.s]) : 0;
      section.choose(plane, at);
      const context = section.layOut(canvas, 60, three ? 300 : 380);
      const tint = (d) => tools.css('--c' + d % 8);
      context.fillStyle = tools.css('--paper');
      context.fillRect(section.left, section.top, section.width, section.height);
      context.globalAlpha = 0.35;
      data.domains.forEach((_, d) => {
        context.fillStyle = tint(d);
        context.beginPath();  // as one shape, so that seams of half transparent cells are not seen
        for (let j = 0; j < section.count[section.v]; ++j) {
          for (let i = 0; i < section.count[section.h]; ++i) {
            if (section.domain[section.cell(i, j)] !== d) continue;
            context.rect(section.px[i], Math.min(section.py[j], section.py[j + 1]), section.px[i + 1] - section.px[i], Math.abs(section.py[j + 1] - section.py[j]));
          }
        }
        context.fill();
      });
      context.globalAlpha = 1;
      section.outline(context, tools.css('--ink'));
      section.axes(context);
      context.fillStyle = tools.css('--ink');
      context.textAlign = 'center';
      data.domains.forEach((domain, d) => {
        let n = 0, x = 0, y = 0, left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
        for (let j = 0; j < section.count[section.v]; ++j) {
          for (let i = 0; i < section.count[section.h]; ++i) {
            if (section.domain[section.cell(i, j)] !== d) continue;
            const area = (section.px[i + 1] - section.px[i]) * Math.abs(section.py[j + 1] - section.py[j]);
            n += area;
            x += area * (section.px[i] + section.px[i + 1]) / 2;
            y += area * (section.py[j] + section.py[j + 1]) / 2;
            left = Math.min(left, section.px[i]); right = Math.max(right, section.px[i + 1]);
            top = Math.min(top, section.py[j], section.py[j + 1]); bottom = Math.max(bottom, section.py[j], section.py[j + 1]);
          }
        }
        if (n === 0) return;
        context.font = '13px system-ui, "DejaVu Sans", sans-serif';
        const text = domain.name === domain.material ? domain.name : domain.name + ' (' + domain.material + ')';
        const high = bottom - top > 20;
        context.textBaseline = high ? 'middle' : 'bottom';
        // A layer around a region would be named on it: then at the left instead.
        let cx = x / n, cy = high ? y / n : top - 4;
        const within = (px, py) => {
          for (let j = 0; j < section.count[section.v]; ++j) {
            if ((py - section.py[j]) * (py - section.py[j + 1]) > 0) continue;
            for (let i = 0; i < section.count[section.h]; ++i) if (px >= section.px[i] && px <= section.px[i + 1]) return section.domain[section.cell(i, j)] === d;
          }
          return false;
        };
        const half = context.measureText(text).width / 2;
        const clear = () => [-1, -0.5, 0, 0.5, 1].every((part) => within(cx + part * half, cy));
        if (high && !clear()) {
          cx = left + half + 6;
          if (!clear()) cy = bottom - 10;
        }
        // Clear of the probes and their numbers.
        const dotted = data.probes.some((place) => Math.abs(section.toX(place[section.h]) - cx) < half + 20 && Math.abs(section.toY(place[section.v]) - cy) < 12);
        if (high && (dotted || 2 * half > right - left)) cy = bottom - top > 50 && 2 * half <= right - left ? cy - 18 : top - 10;
        cx = Math.max(section.left + half, Math.min(section.left + section.width - half, cx));
        context.fillText(text, cx, cy);
      });
      // Patches as thick lines on the faces that this section cuts.
      context.lineWidth = 5;
      (data.patches || []).forEach((patch) => {
        const face = faces.indexOf(patch.face), normal = Math.floor(face / 2), last = face % 2 === 1;
        if (normal !== section.h && normal !== section.v) return;
        const along = normal === section.h ? section.v : section.h;
        const range = patch.ranges[along], across = patch.ranges[section.s];
        if (three && across && section.s !== normal) {
          const e = section.edges(section.s), middle = (e[at] + e[at + 1]) / 2;
          if ((across[0] !== null && middle < across[0]) || (across[1] !== null && middle > across[1])) return;
        }
        const ends = section.edges(along), from = Math.max(ends[0], range[0] ?? ends[0]), to = Math.min(ends[ends.length - 1], range[1] ?? ends[ends.length - 1]);
        const e = section.edges(normal), face_at = last ? e[e.length - 1] : e[0];
        context.strokeStyle = tools.css('--c1');
        context.beginPath();
        if (normal === section.v) { context.moveTo(section.toX(from), section.toY(face_at)); context.lineTo(section.toX(to), section.toY(face_at)); }
        else { context.moveTo(section.toX(face_at), section.toY(from)); context.lineTo(section.toX(face_at), section.toY(to)); }
        context.stroke();
      });
      context.font = 'bold 12px system-ui, "DejaVu Sans", sans-serif';
      data.probes.forEach((place, p) => {
        if (three && Math.abs(section.nearest(section.s, place[section.s]) - at) > 1) return;  // not in this section
        const x = section.toX(place[section.h]), y = section.toY(place[section.v]);
        context.fillStyle = tools.css('--ink');
        context.beginPath();
        context.arc(x, y, 3.5, 0, 2 * Math.PI);
        context.fill();
        context.textAlign = 'left';
        context.textBaseline = 'middle';
        context.fillText(String(p + 1), x + 6, y);
      });
      context.font = '12px system-ui, "DejaVu Sans", sans-serif';
      context.textAlign = three ? 'left' : 'right';
      context.textBaseline = 'bottom';
      context.fillStyle = tools.css('--soft');
      let words = section.scaleText();
      if (three) {
        const e = section.edges(section.s);
        words = 'section at ' + data.axes[section.s].name + ' = ' + tools.quantity((e[at] + e[at + 1]) / 2, { unit: 'm', prefix: true }, 3) + ', ' + words;
      }
      if (three) context.fillText(words, section.left, section.top - 6);
      else context.fillText(words, section.left + section.width, section.top + section.height + section.bottom - 2);
    };
    const draw = () => views.forEach(drawView);
    draw();
    const fit = () => views.filter(({ section, canvas }) => section.laid !== canvas.parentElement.clientWidth).forEach(drawView);
    box.map = { draw, fit };
    return box.map;
  };
})();
