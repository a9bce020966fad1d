"""What the domain may refuse. Pages, forms, the API and commands all print the same sentence."""


class DomainError(Exception):
    """A refusal in the user's words; ``field`` names the form field it belongs to, where there is one."""

    status = 422

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.field = field


class NotAllowed(DomainError):
    status = 403


class NotFound(DomainError):
    status = 404
