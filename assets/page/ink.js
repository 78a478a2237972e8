/** How strokes look on the sheet: smooth lines with round ends. */

/**
 * Draw a stroke { points, pressures } on a canvas, in its strokeStyle.
 *
 * Pressure makes the line as wide as the pen at 0.5, half of that at 0, one and a half
 * at 1. It is for the eye and the hand: what is read are the points.
 */
export function ink(paper, { points, pressures }, pen) {
  paper.lineCap = paper.lineJoin = 'round';
  const width = (i) => pen * (0.5 + pressures[i]);
  begin(paper, points[0], points[1], width(0));
  let [x, y] = points;
  // Curves from middle to middle of the pieces: a fast hand leaves few points.
  for (let i = 1; i + 1 < pressures.length; i += 1) {
    const [midX, midY] = [0, 1].map((axis) => (points[2 * i + axis] + points[2 * i + 2 + axis]) / 2);
    if (width(i) !== paper.lineWidth) {
      paper.stroke();
      begin(paper, x, y, width(i));
    }
    paper.quadraticCurveTo(points[2 * i], points[2 * i + 1], midX, midY);
    [x, y] = [midX, midY];
  }
  paper.lineTo(points.at(-2) + 0.01, points.at(-1)); // a line of no length at all would leave no dot
  paper.stroke();
}

function begin(paper, x, y, width) {
  paper.lineWidth = width;
  paper.beginPath();
  paper.moveTo(x, y);
}
