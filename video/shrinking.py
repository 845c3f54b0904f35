"""Pictures made smaller: halved exactly while that is possible, which costs a fifth of one step to an uneven size."""

import cv2

from video.detections import Image


def shrunk(picture: Image, width: int, rows: int | None = None) -> Image:
    """The picture at a width, each pixel the mean of what it covers; in proportion where no rows are given."""
    high = max(1, round(picture.shape[0] * width / picture.shape[1])) if rows is None else rows
    while picture.shape[1] >= 2 * width and picture.shape[0] >= 2 * high and _even(picture):
        picture = cv2.resize(
            picture, (picture.shape[1] // 2, picture.shape[0] // 2), interpolation=cv2.INTER_AREA
        )  # fmt: skip
    if picture.shape[:2] == (high, width):
        return picture
    small: Image = cv2.resize(picture, (width, high), interpolation=cv2.INTER_AREA)
    return small


def _even(picture: Image) -> bool:
    return picture.shape[0] % 2 == 0 and picture.shape[1] % 2 == 0
