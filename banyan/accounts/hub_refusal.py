"""A refusal in words a person reads, on a page of the hub or in its API's JSON."""

from jupyterhub.handlers.base import BaseHandler
from tornado.web import HTTPError

from banyan.accounts.hub_language import speech_of


class Refusal(HTTPError):
    def __init__(self, handler: BaseHandler, message: str) -> None:
        super().__init__(403)
        self.jupyterhub_message = self.sentence = speech_of(handler.request).say(message)
