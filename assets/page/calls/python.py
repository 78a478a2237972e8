from gradio_client import Client, handle_file  # pip install gradio_client

client = Client("http://127.0.0.1:7860")

# Pen strokes: each path is [x0, y0, x1, y1, …] in 0 to 1000
strokes = [[850, 380, 800, 560, 500, 620, 200, 560, 150, 380], [500, 780]]
print(client.predict(strokes, api_name="/recognize_strokes"))

# A picture
print(client.predict(handle_file("letter.png"), api_name="/recognize"))

# The 28 letters
print(client.predict(api_name="/letters"))
