harf=http://127.0.0.1:7860
json='Content-Type: application/json'

# Pen strokes and the pen's width: each path is [x0, y0, x1, y1, …] in 0 to 1000
curl -s "$harf/gradio_api/run/recognize_strokes" -H "$json" \
  -d '{"data": [[[850,380, 800,560, 500,620, 200,560, 150,380], [500,780]], 0.05]}'
echo

# A picture: send the file, ask, fetch the answer
file=$(curl -s "$harf/gradio_api/upload" -F files=@letter.png | cut -d '"' -f 2)
event=$(curl -s "$harf/gradio_api/call/v2/recognize" -H "$json" \
  -d '{"image": {"path": "'"$file"'"}}' | cut -d '"' -f 4)
curl -s "$harf/gradio_api/call/recognize/$event"

# The 28 letters
curl -s "$harf/gradio_api/run/letters" -H "$json" -d '{"data": []}'
echo
