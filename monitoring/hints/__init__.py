"""Hints of models: change points and a forecast with its band; a notice, never a judgement."""
