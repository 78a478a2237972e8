/**
 * Follow one pen, finger or mouse over an element.
 *
 * Calls `down(stroke)`, `move()`, and `up()` or, if it was no stroke after all, `cancel()`.
 * The stroke { points: [x0, y0, x1, y1, …], pressures: [p0, p1, …] } grows in place;
 * a pressure is 0 to 1, and 0.5 wherever the device does not measure it.
 */

const NEAREST = 4; // units; closer points are the same point
const TOGETHER = 250; // milliseconds between two fingers that mean one gesture
const UNMEASURED = 0.5; // what browsers say of a mouse

export function followPen(surface, size, { down, move, up, cancel }) {
  let held = null; // { id, type, since } of what draws
  let stroke = null;

  function point(event) {
    const box = surface.getBoundingClientRect();
    const unit = (offset, length) =>
      Math.round(Math.min(Math.max(offset / length, 0), 1) * size);
    return [unit(event.clientX - box.left, box.width), unit(event.clientY - box.top, box.height)];
  }

  surface.addEventListener('pointerdown', (event) => {
    if (event.button > 0) return;
    // Two fingers at once are a gesture; and a hand lies on the sheet before its pen does.
    const isGesture = !event.isPrimary && event.timeStamp - held?.since < TOGETHER;
    const isHand = event.pointerType === 'pen' && held?.type === 'touch';
    if (isGesture || isHand) {
      held = null;
      cancel();
    }
    if (held || !event.isPrimary) return;
    event.preventDefault();
    surface.focus({ preventScroll: true });
    surface.classList.add('by-pen'); // who holds a pen needs no ring around the focus
    surface.setPointerCapture(event.pointerId);
    held = { id: event.pointerId, type: event.pointerType, since: event.timeStamp };
    stroke = { points: point(event), pressures: [pressure(event)] };
    down(stroke);
  });

  surface.addEventListener('pointermove', (event) => {
    if (event.pointerId !== held?.id) return;
    // The browser hands over one event a frame; the points between are in it.
    const events = event.getCoalescedEvents?.() ?? [];
    let moved = false;
    for (const each of [...events, event]) {
      const [x, y] = point(each);
      if (Math.hypot(x - stroke.points.at(-2), y - stroke.points.at(-1)) < NEAREST) continue;
      stroke.points.push(x, y);
      stroke.pressures.push(pressure(each));
      moved = true;
    }
    if (moved) move();
  });

  function lift(event) {
    if (event.pointerId !== held?.id) return;
    // The system takes a touch back that was a palm, or a gesture of its own.
    const isTakenBack = event.type === 'pointercancel' && held.type === 'touch';
    held = null;
    if (isTakenBack) cancel();
    else up();
  }
  surface.addEventListener('blur', () => surface.classList.remove('by-pen'));
  surface.addEventListener('pointerup', lift);
  surface.addEventListener('pointercancel', lift);
  surface.addEventListener('lostpointercapture', lift);
}

/** Only pens measure it: of fingers, phones report whatever they like. */
function pressure(event) {
  return event.pointerType === 'pen' && event.pressure ? event.pressure : UNMEASURED;
}
