"""Tests of video analytics."""
