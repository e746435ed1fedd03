"""A client that says something new again and again, and writes down what was accepted: run as a program."""

import http.client
import json
import sys
import time
from itertools import count
from pathlib import Path

PAUSE_SECONDS = 0.04


def main(port: int, secret: str, accepted: Path) -> None:
    """Sends until killed; each line of `accepted` is the id of a comment that was answered with 2xx."""
    with accepted.open("a", encoding="utf-8", buffering=1) as book:
        for number in count():
            book.write(f"{send_until_answered(port, secret, number)}\n")
            time.sleep(PAUSE_SECONDS)


def send_until_answered(port: int, secret: str, number: int) -> str:
    """The id of comment `number`; what gets no answer is sent again under the same key."""
    words = f"Delivery {number} came late again, the ward waited and nobody told us why."
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        try:
            line.request(
                "POST",
                "/api/v1/comments",
                json.dumps({"text": words}),
                {
                    "Authorization": f"Bearer {secret}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"comment-{number}",
                },
            )
            answer = line.getresponse()
            body = json.loads(answer.read())
            if answer.status < 300:
                return str(body["id"])
            if answer.status < 500:
                raise SystemExit(f"refused: {answer.status} {body}")
        except (OSError, http.client.HTTPException):
            pass
        finally:
            line.close()
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
