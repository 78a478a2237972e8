const harf = 'http://127.0.0.1:7860';

async function post(path, value) {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(value);
  return (await fetch(`${harf}/gradio_api/${path}`, { method: 'POST', headers, body })).json();
}

// Pen strokes and the width of the pen: each path is [x0, y0, x1, y1, …] in 0 to 1000
const strokes = [[850, 380, 800, 560, 500, 620, 200, 560, 150, 380], [500, 780]];
const drawn = await post('run/recognize_strokes', { data: [strokes, 0.05] });
console.log(JSON.stringify(drawn.data[0]));

// A picture, here one of the examples: send the file, ask, fetch the answer
const form = new FormData();
form.append('files', await (await fetch(`${harf}/page/examples/4-screen.png`)).blob(), 'letter.png');
const upload = await fetch(`${harf}/gradio_api/upload`, { method: 'POST', body: form });
const [path] = await upload.json();
const { event_id } = await post('call/v2/recognize', { image: { path } });
const stream = await (await fetch(`${harf}/gradio_api/call/recognize/${event_id}`)).text();
console.log(JSON.stringify(JSON.parse(stream.match(/^data: (.*)$/m)[1])[0]));

// The 28 letters
console.log(JSON.stringify((await post('run/letters', { data: [] })).data[0]));
