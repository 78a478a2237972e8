"""Harf: draw one Arabic letter, or upload a picture of it, and read which it is."""

from page import build_demo as build_demo
from page import launch
from recognizer import Recognizer

if __name__ == "__main__":
    launch(build_demo(Recognizer.load()))
