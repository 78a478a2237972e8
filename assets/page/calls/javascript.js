const harf = 'http://127.0.0.1:7860';
const headers = { 'Content-Type': 'application/json' };

async function post(path, value) {
  const body = JSON.stringify(value);
  const address = `${harf}/gradio_api/${path}`;
  return (await fetch(address, { method: 'POST', headers, body })).json();
}

// Pen strokes and the pen's width: each path is [x0, y0, x1, y1, …] in 0 to 1000
const strokes = [[850, 380, 800, 560, 500, 620, 200, 560, 150, 380], [500, 780]];
const drawn = await post('run/recognize_strokes', { data: [strokes, 0.05] });
console.log(JSON.stringify(drawn.data[0]));

// A picture, here an example of this page: send the file, ask, fetch the answer
const picture = await fetch(`${harf}/page/examples/4-screen.png`);
const body = new FormData();
body.append('files', await picture.blob(), 'letter.png');
const upload = await fetch(`${harf}/gradio_api/upload`, { method: 'POST', body });
const [path] = await upload.json();
const { event_id } = await post('call/v2/recognize', { image: { path } });
const stream = await fetch(`${harf}/gradio_api/call/recognize/${event_id}`);
const [read] = JSON.parse((await stream.text()).match(/^data: (.*)$/m)[1]);
console.log(JSON.stringify(read));

// The 28 letters
const letters = await post('run/letters', { data: [] });
console.log(JSON.stringify(letters.data[0]));
