"""The errors a stage may raise.

VocError
├── Unreadable    400  cannot even be read: broken bytes, broken JSON, a token in an address
├── SignInFirst   401  we do not know you yet
├── NotFound      404  absent, or not yours: the two look the same
├── Forbidden     403  you are known, and may not do this
├── Invalid       422  a field's value cannot be used; `fields` says which and why
├── Conflict      409  somebody or something was there first
├── TooLarge      413  more than we take in one go
├── WrongType     415  a kind of content we do not read here
├── TooMany       429  more often than we take it; `retry_after_seconds` says when
└── Unavailable   503  a part is down; nothing was accepted, try again
"""

from collections.abc import Mapping


class VocError(Exception):
    """A refusal with words for the person who gets it.

    Args:
        message: names the thing, the value and the way out.
        code: a stable word for programs, such as `text_too_long`.
    """

    status = 500
    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class Unreadable(VocError):
    """The request cannot even be read."""

    status = 400
    code = "unreadable"


class WrongType(VocError):
    """A kind of content that is not read here."""

    status = 415
    code = "wrong_type"


class SignInFirst(VocError):
    """Nobody known is asking; a page sends to sign-in, a program gets always the same words."""

    status = 401
    code = "sign_in_first"

    def __init__(self, message: str = "Please sign in first, or send a valid token.") -> None:
        super().__init__(message)


class NotFound(VocError):
    """Absent or not yours; the answer is the same so that nobody learns which."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(message)


class Forbidden(VocError):
    """The person is known and may not do this."""

    status = 403
    code = "forbidden"


class Invalid(VocError):
    """A value cannot be used; `fields` maps each field's name to what to do about it."""

    status = 422
    code = "invalid"

    def __init__(
        self, message: str, *, fields: Mapping[str, str] | None = None, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.fields: dict[str, str] = dict(fields or {})


class Conflict(VocError):
    """Somebody or something was there first."""

    status = 409
    code = "conflict"


class TooLarge(VocError):
    """More than we take in one go."""

    status = 413
    code = "too_large"


class TooMany(VocError):
    """More often than we take it."""

    status = 429
    code = "too_many"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(VocError):
    """A part is down; nothing was accepted, the same request may be sent again."""

    status = 503
    code = "unavailable"
    retry_after_seconds = 5
