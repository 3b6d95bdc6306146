"""The reference: one line of Flask."""

from flask import Flask

app = Flask(__name__)
app.get("/")(lambda: "hello")
