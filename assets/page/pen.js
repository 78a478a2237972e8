/**
 * Follow one pen, finger or mouse over an element.
 *
 * Calls `down(stroke)`, `move()` and `up()`; the stroke [x0, y0, x1, y1, …] grows in
 * place. A second finger is not a second pen.
 */

const NEAREST = 4; // units; closer points are the same point

export function followPen(surface, size, { down, move, up }) {
  let pen = null;
  let stroke = null;

  function point(event) {
    const box = surface.getBoundingClientRect();
    const unit = (offset, length) =>
      Math.round(Math.min(Math.max(offset / length, 0), 1) * size);
    return [unit(event.clientX - box.left, box.width), unit(event.clientY - box.top, box.height)];
  }

  surface.addEventListener('pointerdown', (event) => {
    if (pen !== null || event.button > 0) return;
    event.preventDefault();
    surface.focus({ preventScroll: true });
    surface.classList.add('by-pen'); // who holds a pen needs no ring around the focus
    surface.setPointerCapture(event.pointerId);
    pen = event.pointerId;
    stroke = point(event);
    down(stroke);
  });

  surface.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pen) return;
    // The browser hands over one event a frame; the points between are in it.
    const events = event.getCoalescedEvents?.() ?? [];
    let moved = false;
    for (const [x, y] of [...events, event].map(point)) {
      if (Math.hypot(x - stroke.at(-2), y - stroke.at(-1)) < NEAREST) continue;
      stroke.push(x, y);
      moved = true;
    }
    if (moved) move();
  });

  function lift(event) {
    if (event.pointerId !== pen) return;
    pen = null;
    up();
  }
  surface.addEventListener('blur', () => surface.classList.remove('by-pen'));
  surface.addEventListener('pointerup', lift);
  surface.addEventListener('pointercancel', lift);
  surface.addEventListener('lostpointercapture', lift);
}
