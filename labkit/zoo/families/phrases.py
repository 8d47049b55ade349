"""Long answers made of fixed phrases: what a text-heavy service says all day, for one item or another."""

from __future__ import annotations

from ..items import Draw, Made, lines
from ..words import GOODS, PEOPLE

CLAUSES = {
    "greeting": "Dear {who}, thank you for writing to us about your {what}.",
    "receipt": "We have received your message and will answer within two working days.",
    "order": "Your {what} was packed with care and has left our warehouse this morning.",
    "delay": "We are sorry to say that the {what} will arrive later than we had hoped.",
    "refund": "The full amount for the {what} will be returned to your account within ten days.",
    "repair": "Please send the {what} back to our workshop in its box; the repair is free of charge.",
    "warranty": "Every {what} that we sell has a warranty of two years from the day it was bought.",
    "safety": "Keep the {what} away from water and fire, and out of the reach of small children.",
    "cleaning": "Clean the {what} with a soft dry cloth, and never with alcohol or sand.",
    "storage": "When it is not in use, keep the {what} in a cool and dry place.",
    "privacy": "We store your name and address for this order only and give them to nobody else.",
    "contact": "If anything is unclear, call us on any weekday between nine and five.",
    "returns": "You may return the {what} within thirty days if it has not been used.",
    "discount": "With your next order you will get ten percent off the price of any {what}.",
    "survey": "It would help us if you told us in a few words how you like your {what}.",
    "stock": "At the moment the {what} is out of stock; we expect new ones at the end of the month.",
    "invoice": "The invoice for the {what} is attached to this message as a separate file.",
    "closing": "With kind regards, {who} and everyone else at the customer service desk.",
}


def notice(draw: Draw) -> Made:
    """The named clauses, in the order asked for, a line each."""
    names = draw.sample(tuple(CLAUSES), draw.by_level(2, 3, 4, 6, 8))
    what, who = draw.choice(GOODS), draw.choice(PEOPLE)
    answer, plan = lines([(name, CLAUSES[name].format(what=what, who=who)) for name in names])
    ask = draw.worded(
        ("Write a letter ", "Draft the notice ", "Compose a message "),
        (f"to {who} about the {what}: ", f"on the {what} for {who}: ", f"for {who}, item {what}: "),
    )
    return Made(f"{ask}{', '.join(names)}.", "", answer, plan=plan)
