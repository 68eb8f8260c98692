// Spins of one minimum as arrows in their box: drag to turn, wheel to come closer, arrow keys as well.
(() => {
  'use strict';
  const element = (name, parent, properties = {}) => parent.appendChild(Object.assign(document.createElement(name), properties));

  window.drawTexture = (data, box, tools) => {
    const canvas = element('canvas', box, { tabIndex: 0 });
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'Spins as arrows; arrow keys turn the box');
    canvas.style.cursor = 'grab';
    canvas.style.touchAction = 'none';
    const n = data.position.length / 3, largest = Math.max(...data.box);
    let turn = 0.6, tilt = 0.35, zoom = 1, laid = 0;
    // x to the right, z up, y away, before the box is turned about z and tilted.
    const view = (x, y, z) => {
      const a = x * Math.cos(turn) - y * Math.sin(turn), b = x * Math.sin(turn) + y * Math.cos(turn);
      return [a, z * Math.cos(tilt) + b * Math.sin(tilt), b * Math.cos(tilt) - z * Math.sin(tilt)];
    };
    const hue = (u) => 'hsl(' + (Math.atan2(u[1], u[0]) * 180 / Math.PI).toFixed(0) + ' 75% ' + (50 + 22 * u[2]).toFixed(0) + '%)';
    const draw = () => {
      laid = box.clientWidth;
      const width = Math.max(240, Math.floor(laid)), height = Math.min(560, Math.round(0.62 * width)), ratio = devicePixelRatio;
      canvas.style.width = width + 'px';
      canvas.style.height = height + 'px';
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      const context = canvas.getContext('2d');
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = tools.css('--paper');
      context.fillRect(0, 0, width, height);
      const scale = zoom * 0.62 * Math.min(width, height) / largest;
      const place = (x, y, z) => {
        const [a, up, far] = view(x - data.box[0] / 2, y - data.box[1] / 2, z - data.box[2] / 2);
        return [width / 2 + scale * a, height / 2 - scale * up, far];
      };
      context.strokeStyle = tools.css('--rule');
      context.lineWidth = 1;
      for (let corner = 0; corner < 8; ++corner) {
        const at = [corner & 1, corner >> 1 & 1, corner >> 2 & 1];
        for (let a = 0; a < 3; ++a) {
          if (at[a]) continue;
          const to = at.map((v, b) => (a === b ? 1 : v));
          const p = place(...at.map((v, b) => v * data.box[b])), q = place(...to.map((v, b) => v * data.box[b]));
          context.beginPath();
          context.moveTo(p[0], p[1]);
          context.lineTo(q[0], q[1]);
          context.stroke();
        }
      }
      context.fillStyle = tools.css('--soft');
      context.font = '12px system-ui, "DejaVu Sans", sans-serif';
      ['x', 'y', 'z'].forEach((name, a) => {
        const at = place(...data.box.map((edge, b) => (a === b ? 1.06 * edge : 0)));
        context.fillText(name, at[0] - 3, at[1] + 4);
      });
      const arrow = Math.max(7, 0.55 * scale * Math.cbrt(data.box[0] * data.box[1] * data.box[2] / n));
      const order = Array.from({ length: n }, (_, i) => {
        const p = place(data.position[3 * i], data.position[3 * i + 1], data.position[3 * i + 2]);
        return { i, p };
      }).sort((a, b) => b.p[2] - a.p[2]);  // the far ones first
      for (const { i, p } of order) {
        const u = [data.direction[3 * i], data.direction[3 * i + 1], data.direction[3 * i + 2]];
        const [a, up] = view(...u);
        const dx = arrow * a / 2, dy = -arrow * up / 2, size = Math.hypot(dx, dy);
        context.globalAlpha = 0.55 + 0.45 * Math.min(1, Math.max(0, 0.5 - p[2] / (1.8 * largest)));
        context.strokeStyle = context.fillStyle = hue(u);
        context.lineWidth = Math.max(1.2, arrow / 12);
        context.beginPath();
        context.moveTo(p[0] - dx, p[1] - dy);
        context.lineTo(p[0] + dx, p[1] + dy);
        context.stroke();
        const head = arrow / 5;
        const ex = size > 0.5 ? dx / size : 1, ey = size > 0.5 ? dy / size : 0;
        context.beginPath();
        context.moveTo(p[0] + dx + head * ex, p[1] + dy + head * ey);
        context.lineTo(p[0] + dx - head * ey * 0.7, p[1] + dy + head * ex * 0.7);
        context.lineTo(p[0] + dx + head * ey * 0.7, p[1] + dy - head * ex * 0.7);
        context.fill();
      }
      context.globalAlpha = 1;
    };
    const turnBy = (dx, dy) => {
      turn += dx;
      tilt = Math.max(-1.57, Math.min(1.57, tilt + dy));
      draw();
    };
    let from = null;
    canvas.addEventListener('pointerdown', (event) => {
      from = [event.clientX, event.clientY];
      canvas.setPointerCapture(event.pointerId);
      canvas.style.cursor = 'grabbing';
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!from) return;
      turnBy((event.clientX - from[0]) / 150, (event.clientY - from[1]) / 150);
      from = [event.clientX, event.clientY];
    });
    const release = () => { from = null; canvas.style.cursor = 'grab'; };
    canvas.addEventListener('pointerup', release);
    canvas.addEventListener('pointercancel', release);
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      zoom = Math.max(0.4, Math.min(8, zoom * Math.exp(-event.deltaY / 500)));
      draw();
    }, { passive: false });
    canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
      if (!step) return;
      event.preventDefault();
      turnBy(...step);
    });
    draw();
    box.map = { draw, fit: () => { if (laid !== box.clientWidth) draw(); } };
    return box.map;
  };
})();
